"""The studio is told that an event failed: once an hour for each service, whatever fails besides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest

from shared.contracts.commissions import CommissionWithdrawn
from shared.contracts.fact import Topic
from shared.contracts.failures import EventFailed
from shared.inbox import Inbox
from shared.inbox.processor import Processor
from shared.inbox.record import RawRecord
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.integration.kernel.sample.main import NAME
from tests.support.kafka import as_record
from tests.support.kernel import Listener, withdrawn

Read = Callable[[UUID, int], RawRecord]


@pytest.fixture
def processor(listener: Listener, database: Database) -> Processor:
    inbox = Inbox("listener", Topic.COMMISSIONS)
    inbox.handler(listener.handle)
    return Processor(inbox, database)


@pytest.fixture
def read() -> Read:
    """A record of a commission, at the next offset."""
    offsets = count()

    def one(commission: UUID, version: int) -> RawRecord:
        put = as_record(withdrawn(commission), version)
        return RawRecord(Topic.COMMISSIONS, 0, next(offsets), put.key, put.value, tuple(put.headers))

    return one


async def hours_pass(database: Database, hours: float) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute("UPDATE parked SET told_at = told_at - $1::interval", timedelta(hours=hours))


async def told(database: Database) -> list[EventFailed]:
    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT data FROM outbox WHERE type = $1 ORDER BY position", EventFailed.type()
        )
    return [EventFailed.model_validate_json(row["data"]) for row in rows]


async def test_a_failed_event_is_told_and_not_what_waits_behind_it(
    processor: Processor, listener: Listener, database: Database, commission: UUID, read: Read
) -> None:
    listener.fails[1] = ValueError("no price")
    first, second = read(commission, 1), read(commission, 2)

    await processor.take_one(first)
    [failed] = await told(database)
    await hours_pass(database, 2)
    await processor.take_one(second)

    assert (failed.service, failed.inbox) == (NAME, "listener")
    assert (failed.event_topic, failed.event_type) == (Topic.COMMISSIONS, CommissionWithdrawn.type())
    assert system_clock() - failed.at < timedelta(minutes=1)
    assert await told(database) == [failed]


@pytest.mark.parametrize("named", [b"Ada Quist", b"\xff", b""])
async def test_of_a_kind_that_is_not_ours_nothing_is_told(
    processor: Processor, database: Database, read: Read, named: bytes
) -> None:
    of_ours = read(uuid4(), 7)
    headers = tuple((name, named if name == "ce_type" else value) for name, value in of_ours.headers)

    await processor.take([replace(of_ours, headers=headers)])

    [failed] = await told(database)
    assert (failed.event_topic, failed.event_type) == (Topic.COMMISSIONS, None)


async def test_a_burst_is_told_once_an_hour(processor: Processor, database: Database, read: Read) -> None:
    for _ in range(20):
        await processor.take([read(uuid4(), 7)])
    within = await told(database)
    await hours_pass(database, 1.1)
    await processor.take([read(uuid4(), 7), read(uuid4(), 7)])

    assert len(within) == 1
    assert len(await told(database)) == 2


async def test_what_is_read_again_is_not_told_again(processor: Processor, database: Database, read: Read) -> None:
    gap = read(uuid4(), 5)
    await processor.take([gap])
    await hours_pass(database, 2)

    await processor.take([gap])

    assert len(await told(database)) == 1


async def test_who_fails_beside_it_does_not_wait_to_tell(processor: Processor, database: Database, read: Read) -> None:
    async with database.transaction() as tx:
        await tx.connection.fetchval("SELECT pg_advisory_xact_lock(7106)")
        await processor.take([read(uuid4(), 5)])
        beside = await told(database)
    await processor.take([read(uuid4(), 5)])

    assert beside == []
    assert len(await told(database)) == 1
