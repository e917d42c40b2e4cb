"""Sends outbox rows to Kafka: per partition one batch after the other, so that none overtakes one that failed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.kafka import headers
from shared.kafka.connection import Kafka
from shared.kafka.producer import end_producer, start_producer
from shared.outbox.store import Row

_partition_of = DefaultPartitioner()


@dataclass(slots=True)
class SendResult:
    """Which rows Kafka acknowledged, and why it did not accept the others."""

    acknowledged: list[Row] = field(default_factory=list)
    failure: Exception | None = None


class RecordSender:
    """One producer, started when it is needed and replaced after any failure.

    After a batch that Kafka refuses for good, aiokafka sends the next batch of the partition. To keep the order, only
    one batch of a partition is sent at a time, and the rows after a failed one wait for the next attempt.
    """

    def __init__(self, kafka: Kafka, *, prefix: str, client: str, within: float = 30.0) -> None:
        self._kafka = kafka
        self._prefix = prefix
        self._client = client
        self._within = within
        self._producer: AIOKafkaProducer | None = None

    async def send(self, rows: Sequence[Row]) -> SendResult:
        """Send the rows, in order per key. Returns when each is acknowledged or failed, within `within` seconds."""
        sent = SendResult()
        try:
            async with asyncio.timeout(self._within):
                if self._producer is None:
                    self._producer = await start_producer(self._kafka, self._client)
                await self._send_all(self._producer, rows, sent)
        except (KafkaError, OSError, TimeoutError) as error:
            sent.failure = error
        return sent

    async def stop(self) -> None:
        """End the producer; the next `send` starts another."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await end_producer(producer)

    async def _send_all(self, producer: AIOKafkaProducer, rows: Sequence[Row], sent: SendResult) -> None:
        parts = await self._by_partition(producer, rows)
        async with asyncio.TaskGroup() as group:
            for (topic, partition), part in parts.items():
                group.create_task(_send_in_order(producer, topic, partition, part, sent))

    async def _by_partition(
        self, producer: AIOKafkaProducer, rows: Iterable[Row]
    ) -> Mapping[tuple[str, int], Sequence[Row]]:
        parts: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in rows:
            topic = self._prefix + row.topic
            partitions = sorted(await producer.partitions_for(topic))
            parts[topic, _partition_of(_key(row), partitions, partitions)].append(row)
        return parts


async def _send_in_order(
    producer: AIOKafkaProducer, topic: str, partition: int, rows: Sequence[Row], sent: SendResult
) -> None:
    for builder, batch in _batches(producer, rows):
        try:
            delivered = await producer.send_batch(builder, topic, partition=partition)
            delivered.add_done_callback(_seen)
            await delivered
        except KafkaError as error:
            sent.failure = error
            return
        sent.acknowledged.extend(batch)


def _batches(producer: AIOKafkaProducer, rows: Sequence[Row]) -> Iterator[tuple[BatchBuilder, Sequence[Row]]]:
    """The rows in batches of the producer's size; a larger row is sent as one batch."""
    builder, begin = producer.create_batch(), 0
    for index, row in enumerate(rows):
        if not _append(builder, row):
            yield builder, rows[begin:index]
            builder, begin = producer.create_batch(), index
            _append(builder, row)
    yield builder, rows[begin:]


def _append(builder: BatchBuilder, row: Row) -> bool:
    value = None if row.data is None else row.data.encode()
    # The record's own timestamp is the time of sending: Kafka refuses one that is ahead of its clock, for good.
    return builder.append(timestamp=None, key=_key(row), value=value, headers=_headers(row)) is not None


def _key(row: Row) -> bytes:
    return str(row.key).encode()


def _headers(row: Row) -> list[tuple[str, bytes]]:
    attributes = {
        headers.SPECVERSION: headers.SPEC,
        headers.ID: str(row.id),
        headers.TYPE: row.type,
        headers.SOURCE: row.source,
        headers.TIME: row.at.isoformat(),
        headers.SUBJECT: str(row.key),
        headers.VERSION: str(row.version),
    }
    if row.data is not None:
        attributes[headers.CONTENT_TYPE] = headers.JSON
    if row.traceparent is not None:
        attributes[headers.TRACEPARENT] = row.traceparent
    return [(name, value.encode()) for name, value in attributes.items()]


def _seen(delivered: "asyncio.Future[object]") -> None:
    """A batch that is given up while nobody waits for it any more is no news."""
    if not delivered.cancelled():
        delivered.exception()
