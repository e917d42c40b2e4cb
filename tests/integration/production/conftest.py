"""Production on a database of the run's PostgreSQL, one for each test.

So its makers, their hours and what is promised of them are its own, whatever other tests book, and in whichever order.
"""

from collections.abc import AsyncIterator

import pytest

from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.machines import dropped, made
from tests.support.production import Production, opened


@pytest.fixture(scope="session")
async def template(make_database: MakeDatabase) -> str:
    """The DSN of a database as production starts with it, to be copied: that is quicker than to migrate each."""
    dsn = await make_database("production_template")
    async with opened(dsn):
        return dsn


@pytest.fixture
async def database(postgres: str, template: str) -> AsyncIterator[Database]:
    dsn = await made(postgres, "production", template=template)
    database = await Database.open(dsn, application="production")
    yield database
    await database.close(1)
    await dropped(postgres, dsn)


@pytest.fixture
def production(database: Database) -> Production:
    return Production(database)
