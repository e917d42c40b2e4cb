"""uvicorn inside our own event loop: our socket, our signals, our logs."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_KEEP_ALIVE = 150
"""Seconds. Longer than the edge keeps an idle connection (Caddy: 120), so that it never sends into a closed one."""
_CONNECTIONS = 800
"""More than live pages and the edge keep open; fewer than the files that a process may open (1,024)."""
_EDGES = ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
"""Where the edge is: its word is taken for the address that a request comes from."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one.

    Raises:
        OSError: the port is taken, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


class Server(uvicorn.Server):
    """Stops once `should_exit` is set, within `graceful` seconds, then cancels what is still running."""

    def __init__(self, app: "ASGIApp", listening: socket.socket, *, graceful: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=graceful,
                limit_concurrency=_CONNECTIONS,
                forwarded_allow_ips=list(_EDGES),
            )
        )
        self._listening = listening

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The process handles its signals; a server among other roles does not."""
        yield

    async def run_until_stopped(self) -> None:
        await self.serve(sockets=[self._listening])
