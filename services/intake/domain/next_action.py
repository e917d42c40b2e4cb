"""What the customer is to do now: one thing, the most pressing one, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from types import MappingProxyType
from uuid import UUID

from services.intake.domain.approvals import Approval
from services.intake.domain.commissions import State
from services.intake.domain.record import CommissionRecord
from shared.contracts.lifecycle import Holder, Phase
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    InvoiceReopened,
    PaymentReceived,
    PaymentReversed,
)
from shared.contracts.production import AddressAsked, ParcelDelivered, PieceMade
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderApplied,
    ChangeOrderEnded,
    ChangeOrderOffered,
    QuestionAnswered,
    QuestionAsked,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteExpired,
    QuoteSent,
    Redraft,
)
from shared.kernel.money import Money


class CustomerAction(StrEnum):
    """What the customer is to do."""

    DECIDE = auto()
    READ_ANSWER = auto()
    DECIDE_CHANGE = auto()
    """Agree to a change order, or leave everything as it was agreed."""
    PAY_DEPOSIT = auto()
    PAY_TOP_UP = auto()
    """Pay what a change order added to the price."""
    SAY_WHERE = auto()
    """Say where the piece goes."""
    PAY_BALANCE = auto()
    PAY_CANCELLATION = auto()
    SIGN = auto()
    COLLECT = auto()
    """Come to the studio, and sign for the piece on its tablet."""
    CONFIRM_RECEIPT = auto()


@dataclass(frozen=True)
class NextAction:
    """`address` is the page on which it is done; `until` the day or instant it is due; `gate` what is to be signed."""

    kind: CustomerAction
    address: str
    until: datetime | date | None = None
    amount: Money | None = None
    gate: str = ""


def next_action(record: CommissionRecord) -> NextAction | None:
    """The one thing that the customer is to do now."""
    if record.commission.state is State.WITHDRAWN or record.pending:
        return None
    if record.outcome is not None:
        return _payment(record, InvoiceKind.CANCELLATION)
    return (
        _change(record)
        or _signature(record)
        or _decision(record)
        or _payment(record, InvoiceKind.DEPOSIT)
        or _where(record)
        or _payment(record, InvoiceKind.BALANCE)
        or _payment(record, InvoiceKind.TOP_UP)
        or _receipt(record)
    )


def _change(record: CommissionRecord) -> NextAction | None:
    """The change order that is with the customer."""
    if (offered := offered_change(record)) is None:
        return None
    address = f"/quotes/{record.commission.commission}/change-order"
    return NextAction(CustomerAction.DECIDE_CHANGE, address, offered.until, offered.total)


def offered_change(record: CommissionRecord) -> ChangeOrderOffered | None:
    """The change order that the customer has not answered, if it is still open."""
    offered = record.last(ChangeOrderOffered)
    ends = (record.last(ChangeOrderAgreed), record.last(ChangeOrderApplied), record.last(ChangeOrderEnded))
    return None if offered is None or any(end and end.number >= offered.number for end in ends) else offered


def _signature(record: CommissionRecord) -> NextAction | None:
    approval: Approval | None = next(iter(record.open_approvals), None)
    if approval is None:
        return None
    address = f"/commissions/{approval.commission}/approvals/{approval.approval}"
    return NextAction(CustomerAction.SIGN, address, gate=approval.gate)


def _decision(record: CommissionRecord) -> NextAction | None:
    """The newest quote that was sent, while it is open and no question about it is."""
    sent = record.last(QuoteSent)
    ends = (record.last(QuoteAccepted), record.last(QuoteDeclined), record.last(QuoteExpired))
    if record.open_proposal is not None:
        return None
    if sent is None or any(end and end.quote_version >= sent.quote_version for end in ends) or _unanswered(record):
        return None
    if any(each.redraft is Redraft.BRIEF_CHANGED for each in _drafted_since(record, sent)):
        return None
    answered = record.last(QuestionAnswered)
    return NextAction(
        CustomerAction.READ_ANSWER if answered and answered.at > sent.at else CustomerAction.DECIDE,
        f"/quotes/{record.commission.commission}",
        _until(record, Phase.OFFERED, sent.valid_until),
        sent.total,
    )


def _drafted_since(record: CommissionRecord, sent: QuoteSent) -> tuple[QuoteDrafted, ...]:
    return tuple(each for each in record.all(QuoteDrafted) if each.quote_version > sent.quote_version)


def _unanswered(record: CommissionRecord) -> bool:
    answered = record.last(QuestionAnswered)
    asked_last = record.last(QuestionAsked)
    return asked_last is not None and (answered is None or answered.open > 0 or answered.at < asked_last.at)


_PAID_IN = {InvoiceKind.DEPOSIT: Phase.DEPOSIT, InvoiceKind.BALANCE: Phase.BALANCE}
_PAYMENTS: Mapping[InvoiceKind, CustomerAction] = MappingProxyType(
    {
        InvoiceKind.DEPOSIT: CustomerAction.PAY_DEPOSIT,
        InvoiceKind.TOP_UP: CustomerAction.PAY_TOP_UP,
        InvoiceKind.BALANCE: CustomerAction.PAY_BALANCE,
        InvoiceKind.CANCELLATION: CustomerAction.PAY_CANCELLATION,
    }
)


def _payment(record: CommissionRecord, kind: InvoiceKind) -> NextAction | None:
    invoice = next((fact for fact in reversed(record.all(InvoiceIssued)) if fact.kind is kind), None)
    if invoice is None or is_paid(record, invoice.invoice):
        return None
    left = _left(record, invoice)
    if left.minor <= 0:
        return None
    phase = _PAID_IN.get(kind)
    until = _until(record, phase, invoice.due_on) if phase else invoice.due_on
    return NextAction(_PAYMENTS[kind], f"/quotes/{record.commission.commission}", until, left)


def is_paid(record: CommissionRecord, invoice: UUID) -> bool:
    """Whether an invoice is covered: the newest that was said of it counts, since a payment may be reversed."""
    said = (fact for fact in reversed(record.facts) if isinstance(fact, InvoicePaid | InvoiceReopened))
    return isinstance(next((fact for fact in said if fact.invoice == invoice), None), InvoicePaid)


def _until(record: CommissionRecord, phase: Phase, first: datetime | date | None) -> datetime | date | None:
    """The `first` deadline, unless the studio has given the customer more time since."""
    newest = record.newest_phase
    extended = newest is not None and newest.phase is phase and newest.holder is Holder.CUSTOMER
    return newest.due if newest and extended and newest.due else first


def _left(record: CommissionRecord, invoice: InvoiceIssued) -> Money:
    """What is still to be paid, by the newest payment that came after the invoice."""
    moved = (fact for fact in reversed(record.facts) if isinstance(fact, PaymentReceived | PaymentReversed))
    return next((fact.left for fact in moved if fact.at >= invoice.at), invoice.left)


def _where(record: CommissionRecord) -> NextAction | None:
    """Where the piece goes, from the day on which it is made: before, the page offers to say it."""
    made = record.last(PieceMade) or record.last(AddressAsked)
    if not made or record.delivery or record.handed_over:
        return None
    return NextAction(CustomerAction.SAY_WHERE, f"/commissions/{record.commission.commission}/delivery")


def _receipt(record: CommissionRecord) -> NextAction | None:
    commission = record.commission
    if record.can_be_collected and not commission.receipt_confirmed_at:
        return NextAction(CustomerAction.COLLECT, f"/commissions/{commission.commission}/receipt")
    if not record.handed_over or record.last(ParcelDelivered) or commission.receipt_confirmed_at:
        return None
    return NextAction(CustomerAction.CONFIRM_RECEIPT, f"/commissions/{commission.commission}/receipt")
