"""Publishing: facts become outbox rows in the transaction that made them true."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.fact import Fact, Topic
from shared.erasure import store
from shared.kernel.ids import new_id
from shared.postgres.database import Tx
from shared.runtime import tracing

LARGEST = 512 * 1024
"""Bytes of one fact's JSON. Kafka refuses records above a mebibyte, and a refused record would block its stream."""

_PUBLISH = "SELECT version FROM publish_facts($1::jsonb)"


class PublishError(ValueError):
    """A fact that is too large for the outbox."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The record without data that erases its key from a compacted topic; `at` is the transaction's instant if None."""

    topic: Topic
    key: UUID
    at: datetime | None = None


async def publish(tx: Tx, facts: Sequence[Fact | Tombstone]) -> tuple[int, ...]:
    """Write the facts to the outbox and return their versions, in the same order.

    Takes the lock of each fact's stream until the commit, so publish last in an action, and all at once.

    Raises:
        PublishError: a fact is larger than `LARGEST`.
    """
    if not facts:
        return ()
    rows = await tx.connection.fetch(_PUBLISH, encode(tx, facts))
    if erased := [(each.topic, each.key) for each in facts if isinstance(each, Tombstone)]:
        await store.keep(tx, erased, own=True)
    return tuple(row["version"] for row in rows)


def encode(tx: Tx, facts: Sequence[Fact | Tombstone]) -> str:
    """The argument of SQL's `publish_facts`, for a statement that does more than publishing.

        WITH asked AS (INSERT INTO commission … RETURNING commission)
        SELECT published.version FROM asked CROSS JOIN LATERAL publish_facts(:facts) AS published

    Raises:
        PublishError: a fact is larger than `LARGEST`.
    """
    tx.published = True
    return "[" + ",".join(_row(fact, tx.source) for fact in facts) + "]"


def _row(fact: Fact | Tombstone, source: str) -> str:
    about: dict[str, str] = {"topic": fact.topic.value, "key": str(fact.key), "id": str(new_id()), "source": source}
    about["type"] = f"{fact.topic.value}.Tombstone" if isinstance(fact, Tombstone) else fact.type()
    if fact.at is not None:
        about["at"] = fact.at.isoformat()
    if trace := tracing.current():
        about["traceparent"] = trace
    head = json.dumps(about, separators=(",", ":"))
    if isinstance(fact, Tombstone):
        return head
    data = fact.model_dump_json()
    if len(data) > LARGEST:
        raise PublishError(f"{fact.type()} of {fact.key} has {len(data)} characters of JSON; {LARGEST} are allowed")
    return f'{head[:-1]},"data":{data}}}'
