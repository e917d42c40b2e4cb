"""The newest records of a topic, read by each process for itself: without a group, and without keeping a place."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.kafka.connection import Kafka
from shared.kafka.consumer import PatientConsumer, end_consumer
from shared.kafka.topics import admin

_WITHIN = 10.0
"""Seconds for the broker to say where to begin."""
_ASKS_AGAIN_MS = 10_000
"""How long the broker may keep a question that has no answer yet; a new record is answered at once."""


async def tail(
    kafka: Kafka, topic: str, *, since: datetime, client: str
) -> AsyncGenerator[Sequence["ConsumerRecord[Any, Any]"]]:
    """The records of a topic that were written since then, and from then on those that come, in batches.

    Raises:
        ConnectionError: Kafka is away, or the topic does not exist yet.
    """
    consumer = PatientConsumer(
        **kafka.options,
        client_id=client,
        group_id=None,
        enable_auto_commit=False,
        fetch_max_wait_ms=_ASKS_AGAIN_MS,
    )
    try:
        async with asyncio.timeout(_WITHIN):
            partitions = await _partitions(kafka, topic)
            await consumer.start()
            await _begin(consumer, partitions, since)
        while True:
            for batch in (await consumer.getmany()).values():
                yield batch
    except (KafkaError, TimeoutError, OSError) as error:
        raise ConnectionError(f"{type(error).__name__}: {error}") from error
    finally:
        await end_consumer(consumer)


async def _partitions(kafka: Kafka, topic: str) -> Sequence[TopicPartition]:
    async with admin(kafka) as client:
        if topic not in await client.list_topics():
            raise ConnectionError(f"not there yet: {topic}")
        [described] = await client.describe_topics([topic])
    return [TopicPartition(topic, each["partition"]) for each in described["partitions"]]


async def _begin(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], since: datetime) -> None:
    """The ends are asked for first, so that what is written meanwhile is read.

    It is assigned when all is known: it fetches from then on, and a question for the wrong place would hold up the
    right one for as long as the broker keeps it.
    """
    ends: Mapping[TopicPartition, int] = await consumer.end_offsets(partitions)
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, int(since.timestamp() * 1000)))
    consumer.assign(partitions)
    for place in partitions:
        consumer.seek(place, found[place].offset if found.get(place) else ends[place])
