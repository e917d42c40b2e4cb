"""Intake served on a free port of this machine, with its database and no other engine."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.intake import Program, app_of, kernel_of, opened, tables
from tests.support.web import served


@pytest.fixture(scope="session")
async def database(make_database: MakeDatabase) -> AsyncIterator[Database]:
    async with opened(await tables(await make_database("intake"))) as found:
        yield found


@pytest.fixture(scope="session")
async def app(database: Database) -> FastAPI:
    return app_of(await kernel_of(database))


@pytest.fixture(scope="session")
async def url(app: FastAPI) -> AsyncIterator[str]:
    async with served(app) as address:
        yield address


@pytest.fixture
async def ada(app: FastAPI) -> Program:
    """A customer, signed in at the API too."""
    return await Program(app).join()
