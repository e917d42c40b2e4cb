"""The ops room on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from services.lifecycle.main import web
from tests.conftest import MakeDatabase
from tests.support.lifecycle import Room, kernel_of, opened
from tests.support.web import served


@pytest.fixture
async def room(make_database: MakeDatabase) -> AsyncIterator[Room]:
    async with opened(await make_database("lifecycle")) as database:
        yield Room(database)


@pytest.fixture
async def url(room: Room) -> AsyncIterator[str]:
    async with served(web(kernel_of(room.database))) as address:
        yield address
