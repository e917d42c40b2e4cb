"""Commands that quotes carries out."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal, QuoteEnd, SendRefusal
from shared.kernel.money import Money


class QuoteDraft(Result):
    quote: UUID
    quote_version: int
    total: Money


class DraftQuote(Command[QuoteDraft]):
    """Draft a quote from the brief of at least this version (`NotYet` until quotes knows it, and its customer).

    Its days are a preview, of which nothing is held: the piece could be ready on `ready_by` or before in 90 of 100
    cases (P90), on `ready_by_p50` or before in 50.
    """

    service: ClassVar[str] = "quotes"

    brief_version: int
    ready_by: date | None = None
    ready_by_p50: date | None = None


class SentQuote(Result):
    """Whether it is with the customer now; if not, the studio has changed its mind, or the customer has decided."""

    sent: bool
    total: Money | None = None
    deposit: Money | None = None
    valid_until: datetime | None = None


class SendQuote(Command[SentQuote]):
    """Put the version that the studio asked to send (its `sending`th asking) before the customer.

    A maker's hours are held for it until `held_until`, and it is not valid for longer.
    """

    service: ClassVar[str] = "quotes"

    quote: UUID
    quote_version: int
    sending: int
    held_until: datetime
    ready_by: date
    ready_by_p50: date


class KeepDraft(Command[Done]):
    """What the studio asked to send stays a draft: no hours are held for it.

    `ready_by` and `ready_by_p50` are the days that are possible now, where there are any.
    """

    service: ClassVar[str] = "quotes"

    quote: UUID
    sending: int
    reason: SendRefusal
    ready_by: date | None = None
    ready_by_p50: date | None = None


class QuoteEnding(Result):
    """`accepted` says that the customer was quicker: the quote was accepted, and still is.

    `deposit_paid` says that all of its deposit is here.
    """

    accepted: bool = False
    total: Money | None = None
    deposit: Money | None = None
    deposit_due_on: date | None = None
    deposit_paid: bool = False


class ExpireQuote(Command[QuoteEnding]):
    """Make every version of a quote unacceptable; one that was accepted stays so. Twice is the same as once.

    `quote_version` is the newest one that the life cycle knows of.
    """

    service: ClassVar[str] = "quotes"

    quote: UUID
    quote_version: int
    reason: QuoteEnd


class ExtendedQuote(Result):
    """`accepted` or `ended` says that there was nothing to extend any more."""

    valid_until: datetime
    accepted: bool = False
    ended: bool = False


class ExtendQuote(Command[ExtendedQuote]):
    """Let the version that was sent be accepted until `valid_until`; never shortens."""

    service: ClassVar[str] = "quotes"

    quote: UUID
    valid_until: datetime


class IssuedInvoice(Result):
    """`left` is what is still to be paid of all that was asked for; `reference` is what the transfer should say.

    `due_on` is the last day to pay it.
    """

    invoice: UUID
    number: str
    total: Money
    left: Money
    reference: str
    due_on: date | None = None


class IssueBalance(Command[IssuedInvoice]):
    """Ask the customer for the rest of the accepted quote's price: the final invoice."""

    service: ClassVar[str] = "quotes"


class Settlement(Result):
    """What a cancellation comes to: `owed` of the price, `paid` so far, `refund` goes back, `left` is to be paid.

    Where money was sent back for a payment that was reversed since, that is in `left`, and nothing was `paid`.
    """

    owed: Money
    paid: Money
    refund: Money
    left: Money


class SettleCancellation(Command[Settlement]):
    """End an accepted quote: `owed_percent` of its price is owed, and what was paid beyond goes back."""

    service: ClassVar[str] = "quotes"

    owed_percent: int
    reason: QuoteEnd


class RefundWithdrawal(Command[Done]):
    """Refund all that was paid: the customer withdrew from the contract when the parcel was on its way. Once."""

    service: ClassVar[str] = "quotes"


class OfferedChangeOrder(Result):
    """Whether it is with the customer now; if not, the studio has changed its mind."""

    offered: bool


class OfferChangeOrder(Command[OfferedChangeOrder]):
    """Put a change order before the customer: the stages it touches are frozen, and hours held for it.

    The piece would be ready by `ready_by`, and was to be `before`; `gates` are those to be signed off again.
    """

    service: ClassVar[str] = "quotes"

    change_order: UUID
    ready_by: date
    before: date
    gates: tuple[str, ...] = ()


class ChangeOrderEnding(Result):
    """`agreed` says that the customer was quicker: it did not lapse."""

    agreed: bool = False


class EndChangeOrder(Command[ChangeOrderEnding]):
    """End a change order that nobody agreed to in time, or that the bench does not apply. Twice is the same as once."""

    service: ClassVar[str] = "quotes"

    change_order: UUID
    end: ChangeOrderEnd
    refusal: ChangeRefusal | None = None


class CountChangeOrder(Command[Done]):
    """The bench has applied a change order, and its brief is in force: amend the contract, and count the money."""

    service: ClassVar[str] = "quotes"

    change_order: UUID
    ready_by: date
    brief_version: int
