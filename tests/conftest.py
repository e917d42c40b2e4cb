"""Fixtures for all tests. The engines are real, and start when the first test of a run asks for them."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from shared.kafka.connection import Kafka
from tests.support import engines

if TYPE_CHECKING:
    from playwright.async_api import Browser

_LONG_FIRST = ("chaos", "attack", "stories", "doors", "integration", "workflow", "browser")

# A busy machine draws examples slowly, and takes its time over each: neither says anything about the code.
settings.register_profile("touchmark", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("touchmark")

_guard = pytest.StashKey[subprocess.Popen[bytes] | None]()


def pytest_configure(config: pytest.Config) -> None:
    os.environ["LC_ALL"] = "C.UTF-8"  # the command line speaks English to the tests, wherever they run
    config.stash[_guard] = engines.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if guard := config.stash.get(_guard, None):
        engines.end_run(guard)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders whose files take minutes come first: what is left at the end of a run is short."""
    items.sort(key=lambda item: next((n for n, folder in enumerate(_LONG_FIRST) if folder in item.path.parts), 99))


@pytest.fixture(scope="session")
async def postgres() -> str:
    """The superuser's DSN of the run's PostgreSQL."""
    return await asyncio.to_thread(engines.postgres)


@pytest.fixture(scope="session")
async def kafka() -> Kafka:
    """The run's Kafka, with all rights: services under test have their own (`tests/support/kafka_logins.py`)."""
    return await asyncio.to_thread(engines.kafka)


@pytest.fixture(scope="session")
async def temporal() -> str:
    """The address of the run's Temporal, `host:port`."""
    return await asyncio.to_thread(engines.temporal)


MakeDatabase = Callable[[str], Awaitable[str]]


@pytest.fixture(scope="session")
async def make_database(postgres: str) -> AsyncIterator[MakeDatabase]:
    """Makes empty databases: awaited with a name to have in theirs, it returns the DSN. They go with the run's engine.

    To drop one takes PostgreSQL a checkpoint, to drop those of a whole run the better part of a minute.
    """
    admin = await asyncpg.connect(postgres)

    async def make(name: str) -> str:
        database = f"{name}_{uuid4().hex}"
        await admin.execute(f'CREATE DATABASE "{database}"')
        return urlunsplit(urlsplit(postgres)._replace(path=f"/{database}"))

    yield make
    with suppress(asyncpg.PostgresError):
        await admin.close()


@pytest.fixture
def prefix() -> str:
    """Before the names of topics, groups, queues and workflows: no other test's meet this one's."""
    return f"t{uuid4().hex[:12]}-"


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator["Browser"]:
    """One Chromium for all tests of a worker that look at pages."""
    from playwright.async_api import expect  # noqa: PLC0415 (a second, which only the tests of pages have to spend)

    from tests.support import browser  # noqa: PLC0415 (the same)

    # A limit, not a wait: two cores that run two tests at once may need longer than the five seconds of the default.
    expect.set_options(timeout=20_000)
    async with browser.chromium() as opened:
        yield opened
