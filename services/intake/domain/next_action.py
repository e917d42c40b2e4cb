"""What is asked of the customer now: one thing, the most pressing one, or nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.intake.domain.approvals import Approval
from services.intake.domain.commissions import State
from services.intake.domain.record import CommissionRecord
from shared.contracts.lifecycle import Holder, Phase
from shared.contracts.payments import InvoiceIssued, InvoiceKind, InvoicePaid, PaymentReceived
from shared.contracts.production import ParcelDelivered
from shared.contracts.quotes import (
    QuestionAnswered,
    QuestionAsked,
    QuoteAccepted,
    QuoteDeclined,
    QuoteExpired,
    QuoteSent,
)
from shared.kernel.money import Money


class CustomerAction(StrEnum):
    """What the customer is to do."""

    DECIDE = "decide"
    PAY = "pay"
    SIGN = "sign"
    CONFIRM_RECEIPT = "confirm_receipt"


@dataclass(frozen=True)
class NextAction:
    """`action` is what the button says and `address` where it leads; `until` is the day or instant it is due."""

    kind: CustomerAction
    title: str
    words: str
    action: str
    address: str
    until: datetime | date | None = None
    amount: Money | None = None


def next_action(record: CommissionRecord) -> NextAction | None:
    """The one thing that is asked of the customer now."""
    if record.commission.state is State.WITHDRAWN or record.pending:
        return None
    if record.outcome is not None:
        return _payment(record, InvoiceKind.CANCELLATION)
    return (
        _signature(record)
        or _decision(record)
        or _payment(record, InvoiceKind.DEPOSIT)
        or _payment(record, InvoiceKind.BALANCE)
        or _receipt(record)
    )


def _signature(record: CommissionRecord) -> NextAction | None:
    approval: Approval | None = next(iter(record.open_approvals), None)
    if approval is None:
        return None
    gate = record.gate(approval.gate)
    return NextAction(
        CustomerAction.SIGN,
        f"Sign off: {record.gate_title(approval.gate)}",
        gate.why if gate else "What comes next cannot be undone.",
        "Look at it and sign",
        f"/commissions/{approval.commission}/approvals/{approval.approval}",
        approval.due,
    )


def _decision(record: CommissionRecord) -> NextAction | None:
    """The newest quote that was sent, while it is open and no question about it is."""
    sent = record.last(QuoteSent)
    ends = (record.last(QuoteAccepted), record.last(QuoteDeclined), record.last(QuoteExpired))
    if sent is None or any(end and end.quote_version >= sent.quote_version for end in ends) or _unanswered(record):
        return None
    answered = record.last(QuestionAnswered)
    title = "Your question is answered" if answered and answered.at > sent.at else "Read your quote, and decide"
    words = "Every line says what it pays for. Say yes, say no, or ask; nothing is made before you have said yes."
    return NextAction(
        CustomerAction.DECIDE,
        title,
        words,
        "To the quote",
        f"/quotes/{record.commission.commission}",
        _until(record, Phase.OFFERED, sent.valid_until),
        sent.total,
    )


def _unanswered(record: CommissionRecord) -> bool:
    answered = record.last(QuestionAnswered)
    asked_last = record.last(QuestionAsked)
    return asked_last is not None and (answered is None or answered.open > 0 or answered.at < asked_last.at)


_PAID_AT = {InvoiceKind.DEPOSIT: Phase.DEPOSIT, InvoiceKind.BALANCE: Phase.BALANCE}
_PAYMENTS = {
    InvoiceKind.DEPOSIT: ("Pay the deposit", "The hours at the bench are yours for good once it is here."),
    InvoiceKind.BALANCE: ("Pay the rest", "Your piece is made, and goes into its parcel once this is here."),
    InvoiceKind.CANCELLATION: (
        "Pay what is owed",
        "The commission is cancelled; this pays for what was done until then.",
    ),
}


def _payment(record: CommissionRecord, kind: InvoiceKind) -> NextAction | None:
    invoice = next((fact for fact in reversed(record.all(InvoiceIssued)) if fact.kind is kind), None)
    if invoice is None or any(fact.invoice == invoice.invoice for fact in record.all(InvoicePaid)):
        return None
    left = _left(record, invoice)
    if left.minor <= 0:
        return None
    title, words = _PAYMENTS[kind]
    stage = _PAID_AT.get(kind)
    until = _until(record, stage, invoice.due_on) if stage else invoice.due_on
    return NextAction(
        CustomerAction.PAY, title, words, "How to pay", f"/quotes/{record.commission.commission}", until, left
    )


def _until(record: CommissionRecord, stage: Phase, told: datetime | date | None) -> datetime | date | None:
    """What was told with the asking, unless the studio has given the customer more time since."""
    newest = record.newest_stage
    extended = newest is not None and newest.phase is stage and newest.holder is Holder.CUSTOMER
    return newest.due if newest and extended and newest.due else told


def _left(record: CommissionRecord, invoice: InvoiceIssued) -> Money:
    """What is still to be paid, by the newest payment that came after the invoice."""
    later = [fact.left for fact in record.all(PaymentReceived) if fact.at >= invoice.at]
    return later[-1] if later else invoice.left


def _receipt(record: CommissionRecord) -> NextAction | None:
    commission = record.commission
    if not record.handed_over or record.last(ParcelDelivered) or commission.receipt_confirmed_at:
        return None
    return NextAction(
        CustomerAction.CONFIRM_RECEIPT,
        "Has it arrived?",
        "Tell us as soon as the parcel is in your hands. Until then it is our worry.",
        "It has arrived",
        f"/commissions/{commission.commission}/receipt",
    )
