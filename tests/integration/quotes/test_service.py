"""All of quotes in its own process on the real engines: briefs and commands in, facts out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from shared.contracts.commands.quotes import DraftQuote, QuoteDraft
from shared.contracts.fact import Topic
from shared.contracts.quotes import QuoteDrafted
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.kafka import TestTopics, as_record, as_tombstone
from tests.support.quotes import brief, confirmed
from tests.support.service import running, settings
from tests.support.waiting import until


@dataclass(frozen=True)
class Outside:
    """Quotes from outside: what others put into its topics and queues, and what it has of them."""

    topics: TestTopics
    temporal: str
    database: Database

    async def draft(self, commission: UUID) -> QuoteDraft:
        """The command, as the commission's workflow would ask for it."""
        client = await Client.connect(self.temporal, data_converter=pydantic_data_converter)
        command = DraftQuote(id=new_id(), commission=commission, brief_version=1)
        draft: QuoteDraft = await client.execute_activity(
            DraftQuote.activity(),
            command,
            id=f"{self.topics.prefix}{command.id}",
            task_queue=f"{self.topics.prefix}quotes",
            result_type=QuoteDraft,
            start_to_close_timeout=timedelta(seconds=30),
        )
        return draft

    async def knows(self, commission: UUID) -> bool:
        """Whether it has a brief of this commission."""
        async with self.database.statement() as tx:
            found = await tx.connection.fetchval("SELECT 1 FROM brief WHERE commission = $1", commission)
        return bool(found)


@pytest.fixture
async def outside(kafka: Kafka, temporal: str, prefix: str, make_database: MakeDatabase) -> AsyncIterator[Outside]:
    topics = TestTopics(kafka, prefix)
    await topics.make(Topic.BRIEFS)
    await topics.make(Topic.COMMISSIONS)
    dsn = await make_database("quotes")
    environment = settings(database=dsn, kafka=kafka, temporal=temporal, prefix=prefix)
    async with running("services.quotes.main:build", environment) as process:
        await process.ready()
        database = await Database.open(dsn, application="test", size=2)
        yield Outside(topics, temporal, database)
        await database.close(1)


async def test_a_command_that_is_before_its_brief_and_its_customer_waits_for_them(outside: Outside) -> None:
    commission = new_id()
    written = brief(commission)

    drafting = asyncio.create_task(outside.draft(commission))
    await outside.topics.put(Topic.BRIEFS, as_record(written, 1))
    await outside.topics.put(Topic.COMMISSIONS, as_record(confirmed(written), 1))
    draft = await drafting

    [drafted] = await outside.topics.shows(Topic.QUOTES, 1, within=30)
    assert (drafted.key, drafted.version, drafted.type) == (commission, 1, QuoteDrafted.type())
    assert drafted.data is not None
    assert QuoteDrafted.model_validate_json(drafted.data).quote == draft.quote


async def test_a_tombstone_erases_a_brief(outside: Outside) -> None:
    commission = new_id()
    await outside.topics.put(Topic.BRIEFS, as_record(brief(commission), 1))

    async def forgotten() -> bool:
        return not await outside.knows(commission)

    await until("the brief is known", lambda: outside.knows(commission), within=30)
    await outside.topics.put(Topic.BRIEFS, as_tombstone(Topic.BRIEFS, commission, 2))
    await until("the brief is forgotten", forgotten, within=30)
