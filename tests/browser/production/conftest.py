"""The bench in the browser, on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from services.production.main import web
from tests.conftest import MakeDatabase
from tests.support.production import Production, kernel_of, opened
from tests.support.web import served


@pytest.fixture
async def production(make_database: MakeDatabase) -> AsyncIterator[Production]:
    async with opened(await make_database("production")) as database:
        yield Production(database)


@pytest.fixture
async def url(production: Production) -> AsyncIterator[str]:
    async with served(web(kernel_of(production.database))) as address:
        yield address
