"""A commission's money, its promised day, and its gates, as the facts say."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.contracts.commissions import ApprovalAsked, ApprovalGiven, ApprovalRefused
from shared.contracts.fact import Fact
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    InvoiceReopened,
    PaymentReceived,
    PaymentReversed,
    RefundDue,
    RefundPaid,
    RefundReason,
    RefundWithdrawn,
)
from shared.contracts.production import (
    GateOpened,
    GatePassed,
    GateReached,
    PieceReplanned,
    PromiseBooked,
    PromiseHeld,
    Replanned,
)
from shared.contracts.quotes import QuoteAccepted, QuoteDrafted, QuoteExpired, QuoteSent
from shared.kernel.money import Money


@dataclass(frozen=True)
class InvoiceStatus:
    """An invoice, and whether it is paid."""

    invoice: UUID
    number: str
    kind: InvoiceKind
    total: Money
    at: datetime
    due_on: date | None
    paid_at: datetime | None = None


@dataclass(frozen=True)
class RefundStatus:
    """A refund, and when it was paid."""

    refund: UUID
    amount: Money
    reason: RefundReason
    at: datetime
    paid_at: datetime | None = None


@dataclass(frozen=True)
class CommissionAccount:
    """A commission's money. `left` is what is still to be paid of all that was asked for; None before anything was."""

    drafted: Money | None = None
    sent: Money | None = None
    valid_until: datetime | None = None
    accepted: Money | None = None
    deposit: Money | None = None
    invoices: tuple[InvoiceStatus, ...] = ()
    payments: tuple[tuple[datetime, Money], ...] = ()
    refunds: tuple[RefundStatus, ...] = ()
    left: Money | None = None

    @property
    def paid(self) -> Money | None:
        """All that came in, less what has gone back or is to."""
        amounts = [amount for _, amount in self.payments] + [
            refund.amount.times(Decimal(-1)) for refund in self.refunds
        ]
        return sum(amounts[1:], amounts[0]) if amounts else None


def account_of(facts: Sequence[Fact]) -> CommissionAccount:
    """The money as these facts, oldest first, leave it."""
    account = CommissionAccount()
    for fact in facts:
        account = _booked(account, fact)
    return account


def _booked(account: CommissionAccount, fact: Fact) -> CommissionAccount:
    return replace(account, **{**_of_the_quote(fact), **_of_the_money(account, fact)})


def _of_the_quote(fact: Fact) -> dict[str, Any]:
    """What a fact about the quote changes."""
    match fact:
        case QuoteDrafted():
            return {"drafted": fact.total}
        case QuoteSent():
            return {"sent": fact.total, "deposit": fact.deposit, "valid_until": fact.valid_until}
        case QuoteAccepted():
            return {"accepted": fact.total, "deposit": fact.deposit, "valid_until": None}
        case QuoteExpired():
            return {"valid_until": None}
        case _:
            return {}


def _of_the_money(account: CommissionAccount, fact: Fact) -> dict[str, Any]:
    """What a fact about money changes."""
    match fact:
        case InvoiceIssued():
            asked = InvoiceStatus(fact.invoice, fact.number, fact.kind, fact.total, fact.at, fact.due_on)
            return {"invoices": (*account.invoices, asked), "left": fact.left}
        case PaymentReceived():
            return {"payments": (*account.payments, (fact.at, fact.amount)), "left": fact.left}
        case PaymentReversed():
            return {"payments": (*account.payments, (fact.at, fact.amount.times(Decimal(-1)))), "left": fact.left}
        case InvoicePaid() | InvoiceReopened():
            paid_at = fact.at if isinstance(fact, InvoicePaid) else None
            known = account.invoices
            same = (replace(each, paid_at=paid_at) if each.invoice == fact.invoice else each for each in known)
            return {"invoices": tuple(same)}
        case _:
            return {"refunds": tuple(_refunds(account.refunds, fact))}


def _refunds(known: tuple[RefundStatus, ...], fact: Fact) -> Sequence[RefundStatus]:
    """What has to go back, or went, as this fact leaves it."""
    match fact:
        case RefundDue():
            return (*known, RefundStatus(fact.refund, fact.amount, fact.reason, fact.at))
        case RefundPaid():
            return [replace(each, paid_at=fact.at) if each.refund == fact.refund else each for each in known]
        case RefundWithdrawn():
            return [each for each in known if each.refund != fact.refund]
        case _:
            return known


@dataclass(frozen=True)
class PromiseChange:
    """The promised day became this one. `why` is None where it was promised for the first time, or booked."""

    at: datetime
    ready_by: date
    why: Replanned | None = None


def promise_changes(facts: Sequence[Fact]) -> Sequence[PromiseChange]:
    """How the promised day changed, oldest first; facts that left it as it was are left out."""
    changes: list[PromiseChange] = []
    for fact in facts:
        if isinstance(fact, PromiseHeld | PromiseBooked | PieceReplanned) and (
            not changes or changes[-1].ready_by != fact.ready_by
        ):
            changes.append(
                PromiseChange(fact.at, fact.ready_by, fact.reason if isinstance(fact, PieceReplanned) else None)
            )
    return changes


class GateState(StrEnum):
    """How far a step that cannot be undone has come."""

    AHEAD = "ahead"
    ASKED = "asked"
    """The customer is asked to sign it off."""
    REFUSED = "refused"
    """The customer asked for a change."""
    SIGNED = "signed"
    REACHED = "reached"
    """The piece waits for somebody's sign-off."""
    OPEN = "open"
    PASSED = "passed"


@dataclass(frozen=True)
class GateStatus:
    """One gate; `percent` is what of the price is owed once it is passed, None where that is not known here yet."""

    gate: str
    title: str = ""
    state: GateState = GateState.AHEAD
    percent: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Gates:
    """All gates of one commission, in the order in which the piece comes to them."""

    statuses: tuple[GateStatus, ...] = field(default=())

    @property
    def owed_percent(self) -> int:
        """What of the price a customer owes who cancels now: the dearest of the gates that were passed."""
        passed = [gate.percent or 0 for gate in self.statuses if gate.state is GateState.PASSED]
        return max(passed, default=0)

    @property
    def passed(self) -> Sequence[GateStatus]:
        return [gate for gate in self.statuses if gate.state is GateState.PASSED]


def gates_of(facts: Sequence[Fact], planned: Sequence[GateStatus]) -> Gates:
    """The gates as these facts leave them; `planned` are those of the offering's file, in order."""
    statuses = {gate.gate: gate for gate in planned}
    for fact in facts:
        if (state := _state(fact)) is not None:
            name = fact.gate  # type: ignore[attr-defined]  # every fact that has a state has a gate
            gate = statuses.get(name, GateStatus(name, title=name))
            if gate.state is not GateState.PASSED:
                percent = fact.cancel_percent if isinstance(fact, GatePassed) else gate.percent
                statuses[name] = replace(gate, state=state, percent=percent, at=fact.at)
    return Gates(tuple(statuses.values()))


def _state(fact: Fact) -> GateState | None:
    states: dict[type[Fact], GateState] = {
        ApprovalAsked: GateState.ASKED,
        ApprovalGiven: GateState.SIGNED,
        ApprovalRefused: GateState.REFUSED,
        GateReached: GateState.REACHED,
        GateOpened: GateState.OPEN,
        GatePassed: GateState.PASSED,
    }
    return states.get(type(fact))
