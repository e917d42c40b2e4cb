"""The offsets of notify's consumer groups are set back in Kafka, as an operator can: nobody is mailed again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from services.notify.domain.mails import MailState
from services.notify.main import INBOXES, MAILED
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.people import Role
from shared.inbox.broker import ServiceBroker
from shared.kafka import topics as kafka_topics
from shared.kafka.connection import Kafka
from shared.kafka.lag import read_lag
from shared.kernel.ids import new_id
from tests.support.kafka import Put, TestTopics, as_record
from tests.support.kernel import task
from tests.support.mail_facts import MailFacts, whole_life
from tests.support.notify import Customer, Notify, kernel_of, opened
from tests.support.waiting import until

TOPICS = [topic for inbox in MAILED for topic in inbox.topics]


@dataclass
class Groups:
    """Notify's consumer groups on topics of this test's own."""

    notify: Notify
    topics: TestTopics

    async def put(self, life: Sequence[CommissionFact], versions: Mapping[int, int]) -> None:
        for topic in TOPICS:
            puts: list[Put] = [as_record(fact, versions[id(fact)]) for fact in life if fact.topic is topic]
            await self.topics.put(topic, *puts)

    async def read(self) -> None:
        """Run all inboxes until they have come to the end of their topics."""
        kernel = kernel_of(self.notify.dsn, self.notify.database, message_gather=0, message_quiet=0)
        service = ServiceBroker(
            INBOXES,
            database=self.notify.database,
            kafka=self.topics.kafka,
            prefix=self.topics.prefix,
            kernel=kernel,
            commit_every=0,
        )
        async with AsyncExitStack() as stack:
            for runner in service.runners:
                await stack.enter_async_context(task(runner.run()))
            await until("everything is read", self._is_at_the_end, 60)

    async def reset(self, share: int) -> None:
        """Set each partition's offset back, by so many percent of its records."""
        for group, topic in self._groups():
            consumer = AIOKafkaConsumer(**self.topics.kafka.options, group_id=group, enable_auto_commit=False)
            await consumer.start()
            try:
                places = _places(topic)
                consumer.assign(places)
                ends = await consumer.end_offsets(places)
                await consumer.commit({place: end * (100 - share) // 100 for place, end in ends.items()})
            finally:
                await consumer.stop()

    async def forget_marks(self) -> None:
        """As after a restore from a backup of before the first record."""
        async with self.notify.database.transaction() as tx:
            await tx.connection.execute("DELETE FROM inbox_mark")

    async def mails(self, commission: UUID) -> Sequence[tuple[str, MailState, int]]:
        async with self.notify.database.statement() as tx:
            rows = await tx.connection.fetch(
                "SELECT intent, state, attempts FROM mail WHERE commission = $1 ORDER BY mail", commission
            )
        return [(row["intent"], MailState(row["state"]), row["attempts"]) for row in rows]

    async def parked(self) -> int:
        async with self.notify.database.statement() as tx:
            return int(await tx.connection.fetchval("SELECT count(*) FROM parked"))

    def _groups(self) -> Sequence[tuple[str, str]]:
        """Each group with the one topic that it reads, as Kafka names them."""
        prefix = self.topics.prefix
        return [(f"{prefix}notify.{inbox.name}", f"{prefix}{inbox.topics[0]}") for inbox in MAILED]

    async def _is_at_the_end(self) -> bool:
        lags = await asyncio.gather(
            *(read_lag(self.topics.kafka, group, [topic], _places(topic)) for group, topic in self._groups())
        )
        return not any(lag.records for lag in lags)


def _places(topic: str) -> Sequence[TopicPartition]:
    plan = kafka_topics.plans()[next(each for each in Topic if topic.endswith(each))]
    return [TopicPartition(topic, number) for number in range(plan.partitions)]


@pytest.fixture(scope="module")
async def groups(make_database: Callable[[str], Awaitable[str]], kafka: Kafka) -> AsyncIterator[Groups]:
    topics = TestTopics(kafka, f"t{new_id().hex[-12:]}-")
    await topics.make(*(topic for inbox in INBOXES for topic in inbox.topics))
    async with opened(make_database) as notify:
        yield Groups(notify, topics)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(cut=some.integers(1, 40), share=some.integers(1, 100), marks_are_lost=some.booleans())
@pytest.mark.timeout(300)
async def test_a_group_whose_offsets_are_set_back_mails_nobody_again(
    groups: Groups, cut: int, share: int, *, marks_are_lost: bool
) -> None:
    """However far back, and wherever the life was when mails were sent; with the marks, or from the start without."""
    notify, customer = groups.notify, Customer(new_id(), new_id())
    facts = MailFacts(customer.commission, customer.person)
    life = whole_life(facts)
    counted = Counter[Topic]()
    versions: dict[int, int] = {}
    for fact in life:
        counted[fact.topic] += 1
        versions[id(fact)] = counted[fact.topic]
    await notify.know(customer)
    await notify.know(Customer(facts.maker, customer.commission), role=Role.MAKER)
    for part in (life[: cut % len(life)], life[cut % len(life) :]):
        await groups.put(part, versions)
        await groups.read()
        await notify.deliver(at=5)
    before = await groups.mails(customer.commission)

    await groups.reset(100 if marks_are_lost else share)
    if marks_are_lost:
        await groups.forget_marks()
    await groups.read()

    assert await notify.post(customer, at=10_000) == []
    assert await groups.mails(customer.commission) == before
    assert {state for _, state, _ in before} <= {MailState.SENT, MailState.OVERTAKEN, MailState.INCOMPLETE}
    assert MailState.SENT in {state for _, state, _ in before}
    assert await groups.parked() == 0
