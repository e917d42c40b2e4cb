"""What each service may do with Kafka, derived from `topics.toml`, and how an administrator lays it down there.

Whoever is not named may do nothing (`allow.everyone.if.no.acl.found=false`). A service may write to its topics, read
those that it is a reader of, in groups that begin with its name, and look after the topics that it owns.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from shared.kafka import topics
from shared.kafka.connection import Kafka, KafkaUnavailableError
from shared.kafka.users import SERVICES, user_of
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_ANY, _ALLOW, _EVERYWHERE = 1, 3, "*"


class Resource(IntEnum):
    """Kafka's numbers (org.apache.kafka.common.resource.ResourceType)."""

    TOPIC = 2
    GROUP = 3


class Pattern(IntEnum):
    """Likewise, of PatternType."""

    LITERAL = 3
    PREFIXED = 4


class AclOperation(IntEnum):
    """Likewise, of AclOperation. Who may read or write may describe."""

    READ = 3
    WRITE = 4
    CREATE = 5
    DESCRIBE_CONFIGS = 10
    ALTER_CONFIGS = 11


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that one user may do."""

    user: str
    resource: Resource
    name: str
    operation: AclOperation
    pattern: Pattern = Pattern.LITERAL

    @property
    def as_kafka_says(self) -> tuple[int, str, int, str, str, int, int]:
        """The fields of a binding, in the protocol's order."""
        return (self.resource, self.name, self.pattern, f"User:{self.user}", _EVERYWHERE, self.operation, _ALLOW)


def of(service: str, *, prefix: str = "") -> frozenset[Right]:
    """All that the service may do."""
    user = user_of(service)
    return frozenset(
        {Right(user, Resource.GROUP, f"{prefix}{service}.", AclOperation.READ, Pattern.PREFIXED)}
        | {Right(user, Resource.TOPIC, f"{prefix}{topic}", operation) for topic, operation in _on_topics(service)}
    )


def _on_topics(service: str) -> Iterator[tuple[str, AclOperation]]:
    for plan in topics.plans().values():
        if service in plan.readers:
            yield plan.topic, AclOperation.READ
        if service in plan.writers:
            yield plan.topic, AclOperation.WRITE
        if service == plan.owner:
            yield plan.topic, AclOperation.CREATE
            yield plan.topic, AclOperation.DESCRIBE_CONFIGS
            yield plan.topic, AclOperation.ALTER_CONFIGS


async def apply(kafka: Kafka, *, prefix: str = "") -> None:
    """Let each service do what it may, and nothing that it once could. Doing so again changes nothing.

    Kafka's brokers learn of it a moment later.

    Raises:
        KafkaUnavailableError: Kafka is away, or this user is no administrator.
    """
    wanted = {right.as_kafka_says for service in SERVICES for right in of(service, prefix=prefix)}
    ours = tuple(f"{prefix}{name}." for name in ("touchmark", *SERVICES))
    async with topics.admin(kafka) as client:
        found = [right for service in SERVICES for right in await _found(client, user_of(service))]
        there = {right for right in found if right[1].startswith(ours)}
        await _grant(client, wanted - there)
        await _revoke(client, there - wanted)


async def grant(kafka: Kafka, rights: Iterable[Right]) -> None:
    """Add these rights to what is there.

    Raises:
        KafkaUnavailableError: as above.
    """
    async with topics.admin(kafka) as client:
        await _grant(client, {right.as_kafka_says for right in rights})


# aiokafka has the protocol of rights and no methods for it; its requests hold one binding each.
class _Create(CreateAclsRequest):  # type: ignore[misc]  # aiokafka ships no types
    def __init__(self, bindings: Iterable[tuple[Any, ...]]) -> None:
        self._bindings = list(bindings)

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(self._bindings)


class _Delete(DeleteAclsRequest):  # type: ignore[misc]  # likewise
    def __init__(self, bindings: Iterable[tuple[Any, ...]]) -> None:
        self._bindings = list(bindings)

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(self._bindings)


async def _grant(client: AIOKafkaAdminClient, bindings: AbstractSet[tuple[Any, ...]]) -> None:
    if not bindings:
        return
    answer = await client._send_request(_Create(bindings))  # noqa: SLF001 (see above)
    for code, reason in answer.creation_responses:
        _require(code, reason)
    log.info("kafka_rights_granted", number=len(bindings))


async def _revoke(client: AIOKafkaAdminClient, bindings: AbstractSet[tuple[Any, ...]]) -> None:
    if not bindings:
        return
    answer = await client._send_request(_Delete(bindings))  # noqa: SLF001 (see above)
    for code, reason, _matching in answer.filter_responses:
        _require(code, reason)
    log.info("kafka_rights_revoked", number=len(bindings))


async def _found(client: AIOKafkaAdminClient, user: str) -> frozenset[tuple[Any, ...]]:
    request = DescribeAclsRequest(_ANY, None, _ANY, f"User:{user}", None, _ANY, _ANY)
    answer = await client._send_request(request)  # noqa: SLF001 (see above)
    _require(answer.error_code, answer.error_message)
    return frozenset(
        (resource, name, pattern, *binding)
        for resource, name, pattern, bindings in answer.resources
        for binding in bindings
    )


def _require(code: int, reason: str | None) -> None:
    if code:
        raise KafkaUnavailableError(f"{for_code(code).__name__}: {reason or 'rights cannot be set'}")
