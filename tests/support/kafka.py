"""Kafka as tests see it: their own topics, what is in them, and records of any shape."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from deploy.local.engines.engine import start
from deploy.local.engines.kafka import KafkaEngine
from deploy.local.processes import stop_tree
from shared.contracts.fact import Fact, Topic
from shared.kafka import headers, topics
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Seen:
    """One record in a topic."""

    key: UUID
    version: int
    type: str
    data: bytes | None
    headers: Mapping[str, str]
    offset: int


@dataclass(frozen=True, slots=True)
class TestTopics:
    """The topics of one test, by its prefix."""

    __test__ = False

    kafka: Kafka
    prefix: str

    async def make(self, *wanted: Topic) -> None:
        await topics.apply(self.kafka, [topics.plans()[topic] for topic in wanted], prefix=self.prefix)

    async def put(self, topic: Topic, *records: "Put") -> None:
        """Write records as they are, in this order, waiting for each."""
        async with self._producer() as producer:
            for record in records:
                await producer.send_and_wait(
                    self.prefix + topic, key=record.key, value=record.value, headers=list(record.headers)
                )

    async def shows(self, topic: Topic, count: int, within: float = 30.0) -> Sequence[Seen]:
        """The first `count` records of the topic, in order per key.

        Raises:
            AssertionError: there were fewer, `within` seconds.
        """
        seen: list[Seen] = []
        async with self._reader(topic) as reader:
            try:
                async with asyncio.timeout(within):
                    while len(seen) < count:
                        batches = await reader.getmany(timeout_ms=200)
                        seen += [_seen(record) for batch in batches.values() for record in batch]
            except TimeoutError:
                raise AssertionError(f"{topic} shows {len(seen)} records instead of {count}") from None
        return seen

    async def all(self, topic: Topic) -> Sequence[Seen]:
        """What is in the topic now, in order per key."""
        async with self._reader(topic) as reader:
            ends = await reader.end_offsets(reader.assignment())
        return await self.shows(topic, sum(ends.values()))

    @asynccontextmanager
    async def _reader(self, topic: Topic) -> AsyncIterator[AIOKafkaConsumer]:
        reader = AIOKafkaConsumer(**self.kafka.options, auto_offset_reset="earliest")
        await reader.start()
        try:
            partitions = topics.plans()[topic].partitions
            reader.assign([TopicPartition(self.prefix + topic, number) for number in range(partitions)])
            yield reader
        finally:
            await reader.stop()

    @asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(**self.kafka.options)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()


@asynccontextmanager
async def running_kafka(engine: KafkaEngine, log: Path) -> AsyncIterator[None]:
    """A Kafka of the test's own, for as long as the block runs; its data stay for the next time."""
    identity = await asyncio.to_thread(start, engine, log)
    try:
        yield
    finally:
        await asyncio.to_thread(stop_tree, identity)


@dataclass(frozen=True, slots=True)
class Put:
    """A record to be written as it is."""

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]] = ()

    def without(self, header: str) -> "Put":
        return Put(self.key, self.value, [pair for pair in self.headers if pair[0] != header])

    def having(self, header: str, value: bytes | None) -> "Put":
        return Put(self.key, self.value, [*self.without(header).headers, (header, value)])


def as_record(fact: Fact, version: int) -> Put:
    """The record that a relay writes for a fact."""
    return Put(str(fact.key).encode(), fact.model_dump_json().encode(), _attributes(fact.type(), fact, version))


def as_tombstone(topic: Topic, key: UUID, version: int, at: str = "2026-11-23T00:00:00Z") -> Put:
    """The record that a relay writes for a tombstone."""
    attributes = {**_base(f"{topic}.Tombstone", key, version), headers.TIME: at}
    return Put(str(key).encode(), None, [(name, value.encode()) for name, value in attributes.items()])


def _attributes(type_: str, fact: Fact, version: int) -> Sequence[tuple[str, bytes]]:
    attributes = {**_base(type_, fact.key, version), headers.TIME: fact.at.isoformat()}
    return [(name, value.encode()) for name, value in attributes.items()]


def _base(type_: str, key: UUID, version: int) -> dict[str, str]:
    return {
        headers.SPECVERSION: headers.SPEC,
        headers.ID: str(new_id()),
        headers.TYPE: type_,
        headers.SOURCE: "urn:touchmark:test",
        headers.SUBJECT: str(key),
        headers.VERSION: str(version),
    }


def _seen(record: "ConsumerRecord[Any, Any]") -> Seen:
    named = {name: value.decode() for name, value in record.headers}
    return Seen(
        key=UUID(record.key.decode()),
        version=int(named[headers.VERSION]),
        type=named[headers.TYPE],
        data=record.value,
        headers=named,
        offset=record.offset,
    )
