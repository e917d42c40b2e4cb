"""When an inbox tells Kafka how far it got."""

import asyncio
from collections.abc import Mapping

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from shared.inbox import offsets as module
from shared.inbox.offsets import Offsets
from tests.support.waiting import until

ONE, TWO = TopicPartition("facts", 0), TopicPartition("facts", 1)
THIRD = TopicPartition("facts", 2)


class Consumer:
    """Notes what is committed, of the two partitions that it has; `refuses` says how often it is not taken."""

    def __init__(self, refuses: int = 0) -> None:
        self.commits: list[dict[TopicPartition, int]] = []
        self._refuses = refuses

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset({ONE, TWO})

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        if not offsets:
            raise ValueError
        if not self.assignment().issuperset(offsets):
            raise IllegalStateError
        self.commits.append(dict(offsets))
        if len(self.commits) <= self._refuses:
            raise CommitFailedError

    async def has(self, *expected: Mapping[TopicPartition, int]) -> None:
        await until("it is committed", lambda: len(self.commits) >= len(expected))
        assert self.commits == list(expected)


class Frozen(Consumer):
    freezes = True

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        await super().commit(offsets)
        if self.freezes:
            await asyncio.Event().wait()


async def test_a_batch_that_comes_alone_is_committed_before_the_next_one_is_read() -> None:
    consumer, offsets = Consumer(), Offsets("facts", every=3600)

    await offsets.reached(consumer, {ONE: 3})

    assert consumer.commits == [{ONE: 3}]


async def test_batches_that_follow_soon_are_committed_together() -> None:
    consumer, offsets = Consumer(), Offsets("facts", every=0.2)

    await offsets.reached(consumer, {ONE: 1})
    for taken in ({ONE: 2}, {TWO: 7}, {ONE: 3}):
        await offsets.reached(consumer, taken)

    await consumer.has({ONE: 1}, {ONE: 3, TWO: 7})


async def test_what_is_left_is_committed_at_the_end() -> None:
    consumer, offsets = Consumer(), Offsets("facts", every=3600)
    await offsets.reached(consumer, {ONE: 1})
    await offsets.reached(consumer, {ONE: 2})

    await offsets.finish()

    assert consumer.commits == [{ONE: 1}, {ONE: 2}]


async def test_what_is_left_is_committed_before_partitions_are_taken_away_and_never_after() -> None:
    """Another copy reads on from there; an older offset of ours must not follow its own."""
    consumer, offsets = Consumer(), Offsets("facts", every=0.2)
    await offsets.reached(consumer, {ONE: 1})
    await offsets.reached(consumer, {ONE: 2})

    await offsets.on_partitions_revoked({ONE})
    await offsets.reached(consumer, {TWO: 5})

    await consumer.has({ONE: 1}, {ONE: 2}, {TWO: 5})


async def test_offsets_that_are_refused_hold_up_nothing() -> None:
    consumer, offsets = Consumer(refuses=1), Offsets("facts", every=0)

    await offsets.reached(consumer, {ONE: 1})
    await offsets.reached(consumer, {ONE: 2})

    assert consumer.commits == [{ONE: 1}, {ONE: 2}]


async def test_an_end_does_not_wait_for_a_broker_that_is_away() -> None:
    frozen, offsets = Frozen(), Offsets("facts", every=3600)
    later = asyncio.create_task(offsets.reached(frozen, {ONE: 1}))
    await frozen.has({ONE: 1})

    await asyncio.wait_for(offsets.finish(), 5)

    later.cancel()


async def test_a_commit_that_never_ends_does_not_hold_up_the_consumer_that_takes_the_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The commit of aiokafka goes on for ever where the coordinator is gone, and after its consumer was stopped."""
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    frozen, offsets = Frozen(), Offsets("facts", every=0.05)
    frozen.freezes = False
    await offsets.reached(frozen, {ONE: 1})
    frozen.freezes = True
    await offsets.reached(frozen, {ONE: 2})
    await frozen.has({ONE: 1}, {ONE: 2})
    monkeypatch.setattr(module, "_WITHIN", 0.05)
    await offsets.finish()

    consumer = Consumer()
    await asyncio.wait_for(offsets.reached(consumer, {ONE: 3}), 5)

    await consumer.has({ONE: 3})


async def test_a_partition_that_was_taken_away_during_its_batch_spoils_no_other() -> None:
    consumer, offsets = Consumer(), Offsets("facts", every=0)

    await offsets.reached(consumer, {ONE: 4, THIRD: 9})
    await offsets.reached(consumer, {THIRD: 10})

    assert consumer.commits == [{ONE: 4}]


async def test_what_kafka_did_not_take_is_offered_again_though_nothing_follows() -> None:
    """Else the group seems to be behind, and its consumer to hang."""
    consumer, offsets = Consumer(refuses=1), Offsets("facts", every=0.05)

    await offsets.reached(consumer, {ONE: 1})

    await consumer.has({ONE: 1}, {ONE: 1})
