"""What FastStream's own test broker delivers reaches the handlers that an inbox declares, without a Kafka."""

from collections.abc import AsyncIterator, Sequence
from typing import cast
from unittest.mock import AsyncMock, Mock
from uuid import UUID, uuid4

import pytest
from aiokafka import TopicPartition
from faststream.kafka import KafkaBroker, TestKafkaBroker
from faststream.kafka.subscriber.usecase import BatchSubscriber

from shared.contracts.commissions import CommissionWithdrawn
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded, Role
from shared.inbox import Inbox, Record
from shared.inbox.broker import ServiceBroker
from shared.kafka.connection import Kafka
from shared.postgres.database import Database, Tx
from shared.runtime.service import Kernel
from tests.support.kafka import Put, as_record, as_tombstone
from tests.support.kernel import AT, withdrawn

people = Inbox("people", Topic.PEOPLE)
commissions = Inbox("commissions", Topic.COMMISSIONS)

seen: list[tuple[str, object]] = []


@people.handler
async def person_recorded(person: PersonRecorded, record: Record, kernel: Kernel) -> None:
    assert kernel is KERNEL
    seen.append(("recorded", (person.name, record.version)))


@people.tombstone
async def person_erased(record: Record, tx: Tx) -> None:
    seen.append(("erased", record.key))
    await tx.connection.execute("SELECT 1")


@commissions.handler
async def commission_withdrawn(fact: CommissionWithdrawn) -> None:
    seen.append(("withdrawn", fact.commission))


KERNEL = object()
ASSIGNED = [(topic, 0) for topic in (Topic.PEOPLE, Topic.COMMISSIONS)]


@pytest.fixture
async def service(database: Database) -> AsyncIterator[ServiceBroker]:
    """A service that reads both, by FastStream's test broker."""
    seen.clear()
    made = ServiceBroker([people, commissions], database=database, kafka=Kafka("nowhere:1"), kernel=KERNEL)
    async with TestKafkaBroker(made.broker):
        for subscriber in subscribers(made):
            subscriber.consumer = AsyncMock()
            subscriber.consumer.assignment = Mock(return_value={TopicPartition(*at) for at in ASSIGNED})
        yield made


def subscribers(service: ServiceBroker) -> Sequence[BatchSubscriber]:
    return [each for each in service.broker.subscribers if isinstance(each, BatchSubscriber)]


async def publish(broker: KafkaBroker, topic: Topic, put: Put) -> None:
    headers = {name: (value or b"").decode() for name, value in put.headers}
    await broker.publish(put.value, topic, key=put.key, headers=headers)


async def test_a_record_reaches_the_handler_of_its_type_and_a_tombstone_its_own(
    service: ServiceBroker, commission: UUID
) -> None:
    ada = PersonRecorded(at=AT, person=uuid4(), role=Role.CUSTOMER, name="Ada", email="ada@example.org")

    await publish(service.broker, Topic.PEOPLE, as_record(ada, 1))
    await publish(service.broker, Topic.COMMISSIONS, as_record(withdrawn(commission), 1))
    await publish(service.broker, Topic.PEOPLE, as_tombstone(Topic.PEOPLE, ada.person, 2))

    assert seen == [("recorded", ("Ada", 1)), ("withdrawn", commission), ("erased", ada.person)]


async def test_a_record_that_comes_again_is_handled_once_and_committed_each_time(
    service: ServiceBroker, commission: UUID
) -> None:
    put = as_record(withdrawn(commission), 1)

    await publish(service.broker, Topic.COMMISSIONS, put)
    await publish(service.broker, Topic.COMMISSIONS, put)

    assert seen == [("withdrawn", commission)]
    (runner,) = [each for each in service.runners if each.inbox is commissions]
    await runner._offsets.finish()
    (commit,) = [
        cast("AsyncMock", each.consumer).commit
        for each in subscribers(service)
        if Topic.COMMISSIONS in each.topic_names
    ]
    assert [call.args for call in commit.await_args_list] == [
        ({TopicPartition(Topic.COMMISSIONS, 0): 1},),
        ({TopicPartition(Topic.COMMISSIONS, 0): 1},),
    ]


async def test_a_type_that_is_not_known_is_passed_over(service: ServiceBroker, commission: UUID) -> None:
    one, two = (as_record(withdrawn(commission), version) for version in (1, 2))

    await publish(service.broker, Topic.COMMISSIONS, one.having("ce_type", b"touchmark.commissions.FromTheFuture"))
    await publish(service.broker, Topic.COMMISSIONS, two)

    assert seen == [("withdrawn", commission)]
