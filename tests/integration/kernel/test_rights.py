"""Kafka lets each service do what `topics.toml` says of it, and nothing else: every pair is tried."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import pytest
from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateTopicsRequest
from aiokafka.protocol.coordination import FindCoordinatorRequest
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from pydantic import SecretStr

from shared.contracts.fact import Topic
from shared.kafka import rights, topics
from shared.kafka.connection import Kafka, KafkaLoginError
from shared.kafka.users import SERVICES, user_of
from tests.support.kafka import TestTopics
from tests.support.kafka_logins import as_service
from tests.support.waiting import until

Ask = Callable[[Kafka, str], Awaitable[Mapping[str, str]]]

REFUSED = "TopicAuthorizationFailedError"
DONE = "NoError"


@pytest.fixture
async def studio(kafka: Kafka, prefix: str) -> TestTopics:
    """All topics, and the rights of all services."""
    made = TestTopics(kafka, prefix)
    await made.make(*Topic)
    for service in SERVICES:
        await rights.grant(kafka, rights.of(service, prefix=prefix))
    return made


async def connect(kafka: Kafka) -> AIOKafkaConnection:
    host, _, port = kafka.servers.rpartition(":")
    options = {name: value for name, value in kafka.options.items() if name != "bootstrap_servers"}
    return await create_conn(host, int(port), **options)


async def ask(kafka: Kafka, request: Any) -> Any:
    """What the broker answers to a request that no client of ours would make."""
    connection = await connect(kafka)
    try:
        return await connection.send(request)
    finally:
        connection.close()


async def reading(kafka: Kafka, prefix: str) -> Mapping[str, str]:
    wanted = [(f"{prefix}{topic}", [(0, 0, 1024)]) for topic in Topic]
    answer = await ask(kafka, FetchRequest(0, 0, 65536, 0, wanted))
    return {name.removeprefix(prefix): said(parts[0][1]) for name, parts in answer.topics}


async def writing(kafka: Kafka, prefix: str) -> Mapping[str, str]:
    batch = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, 0, 1024)
    batch.append(0, 0, b"key", b"value", [])
    built = bytes(batch.build())
    wanted = [(f"{prefix}{topic}", [(0, built)]) for topic in Topic]
    answer = await ask(kafka, ProduceRequest(None, -1, 5_000, wanted))
    return {name.removeprefix(prefix): said(parts[0][1]) for name, parts in answer.topics}


async def shows(asked: Ask, kafka: Kafka, at: TestTopics, expected: Mapping[str, str]) -> None:
    """Wait for it: the broker learns of rights a moment after they were given."""
    found: list[Mapping[str, str]] = []

    async def so() -> bool:
        found.append(await asked(kafka, at.prefix))
        return found[-1] == expected

    try:
        await until("Kafka knows the rights", so, 10)
    except AssertionError:
        assert found[-1] == expected
        raise


def said(code: int) -> str:
    return str(for_code(code).__name__)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_reads_what_it_is_a_reader_of_and_nothing_else(studio: TestTopics, service: str) -> None:
    expected = {plan.topic.value: DONE if service in plan.readers else REFUSED for plan in topics.plans().values()}

    await shows(reading, as_service(studio.kafka.servers, service), studio, expected)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_writes_to_its_own_topics_and_to_no_others(studio: TestTopics, service: str) -> None:
    expected = {plan.topic.value: DONE if service in plan.writers else REFUSED for plan in topics.plans().values()}

    await shows(writing, as_service(studio.kafka.servers, service), studio, expected)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_takes_part_in_no_groups_but_its_own(studio: TestTopics, service: str) -> None:
    expected = {other: DONE if other == service else "GroupAuthorizationFailedError" for other in SERVICES}

    await shows(joining, as_service(studio.kafka.servers, service), studio, expected)


async def joining(kafka: Kafka, prefix: str) -> Mapping[str, str]:
    asked = {other: FindCoordinatorRequest(f"{prefix}{other}.commissions", 0) for other in SERVICES}
    return {other: said((await ask(kafka, request)).error_code) for other, request in asked.items()}


async def test_a_service_makes_no_topic_but_those_it_owns(studio: TestTopics) -> None:
    kafka = as_service(studio.kafka.servers, "quotes")

    request = CreateTopicsRequest([(f"{studio.prefix}of-its-own", 1, 1, [], [])], 5_000, validate_only=False)
    answer = await ask(kafka, request)

    assert [said(code) for _, code, *_ in answer.topic_errors] == [REFUSED]


@pytest.mark.parametrize(
    ("user", "password", "reason"),
    [
        (user_of("intake"), "of somebody else", r"refuses the login of touchmark-intake.*TOUCHMARK_KAFKA_PASSWORD"),
        ("somebody", "", r"refuses the login of somebody"),
        ("", "", r"takes nobody without a login: set TOUCHMARK_KAFKA_USER"),
    ],
)
async def test_who_cannot_log_in_gets_nothing_and_reads_what_to_do(
    kafka: Kafka, user: str, password: str, reason: str
) -> None:
    stranger = Kafka(kafka.servers, user, SecretStr(password))

    with pytest.raises(KafkaLoginError, match=reason):
        await topics.missing(stranger, Topic)


async def test_rights_that_are_gone_from_the_table_are_taken_away(studio: TestTopics) -> None:
    people = rights.Right(
        user_of("notify"), rights.Resource.TOPIC, f"{studio.prefix}{Topic.PEOPLE}", rights.AclOperation.WRITE
    )
    notify = as_service(studio.kafka.servers, "notify")
    await rights.grant(studio.kafka, [people])
    await until("notify may write", partial(says, writing, notify, studio, Topic.PEOPLE, DONE))

    await rights.apply(studio.kafka, prefix=studio.prefix)

    await until("it may no longer", partial(says, writing, notify, studio, Topic.PEOPLE, REFUSED))
    await until("it may still read", partial(says, reading, notify, studio, Topic.PEOPLE, DONE))


async def says(asked: Ask, kafka: Kafka, at: TestTopics, topic: Topic, answer: str) -> bool:
    return (await asked(kafka, at.prefix))[topic] == answer
