"""The outermost ASGI door of a process.

It refuses what was sent to a name that is not ours, answers health and metrics itself, whatever roles run here, and
lets everything else through to the service's app once the database has its tables.
"""

import json
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from shared.i18n import Reader, Readers
from shared.i18n.negotiation import preferred
from shared.kernel.problems import ProblemType
from shared.runtime.health import Health
from shared.runtime.metrics import Metrics
from shared.web.hosts import OwnHosts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_JSON = b"application/json"
_PROBLEM = b"application/problem+json"
_HTML = b"text/html; charset=utf-8"


class Readiness:
    """`app` is None until the web role has built it; requests are answered 503 until then."""

    def __init__(self, health: Health, metrics: Metrics, readers: Readers, hosts: OwnHosts) -> None:
        self._health = health
        self._hosts = hosts
        self._metrics = metrics
        self._readers = readers
        self.app: ASGIApp | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            return
        if _header(scope, b"host") not in self._hosts:
            await self._say(scope, send, ProblemType.WRONG_HOST)
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
            case _:
                await self._say(scope, send, ProblemType.UNAVAILABLE)

    async def _say(self, scope: "Scope", send: "Send", problem: ProblemType) -> None:
        reader = self._readers.of(preferred(_header(scope, b"accept-language"), self._readers.languages))
        if "text/html" in _header(scope, b"accept"):
            await _answer(send, problem.status, _HTML, _page(reader, problem))
        else:
            await _answer(send, problem.status, _PROBLEM, _problem(reader, problem))


def _problem(reader: Reader, problem: ProblemType) -> bytes:
    title, remedy = reader.label(problem), reader.remedy(problem)
    document = {"type": problem.uri, "title": title, "status": problem.status, "detail": title, "remedy": remedy}
    return json.dumps(document).encode()


def _page(reader: Reader, problem: ProblemType) -> bytes:
    """Without the studio's look, which comes with the app; the page loads itself again where that may help."""
    title, remedy = escape(reader.label(problem)), escape(reader.remedy(problem))
    again = '<meta http-equiv="refresh" content="5">' if problem is ProblemType.UNAVAILABLE else ""
    return (
        f'<!doctype html><html lang="{reader.language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"{again}<title>{title}</title><main><h1>{title}</h1><p>{remedy}</p></main></html>"
    ).encode()


def _header(scope: "Scope", name: bytes) -> str:
    return ",".join(value.decode("latin-1") for each, value in scope["headers"] if each == name)


async def _answer(send: "Send", status: int, media: bytes, body: bytes) -> None:
    headers = [(b"content-type", media), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
