"""Temporal in: the life cycle's commands; and what comes when it is due."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog

from services.production.actions import (
    booking,
    certificates,
    change_orders,
    holding,
    journal,
    making,
    promises,
    publishing,
)
from services.production.actions.context import ProductionContext
from services.production.domain.known_plans import KnownPlans
from services.production.settings import ProductionSettings
from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.commands.production import (
    ApplyChangeOrder,
    BookPromise,
    ExtendHold,
    FreezeStages,
    HoldPromise,
    IssueCertificate,
    LookAtBench,
    OpenGate,
    PauseMaking,
    PreviewPromise,
    ReleaseParcel,
    ReleasePromise,
    ResumeMaking,
    StopMaking,
    ThawStages,
)
from shared.postgres.database import DatabaseUnavailableError, Tx
from shared.runtime.service import Kernel, Loop
from shared.temporal.activities import Action, activity

_LOOK_EVERY = 1.0  # seconds: so exact is what a maker reads, "shown from 14:05"
_AGAIN_AFTER = timedelta(minutes=1)  # for one that could not be published

_log = structlog.get_logger(__name__)

C = TypeVar("C", bound=Command)
R = TypeVar("R", bound=Result)


def activities(kernel: Kernel[ProductionSettings]) -> Sequence[Callable[..., Any]]:
    known = KnownPlans()

    def now(action: Callable[[Tx, C, ProductionContext], Awaitable[R]]) -> Action[C, R]:
        """The action, at this moment in this studio."""

        async def run(tx: Tx, command: C) -> R:
            context = ProductionContext(kernel.clock(), kernel.ids, kernel.settings, known=known)
            return await action(tx, command, context)

        return run

    async def release_promise(tx: Tx, command: ReleasePromise) -> Done:
        return await promises.release_promise(tx, command, now=kernel.clock())

    return [
        activity(kernel, PreviewPromise, now(holding.preview_promise)),
        activity(kernel, HoldPromise, now(holding.hold_promise)),
        activity(kernel, ExtendHold, now(promises.extend_hold)),
        activity(kernel, ReleasePromise, release_promise),
        activity(kernel, BookPromise, now(booking.book_promise)),
        activity(kernel, OpenGate, now(making.open_gate)),
        activity(kernel, PauseMaking, now(making.pause_making)),
        activity(kernel, ResumeMaking, now(making.resume_making)),
        activity(kernel, StopMaking, now(making.stop_making)),
        activity(kernel, FreezeStages, now(change_orders.freeze)),
        activity(kernel, ApplyChangeOrder, now(change_orders.apply)),
        activity(kernel, ThawStages, now(change_orders.thaw)),
        activity(kernel, LookAtBench, journal.look_at_bench),
        activity(kernel, ReleaseParcel, now(making.release_parcel)),
        activity(kernel, IssueCertificate, now(certificates.issue)),
    ]


def loops(kernel: Kernel[ProductionSettings]) -> Sequence[Loop]:
    put_off: dict[UUID, datetime] = {}

    async def publish_one(commission: UUID, now: datetime) -> None:
        try:
            async with kernel.database.transaction() as tx:
                await publishing.publish_due(tx, commission, ProductionContext(now, kernel.ids, kernel.settings))
        except DatabaseUnavailableError:
            raise
        except Exception:  # noqa: BLE001 (whatever ails one, the customers of the others are not to wait for it)
            put_off[commission] = now + _AGAIN_AFTER
            _log.error("publishing_failed", commission=str(commission), exc_info=True)
        else:
            put_off.pop(commission, None)

    async def publish() -> None:
        while True:
            now = kernel.clock()
            async with kernel.database.transaction() as tx:
                due = await publishing.due(tx, now)
            for commission in due:
                if put_off.get(commission, now) <= now:
                    await publish_one(commission, now)
            await asyncio.sleep(_LOOK_EVERY)

    return [Loop("publishing", publish)]
