"""What an inbox makes of the records it reads."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.contracts.commissions import CommissionWithdrawn
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded, Role
from shared.inbox import Inbox, Transient, store
from shared.inbox.processor import Processor
from shared.inbox.record import RawRecord, Record
from shared.kafka.lag import read_lag
from shared.outbox import Tombstone
from shared.postgres.database import Database, Limits, Tx
from tests.integration.kernel.sample.main import NAME
from tests.support.kafka import Put, TestTopics, as_record, as_tombstone
from tests.support.kernel import AT, Listener, commit_facts, outbox_is_empty, relaying, withdrawn
from tests.support.waiting import until

_OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"


@pytest.fixture
def commissions(listener: Listener) -> Inbox:
    """An inbox that reads commissions."""
    inbox = Inbox("listener", Topic.COMMISSIONS)
    inbox.handler(listener.handle)
    return inbox


@pytest.fixture
def people(listener: Listener) -> Inbox:
    """An inbox that reads people and their erasure."""
    inbox = Inbox("people", Topic.PEOPLE)
    inbox.handler(listener.handle)
    inbox.tombstone(listener.erase)
    return inbox


def person(key: UUID) -> PersonRecorded:
    return PersonRecorded(at=AT, person=key, role=Role.CUSTOMER, name="Ada", email="ada@example.org")


def facts(commission: UUID, *versions: int) -> Sequence[Put]:
    return [as_record(withdrawn(commission), version) for version in versions]


async def test_facts_take_effect_once_and_in_order_from_commit_to_commit(
    database: Database, topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    async with relaying(database, topics), listener.on(commissions):
        await commit_facts(database, [withdrawn(commission) for _ in range(250)])
        await listener.handled(commission, *range(1, 251))


async def test_an_inbox_that_starts_again_goes_on_where_it_was(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    await topics.put(Topic.COMMISSIONS, *facts(commission, 1, 2))
    async with listener.on(commissions):
        await listener.handled(commission, 1, 2)
        await _is_committed(topics, 2)

    await topics.put(Topic.COMMISSIONS, *facts(commission, 3))
    async with listener.on(commissions):
        await listener.handled(commission, 1, 2, 3)
    assert listener.calls == [1, 2, 3]


async def test_a_record_that_is_delivered_again_changes_nothing(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    one, two, three = facts(commission, 1, 2, 3)

    await topics.put(Topic.COMMISSIONS, one, two, one, two, two, three)
    async with listener.on(commissions):
        await listener.handled(commission, 1, 2, 3)

    assert listener.calls == [1, 2, 3]


async def test_a_gap_parks_and_the_late_record_closes_it(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    other = uuid4()
    async with listener.on(commissions):
        await topics.put(Topic.COMMISSIONS, *facts(commission, 1, 3, 4), *facts(other, 1))
        await listener.parks((3, "gap"), (4, "behind"))
        await listener.handled(commission, 1)
        await listener.handled(other, 1)

        await topics.put(Topic.COMMISSIONS, *facts(commission, 2))
        await listener.handled(commission, 1, 2, 3, 4)
        await topics.put(Topic.COMMISSIONS, *facts(commission, 5))
        await listener.handled(commission, 1, 2, 3, 4, 5)
    assert await listener.parked() == []


async def test_a_compacted_topic_may_have_gaps(topics: TestTopics, listener: Listener, people: Inbox) -> None:
    key = uuid4()

    await topics.put(Topic.PEOPLE, as_record(person(key), 3), as_record(person(key), 7), as_record(person(key), 5))
    async with listener.on(people):
        await listener.handled(key, 3, 7)


async def test_a_tombstone_in_the_middle_of_a_batch_erases_its_key_alone(
    topics: TestTopics, listener: Listener, people: Inbox
) -> None:
    key, other = uuid4(), uuid4()

    await topics.put(
        Topic.PEOPLE,
        as_record(person(key), 1),
        as_record(person(other), 1),
        as_tombstone(Topic.PEOPLE, key, 2),
        as_record(person(other), 2),
        as_record(person(key), 3),
    )
    async with listener.on(people):
        await listener.handled(key, 1, 2, 3)
        await listener.handled(other, 1, 2)

    assert await listener.effects(key) == [(1, "PersonRecorded"), (2, "erased"), (3, "PersonRecorded")]


async def test_a_staged_tombstone_arrives_as_one(
    database: Database, topics: TestTopics, listener: Listener, people: Inbox
) -> None:
    key = uuid4()
    async with relaying(database, topics), listener.on(people):
        await commit_facts(database, [person(key), Tombstone(Topic.PEOPLE, key)])
        await listener.handled(key, 1, 2)

    assert await listener.effects(key) == [(1, "PersonRecorded"), (2, "erased")]


POISON: dict[str, Callable[[Put], Put]] = {
    "broken JSON": lambda put: Put(put.key, b'{"at": ', put.headers),
    "no JSON object": lambda put: Put(put.key, b"\x00\xff", put.headers),
    "another fact's data": lambda put: Put(put.key, b'{"at": "2026-11-23T00:00:00Z"}', put.headers),
    "another key's data": lambda put: Put(put.key, as_record(withdrawn(uuid4()), 2).value, put.headers),
    "no headers": lambda put: Put(put.key, put.value),
    "no version": lambda put: put.without("ce_version"),
    "version of no number": lambda put: put.having("ce_version", b"two"),
    "version of no end": lambda put: put.having("ce_version", b"9" * 30),
    "no id": lambda put: put.without("ce_id"),
    "time of no zone": lambda put: put.having("ce_time", b"2026-11-23T00:00:00"),
    "another specification": lambda put: put.having("ce_specversion", b"0.3"),
    "header of no text": lambda put: put.having("ce_type", b"\xff\xfe"),
    "foreign header of no text": lambda put: Put(put.key, b"[]", [*put.headers, ("foreign", b"\xff\xfe")]),
    "header without value": lambda put: put.having("ce_source", None),
}


@pytest.mark.parametrize("poison", POISON)
async def test_a_poison_record_parks_and_its_key_waits_while_others_go_on(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID, poison: str
) -> None:
    other = uuid4()
    one, two, three = facts(commission, 1, 2, 3)

    await topics.put(Topic.COMMISSIONS, one, POISON[poison](two), three, *facts(other, 1, 2))
    async with listener.on(commissions):
        await listener.handled(other, 1, 2)
        await listener.handled(commission, 1)
        await until("both wait", lambda: _reasons(listener, ["unreadable", "behind"]))


@pytest.mark.parametrize("key", [b"no uuid", b"\xff\x00" * 5000, b"", None], ids=["text", "bytes", "empty", "none"])
async def test_a_record_without_a_readable_key_parks_alone(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID, key: bytes | None
) -> None:
    (one,) = facts(commission, 1)
    stranger = Put(key, one.value, one.headers)

    await topics.put(Topic.COMMISSIONS, stranger, one, stranger, *facts(commission, 2))
    async with listener.on(commissions):
        await listener.handled(commission, 1, 2)
        await until("both wait", lambda: _reasons(listener, ["unreadable", "unreadable"]))


async def test_an_unknown_type_is_passed_over(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    one, two, three = facts(commission, 1, 2, 3)

    await topics.put(Topic.COMMISSIONS, one, two.having("ce_type", b"touchmark.commissions.FromTheFuture"), three)
    async with listener.on(commissions):
        await listener.handled(commission, 1, 3)
    assert await listener.parked() == []


async def test_a_record_that_fails_for_good_parks_and_the_rest_of_its_batch_takes_effect_once(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    other = uuid4()
    listener.fails[2] = ValueError("no such offering")

    await topics.put(Topic.COMMISSIONS, *facts(commission, 1, 2, 3), *facts(other, 1))
    async with listener.on(commissions):
        await listener.parks((2, "failed"), (3, "behind"))
        await listener.handled(commission, 1)
        await listener.handled(other, 1)


@pytest.mark.parametrize(
    "failure", [Transient("away"), ConnectionError(), TimeoutError(), asyncpg.DeadlockDetectedError("again")]
)
async def test_a_transient_failure_parks_nothing_and_is_tried_again(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID, failure: Exception
) -> None:
    listener.fails[2] = failure
    await topics.put(Topic.COMMISSIONS, *facts(commission, 1, 2, 3))

    async with listener.on(commissions):
        await until("it was tried some times", lambda: listener.calls.count(2) > 3)
        await listener.handled(commission, 1)
        assert await listener.parked() == []
        listener.fails.clear()
        await listener.handled(commission, 1, 2, 3)


async def test_a_partition_that_waits_does_not_hold_up_the_others(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    listener.fails[2] = Transient("away")
    others = [uuid4() for _ in range(12)]
    await topics.put(Topic.COMMISSIONS, *facts(commission, 1, 2))

    async with listener.on(commissions):
        await until("it waits", lambda: listener.calls.count(2) > 1)
        await topics.put(Topic.COMMISSIONS, *(one for other in others for one in facts(other, 1)))

        async def most_are_there() -> bool:
            return len(await listener.effects()) > len(others) // 2

        await until("the other partitions go on", most_are_there)


async def test_a_batch_handler_gets_what_is_next_and_nothing_else(
    topics: TestTopics, listener: Listener, commission: UUID
) -> None:
    inbox = Inbox("batches", Topic.COMMISSIONS, Topic.PEOPLE)
    inbox.batch(listener.handle_batch)
    one, two = facts(commission, 1, 2)

    await topics.put(Topic.COMMISSIONS, one, one, two, *facts(commission, 4))
    await topics.put(Topic.PEOPLE, as_tombstone(Topic.PEOPLE, commission, 9))
    async with listener.on(inbox):
        await listener.parks((4, "gap"))
        await until("all took effect", lambda: sum(listener.calls) >= 3)

    assert sorted(await listener.effects(commission)) == [
        (1, "CommissionWithdrawn"),
        (2, "CommissionWithdrawn"),
        (9, "NoneType"),
    ]


async def test_two_consumers_that_take_the_same_records_at_once_give_them_one_effect(
    database: Database, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    """Kafka gives a partition to another consumer while the first one is still at it."""
    raws = [_raw(put, offset) for offset, put in enumerate(facts(commission, 1, 2, 3))]
    processor = Processor(commissions, database)

    outcomes = await asyncio.gather(*(processor.take(raws) for _ in range(4)), return_exceptions=True)

    assert [version for version, _ in await listener.effects(commission)] == [1, 2, 3]
    assert all(outcome is None or isinstance(outcome, Transient) for outcome in outcomes)


async def test_an_inbox_goes_on_after_its_database_cut_all_sessions(
    database: Database, topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    async with relaying(database, topics), listener.on(commissions):
        await commit_facts(database, [withdrawn(commission)])
        await listener.handled(commission, 1)
        async with database.statement() as tx:
            await tx.connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await commit_facts(database, [withdrawn(commission)])
        await listener.handled(commission, 1, 2)
        await outbox_is_empty(database)


async def test_a_record_that_is_not_for_an_inbox_moves_its_mark_and_runs_nothing_ahead(
    database: Database, commission: UUID
) -> None:
    ahead: list[int] = []
    inbox = Inbox("ahead", Topic.COMMISSIONS)

    @inbox.batch
    async def take(pairs: Sequence[tuple[CommissionWithdrawn, Record]], tx: Tx) -> None: ...

    @inbox.ahead
    async def go_ahead(pairs: Sequence[tuple[CommissionWithdrawn, Record]]) -> None:
        ahead.extend(record.version for _, record in pairs)

    one, two = facts(commission, 1, 2)
    processor = Processor(inbox, database)

    await processor.take([_raw(one.having("ce_type", b"touchmark.commissions.FromTheFuture"), 0)])
    async with database.statement() as tx:
        states = await store.states(tx, "ahead", [(Topic.COMMISSIONS, commission)])
    await processor.take([_raw(two, 1)])

    assert [state.version for state in states.values()] == [1]
    assert ahead == [2]


async def test_neither_transaction_nor_connection_is_kept_while_an_inbox_calls_another_system(
    dsn: str, commission: UUID
) -> None:
    """Ahead of a batch, and of a record that is replayed: the other may take its time. The pool has one."""
    database = await Database.open(dsn, application=NAME, size=1, limits=Limits(acquire=2))
    called: list[int] = []
    inbox = Inbox("calling", Topic.COMMISSIONS)

    @inbox.batch
    async def take(pairs: Sequence[tuple[CommissionWithdrawn, Record]], tx: Tx) -> None: ...

    @inbox.ahead
    async def call(pairs: Sequence[tuple[CommissionWithdrawn, Record]]) -> None:
        async with database.statement() as tx:
            assert await tx.connection.fetchval(_OPEN) == 0
        called.extend(record.version for _, record in pairs)

    first, gap = facts(commission, 1, 3)
    processor = Processor(inbox, database)

    await processor.take([_raw(first, 0)])
    await processor.take([_raw(gap, 1)])
    async with database.transaction() as tx:
        parked = await tx.connection.fetchval("UPDATE parked SET state = 'replay' WHERE inbox = 'calling' RETURNING id")
    await processor.take_again(parked)

    assert called == [1, 3]
    await database.close(1)


async def _reasons(listener: Listener, expected: Sequence[str]) -> bool:
    return [reason for _, reason in await listener.parked()] == expected


async def _is_committed(topics: TestTopics, records: int) -> None:
    group, names = f"{topics.prefix}{NAME}.listener", [topics.prefix + Topic.COMMISSIONS]

    async def is_committed() -> bool:
        lag = await read_lag(topics.kafka, group, names, ())
        return (lag.records, lag.committed) == (0, records)

    await until("the offsets are committed", is_committed)


def _raw(put: Put, offset: int) -> RawRecord:
    return RawRecord(Topic.COMMISSIONS, 0, offset, put.key, put.value, tuple(put.headers))
