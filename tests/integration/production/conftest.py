"""Production on a database of the run's PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.production import Production, opened


@pytest.fixture(scope="session")
async def database(make_database: MakeDatabase) -> AsyncIterator[Database]:
    async with opened(await make_database("production")) as database:
        yield database


@pytest.fixture
def production(database: Database) -> Production:
    return Production(database)
