"""Partitions that are paused because something their handlers need is away."""

import asyncio
from collections import defaultdict
from functools import partial

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError

from shared.runtime.backoff import Backoff
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_LONGEST = 15.0


class Pauses:
    """The paused partitions of one consumer. Each backs off separately, until one of its records takes effect."""

    def __init__(self) -> None:
        self._backoffs: dict[TopicPartition, Backoff] = defaultdict(lambda: Backoff(first=0.1, longest=_LONGEST))
        self._waiting: dict[TopicPartition, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def hold(self, consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int, reason: str) -> None:
        """Pause the partition for a while, then resume at `offset`."""
        wait = self._backoffs[partition].next()
        log.warning(
            "partition_waits", topic=partition.topic, partition=partition.partition, offset=offset, reason=reason
        )
        try:
            consumer.pause(partition)
            consumer.seek(partition, offset)
        except IllegalStateError:  # another consumer has it by now, and begins at the committed offset
            return
        if earlier := self._waiting.pop(partition, None):  # it was revoked and assigned again meanwhile
            earlier.cancel()
        resume = partial(self._resume, consumer, partition)
        self._waiting[partition] = asyncio.get_running_loop().call_later(wait, resume)

    def progressed(self, partition: TopicPartition) -> None:
        """A record of the partition took effect: the next wait is a short one again."""
        self._backoffs.pop(partition, None)

    def clear(self) -> None:
        """Forget everything: the consumer is gone."""
        for handle in self._waiting.values():
            handle.cancel()
        self._waiting.clear()
        self._backoffs.clear()

    def _resume(self, consumer: AIOKafkaConsumer, partition: TopicPartition) -> None:
        del self._waiting[partition]
        if partition in consumer.assignment():
            consumer.resume(partition)
