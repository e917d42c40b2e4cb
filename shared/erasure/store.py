"""The erased keys, as a service's database has them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from shared.contracts.fact import Topic
from shared.erasure.keys_file import ErasedKey
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).with_name("queries.sql"))
_AT_ONCE = 500

KEYS = "erased keys"
"""The key that is touched when there are more of them to be filed."""


class _Place(NamedTuple):
    topic: str
    key: UUID


async def keep(tx: Tx, erased: Sequence[tuple[Topic, UUID]], *, own: bool) -> None:
    """Remember that these keys were erased: by a tombstone of this service (`own`), or by one that it obeyed."""
    topics, keys = [topic.value for topic, _ in erased], [key for _, key in erased]
    await _QUERIES.keep.run(tx, topics=topics, keys=keys, own=own)
    tx.touch(KEYS)


async def take_unfiled(tx: Tx) -> list[ErasedKey]:
    return await _QUERIES.file.rows(tx, ErasedKey, at_most=_AT_ONCE)


async def unknown(tx: Tx, erased: Sequence[ErasedKey]) -> list[ErasedKey]:
    """Those that this database does not know to be erased: it is older than they are."""
    places = await _QUERIES.unknown.column(
        tx,
        int,
        topics=[each.topic.value for each in erased],
        keys=[each.key for each in erased],
        owns=[each.own for each in erased],
    )
    return [erased[place - 1] for place in places]


async def take_due(tx: Tx, *, repeats: int, before: datetime) -> list[tuple[Topic, UUID]]:
    """The keys whose tombstone is repeated now, and was so many times before."""
    rows = await _QUERIES.repeat.rows(tx, _Place, repeats=repeats, before=before, at_most=_AT_ONCE)
    return [(Topic(row.topic), row.key) for row in rows]


async def forget_answers(tx: Tx, about: Iterable[UUID]) -> None:
    """Delete what requests about these people, commissions and texts were answered, and those of these people."""
    await _QUERIES.forget_answers.run(tx, about=[f"%{each}%" for each in about])
