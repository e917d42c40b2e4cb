"""What ops can do to a commission, and a preview of what each operation would bring about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.lifecycle.domain.account import CommissionAccount, Gates
from services.lifecycle.domain.dashboard import CommissionRow
from services.lifecycle.workflow.guards import Situation, bench_follows, why_not
from services.lifecycle.workflow.messages import (
    Cancel,
    Extend,
    Nudge,
    OperationRefusal,
    Pause,
    Resume,
    TryAgain,
    Update,
)
from services.lifecycle.workflow.state import CurrentPhase
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.money import Money

MAX_REASON: Final = 500
MAX_DAYS: Final = 90
MAX_BULK: Final = 25
"""Each commission is one call to Temporal, and a person waits for all of them."""


class Operation(StrEnum):
    """What ops can have a commission's workflow do; the values are parts of addresses."""

    NUDGE = "nudge"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    TRY_AGAIN = "try-again"


UPDATES: Final[Mapping[Operation, type[Update]]] = MappingProxyType(
    {
        Operation.NUDGE: Nudge,
        Operation.EXTEND: Extend,
        Operation.PAUSE: Pause,
        Operation.RESUME: Resume,
        Operation.CANCEL: Cancel,
        Operation.TRY_AGAIN: TryAgain,
    }
)
"""The update of the workflow by which each is carried out."""


class BulkOperation(StrEnum):
    """What can be done to several commissions at once."""

    NUDGE = "nudge"
    EXTEND = "extend"
    PAUSE = "pause"
    CANCEL = "cancel"
    """By the studio: it costs the customers nothing."""


@dataclass(frozen=True)
class CancellationCosts:
    """What a cancellation would cost now: `owed` of the price, `back` to the customer, `left` to be paid."""

    percent: int
    owed: Money | None = None
    paid: Money | None = None
    back: Money | None = None
    left: Money | None = None


@dataclass(frozen=True)
class Preview:
    """What an operation would bring about. Amounts and days are None if it does not affect them."""

    operation: Operation
    blocked_by: OperationRefusal | None = None
    """Why it cannot be done, as far as one can tell before trying."""
    mails_to: tuple[Holder, ...] = ()
    """Who gets a mail."""
    due: datetime | None = None
    new_due: datetime | None = None
    extends_quote: bool = False
    """The quote can be accepted for as much longer."""
    extends_hold: bool = False
    """The maker's hours are held for as long."""
    affects_bench: bool = False
    """The bench stops work on the piece, or resumes it."""
    frees_hours: bool = False
    by_customer: CancellationCosts | None = None
    by_studio: CancellationCosts | None = None
    retries: str | None = None
    """The command that was refused and would be sent again."""


@dataclass(frozen=True)
class PreviewInput:
    """What a preview is made from.

    `trouble` is the command that waits to be tried again, `stuck` whether it is a step, if the workflow `answers`.
    """

    commission: CommissionRow
    account: CommissionAccount = field(default_factory=CommissionAccount)
    gates: Gates = field(default_factory=Gates)
    booked: bool = False
    made: bool = False
    handed_over: bool = False
    ready_by: date | None = None
    trouble: str | None = None
    stuck: bool = False
    answers: bool = False


def preview(operation: Operation, known: PreviewInput, *, days: int | None = None) -> Preview:
    """What this operation would bring about now; `days` is by how many the due instant would move."""
    seen = _PREVIEWS[operation](known)
    if blocked_by := _blocked_by(operation, known):
        return Preview(operation, blocked_by=blocked_by)
    if operation is Operation.EXTEND and days is not None and seen.due is not None:
        return replace(seen, new_due=seen.due + timedelta(days=days))
    return seen


def _blocked_by(operation: Operation, known: PreviewInput) -> OperationRefusal | None:
    """The first reason against it, by the guards that the workflow itself will ask."""
    commission = known.commission
    here = Situation(
        current=CurrentPhase(
            phase=commission.phase, holder=commission.workflow_holder, since=commission.since, due=commission.due
        ),
        paused=commission.paused,
        closing=commission.phase is Phase.ENDED,
        ended=commission.ended,
        handed_over=known.handed_over,
        stuck=known.stuck,
        can_try_again=known.trouble is not None or not known.answers,
    )
    return why_not(UPDATES[operation], here)


def _nudge(known: PreviewInput) -> Preview:
    return Preview(Operation.NUDGE, mails_to=(known.commission.workflow_holder,))


def _extend(known: PreviewInput) -> Preview:
    phase = known.commission.phase
    held = phase in {Phase.OFFERED, Phase.DEPOSIT}
    return Preview(Operation.EXTEND, due=known.commission.due, extends_quote=phase is Phase.OFFERED, extends_hold=held)


def _affects_bench(known: PreviewInput) -> bool:
    return bench_follows(booked=known.booked, handed_over=known.handed_over)


def _pause(known: PreviewInput) -> Preview:
    return Preview(Operation.PAUSE, due=known.commission.due, affects_bench=_affects_bench(known))


def _resume(known: PreviewInput) -> Preview:
    return Preview(Operation.RESUME, due=known.commission.due, affects_bench=_affects_bench(known))


def _cancel(known: PreviewInput) -> Preview:
    percent = known.gates.owed_percent
    return Preview(
        Operation.CANCEL,
        mails_to=(Holder.CUSTOMER,),
        frees_hours=known.ready_by is not None and not known.made,
        by_customer=costs(known.account, percent),
        by_studio=costs(known.account, 0),
    )


def _try_again(known: PreviewInput) -> Preview:
    return Preview(Operation.TRY_AGAIN, retries=known.trouble)


_PREVIEWS: Final = {
    Operation.NUDGE: _nudge,
    Operation.EXTEND: _extend,
    Operation.PAUSE: _pause,
    Operation.RESUME: _resume,
    Operation.CANCEL: _cancel,
    Operation.TRY_AGAIN: _try_again,
}


def costs(account: CommissionAccount, percent: int) -> CancellationCosts:
    """What a cancellation for this percentage of the price would cost; quotes settles it and decides."""
    if account.accepted is None:
        return CancellationCosts(percent=0)
    nothing = Money.zero(account.accepted.currency)
    owed, paid = account.accepted.times(Decimal(percent) / 100), account.paid or nothing
    beyond = paid.minor - owed.minor
    back = Money(minor=max(beyond, 0), currency=owed.currency)
    left = Money(minor=max(-beyond, 0), currency=owed.currency)
    return CancellationCosts(percent, owed, paid, back, left)
