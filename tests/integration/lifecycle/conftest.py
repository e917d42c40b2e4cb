"""Lifecycle on a database of the run's PostgreSQL."""

from collections.abc import AsyncIterator

import httpx
import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from services.lifecycle.main import web
from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.counterparts import Counterparts
from tests.support.lifecycle import Room, kernel_of, opened
from tests.support.web import client_of


@pytest.fixture(scope="session")
async def database(make_database: MakeDatabase) -> AsyncIterator[Database]:
    async with opened(await make_database("lifecycle")) as database:
        yield database


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.fixture
async def services(temporal: str, prefix: str) -> AsyncIterator[Counterparts]:
    counterparts = Counterparts(await Client.connect(temporal, data_converter=pydantic_data_converter), prefix)
    async with counterparts.at_work():
        yield counterparts


@pytest.fixture
async def client(database: Database, temporal: str, prefix: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database, temporal=temporal, prefix=prefix))) as asking:
        yield asking


@pytest.fixture
async def cut_off(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The same room, with Temporal away."""
    async with client_of(web(kernel_of(database))) as asking:
        yield asking
