"""What the edge writes down of a request that went wrong: its address, and none of the words or keys in it."""

import asyncio
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx

from deploy.local.engines.edge import Edge
from deploy.local.engines.engine import running
from deploy.local.plan import SERVICES
from deploy.local.ports import free_ports
from tests.support.waiting import until


class _BreaksOff(BaseHTTPRequestHandler):
    """A service that is killed in the middle of its answer."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")

    def log_message(self, *_: object) -> None: ...


async def test_neither_a_searched_name_nor_a_links_secret_is_logged(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    service = ThreadingHTTPServer(("127.0.0.1", 0), _BreaksOff)
    Thread(target=service.serve_forever, daemon=True).start()
    edge = Edge(tmp_path / "edge", port, dict.fromkeys(SERVICES, f"127.0.0.1:{service.server_port}"), None, None)
    log = tmp_path / "edge.log"
    with running(edge, log):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for query in ({"q": "Quetzal"}, {"next": "/ops?q=Quetzal"}, {"link": "Quetzal"}):
                with suppress(httpx.RemoteProtocolError):
                    await client.get("/quotes", params=query)
        await until("the requests are in the log", lambda: log.read_text().count("/quotes?REDACTED") == 3)
    await asyncio.to_thread(service.shutdown)

    assert "Quetzal" not in log.read_text()
