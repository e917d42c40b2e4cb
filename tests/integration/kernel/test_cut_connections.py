"""PostgreSQL's connections are cut again and again: requests are answered 503, and no fact is parked.

A cut is either a connection that ends, or PostgreSQL's last message on an idle one, after which asyncpg says that it
"cannot switch to state …". `TOUCHMARK_CHAOS=long` cuts for 40 seconds instead of 5.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import APIRouter
from starlette.responses import Response

from shared.auth.roles import Caller
from shared.contracts.fact import Topic
from shared.inbox.processor import Processor
from shared.inbox.record import RawRecord
from shared.postgres.database import Database
from shared.postgres.transient import TRANSIENT
from shared.web.access import Public
from tests.integration.kernel.sample.main import NAME, listener
from tests.support.forwarder import Forwarder, forwarder
from tests.support.kafka import as_record
from tests.support.kernel import task, withdrawn
from tests.support.web import app_with, client_of

SECONDS = 40.0 if os.environ.get("TOUCHMARK_CHAOS") == "long" else 5.0
CUT_EVERY = 0.3
AT_ONCE = 8

_NOT_ONCE = "SELECT key FROM effect GROUP BY key HAVING count(*) <> max(version)"

Cut = Callable[[Forwarder, str], Awaitable[None]]


async def by_the_network(door: Forwarder, _dsn: str) -> None:
    await door.cut()


async def by_postgresql(_door: Forwarder, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = $1",
        f"touchmark-{NAME}",
    )
    await connection.close()


@pytest.fixture
async def door(dsn: str) -> AsyncIterator[Forwarder]:
    """The forwarder between the service and PostgreSQL."""
    async with forwarder(urlsplit(dsn).netloc.rpartition("@")[2]) as opened:
        await opened.open()
        yield opened


@pytest.fixture
async def behind_the_door(dsn: str, door: Forwarder) -> AsyncIterator[Database]:
    parts = urlsplit(dsn)
    login = parts.netloc.rpartition("@")[0]
    opened = await Database.open(urlunsplit(parts._replace(netloc=f"{login}@{door.address}")), application=NAME)
    yield opened
    await opened.close(1)


@asynccontextmanager
async def cutting(cut: Cut, door: Forwarder, dsn: str) -> AsyncIterator[Callable[[], bool]]:
    """Cut all connections while the block runs; what it gets says whether to go on."""
    loop = asyncio.get_running_loop()
    until = loop.time() + SECONDS

    async def keep_cutting() -> None:
        while True:
            await asyncio.sleep(CUT_EVERY)
            await cut(door, dsn)

    async with task(keep_cutting()):
        yield lambda: loop.time() < until


def writes_and_reads(database: Database) -> APIRouter:
    router = APIRouter()

    @router.post("/effects/{key}")
    async def write(key: UUID, _: Annotated[Caller | None, Public()]) -> Response:
        async with database.transaction() as tx:
            await tx.connection.execute("INSERT INTO effect (key, version, said) VALUES ($1, 1, 'here')", key)
            await tx.connection.fetch("SELECT said FROM effect WHERE key = $1", key)
        return Response(status_code=204)

    @router.get("/effects/{key}")
    async def read(key: UUID, _: Annotated[Caller | None, Public()]) -> Response:
        async with database.statement() as tx:
            await tx.connection.fetch("SELECT said FROM effect WHERE key = $1", key)
        return Response(status_code=204)

    return router


@pytest.mark.parametrize("cut", [by_the_network, by_postgresql])
async def test_a_request_whose_connection_is_cut_is_answered_that_the_service_is_away(
    cut: Cut, door: Forwarder, dsn: str, behind_the_door: Database
) -> None:
    answers = Counter[int]()
    async with (
        client_of(app_with([writes_and_reads(behind_the_door)])) as client,
        cutting(cut, door, dsn) as goes_on,
        asyncio.TaskGroup() as everybody,
    ):

        async def ask(method: str) -> None:
            while goes_on():
                answer = await client.request(method, f"/api/v1/intake/effects/{uuid4()}")
                answers[answer.status_code] += 1

        for _ in range(AT_ONCE):
            everybody.create_task(ask("GET"))
            everybody.create_task(ask("POST"))

    print(f"{cut.__name__}: {answers.total()} answers, {dict(answers)}")  # noqa: T201 (shown by pytest -s)
    assert set(answers) == {204, 503}


@pytest.mark.parametrize("cut", [by_the_network, by_postgresql])
async def test_a_fact_whose_connection_is_cut_is_tried_again_and_never_parked(
    cut: Cut, door: Forwarder, dsn: str, behind_the_door: Database, database: Database
) -> None:
    processor = Processor(listener, behind_the_door)
    taken = Counter[int]()

    async with asyncio.timeout(SECONDS + 60), cutting(cut, door, dsn) as goes_on, asyncio.TaskGroup() as everybody:

        async def take(partition: int) -> None:
            commission = uuid4()
            while goes_on() or not taken[partition]:  # a busy machine may need longer for the first one
                offset = taken[partition]
                put = as_record(withdrawn(commission), offset + 1)
                raw = RawRecord(Topic.COMMISSIONS, partition, offset, put.key, put.value, tuple(put.headers))
                try:
                    await processor.take_one(raw)
                except TRANSIENT:
                    continue  # as an inbox that pauses; anything else ends the test
                taken[partition] += 1

        for partition in range(AT_ONCE):
            everybody.create_task(take(partition))

    print(f"{cut.__name__}: {taken.total()} facts")  # noqa: T201 (shown by pytest -s)
    assert len(taken) == AT_ONCE
    async with database.statement() as tx:
        assert await tx.connection.fetch("SELECT key, version, reason, detail FROM parked") == []
        assert await tx.connection.fetch(_NOT_ONCE) == []
