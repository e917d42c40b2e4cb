"""All of production in its own process on the real engines: commands and withdrawals in, facts out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.commands.production import HeldPromise, HoldOutcome, HoldPromise, ReleasePromise
from shared.contracts.commissions import CommissionWithdrawn, WithdrawalReason
from shared.contracts.fact import Topic
from shared.contracts.production import PromiseEnd, PromiseHeld, PromiseReleased
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.kafka import TestTopics, as_record
from tests.support.production import CERTIFICATE_KEY
from tests.support.service import running, settings
from tests.support.waiting import until


@dataclass(frozen=True)
class Outside:
    """Production from outside: what others put into its topics and queues, and what it has of them."""

    topics: TestTopics
    client: Client
    database: Database

    async def ask(self, command: Command, result: type[Result]) -> Result:
        """The command, as the commission's workflow would ask for it."""
        answer: Result = await self.client.execute_activity(
            command.activity(),
            command,
            id=f"{self.topics.prefix}{command.id}",
            task_queue=f"{self.topics.prefix}production",
            result_type=result,
            start_to_close_timeout=timedelta(seconds=30),
        )
        return answer

    async def hold(self, commission: UUID) -> HeldPromise:
        asked_at = datetime.now(UTC)
        command = HoldPromise(
            id=new_id(),
            commission=commission,
            craft="jewellery",
            offering="engraved-ring",
            offering_version=1,
            asked_at=asked_at,
        )
        outcome = await self.ask(command, HoldOutcome)
        assert isinstance(outcome, HoldOutcome)
        assert outcome.held is not None
        return outcome.held


@pytest.fixture
async def outside(kafka: Kafka, temporal: str, prefix: str, make_database: MakeDatabase) -> AsyncIterator[Outside]:
    topics = TestTopics(kafka, prefix)
    await topics.make(Topic.COMMISSIONS, Topic.PEOPLE, Topic.BRIEFS, Topic.TEXTS)
    dsn = await make_database("production")
    environment = settings(
        database=dsn, kafka=kafka, temporal=temporal, prefix=prefix, hold_seconds="60", certificate_key=CERTIFICATE_KEY
    )
    async with running("services.production.main:build", environment) as process:
        await process.ready()
        database = await Database.open(dsn, application="test", size=2)
        client = await Client.connect(temporal, data_converter=pydantic_data_converter)
        yield Outside(topics, client, database)
        await database.close(1)


async def test_a_promise_is_held_and_released_and_both_are_published(outside: Outside) -> None:
    commission = new_id()

    held = await outside.hold(commission)
    command = ReleasePromise(id=new_id(), commission=commission, promise=held.promise, reason=PromiseEnd.LAPSED)
    await outside.ask(command, Done)

    seen = await outside.topics.shows(Topic.PRODUCTION, 2, within=30)
    assert [(each.key, each.version, each.type) for each in seen] == [
        (commission, 1, PromiseHeld.type()),
        (commission, 2, PromiseReleased.type()),
    ]
    assert seen[0].data is not None
    fact = PromiseHeld.model_validate_json(seen[0].data)
    assert (fact.promise, fact.ready_by, fact.held_until) == (held.promise, held.ready_by, held.held_until)
    assert fact.held_until == fact.at + timedelta(seconds=60)


async def test_a_withdrawal_is_recorded(outside: Outside) -> None:
    commission = new_id()
    withdrawn = CommissionWithdrawn(
        at=datetime.now(UTC), commission=commission, customer=new_id(), reason=WithdrawalReason.TOO_SLOW
    )

    await outside.topics.put(Topic.COMMISSIONS, as_record(withdrawn, 1))

    async def heard() -> bool:
        async with outside.database.statement() as tx:
            found = await tx.connection.fetchval(
                "SELECT withdrawn_at FROM withdrawal WHERE commission = $1", commission
            )
        return bool(found == withdrawn.at)

    await until("the withdrawal is known", heard, within=30)
