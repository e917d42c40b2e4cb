"""People decide about parked records: in order of each key, and the inbox carries it out."""

import asyncio
from uuid import UUID

import pytest

from shared.contracts.fact import Topic
from shared.inbox import Inbox, parked, store
from shared.inbox.parked import NotFirstError, NotParkedError
from shared.inbox.parked_counts import ParkedCounts
from shared.postgres.database import Database, Tx
from tests.support.kafka import TestTopics, as_record
from tests.support.kernel import Listener, withdrawn


@pytest.fixture
def inbox(listener: Listener) -> Inbox:
    inbox = Inbox("listener", Topic.COMMISSIONS)
    inbox.handler(listener.handle)
    return inbox


async def replay(database: Database, record: int) -> None:
    async with database.transaction() as tx:
        await parked.replay(tx, record, by="ada", note="the price list is there now")


async def drop(database: Database, record: int) -> None:
    async with database.transaction() as tx:
        await parked.drop(tx, record, by="ada", note="written by hand, by mistake")


async def waiting(database: Database) -> list[int]:
    async with database.statement() as tx:
        return [one.id for one in await parked.waiting(tx)]


async def test_a_replayed_record_takes_effect_and_so_does_what_waited_behind_it(
    database: Database, topics: TestTopics, listener: Listener, inbox: Inbox, commission: UUID
) -> None:
    listener.fails[2] = ValueError("no price")
    await topics.put(Topic.COMMISSIONS, *(as_record(withdrawn(commission), version) for version in (1, 2, 3, 4)))

    async with listener.on(inbox):
        await listener.parks((2, "failed"), (3, "behind"), (4, "behind"))
        listener.fails.clear()
        await replay(database, (await waiting(database))[0])
        await listener.handled(commission, 1, 2, 3, 4)
        await topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), 5))
        await listener.handled(commission, 1, 2, 3, 4, 5)

    async with database.statement() as tx:
        rows = await tx.connection.fetch("SELECT version, state, decided_by, data FROM parked ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (2, "replayed", "ada", None),
        (3, "replayed", "inbox", None),
        (4, "replayed", "inbox", None),
    ]


async def test_all_inboxes_of_a_service_count_their_parked_records_by_one_query(
    database: Database, listener: Listener, inbox: Inbox, commission: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listener.topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), 2))
    async with listener.on(inbox):
        await listener.parks((2, "gap"))
    asked = 0
    count = store.waiting_counts

    async def counted(tx: Tx) -> dict[str, int]:
        nonlocal asked
        asked += 1
        return await count(tx)

    monkeypatch.setattr(store, "waiting_counts", counted)
    counts = ParkedCounts(database)

    assert await asyncio.gather(*(counts.of(name) for name in ("listener", "another", "listener"))) == [1, 0, 1]
    assert asked == 1


async def test_a_record_that_fails_again_waits_again(
    database: Database, topics: TestTopics, listener: Listener, inbox: Inbox, commission: UUID
) -> None:
    listener.fails[1] = ValueError("no price")
    await topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), 1), as_record(withdrawn(commission), 2))

    async with listener.on(inbox):
        await listener.parks((1, "failed"), (2, "behind"))
        listener.fails[1] = ValueError("still no price")
        (record, _) = await waiting(database)
        await replay(database, record)
        await listener.parks((1, "failed"), (2, "behind"), detail="still no price")
        listener.fails.clear()
        await replay(database, record)
        await listener.handled(commission, 1, 2)


async def test_a_dropped_record_never_takes_effect_and_its_key_goes_on(
    database: Database, topics: TestTopics, listener: Listener, inbox: Inbox, commission: UUID
) -> None:
    listener.fails[2] = ValueError("nonsense")
    await topics.put(Topic.COMMISSIONS, *(as_record(withdrawn(commission), version) for version in (1, 2, 3)))

    async with listener.on(inbox):
        await listener.parks((2, "failed"), (3, "behind"))
        await drop(database, (await waiting(database))[0])
        await listener.handled(commission, 1, 3)


async def test_what_waits_behind_another_cannot_be_decided_first(
    database: Database, topics: TestTopics, listener: Listener, inbox: Inbox, commission: UUID
) -> None:
    listener.fails[1] = ValueError("nonsense")
    await topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), 1), as_record(withdrawn(commission), 2))

    async with listener.on(inbox):
        await listener.parks((1, "failed"), (2, "behind"))
        first, second = await waiting(database)
        with pytest.raises(NotFirstError) as refused:
            await replay(database, second)
        with pytest.raises(NotFirstError):
            await drop(database, second)
        with pytest.raises(NotParkedError):
            await drop(database, 4711)
    assert refused.value.first == first


async def test_a_gap_is_accepted_by_replaying_what_comes_after_it(
    database: Database, topics: TestTopics, listener: Listener, inbox: Inbox, commission: UUID
) -> None:
    await topics.put(Topic.COMMISSIONS, *(as_record(withdrawn(commission), version) for version in (1, 4, 5)))

    async with listener.on(inbox):
        await listener.parks((4, "gap"), (5, "behind"))
        await replay(database, (await waiting(database))[0])
        await listener.handled(commission, 1, 4, 5)


async def test_behind_a_dropped_record_of_no_version_the_gap_is_decided_about_too(
    database: Database, topics: TestTopics, listener: Listener, inbox: Inbox, commission: UUID
) -> None:
    one, two, three = (as_record(withdrawn(commission), version) for version in (1, 2, 3))
    await topics.put(Topic.COMMISSIONS, one, two.without("ce_version"), three)

    async with listener.on(inbox):
        await listener.parks((None, "unreadable"), (3, "behind"))
        await drop(database, (await waiting(database))[0])
        await listener.parks((3, "gap"))
        await replay(database, (await waiting(database))[0])
        await listener.handled(commission, 1, 3)
