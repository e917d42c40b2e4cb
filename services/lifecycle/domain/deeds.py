"""What ops can have done to a commission: what each deed would bring about, said before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.lifecycle.domain.account import Account, Gates
from services.lifecycle.domain.life import Standing
from services.lifecycle.domain.room import Commission
from services.lifecycle.domain.standing import reminder_of
from services.lifecycle.domain.updates import Refusal
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.money import Money

LONGEST_REASON: Final = 500
MOST_DAYS: Final = 90
MOST_TOGETHER: Final = 25
"""Each of them is one call to Temporal, and a person waits for all."""


class Deed(StrEnum):
    """What ops can have a commission's workflow do; the words are those of the pages' and the API's addresses."""

    NUDGE = "nudge"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    TRY_AGAIN = "try-again"


class Together(StrEnum):
    """What can be done to several commissions at once."""

    NUDGE = "nudge"
    EXTEND = "extend"
    PAUSE = "pause"


class What(StrEnum):
    """What the audit log tells apart."""

    NUDGE = "nudge"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    TRY_AGAIN = "try_again"
    REPLAY_PARKED = "replay_parked"
    DROP_PARKED = "drop_parked"


class ActionOutcome(StrEnum):
    """What came of an action of ops."""

    ASKED = "asked"
    """It was asked for, and nobody knows yet what became of it."""
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class Action:
    """One line of the audit log. `together` is common to what was asked for in one go."""

    action: UUID
    commission: UUID
    what: What
    person: UUID
    at: datetime
    reason: str | None
    detail: Mapping[str, Any]
    outcome: ActionOutcome
    problem: str | None = None
    together: UUID | None = None


@dataclass(frozen=True)
class Logged:
    """Which lines of the audit log are asked for; None is all."""

    what: What | None = None
    outcome: ActionOutcome | None = None
    commission: UUID | None = None
    together: UUID | None = None

    @property
    def all(self) -> bool:
        return self == Logged()


@dataclass(frozen=True)
class Costs:
    """What a cancellation comes to, as things stand: `owed` of the price, `back` to the customer, `left` to be paid."""

    percent: int
    owed: Money | None = None
    paid: Money | None = None
    back: Money | None = None
    left: Money | None = None


@dataclass(frozen=True)
class Preview:
    """What a deed would bring about. Amounts and days are None where the deed does not touch them."""

    deed: Deed
    hindrance: Refusal | None = None
    """Why it cannot be done, as far as one can see before it is tried."""
    told: tuple[Holder, ...] = ()
    """Who gets a mail."""
    due: datetime | None = None
    due_then: datetime | None = None
    quote_too: bool = False
    """The quote can be accepted for as much longer."""
    hold_too: bool = False
    """The maker's hours are held for as long."""
    bench_too: bool = False
    """The bench leaves the piece alone, or goes on with it."""
    hours_freed: bool = False
    by_customer: Costs | None = None
    by_studio: Costs | None = None
    again: str | None = None
    """What was refused, and would be asked for again."""


@dataclass(frozen=True)
class Known:
    """What a preview is made from. `trouble` is the command that waits to be tried again, if the workflow says so."""

    commission: Commission
    account: Account = field(default_factory=Account)
    gates: Gates = field(default_factory=Gates)
    booked: bool = False
    made: bool = False
    handed_over: bool = False
    ready_by: date | None = None
    trouble: str | None = None
    answers: bool = False


def preview(deed: Deed, known: Known, *, days: int | None = None) -> Preview:
    """What this deed would bring about as things stand; `days` is by how many a due instant would move."""
    made = _MAKE[deed](known)
    if hindrance := _hindrance(deed, known):
        return Preview(deed, hindrance=hindrance)
    if deed is Deed.EXTEND and days is not None and made.due is not None:
        return replace(made, due_then=made.due + timedelta(days=days))
    return made


def _hindrance(deed: Deed, known: Known) -> Refusal | None:
    """The first thing that is in the way, if anything is."""
    commission = known.commission
    if commission.ended or (commission.stage is Phase.ENDED and deed is not Deed.TRY_AGAIN):
        return Refusal.OVER
    own = {
        Deed.NUDGE: {
            Refusal.PAUSED: commission.paused,
            Refusal.NOBODY_TO_NUDGE: reminder_of(_standing(commission)) is None,
        },
        Deed.EXTEND: {
            Refusal.PAUSED: commission.paused,
            Refusal.NOTHING_TO_EXTEND: commission.due is None or not _is_awaited(commission),
        },
        Deed.PAUSE: {Refusal.PAUSED_ALREADY: commission.paused},
        Deed.RESUME: {Refusal.NOT_PAUSED: not commission.paused},
        Deed.CANCEL: {Refusal.HANDED_OVER: known.handed_over},
        Deed.TRY_AGAIN: {Refusal.NOTHING_TO_TRY_AGAIN: known.answers and known.trouble is None},
    }
    return next((hindrance for hindrance, is_so in own[deed].items() if is_so), None)


def _standing(commission: Commission) -> Standing:
    return Standing(phase=commission.stage, holder=commission.holder, since=commission.since)


def _is_awaited(commission: Commission) -> bool:
    """Whether somebody's move is awaited, and not the process's own next step."""
    return commission.holder not in {Holder.PROCESS, Holder.NOBODY} or commission.stage is Phase.SHIPPING


def _nudge(known: Known) -> Preview:
    return Preview(Deed.NUDGE, told=(known.commission.holder,))


def _extend(known: Known) -> Preview:
    stage = known.commission.stage
    held = stage in {Phase.DESK, Phase.OFFERED, Phase.DEPOSIT}
    return Preview(Deed.EXTEND, due=known.commission.due, quote_too=stage is Phase.OFFERED, hold_too=held)


def _pause(known: Known) -> Preview:
    return Preview(Deed.PAUSE, due=known.commission.due, bench_too=known.booked and not known.made)


def _resume(known: Known) -> Preview:
    return Preview(Deed.RESUME, due=known.commission.due, bench_too=known.booked and not known.made)


def _cancel(known: Known) -> Preview:
    percent = known.gates.owed_percent
    return Preview(
        Deed.CANCEL,
        told=(Holder.CUSTOMER,),
        hours_freed=known.ready_by is not None and not known.made,
        by_customer=costs(known.account, percent),
        by_studio=costs(known.account, 0),
    )


def _try_again(known: Known) -> Preview:
    return Preview(Deed.TRY_AGAIN, again=known.trouble)


_MAKE: Final = {
    Deed.NUDGE: _nudge,
    Deed.EXTEND: _extend,
    Deed.PAUSE: _pause,
    Deed.RESUME: _resume,
    Deed.CANCEL: _cancel,
    Deed.TRY_AGAIN: _try_again,
}


def costs(account: Account, percent: int) -> Costs:
    """What a cancellation for this percentage of the price comes to; quotes, which settles it, has the last word."""
    if account.accepted is None:
        return Costs(percent=0)
    nothing = Money.zero(account.accepted.currency)
    owed, paid = account.accepted.times(Decimal(percent) / 100), account.paid or nothing
    beyond = paid.minor - owed.minor
    back = Money(minor=max(beyond, 0), currency=owed.currency)
    left = Money(minor=max(-beyond, 0), currency=owed.currency)
    return Costs(percent, owed, paid, back, left)
