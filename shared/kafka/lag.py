"""How far a consumer group is behind, according to the broker; read on a separate connection that is closed again."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.kafka.connection import Kafka
from shared.kafka.topics import admin

_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Lag:
    """Of all partitions asked for: `records` are not taken yet, `committed` is the sum of the committed offsets."""

    records: int
    committed: int


async def read_lag(kafka: Kafka, group: str, topics: Collection[str], partitions: Collection[TopicPartition]) -> Lag:
    """The group's lag on `partitions`, or on all of `topics` if there are none.

    Raises:
        KafkaError, ConnectionError, TimeoutError: the broker does not answer.
    """
    consumer = AIOKafkaConsumer(**kafka.options, group_id=group, enable_auto_commit=False, client_id=f"{group}.lag")
    try:
        async with asyncio.timeout(_WITHIN):
            await consumer.start()
            return await _read(consumer, partitions or await _all(kafka, topics))
    finally:
        await asyncio.wait({asyncio.ensure_future(consumer.stop())}, timeout=2)


async def _all(kafka: Kafka, topics: Collection[str]) -> Collection[TopicPartition]:
    async with admin(kafka) as client:
        described = await client.describe_topics(list(topics))
    return [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in described
        for partition in topic["partitions"]
    ]


async def _read(consumer: AIOKafkaConsumer, partitions: Collection[TopicPartition]) -> Lag:
    # Nothing is assigned: that would make it fetch.
    ends = await consumer.end_offsets(partitions)
    begins = await consumer.beginning_offsets(partitions)
    # `consumer.committed` takes one partition, and a request each: an inbox has up to three dozen.
    committed = await consumer._coordinator.fetch_committed_offsets(list(partitions))  # noqa: SLF001
    taken = {place: max(committed[place].offset if place in committed else 0, begins[place]) for place in partitions}
    return Lag(records=sum(max(0, ends[place] - taken[place]) for place in partitions), committed=sum(taken.values()))
