"""What cancelling costs now, by the gates that were passed, and whether it is offered at all."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.intake.domain.cancellations import CancellationReason
from services.intake.domain.commissions import State
from services.intake.domain.record import CommissionRecord
from shared.contracts.payments import PaymentReceived, PaymentReversed, RefundDue, RefundWithdrawn
from shared.contracts.production import GatePassed
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType


class CannotCancel(StrEnum):
    """Why cancelling is not offered."""

    NOT_ACCEPTED = "not_accepted"
    HANDED_OVER = "handed_over"
    ENDED = "ended"


@dataclass(frozen=True)
class GateCost:
    """A step that cannot be undone: what a cancellation costs once it was begun, and for what."""

    title: str
    percent: int
    why: str
    passed: bool


@dataclass(frozen=True)
class CancellationTerms:
    """`percent` of `total` is owed; of what was `paid` the rest goes `back`, or something is `left` to pay."""

    percent: int
    total: Money
    owed: Money
    paid: Money
    gates: tuple[GateCost, ...]
    lost: bool = False
    """The parcel is lost: nothing is owed, whatever was made."""

    @property
    def back(self) -> Money:
        return Money(minor=max(0, self.paid.minor - self.owed.minor), currency=self.total.currency)

    @property
    def left(self) -> Money:
        return Money(minor=max(0, self.owed.minor - self.paid.minor), currency=self.total.currency)


def why_not(record: CommissionRecord) -> CannotCancel | None:
    """Why cancelling is not offered; None where it is."""
    if record.commission.state is not State.OPEN or record.outcome is not None:
        return CannotCancel.ENDED
    if record.accepted is None:
        return CannotCancel.NOT_ACCEPTED
    return CannotCancel.HANDED_OVER if record.handed_over and not record.lost else None


def current_terms(record: CommissionRecord) -> CancellationTerms | None:
    """What cancelling costs now; None before any quote was accepted."""
    if record.accepted is None:
        return None
    percent, total = _percent(record), record.accepted.total
    owed = total.times(Decimal(percent) / 100)
    return CancellationTerms(percent, total, owed, _paid(record, total.currency), _gates(record), record.lost)


def agreed_terms(record: CommissionRecord, percent: int) -> CancellationTerms:
    """The terms, if they are those that the customer agreed to.

    Raises:
        Problem: conflict, if cancelling is not offered, or costs something else by now.
    """
    if bar := why_not(record):
        raise Problem(ProblemType.CONFLICT, bar)
    found = current_terms(record)
    if found is None or found.percent != percent:
        now = found.percent if found else 0
        raise Problem(ProblemType.CONFLICT, Phrase(CancellationReason.TERMS_CHANGED, agreed=percent, now=now))
    return found


def _percent(record: CommissionRecord) -> int:
    """The most that any passed gate or refusal asks for: a gate can be passed before its fact arrives."""
    if record.lost:
        return 0
    passed = [fact.cancel_percent for fact in record.all(GatePassed)]
    refused = [each.refused_percent or 0 for each in record.cancellations]
    return max([0, *passed, *refused])


def _paid(record: CommissionRecord, currency: str) -> Money:
    came = sum(fact.amount.minor for fact in record.all(PaymentReceived))
    came -= sum(fact.amount.minor for fact in record.all(PaymentReversed))
    went = sum(fact.amount.minor for fact in record.all(RefundDue))
    went -= sum(fact.amount.minor for fact in record.all(RefundWithdrawn))
    return Money(minor=came - went, currency=currency)


def _gates(record: CommissionRecord) -> tuple[GateCost, ...]:
    passed = {fact.gate for fact in record.all(GatePassed)}
    gates = record.offering.gates if record.offering else ()
    return tuple(GateCost(each.title, int(each.cancel_percent), each.cancel_why, each.id in passed) for each in gates)
