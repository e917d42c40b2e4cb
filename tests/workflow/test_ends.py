"""Every end and every point of cancelling, with all that is undone by it: the quote, the hours, money, page."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import pytest

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import CancelCause, Nudge, Pause
from shared.contracts.commands.intake import CloseCommission
from shared.contracts.commands.lifecycle import RecordEnd, RecordReminder
from shared.contracts.commands.production import (
    BookPromise,
    HoldPromise,
    PauseMaking,
    PreviewPromise,
    ReleasePromise,
    StopMaking,
)
from shared.contracts.commands.quotes import ExpireQuote, SettleCancellation
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.payments import InvoiceKind
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money
from tests.support.counterparts import DEPOSIT, EUR, Counterparts
from tests.support.lives import Life, at
from tests.support.rest import broken_off

DUE_BACK: Final = {0: DEPOSIT, 35: Money(minor=12_600, currency=EUR)}
"""What goes back of the deposit, by the percent of the price that is owed."""


async def _waits(life: Life) -> None:
    """Nobody moves until it is over."""


async def _withdraws(life: Life) -> None:
    await life.receives(life.withdrawn())


async def _declines(life: Life) -> None:
    await life.receives(life.declined())


@pytest.mark.parametrize(
    ("phase", "moves", "outcome"),
    [
        (Phase.DESK, _waits, Outcome.LAPSED),
        (Phase.DESK, _withdraws, Outcome.WITHDRAWN),
        (Phase.OFFERED, _waits, Outcome.EXPIRED),
        (Phase.OFFERED, _withdraws, Outcome.WITHDRAWN),
        (Phase.OFFERED, _declines, Outcome.DECLINED),
    ],
)
async def test_an_end_before_the_acceptance_costs_nobody_anything(
    services: Counterparts, phase: Phase, moves: Callable[[Life], Awaitable[None]], outcome: Outcome
) -> None:
    life = await at(phase, services)

    await moves(life)
    result = await life.handle.result()

    assert result.outcome is outcome
    held = ["ReleasePromise"] * life.did(HoldPromise)
    undone = ["ExpireQuote", *held, "CloseCommission", "RecordEnd"]
    assert len(held) == (phase is Phase.OFFERED)
    assert life.names()[-len(undone) :] == undone
    assert services.of(ExpireQuote)[0].reason.value == outcome.value
    assert [each.reason.value for each in services.of(ReleasePromise)] == [outcome.value] * len(held)
    assert services.of(CloseCommission)[0].outcome is services.of(RecordEnd)[0].outcome is outcome


async def test_a_deposit_that_never_comes_settles_at_nothing_and_releases_the_hours(services: Counterparts) -> None:
    life = await at(Phase.DEPOSIT, services)

    result = await life.handle.result()

    assert result.outcome is Outcome.LAPSED
    assert life.names()[-4:] == ["SettleCancellation", "ReleasePromise", "CloseCommission", "RecordEnd"]
    (settled,) = services.of(SettleCancellation)
    assert (settled.owed_percent, settled.reason) == (0, QuoteEnd.LAPSED)


# Cancelling.


@dataclass(frozen=True)
class Point:
    """Where somebody cancels: how much was done by then, and what it comes to."""

    phase: Phase
    passed: int
    by: str
    owed: int
    undone: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.by} at {self.phase} after {self.passed} percent"


_END: Final = ("CloseCommission", "RecordEnd")
_UNSENT: Final = ("ExpireQuote", *_END)
_UNAGREED: Final = ("ExpireQuote", "ReleasePromise", *_END)
_UNBOOKED: Final = ("SettleCancellation", "ReleasePromise", *_END)
_BOOKED: Final = ("StopMaking", "SettleCancellation", *_END)

POINTS: Final = [
    Point(Phase.PROMISING, 0, "studio", 0, ("PreviewPromise", *_END)),
    Point(Phase.DESK, 0, "studio", 0, _UNSENT),
    Point(Phase.DESK, 0, "ops for the customer", 0, _UNSENT),
    Point(Phase.OFFERED, 0, "studio", 0, _UNAGREED),
    *(
        Point(phase, passed, by, 0 if by == "studio" else passed, _UNBOOKED if phase is Phase.DEPOSIT else _BOOKED)
        for phase, passed in [
            (Phase.DEPOSIT, 0),
            (Phase.MAKING, 0),
            (Phase.MAKING, 35),
            (Phase.BALANCE, 35),
            (Phase.SHIPPING, 35),
        ]
        for by in ("customer", "ops for the customer", "studio")
    ),
]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
async def test_every_point_of_cancelling_has_its_price(services: Counterparts, point: Point) -> None:
    life = await at(point.phase, services)
    services.passed_percent[life.commission] = point.passed

    await _cancels(life, point)
    if point.phase is Phase.PROMISING:
        await broken_off(life.handle)
        services.closed[PreviewPromise, life.commission].set()
    result = await life.handle.result()

    assert result.outcome is Outcome.CANCELLED
    assert tuple(life.names()[-len(point.undone) :]) == point.undone
    assert [each.owed_percent for each in services.of(SettleCancellation)] == [point.owed] * (
        "SettleCancellation" in point.undone
    )
    assert {each.owes for each in services.of(StopMaking)} <= {point.by != "studio"}
    agreed = "SettleCancellation" in point.undone
    assert services.of(RecordEnd)[0].refund == (DUE_BACK[point.owed] if agreed else None)
    assert services.of(CloseCommission)[0].outcome is Outcome.CANCELLED


async def _cancels(life: Life, point: Point) -> None:
    match point.by:
        case "customer":
            await life.receives(life.wants_to_cancel(point.passed))
        case "studio":
            await life.cancels(CancelCause.STUDIO)
        case _:
            await life.cancels(CancelCause.CUSTOMER, point.passed)


async def test_a_cancellation_while_a_step_is_refused_need_not_wait_for_it(services: Counterparts) -> None:
    life = await at(Phase.DEPOSIT, services)
    services.refusals[BookPromise] = 1
    await life.receives(life.paid(InvoiceKind.DEPOSIT))
    await life.reaches(Phase.MAKING, Holder.STUDIO)

    await life.receives(life.wants_to_cancel(0))

    assert (await life.handle.result()).outcome is Outcome.CANCELLED
    assert life.did(ReleasePromise) == 1
    assert life.did(StopMaking) == 0


async def test_the_end_is_told_of_after_a_reminder_that_ops_asked_for_and_that_takes_long(
    services: Counterparts,
) -> None:
    life = await at(Phase.SHIPPING, services)
    away = services.shut(RecordReminder, life.commission)
    nudged = asyncio.create_task(life.handle.execute_update(CommissionWorkflow.nudge, Nudge(request=uuid4())))
    await life.asks(RecordReminder)

    await life.receives(life.handed_over(), life.delivered())
    await life.has_done(CloseCommission)
    await life.receives(life.made())  # one more task, after which an end would be recorded
    away.set()
    await life.handle.result()
    await nudged

    assert [type(each) for each in life.done[-2:]] == [RecordReminder, RecordEnd]


async def test_a_paused_commission_can_be_cancelled(services: Counterparts) -> None:
    life = await at(Phase.MAKING, services)
    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))
    await life.has_done(PauseMaking)

    await life.cancels(CancelCause.STUDIO)

    assert (await life.handle.result()).outcome is Outcome.CANCELLED
