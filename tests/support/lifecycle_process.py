"""Lifecycle in a process of its own on the run's engines, with the other services' queues answered by the test."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode

from services.lifecycle.workflow.commission import CommissionWorkflow
from shared.contracts.fact import CommissionFact, Topic
from shared.kafka.connection import Kafka
from shared.kafka.topics import plans
from tests.support.counterparts import Counterparts, Handle
from tests.support.kafka import TestTopics
from tests.support.kafka import as_record as record_of
from tests.support.lifecycle import Room
from tests.support.service import RunningService, running, settings
from tests.support.waiting import until

LIFECYCLE = "services.lifecycle.main:build"
READ = (Topic.ACCESS, Topic.COMMISSIONS, Topic.QUOTES, Topic.PAYMENTS, Topic.PRODUCTION, Topic.NOTIFICATIONS)
"""The topics that it reads and others own."""


@dataclass
class Lifecycle:
    """What tests see of it: its tables, its topics, its workflows, and what it asked the other services for."""

    room: Room
    dsn: str
    topics: TestTopics
    temporal: str
    client: Client
    services: Counterparts

    @asynccontextmanager
    async def runs(self, faults: Mapping[str, Path] | None = None, **changed: str) -> AsyncIterator[RunningService]:
        """All its roles, until the block ends."""
        # A busy machine may take seconds for a command: no wait of its own, unless a test means it.
        patient = {"command_at_once_seconds": "60"}
        given = patient | {
            "temporal": self.temporal,
            "prefix": self.topics.prefix,
            **changed,
        }
        async with running(
            LIFECYCLE, settings(database=self.dsn, kafka=self.topics.kafka, faults=faults, **given)
        ) as process:
            yield process

    async def tell(self, fact: CommissionFact, version: int) -> None:
        """Write the record that its owner's relay would write."""
        await self.topics.put(fact.topic, record_of(fact, version))

    def workflow(self, commission: UUID) -> Handle:
        return self.client.get_workflow_handle_for(CommissionWorkflow.run, f"{self.topics.prefix}{commission}")

    async def status(self, commission: UUID) -> WorkflowExecutionStatus | None:
        """None where Temporal knows no such workflow."""
        try:
            return (await self.workflow(commission).describe()).status
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def runs_of(self, commission: UUID) -> list[str]:
        """The ids of all runs that Temporal lists."""
        listed = self.client.list_workflows(f'WorkflowId = "{self.topics.prefix}{commission}"')
        return [each.run_id async for each in listed]

    async def forget(self, commission: UUID) -> None:
        """Have Temporal forget a finished workflow, as it does by itself after the retention."""
        execution = WorkflowExecution(workflow_id=f"{self.topics.prefix}{commission}")
        request = DeleteWorkflowExecutionRequest(namespace="default", workflow_execution=execution)
        await self.client.workflow_service.delete_workflow_execution(request)

        async def forgotten() -> bool:
            return await self.status(commission) is None

        await until("Temporal has forgotten it", forgotten, 60)

    async def reaches(self, commission: UUID, phase: str, within: float = 60) -> None:
        """Wait until the ops room says so."""

        async def there() -> bool:
            rows = await self.room.rows("SELECT phase FROM commission WHERE commission = $1", commission)
            return bool(rows) and rows[0]["phase"] == phase

        await until(f"{commission} in {phase}", there, within)

    async def ends(self, commission: UUID, within: float = 60) -> None:
        """Wait until its workflow is over and the ops room says so."""

        async def over() -> bool:
            query = "SELECT 1 FROM commission WHERE commission = $1 AND ended_at IS NOT NULL"
            return bool(await self.room.rows(query, commission))

        await until(f"{commission} has ended", over, within)
        await self.workflow(commission).result()

    async def passed(self, commission: UUID) -> list[tuple[int, str]]:
        """What the bridge did with the commission's facts: version and outcome."""
        query = "SELECT version, outcome FROM fact_delivery WHERE commission = $1 ORDER BY version"
        return [(row["version"], row["outcome"]) for row in await self.room.rows(query, commission)]

    async def has_passed(self, commission: UUID, *expected: tuple[int, str], within: float = 60) -> None:
        async def all_there() -> bool:
            return await self.passed(commission) == list(expected)

        await until(f"passed {expected}", all_there, within)

    async def marked(self, inbox: str, commission: UUID, version: int, within: float = 60) -> None:
        """Wait until this inbox is done with this version of the commission's facts from intake."""

        async def done() -> bool:
            query = "SELECT 1 FROM inbox_mark WHERE inbox = $1 AND topic = $2 AND key = $3 AND version >= $4"
            return bool(await self.room.rows(query, inbox, Topic.COMMISSIONS.value, commission, version))

        await until(f"{inbox} has read version {version}", done, within)

    async def forget_marks(self, commission: UUID) -> None:
        """Let the inboxes believe that they never read about this commission."""
        await self.room.rows("DELETE FROM inbox_mark WHERE key = $1", commission)

    async def facts(self, commission: UUID) -> list[str]:
        """What lifecycle has published about it, in order: `PhaseEntered desk`, say."""
        query = """
            SELECT type, detail ->> 'phase' AS phase FROM recorded_fact
            WHERE commission = $1 AND topic = $2 ORDER BY version
        """
        rows = await self.room.rows(query, commission, Topic.LIFECYCLE.value)
        return [" ".join(filter(None, [row["type"].rpartition(".")[2], row["phase"]])) for row in rows]

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All that its tables say about commissions."""
        orders = {
            "commission_workflow": "commission",
            "fact_delivery": "commission, topic, version",
            "commission": "commission",
            "recorded_fact": "commission, topic, version",
            "holder_span": "commission, number",
            "search_term": "term, commission",
            "inbox_mark": "inbox, topic, key",
            "stream": "topic, key",
        }
        query = "SELECT * FROM {} ORDER BY {}"
        return {table: await self.room.rows(query.format(table, order)) for table, order in orders.items()}

    async def rewind(self, inbox: str, *topics: Topic) -> None:
        """Set the offsets of an inbox that is not running back to the first record."""
        first = dict.fromkeys(self._partitions(*topics), 0)

        async def set_back() -> bool:
            """Refused for as long as the group counts with the reader that was stopped."""
            async with self._member(inbox) as member:
                member.assign(list(first))
                with suppress(CommitFailedError):
                    await member.commit(first)
                    return True
            return False

        await until(f"{inbox} is set back", set_back, 90)

    async def has_read_all(self, inbox: str, *topics: Topic, within: float = 60) -> None:
        """Wait until an inbox has committed the end of these topics."""

        async def at_the_end() -> bool:
            async with self._member(inbox) as member:
                ends = await member.end_offsets(self._partitions(*topics))
                return all([((await member.committed(each)) or 0) >= end for each, end in ends.items()])

        await until(f"{inbox} has read everything", at_the_end, within)

    @asynccontextmanager
    async def _member(self, inbox: str) -> AsyncIterator[AIOKafkaConsumer]:
        """Somebody with the group's name who never joins it."""
        member = AIOKafkaConsumer(
            **self.topics.kafka.options,
            group_id=f"{self.topics.prefix}lifecycle.{inbox}",
            enable_auto_commit=False,
        )
        await member.start()
        try:
            yield member
        finally:
            await member.stop()

    def _partitions(self, *topics: Topic) -> list[TopicPartition]:
        return [
            TopicPartition(f"{self.topics.prefix}{topic}", number)
            for topic in topics
            for number in range(plans()[topic].partitions)
        ]


@asynccontextmanager
async def open_lifecycle(room: Room, dsn: str, kafka: Kafka, temporal: str, prefix: str) -> AsyncIterator[Lifecycle]:
    """The engines' side of it: topics that others own, and the other services at their queues."""
    topics = TestTopics(kafka, prefix)
    await topics.make(*READ, Topic.FAILURES)
    client = await Client.connect(temporal, data_converter=pydantic_data_converter)
    services = Counterparts(client, prefix)
    async with services.at_work("lifecycle"):
        yield Lifecycle(room, dsn, topics, temporal, client, services)
