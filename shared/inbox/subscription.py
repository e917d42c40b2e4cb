"""One inbox's FastStream subscriber: how it starts, delivers, and is ended for certain."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeAlias, cast

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.annotations import KafkaMessage as Delivered
from faststream.kafka.message import ConsumerProtocol, KafkaAckableMessage

from shared.kafka.consumer import PatientConsumer, end_consumer
from shared.runtime.logs import get_logger

log = get_logger(__name__)

BATCH = 100
"""Records in a batch at most: batches stay short, and so do transactions."""

_START_WITHIN = 30.0
_STOP_WITHIN = 3.0

Delivery: TypeAlias = "tuple[ConsumerRecord[Any, Any], ...]"


class Subscription:
    """Calls `deliver(consumer, records)` for one batch after the other. It commits no offsets; `deliver` does.

    FastStream's own parser decodes every header before any handler is called, and an exception there loses the batch.
    Our parser decodes nothing.
    """

    def __init__(
        self,
        kafka: str,
        topics: Sequence[str],
        *,
        group: str,
        instance: str | None,
        deliver: Callable[[AIOKafkaConsumer, Delivery], Awaitable[None]],
    ) -> None:
        self.failed = asyncio.Event()
        """Set when the consumer raised an error, since it does not recover."""
        self._deliver = deliver
        client = f"{group}.{instance}" if instance else group
        # No logger: FastStream writes lines for each batch, and what goes wrong is logged by us.
        self._broker = KafkaBroker(
            kafka, client_id=client, consumer_only=True, graceful_timeout=_STOP_WITHIN, logger=None
        )
        self._subscriber = self._broker.subscriber(
            *topics,
            batch=True,
            max_records=BATCH,
            group_id=group,
            group_instance_id=instance,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=1_000,  # new records arrive at once; only a paused partition may wait this long
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            parser=self._as_it_is,
            decoder=_nothing,
        )
        self._subscriber(self._receive)

    def assigned(self) -> frozenset[TopicPartition]:
        """The partitions that this consumer has now."""
        consumer = self._subscriber.consumer
        return frozenset(consumer.assignment()) if consumer else frozenset()

    async def start(self) -> None:
        """Connect, join the group, and begin to deliver.

        Raises:
            KafkaError, TimeoutError: Kafka is away.
        """
        await self._broker.connect()
        config = self._broker.config.broker_config
        build = cast("partial[AIOKafkaConsumer]", config.builder)
        config.builder = partial(PatientConsumer, on_failure=self._note_failure, **build.keywords)
        await asyncio.wait_for(self._broker.start(), _START_WITHIN)

    async def stop(self) -> None:
        """Finish the current batch, within three seconds, and leave the group."""
        consumer = self._subscriber.consumer
        self._subscriber.consumer = None
        await self._broker.stop()
        if consumer is not None:
            await end_consumer(consumer)

    async def _receive(self, message: Delivered) -> None:
        await self._deliver(message.consumer, cast("Delivery", message.raw_message))

    async def _as_it_is(self, records: Delivery) -> KafkaMessage:
        # Passed along, since the current batch may have to commit while the subscriber is stopping.
        return KafkaAckableMessage(
            raw_message=records, body=b"", consumer=cast("ConsumerProtocol", self._subscriber.consumer)
        )

    def _note_failure(self, error: Exception) -> None:
        log.warning("consumer_failed", reason=f"{type(error).__name__}: {error}")
        self.failed.set()


async def _nothing(_message: KafkaMessage) -> None:
    return None
