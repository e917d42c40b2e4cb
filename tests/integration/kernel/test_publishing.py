"""Facts get into the outbox behind the lock of their stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared import outbox
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded, Role
from shared.kernel.ids import new_id
from shared.outbox import PublishError, Tombstone
from shared.postgres.database import Committed, Database, Tx
from shared.runtime import tracing
from tests.support.kernel import AT, commit_facts, withdrawn

_ACCEPT = """
    WITH asked AS (
        INSERT INTO idempotency (scope, key, request_hash, status, answer)
        VALUES ('test', $1, '\\x00', 201, jsonb_build_object('commission', $2::uuid))
        ON CONFLICT DO NOTHING
        RETURNING key
    ),
    kept AS (
        INSERT INTO effect (key, version, said) SELECT $2, 1, 'accepted' FROM asked
    )
    SELECT published.version FROM asked CROSS JOIN LATERAL publish_facts($3::jsonb) AS published
"""


def person(key: UUID, name: str = "Ada") -> PersonRecorded:
    return PersonRecorded(at=AT, person=key, role=Role.CUSTOMER, name=name, email="ada@example.org")


@asynccontextmanager
async def rolled_back(database: Database) -> AsyncIterator[Tx]:
    """A transaction whose door changes its mind."""
    with suppress(InterruptedError):
        async with database.transaction() as tx:
            yield tx
            raise InterruptedError


async def rows(database: Database) -> list[asyncpg.Record]:
    async with database.statement() as tx:
        return await tx.connection.fetch("SELECT position, topic, key, version, data FROM outbox ORDER BY position")


async def test_versions_count_per_topic_and_key_in_the_order_given(database: Database, commission: UUID) -> None:
    other = uuid4()

    first = await commit_facts(
        database, [withdrawn(commission), person(commission), withdrawn(other), withdrawn(commission)]
    )
    second = await commit_facts(database, [withdrawn(commission)])

    assert (first, second) == ((1, 1, 1, 2), (3,))
    assert [(row["key"], row["version"]) for row in await rows(database)] == [
        (commission, 1),
        (commission, 1),
        (other, 1),
        (commission, 2),
        (commission, 3),
    ]


async def test_a_rolled_back_fact_leaves_no_gap_in_its_stream(database: Database, commission: UUID) -> None:
    async with rolled_back(database) as tx:
        await outbox.publish(tx, [withdrawn(commission)])

    assert await commit_facts(database, [withdrawn(commission)]) == (1,)
    assert [row["version"] for row in await rows(database)] == [1]


async def test_a_tombstone_has_no_data(database: Database) -> None:
    key = uuid4()

    await commit_facts(database, [person(key), Tombstone(Topic.PEOPLE, key)])

    assert [row["data"] is None for row in await rows(database)] == [False, True]


async def test_a_fact_carries_the_trace_it_was_staged_in(database: Database, commission: UUID) -> None:
    with tracing.bind(None) as trace:
        await commit_facts(database, [withdrawn(commission)])

    async with database.statement() as tx:
        assert await tx.connection.fetchval("SELECT traceparent FROM outbox") == trace


async def test_two_who_stage_the_same_keys_the_other_way_round_do_not_lock_each_other_out(database: Database) -> None:
    keys = [uuid4() for _ in range(20)]

    async def stage(order: list[UUID]) -> None:
        for _ in range(10):
            await commit_facts(database, [withdrawn(key) for key in order])

    async with asyncio.timeout(20):
        await asyncio.gather(stage(keys), stage(keys[::-1]), stage(keys[7:] + keys[:7]))

    assert await commit_facts(database, [withdrawn(keys[0])]) == (31,)


async def test_a_second_writer_of_a_stream_waits_for_the_first(database: Database, commission: UUID) -> None:
    async with database.transaction() as first:
        assert await outbox.publish(first, [withdrawn(commission)]) == (1,)
        waiting = asyncio.create_task(commit_facts(database, [withdrawn(commission)]))
        await _somebody_waits_for_a_lock(first)
        assert not waiting.done()

    assert await waiting == (2,)
    assert [row["version"] for row in await rows(database)] == [1, 2]


async def test_a_fact_that_kafka_would_refuse_is_refused_at_once(database: Database) -> None:
    with pytest.raises(PublishError, match="PersonRecorded"):
        await commit_facts(database, [person(uuid4(), name="A" * outbox.publishing.LARGEST)])


async def test_accepting_is_one_statement(database: Database, commission: UUID) -> None:
    statements: list[str] = []
    key = str(new_id())

    async def accept() -> list[int]:
        async with database.statement() as tx:
            facts = outbox.encode(tx, [withdrawn(commission), person(commission)])
            with tx.reading.query_logger(lambda query: statements.append(query.query)):
                return [row["version"] for row in await tx.connection.fetch(_ACCEPT, key, commission, facts)]

    assert await accept() == [1, 1]
    assert await accept() == [], "the same key again stages nothing"
    assert statements == [_ACCEPT, _ACCEPT]
    assert len(await rows(database)) == 2
    async with database.statement() as tx:
        assert await tx.connection.fetchval("SELECT count(*) FROM effect") == 1


async def test_the_caller_is_notified_after_the_commit_and_not_before(database: Database, commission: UUID) -> None:
    commits: list[Committed] = []
    database.on_commit(commits.append)

    async with database.transaction() as tx:
        await outbox.publish(tx, [withdrawn(commission)])
        tx.touch(commission)
        assert commits == []
    async with rolled_back(database) as tx:
        tx.touch(commission)
    async with database.transaction() as tx:
        await tx.connection.execute("SELECT 1")

    assert commits == [Committed(published=True, touched=frozenset({str(commission)}))]


async def _somebody_waits_for_a_lock(tx: Tx) -> None:
    """Return once PostgreSQL itself says that another session waits for this one."""
    async with asyncio.timeout(5):
        while not await tx.connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        ):
            pass
