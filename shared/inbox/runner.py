"""Runs one inbox: reads its topics, replays parked records, and watches its progress."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.inbox.failures import is_transient
from shared.inbox.inbox import Inbox
from shared.inbox.offsets import Offsets
from shared.inbox.parked_counts import ParkedCounts
from shared.inbox.pauses import Pauses
from shared.inbox.processor import Processor
from shared.inbox.record import RawRecord
from shared.inbox.subscription import Delivery, Subscription
from shared.inbox.watchdog import Watchdog
from shared.kafka import topics
from shared.kafka.connection import Kafka
from shared.postgres.database import Database
from shared.runtime.backoff import Backoff
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS

log = get_logger(__name__)

_BATCHES = METRICS.counter("touchmark_inbox_batches_total", "Batches that were read.", ("service", "inbox"))
_WAITS = METRICS.gauge("touchmark_inbox_waiting_partitions", "Partitions that are paused.", ("service", "inbox"))
_PARKED = METRICS.gauge("touchmark_inbox_parked_records", "Records that wait for a decision.", ("service", "inbox"))

_REPLAY_EVERY = 1.0
_LONGEST_BATCH = 120.0

Parts = Mapping[TopicPartition, Sequence["ConsumerRecord[Any, Any]"]]


class InboxRunner:
    """Consumes the inbox's topics, by a subscriber of its own that it adds to the broker."""

    def __init__(
        self,
        inbox: Inbox,
        broker: KafkaBroker,
        *,
        database: Database,
        kafka: Kafka,
        prefix: str,
        instance: str | None,
        kernel: Any,
        parked: ParkedCounts,
        commit_every: float,
    ) -> None:
        self.inbox = inbox
        self._parked = parked
        self._kafka = kafka
        self._labels = (database.application, inbox.name)
        self._prefix = prefix
        self._group = f"{prefix}{database.application}.{inbox.name}"
        self._processor = Processor(inbox, database, kernel)
        self._pauses = Pauses()
        self._busy_since: float | None = None
        self._offsets = Offsets(inbox.name, commit_every)
        self._subscription = Subscription(
            broker,
            inbox,
            group=self._group,
            prefix=prefix,
            instance=instance,
            deliver=self._deliver,
            offsets=self._offsets,
        )
        names = [f"{prefix}{topic}" for topic in inbox.topics]
        self._watchdog = Watchdog(
            kafka, group=self._group, topics=names, labels=self._labels, excused=self._waits_on_purpose
        )

    async def run(self) -> None:
        """Consume until cancelled. Waits while Kafka or PostgreSQL is away."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_reading(), name=f"{self._group} reads")
            group.create_task(self._keep_replaying(), name=f"{self._group} replays")
            group.create_task(self._watchdog.run(), name=f"{self._group} watches")

    async def _keep_reading(self) -> None:
        backoff = Backoff(first=0.2, longest=5.0)
        while True:
            try:
                await self._topics_are_there()
                failed = await self._subscription.start()
                log.info("inbox_reads", inbox=self.inbox.name)
                backoff.reset()
                await self._watchdog.until_hung(failed, self._subscription.assigned)
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning("inbox_cannot_read", inbox=self.inbox.name, reason=f"{type(error).__name__}: {error}")
            finally:
                await self._subscription.stop()
                self._pauses.clear()
            await asyncio.sleep(backoff.next())

    async def _topics_are_there(self) -> None:
        """A consumer that starts before its topics exist looks for them again only minutes later.

        Raises:
            ConnectionError: one is missing, or Kafka is away.
        """
        if missing := await topics.missing(self._kafka, self.inbox.topics, prefix=self._prefix):
            raise ConnectionError(f"not there yet: {', '.join(sorted(missing))}")

    async def _deliver(self, consumer: AIOKafkaConsumer, records: Delivery) -> None:
        """Handle one batch. Never raises: FastStream would skip the batch."""
        _BATCHES.labels(*self._labels).inc()
        self._busy_since = _now()
        parts: dict[TopicPartition, list[ConsumerRecord[Any, Any]]] = defaultdict(list)
        for record in records:
            parts[TopicPartition(record.topic, record.partition)].append(record)
        try:
            await self._take(consumer, parts)
        except Exception as error:
            log.exception("batch_not_taken", inbox=self.inbox.name)
            for partition, part in parts.items():
                self._pauses.hold(consumer, partition, part[0].offset, type(error).__name__)
        finally:
            self._busy_since = None
            _WAITS.labels(*self._labels).set(len(self._pauses))

    async def _take(self, consumer: AIOKafkaConsumer, parts: Parts) -> None:
        try:
            await self._processor.take([self._raw(record) for part in parts.values() for record in part])
            taken: Mapping[TopicPartition, int] = {place: part[-1].offset + 1 for place, part in parts.items()}
        except Exception as error:  # noqa: BLE001 (any error: the records are handled one by one now, and the one that fails raises it again)
            log.info("batch_taken_apart", inbox=self.inbox.name, reason=type(error).__name__)
            taken = await self._one_by_one(consumer, parts)
        for partition in taken:
            self._pauses.progressed(partition)
        if taken:
            await self._offsets.reached(consumer, taken)

    async def _one_by_one(self, consumer: AIOKafkaConsumer, parts: Parts) -> Mapping[TopicPartition, int]:
        """One transaction for each record; returns how far each partition got. No partition waits for another."""
        taken: dict[TopicPartition, int] = {}
        for partition, part in parts.items():
            for record in part:
                try:
                    await self._processor.take_one(self._raw(record))
                except Exception as error:  # noqa: BLE001 (only a transient one gets here)
                    self._pauses.hold(consumer, partition, record.offset, f"{type(error).__name__}: {error}")
                    break
                taken[partition] = record.offset + 1
        return taken

    async def _keep_replaying(self) -> None:
        """Try the records that are to be replayed, and those that only wait behind them, in order."""
        while True:
            try:
                waiting = await self._parked.of(self.inbox.name)
                _PARKED.labels(*self._labels).set(waiting)
                while waiting and any(
                    [await self._processor.take_again(one) for one in await self._processor.releasable()]
                ):
                    pass  # the records behind them may be tried now
            except Exception as error:
                if not is_transient(error):
                    log.exception("replay_failed", inbox=self.inbox.name)
            await asyncio.sleep(_REPLAY_EVERY)

    def _raw(self, record: "ConsumerRecord[Any, Any]") -> RawRecord:
        return RawRecord.of(record, self._prefix)

    def _waits_on_purpose(self) -> bool:
        busy = self._busy_since is not None and _now() - self._busy_since < _LONGEST_BATCH
        return busy or len(self._pauses) > 0


def _now() -> float:
    return asyncio.get_running_loop().time()
