"""How far an inbox got, as Kafka is told: at once if it was quiet, else together with what follows within two seconds.

The marks in PostgreSQL say what took effect, and what is read again is skipped. Offsets are committed so that little is
read again: after a kill, the records of two seconds.
"""

import asyncio
from collections.abc import Collection, Mapping

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from shared.runtime import faults
from shared.runtime.logs import get_logger

log = get_logger(__name__)

EVERY = 2.0
"""Seconds between two commits of one inbox. A commit for each batch costs Kafka as much as writing a record."""
_WITHIN = 1.5
"""Seconds that the last commit may take before the partitions are given up."""
_PATIENCE = 5.0
"""Seconds that any commit may take. aiokafka's own has no end where the coordinator is gone, not even once its consumer
is stopped: the consumer that takes its place would wait for it."""


class Offsets(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Of one inbox. What is not committed when partitions are taken away, or at the end, is committed then.

    What Kafka did not take is offered again, as long as the partition is ours.
    """

    def __init__(self, inbox: str, every: float = EVERY) -> None:
        self._inbox = inbox
        self._every = every
        self._consumer: AIOKafkaConsumer | None = None
        self._taken: dict[TopicPartition, int] = {}
        self._committed_at = float("-inf")
        self._in_order = asyncio.Lock()
        self._later: asyncio.Task[None] | None = None
        self._turns = 0
        """How often partitions were given up: what was reached before is no longer ours to say."""

    async def reached(self, consumer: AIOKafkaConsumer, taken: Mapping[TopicPartition, int]) -> None:
        """Everything before these offsets took effect. Commits if nothing was committed lately, else soon."""
        self._consumer = consumer
        self._taken.update(taken)
        wait = self._committed_at + self._every - asyncio.get_running_loop().time()
        if wait <= 0:
            await self._commit()
        else:
            self._commit_later(wait)

    async def finish(self) -> None:
        """Commit what was not, within a second and a half; then forget it, as somebody else may read on."""
        self._commit_no_more()
        try:
            async with asyncio.timeout(_WITHIN):
                await self._commit()
        except TimeoutError:
            log.warning("offsets_not_committed", inbox=self._inbox, reason="TimeoutError")
        self._taken.clear()
        self._turns += 1
        self._commit_no_more()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 (all are)
        await self.finish()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        pass

    def _commit_later(self, seconds: float) -> None:
        if self._later is None:
            self._later = asyncio.create_task(self._commit_in(seconds), name=f"{self._inbox} commits")

    def _commit_no_more(self) -> None:
        if self._later:
            self._later.cancel()
            self._later = None

    async def _commit_in(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._later = None
        await self._commit()

    async def _commit(self) -> None:
        async with self._in_order:  # a lower offset must not follow a higher one
            consumer, turn = self._consumer, self._turns
            reached, self._taken = self._taken, {}
            # One partition that was taken away during its batch would spoil the commit of all others.
            ours = consumer.assignment() if consumer is not None else ()
            taken = {partition: offset for partition, offset in reached.items() if partition in ours}
            if not taken or consumer is None:
                return
            self._committed_at = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(_PATIENCE):
                    await consumer.commit(taken)
            except (KafkaError, TimeoutError) as error:
                log.warning("offsets_not_committed", inbox=self._inbox, reason=type(error).__name__)
                if turn == self._turns:
                    self._taken = {**taken, **self._taken}
                    self._commit_later(self._every)
        faults.reach("inbox.after_offset_commit")
