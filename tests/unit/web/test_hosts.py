"""What is asked for under a name of somebody else is not answered, whatever it is."""

import json
from typing import Any

import pytest
from starlette.types import Message, Scope

from shared.i18n import Readers
from shared.runtime.health import Health
from shared.runtime.metrics import METRICS
from shared.runtime.readiness import Readiness
from shared.web.hosts import OwnHosts
from shared.web.labels import LABELS

OURS = ["studio.example", "studio.example:443", "localhost:8101", "127.0.0.1", "[::1]:8101", "intake:8101"]
THEIRS = [
    "evil.example",
    "studio.example:8443",
    "studio.example.evil.example",
    "a@studio.example",
    "",
    "studio.example/x",
]
THEIRS += ["intake.evil.example", "studio.example, evil.example", "[::1", "127.0.0.1:x"]


async def ask(host: str, path: str, accept: str = "*/*") -> tuple[int, str, bytes]:
    """The status, media type and body of what the outermost door of a service answers."""
    hosts = OwnHosts("https://studio.example", "intake")
    readers = Readers(zone="Europe/Berlin", default="en", labels=LABELS)
    door = Readiness(Health("intake"), METRICS, readers, hosts)
    door.app = _app
    headers = [(b"host", host.encode()), (b"accept", accept.encode())]
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    scope: Scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    await door(scope, receive, send)
    media = dict(sent[0]["headers"]).get(b"content-type", b"").decode()
    return sent[0]["status"], media, sent[1]["body"]


async def _app(_scope: Scope, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ours"})


@pytest.mark.parametrize("path", ["/", "/commissions", "/metrics", "/health/live"])
@pytest.mark.parametrize("host", OURS)
async def test_our_own_names_are_answered(host: str, path: str) -> None:
    assert (await ask(host, path))[0] == 200


@pytest.mark.parametrize("path", ["/", "/metrics", "/health/ready"])
@pytest.mark.parametrize("host", THEIRS)
async def test_the_names_of_others_are_refused(host: str, path: str) -> None:
    status, media, body = await ask(host, path)

    assert (status, media) == (421, "application/problem+json")
    assert json.loads(body)["type"] == "urn:touchmark:problem:wrong-host"


async def test_a_person_is_told_on_a_page() -> None:
    status, media, body = await ask("evil.example", "/", "text/html")

    assert (status, media) == (421, "text/html; charset=utf-8")
    assert b"This site has another address" in body
    assert b"refresh" not in body
