"""The outbox as its relay reads it, on the one session that holds the relay's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg

from shared.postgres.queries import load

_LOCK = 0x746F756368  # "touch"; advisory locks are of one database, so every service may use the same
_MOST_COUNTED = 100_000

_QUERIES = load(Path(__file__).with_name("queries.sql"))


@dataclass(frozen=True, slots=True)
class Row:
    """One record to send. `topic` is without the prefix; `data` is JSON, None for a tombstone."""

    position: int
    topic: str
    key: UUID
    version: int
    id: UUID
    type: str
    source: str
    at: datetime
    data: str | None
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is waiting. `rows` are counted up to a hundred thousand."""

    rows: int
    oldest_seconds: float


class OutboxStore:
    """Reads and deletes on the session that holds the lock: without the lock it can do neither."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.connection = connection

    async def lead(self) -> bool:
        return await _QUERIES.lead.value(self, bool, lock=_LOCK)

    async def waiting(self, in_flight: Sequence[Row], *, at_most: int) -> list[Row]:
        positions = [row.position for row in in_flight]
        return await _QUERIES.waiting.rows(self, Row, in_flight=positions, at_most=at_most)

    async def forget(self, acknowledged: Sequence[Row], *, at_most: int) -> list[Row]:
        """Delete these rows; the next ones to send, in the same round trip."""
        positions = [row.position for row in acknowledged]
        return await _QUERIES.forget.rows(self, Row, positions=positions, at_most=at_most)

    async def depth(self) -> Depth:
        rows, oldest = await _QUERIES.depth.row(self, tuple[int, float], at_most=_MOST_COUNTED)
        return Depth(rows=rows, oldest_seconds=max(0.0, oldest))
