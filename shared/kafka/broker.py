"""The FastStream broker of a process: the one that runs is the one that is described."""

from collections.abc import Callable
from functools import partial
from inspect import getdoc
from typing import Any, cast

from aiokafka import AIOKafkaConsumer
from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from shared.contracts import registry
from shared.kafka import topics
from shared.kafka.consumer import PatientConsumer

_DESCRIPTION = "CloudEvents 1.0 in binary mode, `ce_version` per topic and key."  # not for people: AsyncAPI
_ADDRESS = "kafka:9092"
"""What the public description says instead of the address inside the studio's network."""

_STOP_WITHIN = 3.0


class PatientBroker(KafkaBroker):
    """Reads by consumers that wait without polling, and sends nothing: that is the relay's.

    Its subscribers are started and stopped each alone. `start()` starts them one after the other, so that one topic
    that is missing holds up all behind it, and leaves a half-built consumer where Kafka is away.
    """

    def __init__(self, kafka: str, *, client: str) -> None:
        # No logger: FastStream writes lines for each batch, and what goes wrong is logged by us. No injection, which
        # takes 0.09 ms a parameter: the dispatcher gives handlers what they ask for.
        super().__init__(
            kafka,
            client_id=client,
            consumer_only=True,
            apply_types=False,
            graceful_timeout=_STOP_WITHIN,
            logger=None,
            description=_DESCRIPTION,
            specification_url=_ADDRESS,
        )

    async def _connect(self) -> Callable[..., AIOKafkaConsumer]:
        build = cast("partial[AIOKafkaConsumer]", await super()._connect())
        config = self.config.broker_config
        config.builder = partial(PatientConsumer, **build.keywords)
        return config.builder


def declare_publishers(broker: KafkaBroker, service: str, *, prefix: str = "") -> None:
    """Declare what the service's relay publishes, for the description."""
    for plan in topics.written_by(service):
        for fact in registry.FACTS.values():
            if fact.topic is plan.topic:
                broker.publisher(prefix + plan.topic, title=fact.type(), description=getdoc(fact), schema=fact)


def asyncapi(broker: KafkaBroker, service: str) -> dict[str, Any]:
    """The AsyncAPI 3 document of one service."""
    specification = AsyncAPI(broker, title=f"Touchmark {service}", version="1", schema_version="3.0.0")
    document: dict[str, Any] = specification.to_specification().to_jsonable()
    for channel in document["channels"].values():
        for message in channel["messages"].values():
            _narrow(document["components"], message["$ref"], channel["address"])
    return document


def _narrow(components: dict[str, Any], reference: str, address: str) -> None:
    """Leave of the facts of a message those that are on its channel's topic.

    FastStream says of each topic of a subscriber that it has all that the handler takes.
    """
    message = components["messages"][reference.removeprefix("#/components/messages/")]
    payload = components["schemas"][message["payload"]["$ref"].removeprefix("#/components/schemas/")]
    if "anyOf" in payload:
        there = {
            f"#/components/schemas/{fact.__name__}" for fact in registry.FACTS.values() if address.endswith(fact.topic)
        }
        message["payload"] = {"anyOf": [each for each in payload["anyOf"] if each.get("$ref") in {None, *there}]}
