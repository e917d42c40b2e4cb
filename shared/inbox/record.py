"""Records as Kafka has them, and as handlers get them: CloudEvents in binary mode, see `shared.kafka.headers`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.contracts.fact import Topic
from shared.kafka import headers
from shared.runtime import tracing

if TYPE_CHECKING:  # declaring an inbox needs no Kafka
    from aiokafka import ConsumerRecord


class UnreadableError(ValueError):
    """A record is not what the platform writes. The message names the attribute, never its value."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as Kafka has it; `topic` is without the prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @classmethod
    def of(cls, record: "ConsumerRecord[Any, Any]", prefix: str) -> "RawRecord":
        return cls(
            topic=record.topic.removeprefix(prefix),
            partition=record.partition,
            offset=record.offset,
            key=record.key,
            value=record.value,
            headers=tuple(record.headers),
        )


@dataclass(frozen=True, slots=True)
class Record:
    """One readable record. `version` counts per (topic, key); `offset` is its place in its partition.

    `data` is the fact's JSON, None for a tombstone; `time` is when it happened.
    """

    topic: Topic
    key: UUID
    version: int
    id: UUID
    type: str
    source: str
    time: datetime
    data: bytes | None
    traceparent: str | None
    partition: int
    offset: int


def read(raw: RawRecord) -> Record:
    """The record in its attributes; the data is not looked at.

    Raises:
        UnreadableError: an attribute is missing or malformed.
    """
    values = dict(raw.headers)
    if _text(values, headers.SPECVERSION) != headers.SPEC:
        raise UnreadableError(f"{headers.SPECVERSION} is not {headers.SPEC}")
    trace = values.get(headers.TRACEPARENT)
    return Record(
        topic=Topic(raw.topic),
        key=key_of(raw),
        version=_version(values),
        id=_uuid(_text(values, headers.ID), headers.ID),
        type=_text(values, headers.TYPE),
        source=_text(values, headers.SOURCE),
        time=_instant(values),
        data=raw.value,
        traceparent=tracing.parse(trace.decode("ascii", "replace")) if trace else None,
        partition=raw.partition,
        offset=raw.offset,
    )


def key_of(raw: RawRecord) -> UUID:
    """The key, as the platform writes keys: a UUID in its canonical form.

    Raises:
        UnreadableError: it is something else.
    """
    if raw.key is None:
        raise UnreadableError("the key is missing")
    return _key(raw.key)


@lru_cache(maxsize=1024)  # a batch has few keys, and parses each several times
def _key(written: bytes) -> UUID:
    key = _uuid(written.decode("ascii", "replace"), "the key")
    if str(key).encode() != written:
        raise UnreadableError("the key is not written as a canonical UUID")
    return key


def _text(values: dict[str, bytes | None], name: str) -> str:
    value = values.get(name)
    if not value:
        raise UnreadableError(f"{name} is missing")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise UnreadableError(f"{name} is not UTF-8") from None


def _uuid(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UnreadableError(f"{name} is not a UUID") from None


def _version(values: dict[str, bytes | None]) -> int:
    text = _text(values, headers.VERSION)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**63):
        raise UnreadableError(f"{headers.VERSION} is not a version")
    return int(text)


def _instant(values: dict[str, bytes | None]) -> datetime:
    try:
        instant = datetime.fromisoformat(_text(values, headers.TIME))
    except ValueError:
        raise UnreadableError(f"{headers.TIME} is not an instant") from None
    if instant.tzinfo is None:
        raise UnreadableError(f"{headers.TIME} has no zone")
    return instant.astimezone(UTC)
