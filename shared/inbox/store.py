"""What an inbox keeps in its service's database: each key's high-water mark, and the records parked."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeAlias
from uuid import UUID

from shared.inbox.record import RawRecord, Record
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).with_name("queries.sql"))

_LONGEST_KEY = 200
_LONGEST_DETAIL = 2000

Stream: TypeAlias = tuple[str, UUID]
"""A topic and a key: what versions count along."""


class Reason(StrEnum):
    """Why a record was parked."""

    UNREADABLE = "unreadable"
    GAP = "gap"
    FAILED = "failed"
    BEHIND = "behind"


class ParkedState(StrEnum):
    """Of a parked record: `waiting` and `replay` are open, the others are for good."""

    WAITING = "waiting"
    REPLAY = "replay"
    REPLAYED = "replayed"
    DROPPED = "dropped"


@dataclass(slots=True)
class StreamState:
    """How far an inbox has got in a stream: the last version in effect, and why the next record is parked, if it is."""

    version: int
    parked_for: Reason | None


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked record as people see it."""

    id: int
    inbox: str
    topic: str
    partition: int
    record_offset: int
    key: str
    version: int | None
    reason: Reason
    detail: str
    state: ParkedState
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A parked record that the inbox tries again."""

    id: int
    raw: RawRecord
    reason: Reason
    state: ParkedState


@dataclass(frozen=True, slots=True)
class _TakenRow:
    """The same as it is kept: its key as text, its headers as JSON."""

    id: int
    topic: str
    partition: int
    record_offset: int
    key: str
    headers: str
    data: bytes | None
    reason: Reason
    state: ParkedState


class _KnownRow(NamedTuple):
    topic: str
    key: UUID
    version: int
    parked_for: Reason | None


async def states(tx: Tx, inbox: str, streams: Sequence[Stream]) -> dict[Stream, StreamState]:
    topics, keys = [topic for topic, _ in streams], [key for _, key in streams]
    rows = await _QUERIES.known.rows(tx, _KnownRow, inbox=inbox, topics=topics, keys=keys)
    return {(topic, key): StreamState(version, parked_for) for topic, key, version, parked_for in rows}


def _reason(text: str | None) -> Reason | None:
    return Reason(text) if text else None


async def advance(tx: Tx, inbox: str, steps: Mapping[Stream, tuple[int, int]]) -> bool:
    """Move each stream's mark from one version to another; false if another consumer has moved one meanwhile."""
    moved = await _QUERIES.advance.value(
        tx,
        int,
        inbox=inbox,
        topics=[topic for topic, _ in steps],
        keys=[key for _, key in steps],
        befores=[before for before, _ in steps.values()],
        afters=[after for _, after in steps.values()],
    )
    return moved == len(steps)


async def park(tx: Tx, inbox: str, raw: RawRecord, *, version: int | None, reason: Reason, detail: str) -> None:
    await _QUERIES.park.run(
        tx,
        inbox=inbox,
        topic=raw.topic,
        partition=raw.partition,
        record_offset=raw.offset,
        key=shown_key(raw.key),
        version=version,
        headers=_headers_to_json(raw.headers),
        data=raw.value,
        reason=reason.value,
        detail=_clean(detail),
    )


async def is_to_be_told(tx: Tx, inbox: str, raw: RawRecord) -> bool:
    """Whether the studio is to be told of this parked record: it is the first of an hour in this service."""
    if not await _QUERIES.hold_telling.value(tx, bool):
        return False
    told = await _QUERIES.tell_of.value_or_none(
        tx, int, inbox=inbox, topic=raw.topic, partition=raw.partition, record_offset=raw.offset
    )
    return told is not None


async def releasable(tx: Tx, inbox: str) -> list[int]:
    return await _QUERIES.releasable.column(tx, int, inbox=inbox)


async def take(tx: Tx, parked: int) -> Taken | None:
    found = await _QUERIES.take.row_or_none(tx, _TakenRow, id=parked)
    if found is None:
        return None
    raw = RawRecord(
        topic=found.topic,
        partition=found.partition,
        offset=found.record_offset,
        key=found.key.encode() or None,
        value=found.data,
        headers=_headers_from_json(found.headers),
    )
    return Taken(found.id, raw, found.reason, found.state)


async def release(tx: Tx, parked: int) -> None:
    await _QUERIES.release.run(tx, id=parked)


async def keep(tx: Tx, parked: int, *, reason: Reason, detail: str) -> None:
    await _QUERIES.keep.run(tx, id=parked, reason=reason.value, detail=_clean(detail))


async def waiting(tx: Tx, inbox: str | None, *, at_most: int) -> list[Parked]:
    return await _QUERIES.parked.rows(tx, Parked, inbox=inbox, at_most=at_most)


async def waiting_counts(tx: Tx) -> dict[str, int]:
    return dict(await _QUERIES.waiting_counts.rows(tx, tuple[str, int]))


async def drop_erased(tx: Tx, inbox: str, tombstone: Record) -> None:
    """Drop what is parked of a key that is erased."""
    await _QUERIES.drop_erased.run(tx, inbox=inbox, topic=tombstone.topic.value, key=str(tombstone.key))


@dataclass(frozen=True, slots=True)
class FirstParked:
    """The first open record of a key."""

    id: int
    inbox: str
    topic: str
    key: str
    version: int | None
    reason: str


async def first_of_its_key(tx: Tx, parked: int) -> FirstParked | None:
    return await _QUERIES.first_of_its_key.row_or_none(tx, FirstParked, id=parked)


async def decide(tx: Tx, parked: int, state: ParkedState, *, by: str, note: str) -> None:
    await _QUERIES.decide.run(tx, id=parked, state=state.value, decided_by=by, note=note)


async def pass_over(tx: Tx, head: FirstParked, version: int) -> None:
    await _QUERIES.pass_over.run(tx, inbox=head.inbox, topic=head.topic, key=UUID(head.key), version=version)


def shown_key(key: bytes | None) -> str:
    """The key as people see it: itself if it is text, else with escapes, and cut if it is long."""
    text = (key or b"").decode("utf-8", "backslashreplace")
    return _clean(text)[:_LONGEST_KEY]


def _clean(text: str) -> str:
    """What PostgreSQL takes as text."""
    return text.replace("\x00", "\\x00")[:_LONGEST_DETAIL]


def _headers_to_json(headers: Sequence[tuple[str, bytes | None]]) -> str:
    return json.dumps(
        [[_clean(name), None if value is None else base64.b64encode(value).decode()] for name, value in headers]
    )


def _headers_from_json(text: str) -> tuple[tuple[str, bytes | None], ...]:
    return tuple((name, None if value is None else base64.b64decode(value)) for name, value in json.loads(text))
