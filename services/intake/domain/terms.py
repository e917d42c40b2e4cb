"""What cancelling costs now, by the gates that were passed, and whether it is offered at all."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.intake.domain.commissions import State
from services.intake.domain.life import Life
from shared.contracts.payments import PaymentReceived, RefundDue
from shared.contracts.production import GatePassed
from shared.kernel.money import Money
from shared.kernel.problems import Problem, ProblemType


class Barred(StrEnum):
    """Why cancelling is not offered."""

    NOT_ACCEPTED = "not_accepted"
    HANDED_OVER = "handed_over"
    ENDED = "ended"

    @property
    def words(self) -> str:
        return _BARRED[self][0]

    @property
    def remedy(self) -> str:
        return _BARRED[self][1]


_BARRED = {
    Barred.NOT_ACCEPTED: (
        "No quote is accepted yet, so there is nothing to cancel.",
        "Take the commission back instead; nothing is owed.",
    ),
    Barred.HANDED_OVER: (
        "The parcel is with the carrier, or with you: the piece is made and cannot be called back.",
        "If something is wrong with it, write to the studio.",
    ),
    Barred.ENDED: ("This commission has already ended.", "Nothing is left to cancel."),
}


@dataclass(frozen=True)
class GateCost:
    """A step that cannot be undone: what a cancellation costs once it was begun, and for what."""

    title: str
    percent: int
    why: str
    passed: bool


@dataclass(frozen=True)
class Terms:
    """`percent` of `total` is owed; of what was `paid` the rest goes `back`, or something is `left` to pay."""

    percent: int
    total: Money
    owed: Money
    paid: Money
    gates: tuple[GateCost, ...]

    @property
    def back(self) -> Money:
        return Money(minor=max(0, self.paid.minor - self.owed.minor), currency=self.total.currency)

    @property
    def left(self) -> Money:
        return Money(minor=max(0, self.owed.minor - self.paid.minor), currency=self.total.currency)


def barred(life: Life) -> Barred | None:
    """Why cancelling is not offered; None where it is."""
    if life.commission.state is not State.OPEN or life.outcome is not None:
        return Barred.ENDED
    if life.accepted is None:
        return Barred.NOT_ACCEPTED
    return Barred.HANDED_OVER if life.handed_over else None


def terms(life: Life) -> Terms | None:
    """What cancelling costs now; None before any quote was accepted."""
    if life.accepted is None:
        return None
    percent, total = _percent(life), life.accepted.total
    owed = total.times(Decimal(percent) / 100)
    return Terms(percent, total, owed, _paid(life, total.currency), _gates(life))


def agreed(life: Life, percent: int) -> Terms:
    """The terms, if they are those that the customer agreed to.

    Raises:
        Problem: conflict, if cancelling is not offered, or costs something else by now.
    """
    if bar := barred(life):
        raise Problem(ProblemType.CONFLICT, bar.words, remedy=bar.remedy)
    found = terms(life)
    if found is None or found.percent != percent:
        raise Problem(
            ProblemType.CONFLICT,
            f"You agreed to {percent} percent, and cancelling costs {found.percent if found else 0} percent now.",
            remedy="Read the terms as they are now, and decide again.",
        )
    return found


def _percent(life: Life) -> int:
    """The most that any passed gate asks for, and any refusal told: gates may be passed before we hear of it."""
    told = [fact.cancel_percent for fact in life.all(GatePassed)]
    refused = [each.refused_percent or 0 for each in life.cancellations]
    return max([0, *told, *refused])


def _paid(life: Life, currency: str) -> Money:
    came = sum(fact.amount.minor for fact in life.all(PaymentReceived))
    went = sum(fact.amount.minor for fact in life.all(RefundDue))
    return Money(minor=came - went, currency=currency)


def _gates(life: Life) -> tuple[GateCost, ...]:
    passed = {fact.gate for fact in life.all(GatePassed)}
    gates = life.offering.gates if life.offering else ()
    return tuple(GateCost(each.title, int(each.cancel_percent), each.cancel_why, each.id in passed) for each in gates)
