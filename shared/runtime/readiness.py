"""The outermost ASGI door of a process.

It answers health and metrics itself, whatever roles run here, and lets everything else through to the service's app
once the database has its tables.
"""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from shared.kernel.problems import ProblemType
from shared.runtime.health import Health
from shared.runtime.metrics import Metrics

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_JSON = b"application/json"
_PROBLEM = b"application/problem+json"
_HTML = b"text/html; charset=utf-8"
_NOT_UP = json.dumps(
    {
        "type": ProblemType.UNAVAILABLE.uri,
        "title": ProblemType.UNAVAILABLE.title,
        "status": ProblemType.UNAVAILABLE.status,
        "detail": ProblemType.UNAVAILABLE.remedy,
    }
).encode()

# Without the studio's look, which comes with the app; it asks again by itself.
_NOT_UP_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    f'<meta http-equiv="refresh" content="5"><title>{ProblemType.UNAVAILABLE.title}</title>'
    f"<main><h1>{ProblemType.UNAVAILABLE.title}</h1><p>{ProblemType.UNAVAILABLE.remedy}</p></main></html>"
).encode()


class Readiness:
    """`app` is None until the web role has built it; requests are answered 503 until then."""

    def __init__(self, health: Health, metrics: Metrics) -> None:
        self._health = health
        self._metrics = metrics
        self.app: ASGIApp | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            return
        match scope["path"]:
            case "/health/live":
                await _answer(send, 200, _JSON, b'{"live":true}')
            case "/health/ready":
                report = await self._health.report()
                await _answer(send, 200 if report.ready else 503, _JSON, report.model_dump_json().encode())
            case "/metrics":
                await _answer(send, 200, self._metrics.content_type.encode(), self._metrics.render())
            case _ if self.app is not None:
                await self.app(scope, receive, send)
            case _ if _reads_html(scope):
                await _answer(send, 503, _HTML, _NOT_UP_PAGE)
            case _:
                await _answer(send, 503, _PROBLEM, _NOT_UP)


def _reads_html(scope: "Scope") -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


async def _answer(send: "Send", status: int, media: bytes, body: bytes) -> None:
    headers = [(b"content-type", media), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
