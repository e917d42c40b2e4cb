"""From the facts of quotes to entries: the quote, its questions, and the money."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import Author, EntryCode, TimelineEntry, entry, quiet_entry
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    PaymentReceived,
    PaymentReversed,
    RefundDue,
    RefundPaid,
    RefundReason,
    RefundWithdrawn,
)
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderApplied,
    ChangeOrderAsked,
    ChangeOrderEnd,
    ChangeOrderEnded,
    ChangeOrderOffered,
    ClaimAnswered,
    ClaimRemedy,
    QuestionAnswered,
    QuestionAsked,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteExpired,
    QuoteSent,
)

_INVOICED: Mapping[InvoiceKind, EntryCode] = MappingProxyType(
    {
        InvoiceKind.DEPOSIT: EntryCode.DEPOSIT_INVOICED,
        InvoiceKind.TOP_UP: EntryCode.TOP_UP_INVOICED,
        InvoiceKind.BALANCE: EntryCode.BALANCE_INVOICED,
        InvoiceKind.CANCELLATION: EntryCode.CANCELLATION_INVOICED,
    }
)
_PAID: Mapping[InvoiceKind, EntryCode] = MappingProxyType(
    {
        InvoiceKind.DEPOSIT: EntryCode.DEPOSIT_PAID,
        InvoiceKind.TOP_UP: EntryCode.TOP_UP_PAID,
        InvoiceKind.BALANCE: EntryCode.BALANCE_PAID,
        InvoiceKind.CANCELLATION: EntryCode.CANCELLATION_PAID,
    }
)
_REFUNDED: Mapping[RefundReason, EntryCode] = MappingProxyType(
    {
        RefundReason.OVERPAID: EntryCode.OVERPAYMENT_REFUNDED,
        RefundReason.CANCELLED: EntryCode.CANCELLATION_REFUNDED,
        RefundReason.NOT_OWED: EntryCode.LATE_PAYMENT_REFUNDED,
        RefundReason.CLAIM: EntryCode.CLAIM_REFUNDED,
        RefundReason.WITHDRAWN: EntryCode.WITHDRAWAL_REFUNDED,
        RefundReason.CHANGE_ORDER: EntryCode.CHANGE_REFUNDED,
    }
)
_ENDED: Mapping[ChangeOrderEnd, EntryCode] = MappingProxyType(
    {
        ChangeOrderEnd.DECLINED: EntryCode.CHANGE_ORDER_DECLINED,
        ChangeOrderEnd.LAPSED: EntryCode.CHANGE_ORDER_LAPSED,
        ChangeOrderEnd.WITHDRAWN: EntryCode.CHANGE_ORDER_WITHDRAWN,
        ChangeOrderEnd.REFUSED: EntryCode.CHANGE_ORDER_REFUSED,
        ChangeOrderEnd.CANCELLED: EntryCode.CHANGE_ORDER_WITHDRAWN,
    }
)
_REMEDIES: Mapping[ClaimRemedy, EntryCode] = MappingProxyType(
    {
        ClaimRemedy.REPAIR: EntryCode.REPAIR_OFFERED,
        ClaimRemedy.REMAKE: EntryCode.REMAKE_OFFERED,
        ClaimRemedy.REDUCTION: EntryCode.PRICE_REDUCED,
        ClaimRemedy.REFUND: EntryCode.PRICE_REFUNDED,
        ClaimRemedy.REFUSAL: EntryCode.CLAIM_REFUSED,
    }
)


def quote_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a fact about the quote is."""
    found: TimelineEntry | None = None
    match fact:
        case QuoteDrafted():
            found = quiet_entry(EntryCode.QUOTE_DRAFTED)
        case QuoteSent():
            found = replace(entry(EntryCode.QUOTE_SENT), amount=fact.total)
        case QuoteAccepted():
            found = replace(entry(EntryCode.QUOTE_ACCEPTED), amount=fact.total)
        case QuoteDeclined():
            found = _quoting(record, fact.text, entry(EntryCode.QUOTE_DECLINED), Author.CUSTOMER)
        case QuoteExpired():
            found = quiet_entry(EntryCode.QUOTE_EXPIRED)
        case QuestionAsked():
            found = _quoting(record, fact.question, entry(EntryCode.QUESTION_ASKED), Author.CUSTOMER)
        case QuestionAnswered():
            found = _quoting(record, fact.answer, entry(EntryCode.QUESTION_ANSWERED), Author.STUDIO)
        case ClaimAnswered():
            answered = replace(entry(_REMEDIES[fact.remedy]), amount=fact.amount)
            found = _quoting(record, fact.text, answered, Author.STUDIO)
        case _:
            pass
    return found


def change_entry(_record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a fact about a change order is."""
    match fact:
        case ChangeOrderAsked():
            return quiet_entry(EntryCode.CHANGE_ORDER_ASKED)
        case ChangeOrderOffered():
            return replace(entry(EntryCode.CHANGE_ORDER_OFFERED), amount=fact.total)
        case ChangeOrderAgreed():
            return entry(EntryCode.CHANGE_ORDER_AGREED)
        case ChangeOrderApplied():
            return replace(entry(EntryCode.CHANGE_ORDER_APPLIED, ready_by=fact.ready_by), amount=fact.total)
        case ChangeOrderEnded() if fact.offered:
            return quiet_entry(_ENDED[fact.end])
        case _:
            return None


def money_entry(_record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a fact about money is."""
    found: TimelineEntry | None = None
    match fact:
        case InvoiceIssued():
            found = replace(quiet_entry(_INVOICED[fact.kind], number=fact.number), amount=fact.total)
        case PaymentReceived() if fact.left.minor > 0:
            found = replace(entry(EntryCode.PAID_IN_PART), amount=fact.amount)
        case PaymentReceived():
            found = replace(quiet_entry(EntryCode.PAYMENT_RECEIVED), amount=fact.amount)
        case PaymentReversed():
            found = replace(entry(EntryCode.PAYMENT_REVERSED), amount=fact.amount)
        case InvoicePaid():
            found = entry(_PAID[fact.kind])
        case RefundDue():
            found = replace(entry(_REFUNDED[fact.reason]), amount=fact.amount)
        case RefundWithdrawn():
            found = replace(quiet_entry(EntryCode.REFUND_WITHDRAWN), amount=fact.amount)
        case RefundPaid():
            found = replace(entry(EntryCode.REFUND_SENT), amount=fact.amount)
        case _:
            pass
    return found


def _quoting(record: CommissionRecord, text: UUID | None, quoted: TimelineEntry, author: Author) -> TimelineEntry:
    """The entry with what somebody wrote, where it has come."""
    found = record.texts.get(text) if text else None
    return replace(quoted, quotation=found, author=author) if found else quoted
