"""Steps of the kernel's tests: facts are published, relayed and handled, and their effects read."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared import outbox
from shared.contracts.commissions import CommissionWithdrawn, WithdrawalReason
from shared.contracts.fact import Fact
from shared.inbox import Inbox, Record
from shared.inbox.broker import ServiceBroker
from shared.outbox import Tombstone
from shared.outbox.relay import Relay
from shared.postgres.database import Database, Tx
from tests.support.kafka import TestTopics
from tests.support.waiting import until

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def withdrawn(commission: UUID) -> CommissionWithdrawn:
    """A fact of this commission; a customer of its own distinguishes it from the others."""
    return CommissionWithdrawn(at=AT, commission=commission, customer=uuid4(), reason=WithdrawalReason.OTHER)


async def commit_facts(database: Database, facts: Sequence[Fact | Tombstone]) -> tuple[int, ...]:
    """Stage and commit."""
    async with database.transaction() as tx:
        return await outbox.publish(tx, facts)


@asynccontextmanager
async def task(work: Coroutine[Any, Any, None]) -> AsyncIterator["asyncio.Task[None]"]:
    """Run this in the background for as long as the block runs."""
    running = asyncio.create_task(work)
    try:
        yield running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@asynccontextmanager
async def relaying(database: Database, topics: TestTopics, **options: Any) -> AsyncIterator[Relay]:
    """A relay, for as long as the block runs."""
    relay = Relay(database, topics.kafka, topics.prefix, **options)
    async with task(relay.run()):
        yield relay


async def outbox_is_empty(database: Database, within: float = 30.0) -> None:
    """Wait until the relay has sent everything."""

    async def is_empty() -> bool:
        async with database.statement() as tx:
            return bool(await tx.connection.fetchval("SELECT count(*) = 0 FROM outbox"))

    await until("the outbox is empty", is_empty, within)


@dataclass
class Listener:
    """Handlers that write an effect in the transaction they get; `fails` makes some fail, by the record's version."""

    database: Database
    topics: TestTopics
    fails: dict[int, Exception] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def on(self, *inboxes: Inbox) -> AsyncIterator[None]:
        """These inboxes on one broker, for as long as the block runs."""
        async with AsyncExitStack() as stack:
            for runner in self.service(*inboxes).runners:
                await stack.enter_async_context(task(runner.run()))
            yield

    def service(self, *inboxes: Inbox, instance: str | None = None) -> ServiceBroker:
        """A process of the service that reads these, by its instance."""
        topics = self.topics
        return ServiceBroker(
            inboxes, database=self.database, kafka=topics.kafka, prefix=topics.prefix, instance=instance
        )

    async def handle(self, fact: Fact, tx: Tx, record: Record) -> None:
        """A handler of all facts."""
        self.calls.append(record.version)
        await self._effect(tx, record, type(fact).__name__)
        if failure := self.fails.get(record.version):
            raise failure

    async def erase(self, record: Record, tx: Tx) -> None:
        """A handler of tombstones."""
        await self._effect(tx, record, "erased")

    async def handle_batch(self, pairs: Sequence[tuple[Fact | None, Record]], tx: Tx) -> None:
        """A handler of whole batches."""
        self.calls.append(len(pairs))
        for fact, record in pairs:
            await self._effect(tx, record, type(fact).__name__)

    async def _effect(self, tx: Tx, record: Record, said: str) -> None:
        await tx.connection.execute(
            "INSERT INTO effect (key, version, said) VALUES ($1, $2, $3)", record.key, record.version, said
        )

    async def effects(self, key: UUID | None = None) -> list[tuple[int, str]]:
        """What took effect, in order; of one key, or of all."""
        async with self.database.statement() as tx:
            rows = await tx.connection.fetch(
                "SELECT version, said FROM effect WHERE $1::uuid IS NULL OR key = $1 ORDER BY id", key
            )
        return [(row["version"], row["said"]) for row in rows]

    async def handled(self, key: UUID, *versions: int, within: float = 30.0) -> None:
        """Wait until these versions of the key took effect; each of them once, in this order, and no others."""

        async def all_there() -> bool:
            return len(await self.effects(key)) >= len(versions)

        await until(f"effects {versions}", all_there, within)
        assert [version for version, _ in await self.effects(key)] == list(versions)

    async def parked(self) -> list[tuple[int | None, str]]:
        """What waits: versions and reasons, in order."""
        async with self.database.statement() as tx:
            rows = await tx.connection.fetch(
                "SELECT version, reason FROM parked WHERE state IN ('waiting', 'replay') ORDER BY id"
            )
        return [(row["version"], row["reason"]) for row in rows]

    async def parks(self, *expected: tuple[int | None, str], detail: str = "", within: float = 30.0) -> None:
        """Wait until exactly these wait, the first with this in its detail."""

        async def all_there() -> bool:
            async with self.database.statement() as tx:
                said = await tx.connection.fetchval(
                    "SELECT detail FROM parked WHERE state = 'waiting' ORDER BY id LIMIT 1"
                )
            return await self.parked() == list(expected) and detail in (said or "")

        await until(f"parked: {expected}", all_there, within)
