"""The topics of the platform: read from `topics.toml`, applied by their owners, awaited by their readers."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAlreadyExistsError, for_code

from shared.contracts.fact import Topic
from shared.kafka.connection import Kafka, KafkaLoginError, KafkaUnavailableError
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_FILE = Path(__file__).with_name("topics.toml")
_CLEANUP = {"compacted": "compact", "documents": "compact,delete"}
"""The kinds whose keys a tombstone erases, with Kafka's `cleanup.policy`."""


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """What one topic is to be. `config` has Kafka's own names and values."""

    topic: Topic
    owner: str
    writers: frozenset[str]
    readers: frozenset[str]
    compacted: bool
    partitions: int
    config: Mapping[str, str]


@cache
def plans() -> Mapping[Topic, TopicPlan]:
    """Every topic's plan, from `topics.toml`."""
    document = tomllib.loads(_FILE.read_text())
    return {Topic(name): _plan(Topic(name), entry, document) for name, entry in document["topics"].items()}


def owned_by(service: str) -> tuple[TopicPlan, ...]:
    """The topics that `service` creates."""
    return tuple(plan for plan in plans().values() if plan.owner == service)


def written_by(service: str) -> tuple[TopicPlan, ...]:
    """The topics that `service` writes to."""
    return tuple(plan for plan in plans().values() if service in plan.writers)


async def apply(kafka: Kafka, wanted: Iterable[TopicPlan], *, prefix: str = "") -> None:
    """Create what is missing and set what differs. Another number of partitions is logged and left as it is.

    Raises:
        KafkaUnavailableError: nothing is lost by trying again.
    """
    named = {f"{prefix}{plan.topic}": plan for plan in wanted}
    if not named:
        return
    async with admin(kafka) as client:
        there = await client.list_topics()
        missing = {name: plan for name, plan in named.items() if name not in there}
        await _create(client, missing)
        await _adjust(client, {name: plan for name, plan in named.items() if name not in missing})


async def missing(kafka: Kafka, topics: Iterable[Topic], *, prefix: str = "") -> frozenset[Topic]:
    """Those of `topics` that do not exist yet.

    Raises:
        KafkaUnavailableError: nothing is lost by trying again.
    """
    async with admin(kafka) as client:
        there = set(await client.list_topics())
    return frozenset(topic for topic in topics if f"{prefix}{topic}" not in there)


def _plan(topic: Topic, entry: Mapping[str, Any], document: Mapping[str, Any]) -> TopicPlan:
    kind = entry["kind"]
    config = {"cleanup.policy": _CLEANUP.get(kind, "delete")}
    if kind == "facts":
        config |= {"retention.ms": "-1", "retention.bytes": "-1"}
    else:
        config |= {name.replace("_", "."): str(value) for name, value in document[kind].items()}
    writers = frozenset(entry.get("writers", [entry["owner"]]))
    readers = frozenset(entry["readers"])
    return TopicPlan(topic, entry["owner"], writers, readers, kind in _CLEANUP, entry["partitions"], config)


@asynccontextmanager
async def admin(kafka: Kafka) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client, for as long as the block runs.

    Raises:
        KafkaLoginError: Kafka does not take the user.
        KafkaUnavailableError: also for what Kafka refuses within the block.
    """
    client = AIOKafkaAdminClient(**kafka.options, request_timeout_ms=10_000)
    try:
        await _start(client, kafka)
        yield client
    except KafkaUnavailableError:
        raise
    except (KafkaError, OSError, TimeoutError) as error:
        raise KafkaUnavailableError(str(error) or type(error).__name__) from error
    finally:
        await asyncio.wait_for(client.close(), 5)


async def _start(client: AIOKafkaAdminClient, kafka: Kafka) -> None:
    try:
        await client.start()
    except KafkaConnectionError:
        await kafka.check()  # which says why, where it was the login
        if kafka.user:
            raise
        raise KafkaLoginError(f"{kafka.servers} takes nobody without a login: set TOUCHMARK_KAFKA_USER") from None


async def _create(admin: AIOKafkaAdminClient, named: Mapping[str, TopicPlan]) -> None:
    if not named:
        return
    # Replication -1 is the broker's own default: one on one machine, three in a cluster. aiokafka takes it only beside
    # an assignment, which may be empty.
    new = [NewTopic(name, plan.partitions, -1, {}, dict(plan.config)) for name, plan in named.items()]
    answer = await admin.create_topics(new)
    for name, code, *reason in answer.topic_errors:
        error = for_code(code)
        if code != 0 and error is not TopicAlreadyExistsError:
            raise KafkaUnavailableError(f"{name}: {error.__name__} {' '.join(str(word) for word in reason)}")


async def _adjust(admin: AIOKafkaAdminClient, named: Mapping[str, TopicPlan]) -> None:
    if not named:
        return
    for topic in await admin.describe_topics(list(named)):
        have, want = len(topic["partitions"]), named[topic["topic"]].partitions
        if have != want:
            log.warning("topic_has_other_partitions", topic=topic["topic"], partitions=have, planned=want)
    for name in await _differing(admin, named):
        log.info("topic_settings_changed", topic=name)
        await admin.alter_configs([_settings(name, named[name])])


async def _differing(admin: AIOKafkaAdminClient, named: Mapping[str, TopicPlan]) -> list[str]:
    (answer,) = await admin.describe_configs([_settings(name, plan) for name, plan in named.items()])
    found = {name: {entry[0]: entry[1] for entry in entries} for _, _, _, name, entries in answer.resources}
    return [
        name
        for name, plan in named.items()
        if not all(_same(found[name].get(setting), value) for setting, value in plan.config.items())
    ]


def _settings(name: str, plan: TopicPlan) -> ConfigResource:
    return ConfigResource(ConfigResourceType.TOPIC, name, dict(plan.config))


def _same(have: str | None, want: str) -> bool:
    try:
        return have is not None and float(have) == float(want)
    except ValueError:
        return have == want
