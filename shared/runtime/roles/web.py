"""The web role's part beside the pages: which sessions were ended, and who was erased: no token of theirs is good.

Each process reads the topics for itself, from a token's life ago on. While Kafka is away it learns nothing but what it
commits itself: then a token lasts for its quarter of an hour.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from pydantic import ValidationError

from shared.auth.ended_sessions import REMEMBERED
from shared.contracts.fact import Topic
from shared.contracts.sessions import SessionEnded
from shared.kafka.connection import Kafka
from shared.kafka.tail import tail
from shared.outbox import Tombstone
from shared.postgres.database import Committed
from shared.runtime.logs import get_logger
from shared.runtime.service import Kernel, Loop, Service

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

Take: TypeAlias = "Callable[[Kernel[Any], ConsumerRecord[Any, Any]], None]"
"""What is done with a record that was read."""

log = get_logger(__name__)

_AFRESH = 300.0
"""Seconds after which it begins anew: a consumer may hang after a broker's restart (aiokafka #1154)."""


def parts(_service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    kernel.database.on_commit(partial(_committed, kernel))
    return [
        Loop("ended sessions", partial(_run, kernel, Topic.SESSIONS, _session_ended)),
        Loop("erased people", partial(_run, kernel, Topic.PEOPLE, _person_erased)),
    ]


def _committed(kernel: Kernel[Any], committed: Committed) -> None:
    """What this process has done itself counts from its commit on: intake ends sessions, and erases people."""
    now = kernel.clock()
    for fact in committed.facts:
        match fact:
            case SessionEnded():
                kernel.ended.add(fact.session, fact.at, now)
            case Tombstone(topic=Topic.PEOPLE):
                kernel.ended.add(fact.key, fact.at or now, now)


async def _run(kernel: Kernel[Any], topic: Topic, take: "Take") -> None:
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(_AFRESH):
                await _follow(kernel, topic, take)


async def _follow(kernel: Kernel[Any], topic: Topic, take: "Take") -> None:
    settings = kernel.settings
    client = f"{settings.prefix}{kernel.name}.{settings.instance}.{topic.rpartition('.')[2]}"
    since = kernel.clock() - REMEMBERED
    records = tail(Kafka.of(settings), f"{settings.prefix}{topic}", since=since, client=client)
    async with aclosing(records):
        async for batch in records:
            for record in batch:
                take(kernel, record)


def _session_ended(kernel: Kernel[Any], record: "ConsumerRecord[Any, Any]") -> None:
    try:
        ended = SessionEnded.model_validate_json(record.value or b"")
    except ValidationError:
        log.warning("ended_session_unreadable", partition=record.partition, offset=record.offset)
        return
    kernel.ended.add(ended.session, ended.at, kernel.clock())


def _person_erased(kernel: Kernel[Any], record: "ConsumerRecord[Any, Any]") -> None:
    """Of this topic the tombstones alone; a repeated one counts from the time that it was written at."""
    if record.value is not None:
        return
    try:
        person = UUID((record.key or b"").decode())
    except ValueError:
        log.warning("erased_person_unreadable", partition=record.partition, offset=record.offset)
        return
    kernel.ended.add(person, datetime.fromtimestamp(record.timestamp / 1000, UTC), kernel.clock())
