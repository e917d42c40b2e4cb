"""The sample service's database on the session's PostgreSQL, and what its tests start it with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from shared.postgres.database import Database
from shared.postgres.migrate import migrate

SAMPLE = "tests.integration.runtime.sample.main:build"


def through(dsn: str, address: str) -> str:
    """The same database by another door."""
    parts = urlsplit(dsn)
    login = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@{address}"))


@pytest.fixture
async def sample_dsn(make_database: Callable[[str], Awaitable[str]]) -> str:
    """An empty database of this test's own."""
    return await make_database("sample")


@pytest.fixture
async def sample_database(sample_dsn: str) -> AsyncIterator[Database]:
    """The same with its tables, opened."""
    await migrate(sample_dsn, Path(__file__).parent / "sample" / "sql" / "migrations")
    database = await Database.open(sample_dsn, application="sample", size=10)
    yield database
    await database.close(1)
