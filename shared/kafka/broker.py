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
from shared.kafka.connection import Kafka
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

    def __init__(self, kafka: Kafka, *, client: str) -> None:
        # No logger: FastStream writes lines for each batch, and what goes wrong is logged by us. No injection, which
        # takes 0.09 ms a parameter: the dispatcher gives handlers what they ask for.
        super().__init__(
            kafka.servers,
            security=kafka.security,
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
    """The AsyncAPI 3 document of one service, ordered by name: FastStream's order differs from process to process."""
    specification = AsyncAPI(broker, title=f"Touchmark {service}", version="1", schema_version="3.0.0")
    document: dict[str, Any] = specification.to_specification().to_jsonable()
    for kind in ("channels", "operations"):
        document[kind] = dict(sorted(document[kind].items()))
    _narrow(document)
    return document


def _narrow(document: dict[str, Any]) -> None:
    """Leave each message the facts of its channel's topic.

    FastStream says of each topic of a subscriber that it has all that the handler takes.
    """
    messages, schemas = document["components"]["messages"], document["components"]["schemas"]
    wide = {name: schema for name, schema in schemas.items() if name.endswith(":Payload") and "anyOf" in schema}
    topic_of = {f"#/components/schemas/{fact.__name__}": fact.topic for fact in registry.FACTS.values()}
    for channel in document["channels"].values():
        for reference in channel["messages"].values():
            message = messages[_name(reference)]
            if schema := wide.get(_name(message["payload"])):
                named = [each for each in schema["anyOf"] if "$ref" in each]
                there = [each for each in named if channel["address"].endswith(topic_of[each["$ref"]])]
                message["payload"] = {"anyOf": there + [each for each in schema["anyOf"] if each not in named]}
    for name in wide:
        del schemas[name]


def _name(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]
