"""The broker that runs a service's inboxes describes all that the service reads and publishes."""

import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any
from unittest.mock import Mock

import pytest

from deploy.local.plan import SERVICES
from shared.contracts import registry
from shared.contracts.fact import Fact, Topic
from shared.inbox import Inbox
from shared.inbox.broker import ServiceBroker
from shared.kafka import topics
from shared.kafka.connection import Kafka


def described(service: str, inboxes: Sequence[Inbox], prefix: str = "") -> Mapping[str, Any]:
    database = Mock(application=service)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # FastStream warns where one channel or one schema overwrites another
        return ServiceBroker(inboxes, database=database, kafka=Kafka("nowhere:1"), prefix=prefix).asyncapi()


def facts(document: Mapping[str, Any], action: str) -> set[tuple[str, str]]:
    """The address and the class of each fact that is received or sent."""
    found = set()
    for operation in document["operations"].values():
        if operation["action"] == action:
            channel = followed(document, operation["channel"])
            for message in channel["messages"].values():
                payload = followed(document, message)["payload"]
                for each in payload.get("anyOf", [payload]):
                    schema = followed(document, each) if "$ref" in each else each
                    found.add((channel["address"], "None" if schema.get("type") == "null" else schema["title"]))
    return found


def followed(document: Mapping[str, Any], reference: Mapping[str, str]) -> Any:
    found: Any = document
    for part in reference["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def of_topic(topic: Topic) -> list[type[Fact]]:
    return [fact for fact in registry.FACTS.values() if fact.topic is topic]


def test_no_two_facts_have_the_same_name() -> None:
    """A description holds schemas by the name of the class alone."""
    assert len({fact.__name__ for fact in registry.FACTS.values()}) == len(registry.FACTS)


@pytest.mark.parametrize("service", SERVICES)
def test_every_fact_that_a_service_publishes_is_named(service: str) -> None:
    inboxes: Sequence[Inbox] = import_module(f"services.{service}.main").INBOXES

    document = described(service, inboxes)

    written = {plan.topic for plan in topics.written_by(service)}
    assert facts(document, "send") == {(topic, fact.__name__) for topic in written for fact in of_topic(topic)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_fact_that_a_service_reads_is_named_on_its_topic(service: str) -> None:
    inboxes: Sequence[Inbox] = import_module(f"services.{service}.main").INBOXES

    document = described(service, inboxes)

    read = {(fact.topic.value, fact.__name__) for inbox in inboxes for fact in inbox.facts}
    erased = {(topic.value, "None") for inbox in inboxes if inbox.on_tombstone for topic in inbox.topics}
    assert read
    assert facts(document, "receive") == read | erased


def test_what_is_read_on_another_prefix_is_described_there() -> None:
    inboxes: Sequence[Inbox] = import_module("services.intake.main").INBOXES

    document = described("intake", inboxes, "studio-2.")

    assert {channel["address"].startswith("studio-2.touchmark.") for channel in document["channels"].values()} == {True}
    assert ("studio-2.touchmark.quotes", "QuoteSent") in facts(document, "receive")


def test_a_description_is_ordered_whatever_the_process() -> None:
    document = described("intake", import_module("services.intake.main").INBOXES)

    assert [*document["channels"]] == sorted(document["channels"])
    assert [*document["operations"]] == sorted(document["operations"])


def test_the_address_of_kafka_is_not_told() -> None:
    assert "nowhere" not in str(described("intake", []))
