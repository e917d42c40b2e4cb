"""Quotes on a database of the run's PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.quotes import Quotes, opened


@pytest.fixture(scope="session")
async def database(make_database: MakeDatabase) -> AsyncIterator[Database]:
    async with opened(await make_database("quotes")) as database:
        yield database


@pytest.fixture
def quotes(database: Database) -> Quotes:
    return Quotes(database)
