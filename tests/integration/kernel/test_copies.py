"""Several subscribers on one broker, and several copies of a service: nothing is lost, doubled or out of order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from shared.contracts.fact import Topic
from shared.inbox import Inbox
from shared.inbox.broker import ServiceBroker
from shared.inbox.instance import InstanceClaim, InstanceTakenError
from shared.inbox.runner import InboxRunner
from tests.support.kafka import TestTopics, as_record
from tests.support.kernel import Listener, task, withdrawn
from tests.support.waiting import until


@pytest.fixture
def commissions(listener: Listener) -> Inbox:
    inbox = Inbox("listener", Topic.COMMISSIONS)
    inbox.handler(listener.handle)
    return inbox


@asynccontextmanager
async def running(service: ServiceBroker) -> AsyncIterator[InboxRunner]:
    """The first inbox of a copy, for as long as the block runs."""
    async with task(service.runners[0].run()):
        yield service.runners[0]


async def reads(runner: InboxRunner, *, partitions: range) -> None:
    """Wait until the copy has that many partitions."""

    async def has_them() -> bool:
        return len(runner._subscription.assigned()) in partitions

    await until(f"it reads {partitions} partitions", has_them)


class Facts:
    """Facts of some commissions, each version of each in turn."""

    def __init__(self, topics: TestTopics) -> None:
        self._topics = topics
        self.keys = [uuid4() for _ in range(24)]
        self.version = 0

    async def put(self, versions: int) -> None:
        for _ in range(versions):
            self.version += 1
            puts = [as_record(withdrawn(key), self.version) for key in self.keys]
            await self._topics.put(Topic.COMMISSIONS, *puts)


async def each_took_effect_once(listener: Listener, facts: Facts) -> None:
    expected = list(range(1, facts.version + 1))

    async def all_there() -> bool:
        return len(await listener.effects()) >= len(expected) * len(facts.keys)

    await until("all took effect", all_there, 60)
    assert {key: await _versions(listener, key) for key in facts.keys} == dict.fromkeys(facts.keys, expected)
    assert await listener.parked() == []


async def _versions(listener: Listener, key: UUID) -> Sequence[int]:
    return [version for version, _ in await listener.effects(key)]


async def test_copies_that_come_and_go_share_the_partitions_and_handle_each_fact_once(
    topics: TestTopics, listener: Listener, commissions: Inbox
) -> None:
    facts = Facts(topics)
    one, two = listener.service(commissions, instance="one"), listener.service(commissions, instance="two")

    async with running(two) as second:
        async with running(one) as first:
            await reads(first, partitions=range(1, 6))
            await reads(second, partitions=range(1, 6))
            await facts.put(5)
            await each_took_effect_once(listener, facts)
            writing = asyncio.create_task(facts.put(15))
        await writing  # the first one has left meanwhile
        await reads(second, partitions=range(6, 7))
        async with running(listener.service(commissions, instance="three")):
            await facts.put(15)  # while a third one joins
            await each_took_effect_once(listener, facts)


async def test_two_copies_by_the_same_name_take_the_partitions_from_each_other_and_lose_nothing(
    topics: TestTopics, listener: Listener, commissions: Inbox
) -> None:
    """Kafka lets only the one that joined last read; the other is thrown out, joins again, and throws out the first."""
    facts = Facts(topics)

    async with running(listener.service(commissions, instance="same")) as elder:
        await reads(elder, partitions=range(6, 7))
        await facts.put(5)
        async with running(listener.service(commissions, instance="same")) as younger:
            await reads(younger, partitions=range(6, 7))
            await facts.put(15)
            await each_took_effect_once(listener, facts)
        await facts.put(5)
        await each_took_effect_once(listener, facts)


async def test_of_two_copies_by_the_same_name_the_second_waits_and_says_why_until_the_first_has_ended(
    listener: Listener,
) -> None:
    elder, younger = (InstanceClaim(listener.database, "quotes-1") for _ in range(2))
    other = InstanceClaim(listener.database, "quotes-2")

    async with task(elder.run()):
        await elder.held()
        with pytest.raises(InstanceTakenError, match="TOUCHMARK_INSTANCE"):
            await younger.run()
        async with task(other.run()):
            await other.held()

    async with task(younger.run()):
        await younger.held()


async def test_an_inbox_whose_topic_is_missing_does_not_hold_up_the_others_of_its_broker(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    deaf = Inbox("deaf", Topic.PAYMENTS)
    deaf.handler(listener.handle)
    service = listener.service(deaf, commissions)
    await topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), 1))

    async with task(service.runners[0].run()), task(service.runners[1].run()):
        await listener.handled(commission, 1)


async def test_a_broker_goes_on_reading_while_it_is_described(
    topics: TestTopics, listener: Listener, commissions: Inbox, commission: UUID
) -> None:
    """FastStream composes the handlers of all its subscribers anew for a description."""
    service = listener.service(commissions)

    async with running(service):
        for version in range(1, 6):
            await topics.put(Topic.COMMISSIONS, as_record(withdrawn(commission), version))
            channels = service.asyncapi()["channels"].values()
            assert topics.prefix + Topic.COMMISSIONS in {each["address"] for each in channels}
            await listener.handled(commission, *range(1, version + 1))
