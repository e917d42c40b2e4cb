"""The web role's part beside the pages: it learns which sessions were ended, so that their tokens are refused.

Each process reads the topic for itself, from a token's life ago on. While Kafka is away it learns nothing: then a token
lasts for its quarter of an hour.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shared.auth.ended_sessions import REMEMBERED
from shared.contracts.fact import Topic
from shared.contracts.sessions import SessionEnded
from shared.kafka.connection import Kafka
from shared.kafka.tail import tail
from shared.runtime.logs import get_logger
from shared.runtime.service import Kernel, Loop, Service

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

log = get_logger(__name__)

_AFRESH = 300.0
"""Seconds after which it begins anew: a consumer may hang after a broker's restart (aiokafka #1154)."""


def parts(_service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    return [Loop("ended sessions", partial(_run, kernel))]


async def _run(kernel: Kernel[Any]) -> None:
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(_AFRESH):
                await _follow(kernel)


async def _follow(kernel: Kernel[Any]) -> None:
    settings = kernel.settings
    client = f"{settings.prefix}{kernel.name}.{settings.instance}.sessions"
    since = kernel.clock() - REMEMBERED
    records = tail(Kafka.of(settings), f"{settings.prefix}{Topic.SESSIONS}", since=since, client=client)
    async with aclosing(records):
        async for batch in records:
            for record in batch:
                _take(kernel, record)


def _take(kernel: Kernel[Any], record: "ConsumerRecord[Any, Any]") -> None:
    try:
        ended = SessionEnded.model_validate_json(record.value or b"")
    except ValidationError:
        log.warning("ended_session_unreadable", partition=record.partition, offset=record.offset)
        return
    kernel.ended.add(ended.session, ended.at, kernel.clock())
