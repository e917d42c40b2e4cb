"""From what quotes told to steps: the quote, its questions, and the money."""

from collections.abc import Mapping
from types import MappingProxyType

from services.intake.domain.life import Life
from services.intake.domain.timeline.steps import Mark, Step
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


def quote_step(life: Life, fact: CommissionFact) -> Step | None:
    """The step that a fact of quotes is."""
    step: Step | None = None
    match fact:
        case QuoteDrafted():
            step = Step("Your quote is drafted", "Each line says what it pays for.", quiet=True)
        case QuoteSent():
            step = Step("Your quote came to you", "You can read it, ask about it, and decide.", amount=fact.total)
        case QuoteAccepted():
            step = Step("You said yes to the quote", "From now on it holds for both sides.", amount=fact.total)
        case QuoteDeclined():
            step = _with_words(life, fact.text, Step("You said no to the quote", "Thank you for telling us."), "You")
        case QuoteExpired():
            step = Step("The quote is no longer open", "It cannot be accepted any more.", quiet=True)
        case QuestionAsked():
            step = _with_words(life, fact.question, Step("You asked about the quote", ""), "You")
        case QuestionAnswered():
            step = _with_words(life, fact.answer, Step("The studio answered", ""), "The studio")
        case _:
            pass
    return step


def money_step(_life: Life, fact: CommissionFact) -> Step | None:
    """The step that a fact about money is."""
    step: Step | None = None
    match fact:
        case InvoiceIssued():
            step = Step(_INVOICES[fact.kind], f"Invoice {fact.number}.", amount=fact.total, quiet=True)
        case PaymentReceived() if fact.left.minor > 0:
            step = Step(
                "Your payment is here", "Thank you. A part of what was asked for is still to come.", amount=fact.amount
            )
        case PaymentReceived():
            step = Step("Your payment is here", "Thank you.", amount=fact.amount, quiet=True)
        case InvoicePaid():
            step = Step(*_PAID[fact.kind])
        case RefundDue():
            step = Step("Money goes back to you", _REFUNDS[fact.reason], amount=fact.amount)
        case RefundPaid():
            step = Step("Your money is sent back", "It reaches you in a few days.", amount=fact.amount)
        case _:
            pass
    return step


def _with_words(life: Life, text: object, step: Step, by: str) -> Step:
    found = next((each for each in life.texts.values() if each.text == text), None)
    words = found.shown if found else ""
    return Step(step.what, step.said, Mark.DONE, words=words, by=by if words else "")
