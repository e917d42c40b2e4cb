"""One inbox's FastStream subscriber: how it starts, delivers, and is ended for certain."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import reduce
from operator import or_
from typing import Any, TypeAlias, cast

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage, KafkaRouter
from faststream.kafka.message import ConsumerProtocol, KafkaAckableMessage

from shared.inbox.inbox import Inbox
from shared.inbox.offsets import Offsets
from shared.kafka.consumer import PatientConsumer, end_consumer
from shared.runtime.logs import get_logger

log = get_logger(__name__)

BATCH = 100
"""Records in a batch at most: batches stay short, and so do transactions."""

_START_WITHIN = 30.0

Delivery: TypeAlias = "tuple[ConsumerRecord[Any, Any], ...]"

Deliver: TypeAlias = Callable[[AIOKafkaConsumer, Delivery], Awaitable[None]]


class Subscription:
    """Calls `deliver(consumer, records)` for one batch after the other. It commits no offsets; `deliver` does.

    `offsets` are told when partitions are taken away.

    FastStream's own parser decodes every header before any handler is called, and an exception there loses the batch.
    Ours decodes nothing. Neither does it choose among handlers: it would give a batch whole to the one that its first
    record suits.
    """

    def __init__(
        self,
        broker: KafkaBroker,
        inbox: Inbox,
        *,
        group: str,
        prefix: str,
        instance: str | None,
        deliver: Deliver,
        offsets: Offsets,
    ) -> None:
        self._broker = broker
        self._deliver = deliver
        self._offsets = offsets
        self._stopping: AIOKafkaConsumer | None = None
        router = KafkaRouter()
        self._subscriber = router.subscriber(
            *inbox.topics,
            batch=True,
            max_records=BATCH,
            group_id=group,
            group_instance_id=instance,
            ack_policy=AckPolicy.MANUAL,
            listener=offsets,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=1_000,  # new records arrive at once; only a paused partition may wait this long
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            parser=self._as_it_is,
            decoder=_whole,
            title=group.removeprefix(prefix),
        )
        self._subscriber(self._reader_of(inbox))
        broker.include_router(router, prefix=prefix)

    def assigned(self) -> frozenset[TopicPartition]:
        """The partitions that this consumer has now."""
        consumer = self._subscriber.consumer
        return frozenset(consumer.assignment()) if consumer else frozenset()

    async def start(self) -> asyncio.Event:
        """Connect, join the group, and begin to deliver. The event says that the consumer failed, for good.

        Raises:
            KafkaError, TimeoutError: Kafka is away.
        """
        await self._broker.connect()
        await asyncio.wait_for(self._subscriber.start(), _START_WITHIN)
        return cast("PatientConsumer", self._subscriber.consumer).failed

    async def stop(self) -> None:
        """Finish the current batch, within three seconds, and leave the group."""
        self._stopping, self._subscriber.consumer = self._subscriber.consumer, None
        await self._subscriber.stop()
        await self._offsets.finish()
        if self._stopping is not None:
            await end_consumer(self._stopping)

    async def _as_it_is(self, records: Delivery) -> KafkaMessage:
        # Passed along, since the current batch may have to commit while the subscriber is stopping.
        consumer = self._subscriber.consumer or self._stopping
        return KafkaAckableMessage(raw_message=records, body=b"", consumer=cast("ConsumerProtocol", consumer))

    def _reader_of(self, inbox: Inbox) -> Callable[[Any], Awaitable[None]]:
        """What FastStream calls with each batch, annotated with what one of its records holds, for the description."""

        async def read(message: Any) -> None:
            await self._deliver(message.consumer, message.raw_message)

        # A union, not `list[A | B]`: that would describe an array. Null is what a tombstone holds.
        read.__annotations__["message"] = reduce(or_, [*inbox.facts, *([None] if inbox.on_tombstone else [])])
        return read


async def _whole(message: KafkaMessage) -> KafkaMessage:
    """Our decoder: nothing is decoded before we know that the record is the next of its key."""
    return message
