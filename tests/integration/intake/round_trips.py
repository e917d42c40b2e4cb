"""Counts what a service asks of PostgreSQL, on the wire: every answer ends with one ReadyForQuery."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

_READY_FOR_QUERY = b"Z"  # https://www.postgresql.org/docs/current/protocol-message-formats.html
_HEAD = 5  # one byte of type, four of length, which counts itself


@dataclass
class RoundTrips:
    """`dsn` leads through the counter; `count` is how often PostgreSQL said that it is ready again."""

    dsn: str
    count: int = 0


@asynccontextmanager
async def counted(dsn: str) -> AsyncIterator[RoundTrips]:
    """A door to the same database that counts."""
    trips = RoundTrips("")
    to = urlsplit(dsn)
    tasks: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        answers, asks = await asyncio.open_connection(to.hostname, to.port)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, asks))
                both.create_task(_count(answers, writer, trips))
        writer.close()
        asks.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    at = f"{to.username}:{to.password}@" if to.password else f"{to.username}@"
    trips.dsn = urlunsplit(to._replace(netloc=f"{at}127.0.0.1:{port}")) + "?sslmode=disable"
    try:
        yield trips
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def _count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, trips: RoundTrips) -> None:
    while True:
        head = await reader.readexactly(_HEAD)
        body = await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)
        trips.count += head[:1] == _READY_FOR_QUERY
        writer.write(head + body)
        await writer.drain()
