"""A door between a service and an engine: when a test shuts it, the engine is away for that service alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from shared.runtime.server import listen


class Forwarder:
    """Listens on a free port of its own and passes everything on to `host:port`, while it is open."""

    def __init__(self, to: str) -> None:
        self._host, _, self._port = to.rpartition(":")
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        reserved = listen("127.0.0.1", 0)
        self.port: int = reserved.getsockname()[1]
        reserved.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port, reuse_address=True)

    async def shut(self) -> None:
        """Refuse new connections and cut those there are."""
        if self._server:
            self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """Cut the connections that there are; new ones are still taken."""
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        try:
            there, back = await asyncio.open_connection(self._host, int(self._port))
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(reader, back))
                both.create_task(_pump(there, writer))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass  # a cut connection is what this is for
        finally:
            self._connections.discard(task)
            writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        with suppress(OSError):
            writer.close()


@asynccontextmanager
async def forwarder(to: str) -> AsyncIterator[Forwarder]:
    """A shut door to `to`; shut again at the end."""
    door = Forwarder(to)
    try:
        yield door
    finally:
        await door.shut()
