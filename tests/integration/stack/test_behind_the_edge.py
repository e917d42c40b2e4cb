"""Temporal's own page, behind the edge: to be read by ops, and framed, kept and acted on by nobody."""

from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from deploy.local.engines.edge import Edge
from deploy.local.engines.engine import running
from deploy.local.engines.temporal import UI_SETTINGS, UI_SETTINGS_PATH, TemporalEngine
from deploy.local.plan import SERVICES
from deploy.local.ports import free_ports


class _Lets(BaseHTTPRequestHandler):
    """Lifecycle, as it answers the edge for ops."""

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Temporal's page as it is, and as the edge shows it to ops."""
    root = tmp_path_factory.mktemp("behind")
    port, page, edge_port = free_ports(3)
    lifecycle = ThreadingHTTPServer(("127.0.0.1", 0), _Lets)
    Thread(target=lifecycle.serve_forever, daemon=True).start()
    services = dict.fromkeys(SERVICES, f"127.0.0.1:{lifecycle.server_port}")
    temporal = TemporalEngine(root / "temporal", port, page)
    edge = Edge(root / "edge", edge_port, services, f"127.0.0.1:{page}", None)
    with ExitStack() as stack:
        stack.callback(lifecycle.shutdown)
        for engine in (temporal, edge):
            stack.enter_context(running(engine, root / f"{engine.name}.log"))
        yield f"http://127.0.0.1:{page}", f"http://127.0.0.1:{edge_port}"


def test_the_page_is_told_that_it_may_write_nothing(addresses: tuple[str, str]) -> None:
    own, behind = (httpx.get(f"{address}{UI_SETTINGS_PATH}").json() for address in addresses)

    assert own.keys() == UI_SETTINGS.keys() == behind.keys()
    assert {name for name in own if own[name] != behind[name]} == {
        name for name, value in UI_SETTINGS.items() if value is True and name != "DisableNewsFetch"
    }
    assert own["Version"] == UI_SETTINGS["Version"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_through_the_edge(addresses: tuple[str, str], method: str) -> None:
    path = "/temporal/api/v1/namespaces/default/workflows/x/terminate"

    assert httpx.request(method, f"{addresses[1]}{path}", json={}).status_code == httpx.codes.FORBIDDEN


def test_the_page_is_shown_and_neither_kept_nor_framed(addresses: tuple[str, str]) -> None:
    answer = httpx.get(f"{addresses[1]}/temporal/", follow_redirects=True)

    assert "<title>" in answer.text.lower() or "<!doctype html>" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"]
