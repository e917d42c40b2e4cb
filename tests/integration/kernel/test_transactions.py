"""A transaction begins with its first statement that may change something."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from shared.contracts.fact import Topic
from shared.inbox import store
from shared.outbox import publish
from shared.postgres.database import Database, Tx
from shared.postgres.queries import READ_FUNCTIONS, Queries, load, only_reads
from tests.support.kernel import withdrawn

_FILE = """
-- name: effects()
SELECT version FROM effect ORDER BY version;

-- name: counted()$
SELECT count(*) FROM effect;

-- name: record(key, version)!
INSERT INTO effect (key, version, said) VALUES (:key, :version, 'said');
"""


@pytest.fixture
def queries(tmp_path: Path) -> Queries:
    file = tmp_path / "queries.sql"
    file.write_text(_FILE)
    return load(file)


@pytest.fixture
async def other(dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Somebody else's session."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


@asynccontextmanager
async def failing(database: Database) -> AsyncIterator[Tx]:
    """A transaction whose block fails in the end."""
    with suppress(LookupError):
        async with database.transaction() as tx:
            yield tx
            raise LookupError


async def test_who_only_reads_begins_no_transaction(database: Database, queries: Queries, commission: UUID) -> None:
    async with database.transaction() as tx:
        await queries.effects.column(tx, int)
        await store.states(tx, "listener", [(Topic.COMMISSIONS, commission)])

        assert not tx.reading.is_in_transaction()


async def test_the_first_write_begins_it_and_it_commits_as_one(
    database: Database, queries: Queries, commission: UUID, other: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with database.transaction() as tx:
        await queries.counted.value(tx, int)
        await queries.record.run(tx, key=commission, version=1)
        await queries.record.run(tx, key=commission, version=2)
        assert await queries.effects.column(tx, int) == [1, 2]
        assert await other.fetchval("SELECT count(*) FROM effect") == 0

    assert await other.fetchval("SELECT count(*) FROM effect") == 2


async def test_what_was_written_is_rolled_back_when_the_block_fails(
    database: Database, queries: Queries, commission: UUID, other: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with failing(database) as tx:
        await queries.counted.value(tx, int)
        await queries.record.run(tx, key=commission, version=1)

    assert await other.fetchval("SELECT count(*) FROM effect") == 0


@pytest.mark.parametrize("way", ["execute", "executemany", "fetch", "fetchrow", "fetchval", "savepoint"])
async def test_whatever_is_sent_by_the_connection_is_part_of_the_transaction(
    database: Database, commission: UUID, other: "asyncpg.Connection[asyncpg.Record]", way: str
) -> None:
    insert = "INSERT INTO effect (key, version, said) VALUES ($1, $2, '') RETURNING version"

    async with failing(database) as tx:
        if way == "savepoint":
            async with tx.connection.transaction():
                await tx.connection.execute(insert, commission, 1)
        elif way == "executemany":
            await tx.connection.executemany(insert, [(commission, 1)])
        else:
            await getattr(tx.connection, way)(insert, commission, 1)

    assert await other.fetchval("SELECT count(*) FROM effect") == 0


async def test_facts_are_published_in_the_transaction(
    database: Database, commission: UUID, other: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with failing(database) as tx:
        await publish(tx, [withdrawn(commission)])

    assert await other.fetchval("SELECT count(*) FROM outbox") == 0


async def test_what_is_last_needs_no_transaction_unless_one_was_begun(
    database: Database, queries: Queries, commission: UUID, other: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with failing(database) as tx:
        await queries.record.run(tx.last(), key=commission, version=1)
        assert not tx.reading.is_in_transaction()
    async with failing(database) as tx:
        await queries.record.run(tx, key=commission, version=2)
        await queries.record.run(tx.last(), key=commission, version=3)

    assert await other.fetchval("SELECT array_agg(version) FROM effect") == [1]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO effect (key) VALUES ($1)",
        "WITH gone AS (DELETE FROM effect) SELECT count(*) FROM effect",
        "SELECT key FROM effect FOR UPDATE",
        "SELECT key FROM effect FOR KEY SHARE",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT set_config('plan_cache_mode', 'auto', true)",
        "SELECT version FROM publish_facts($1)",
        "SELECT now()",
        "SELECT a_function_of_ours(key) FROM effect",
    ],
)
def test_what_is_not_known_to_read_only_begins_a_transaction(sql: str) -> None:
    assert not only_reads(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT key FROM effect -- an UPDATE would lock it\nWHERE key = any($1::uuid[])",
        "WITH last AS (SELECT max(version) AS version FROM effect) SELECT version FROM last",
    ],
)
def test_a_plain_select_begins_none(sql: str) -> None:
    assert only_reads(sql)


async def test_no_function_that_counts_as_reading_changes_anything(
    other: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    volatile = await other.fetch(
        "SELECT proname FROM pg_proc WHERE provolatile = 'v' AND proname = any($1)", sorted(READ_FUNCTIONS)
    )

    assert volatile == []
