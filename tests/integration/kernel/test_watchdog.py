"""A consumer that hangs is replaced, one that freezes when it is stopped is cut."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator

from shared.contracts.fact import Topic
from shared.inbox import Inbox
from shared.inbox.watchdog import Suspicion
from shared.kafka import consumer as kafka_consumer
from shared.kafka.lag import read_lag
from shared.runtime.metrics import METRICS
from tests.integration.kernel.sample.main import NAME
from tests.support.kafka import TestTopics, as_record
from tests.support.kernel import Listener, task, withdrawn


async def test_a_consumer_that_hangs_is_replaced(topics: TestTopics, listener: Listener, commission: UUID) -> None:
    inbox = Inbox("hangs", Topic.COMMISSIONS)
    inbox.handler(listener.handle)
    (runner,) = listener.service(inbox).runners
    runner._watchdog._every, runner._watchdog._suspicion = 0.2, Suspicion(patience=0.5)
    await topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), 1))

    async with task(runner.run()):
        await listener.handled(commission, 1)
        _hang()
        await topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), 2))
        await listener.handled(commission, 1, 2)

    rebuilt = METRICS.registry.get_sample_value("touchmark_inbox_rebuilt_total", {"service": NAME, "inbox": "hangs"})
    assert rebuilt is not None
    assert rebuilt >= 1


async def test_the_lag_of_all_partitions_is_read_by_one_request_for_what_is_committed(
    topics: TestTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    fetch = GroupCoordinator.fetch_committed_offsets

    async def counted(self: GroupCoordinator, partitions: Sequence[TopicPartition]) -> object:
        asked.append(len(partitions))
        return await fetch(self, partitions)

    monkeypatch.setattr(GroupCoordinator, "fetch_committed_offsets", counted)
    names = [topics.prefix + topic for topic in (Topic.COMMISSIONS, Topic.PEOPLE)]
    await topics.put(Topic.COMMISSIONS, as_record(withdrawn(uuid4()), 1))

    lag = await read_lag(topics.kafka, f"{topics.prefix}nobody", names, ())

    assert (lag.records, lag.committed) == (1, 0)
    assert asked == [12]


async def test_a_consumer_that_freezes_when_it_is_stopped_is_cut(
    topics: TestTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asyncio.all_tasks()
    frozen = AIOKafkaConsumer(topics.prefix + Topic.COMMISSIONS, **topics.kafka.options, group_id=topics.prefix)
    await frozen.start()
    monkeypatch.setattr(frozen, "stop", asyncio.Event().wait)
    monkeypatch.setattr(kafka_consumer, "_STOP_WITHIN", 0.1)

    await kafka_consumer.end_consumer(frozen)

    left = {one for one in asyncio.all_tasks() - before if not one.done()}
    assert {one for one in left if "aiokafka" in repr(one.get_coro())} == set()
    frozen._closed = True


def _hang() -> None:
    """What aiokafka #1154 comes to: nothing is fetched any more, and nobody says so."""
    fetching = [one for one in asyncio.all_tasks() if "_fetch_requests_routine" in repr(one.get_coro())]
    assert fetching
    for one in fetching:
        one.cancel()
