"""A database and topics of each test's own."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.contracts.fact import Topic
from shared.kafka.connection import Kafka
from shared.postgres.database import Database
from shared.postgres.migrate import migrate
from tests.conftest import MakeDatabase
from tests.integration.kernel.sample.main import MIGRATIONS, NAME
from tests.support.kafka import TestTopics
from tests.support.kernel import Listener


@pytest.fixture(scope="session")
async def template(make_database: MakeDatabase) -> str:
    """The name of a database with the kernel's tables and the sample's, to copy."""
    dsn = await make_database("kernel_template")
    await migrate(dsn, MIGRATIONS)
    return urlsplit(dsn).path[1:]


@pytest.fixture
async def dsn(postgres: str, template: str) -> AsyncIterator[str]:
    """A database of this test's own."""
    name = f"kernel_{uuid4().hex}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    opened = await Database.open(dsn, application=NAME)
    yield opened
    await opened.close(1)


@pytest.fixture
def commission() -> UUID:
    return uuid4()


@pytest.fixture
async def topics(kafka: Kafka, prefix: str) -> TestTopics:
    """Topics of this test's own: commissions and failures (facts), and people (compacted)."""
    made = TestTopics(kafka, prefix)
    await made.make(Topic.COMMISSIONS, Topic.PEOPLE, Topic.FAILURES)
    return made


@pytest.fixture
def listener(database: Database, topics: TestTopics) -> Listener:
    return Listener(database, topics)
