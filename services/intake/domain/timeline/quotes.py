"""From what quotes told to entries: the quote, its questions, and the money."""

from collections.abc import Mapping
from types import MappingProxyType

from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import EntryState, TimelineEntry
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    PaymentReceived,
    RefundDue,
    RefundPaid,
    RefundReason,
)
from shared.contracts.quotes import (
    QuestionAnswered,
    QuestionAsked,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteExpired,
    QuoteSent,
)

_INVOICES: Mapping[InvoiceKind, str] = MappingProxyType(
    {
        InvoiceKind.DEPOSIT: "The invoice for the deposit is here",
        InvoiceKind.BALANCE: "The final invoice is here",
        InvoiceKind.CANCELLATION: "What is owed after the cancellation is written out",
    }
)
_PAID: Mapping[InvoiceKind, tuple[str, str]] = MappingProxyType(
    {
        InvoiceKind.DEPOSIT: ("The deposit is paid", "The hours at the bench can be yours for good now."),
        InvoiceKind.BALANCE: ("Everything is paid", "Nothing stands between your piece and its parcel any more."),
        InvoiceKind.CANCELLATION: ("What was owed is paid", "Nothing is left to pay."),
    }
)
_REFUNDS: Mapping[RefundReason, str] = MappingProxyType(
    {
        RefundReason.OVERPAID: "More came in than was asked for.",
        RefundReason.CANCELLED: "You paid more than is owed after the cancellation.",
        RefundReason.NOT_OWED: "It came in after the commission had ended.",
    }
)


def quote_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a fact of quotes is."""
    entry: TimelineEntry | None = None
    match fact:
        case QuoteDrafted():
            entry = TimelineEntry("Your quote is drafted", "Each line says what it pays for.", quiet=True)
        case QuoteSent():
            entry = TimelineEntry(
                "Your quote came to you", "You can read it, ask about it, and decide.", amount=fact.total
            )
        case QuoteAccepted():
            entry = TimelineEntry(
                "You said yes to the quote", "From now on it holds for both sides.", amount=fact.total
            )
        case QuoteDeclined():
            entry = _with_words(
                record, fact.text, TimelineEntry("You said no to the quote", "Thank you for telling us."), "You"
            )
        case QuoteExpired():
            entry = TimelineEntry("The quote is no longer open", "It cannot be accepted any more.", quiet=True)
        case QuestionAsked():
            entry = _with_words(record, fact.question, TimelineEntry("You asked about the quote", ""), "You")
        case QuestionAnswered():
            entry = _with_words(record, fact.answer, TimelineEntry("The studio answered", ""), "The studio")
        case _:
            pass
    return entry


def money_entry(_life: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a fact about money is."""
    entry: TimelineEntry | None = None
    match fact:
        case InvoiceIssued():
            entry = TimelineEntry(_INVOICES[fact.kind], f"Invoice {fact.number}.", amount=fact.total, quiet=True)
        case PaymentReceived() if fact.left.minor > 0:
            entry = TimelineEntry(
                "Your payment is here", "Thank you. A part of what was asked for is still to come.", amount=fact.amount
            )
        case PaymentReceived():
            entry = TimelineEntry("Your payment is here", "Thank you.", amount=fact.amount, quiet=True)
        case InvoicePaid():
            entry = TimelineEntry(*_PAID[fact.kind])
        case RefundDue():
            entry = TimelineEntry("Money goes back to you", _REFUNDS[fact.reason], amount=fact.amount)
        case RefundPaid():
            entry = TimelineEntry("Your money is sent back", "It reaches you in a few days.", amount=fact.amount)
        case _:
            pass
    return entry


def _with_words(record: CommissionRecord, text: object, entry: TimelineEntry, by: str) -> TimelineEntry:
    found = next((each for each in record.texts.values() if each.text == text), None)
    words = found.shown if found else ""
    return TimelineEntry(entry.what, entry.said, EntryState.DONE, words=words, by=by if words else "")
