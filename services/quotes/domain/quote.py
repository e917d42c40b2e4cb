"""A quote and its lines: what they say, and the states a version goes through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.contracts.briefs import BriefAnswer
from shared.contracts.quotes import DeclineReason, QuoteEnd
from shared.kernel.money import Money


class QuoteState(StrEnum):
    """The states of one version of a quote; `schema.sql` says which follows which."""

    DRAFTED = "drafted"
    SENT = "sent"
    REPLACED = "replaced"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether it may still be sent or accepted."""
        return self in {QuoteState.DRAFTED, QuoteState.SENT}


def ended_as(reason: QuoteEnd) -> QuoteState:
    """The state of a version that was not accepted and whose commission ended for this reason."""
    match reason:
        case QuoteEnd.DECLINED:
            return QuoteState.DECLINED
        case QuoteEnd.CANCELLED:
            return QuoteState.CANCELLED
        case QuoteEnd.LAPSED | QuoteEnd.WITHDRAWN | QuoteEnd.REFUSED | QuoteEnd.EXPIRED:
            return QuoteState.EXPIRED


class LineUnit(StrEnum):
    """What a line counts."""

    GRAMS = "g"
    HOURS = "hours"
    LETTERS = "letters"
    PERCENT = "percent"


class FixedLineCode(StrEnum):
    """The lines that every offering has."""

    MINIMUM = "minimum"
    DISCOUNT = "discount"
    VAT = "vat"


@dataclass(frozen=True)
class Adjustment:
    """The studio changed a line's amount: what the offering's prices make it, and why, for the customer."""

    was: Money
    reason: str


@dataclass(frozen=True)
class QuoteLine:
    """One line: `amount` is `base` and `quantity` times `unit_price`, where it has these and no `adjustment`.

    `code` is the line of the offering, which has its words. `option` is what was chosen, `measured` what was worked
    out from the brief before losses; nothing of it is the customer's own words: a quote outlives its brief. `title` is
    what the studio calls a line that it added; the offering has no words for it.
    """

    code: str
    amount: Money
    option: str | None = None
    measured: Decimal | None = None
    base: Money | None = None
    quantity: Decimal | None = None
    unit: LineUnit | None = None
    unit_price: Money | None = None
    adjustment: Adjustment | None = None
    title: str | None = None

    @property
    def ours(self) -> bool:
        """Whether the studio added it, by hand: a line of its own, or a discount."""
        return self.title is not None or self.code == FixedLineCode.DISCOUNT


@dataclass(frozen=True)
class QuoteConditions:
    """What the studio sets for one quote; None is what its settings, or the offering, say.

    The deposit is a share of the price, due in so many days after the acceptance; a quote is valid for so many days.
    """

    deposit_percent: int | None = None
    deposit_days: int | None = None
    valid_days: int | None = None


@dataclass(frozen=True)
class Price:
    """The lines without VAT in the offering's order, VAT as a line of its own, and the sums; all in one currency."""

    lines: tuple[QuoteLine, ...]
    vat: QuoteLine
    net: Money
    total: Money

    def line(self, code: str) -> QuoteLine | None:
        """The line of this code, if there is one."""
        return next((line for line in self.lines if line.code == code), None)


class TermCode(StrEnum):
    """What is agreed to besides the price."""

    DEPOSIT = "deposit"
    BALANCE = "balance"
    READY_BY = "ready_by"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_RIGHT = "withdrawal_right"
    CANCEL_BEFORE_WORK = "cancel_before_work"
    CANCEL_AFTER_GATE = "cancel_after_gate"
    CANCELLED_BY_STUDIO = "cancelled_by_studio"
    GUARANTEE = "guarantee"


@dataclass(frozen=True)
class Term:
    """One term with its parameters; `gate` is the id of a gate of the offering."""

    code: TermCode
    percent: int | None = None
    days: int | None = None
    day: date | None = None
    gate: str | None = None
    months: int | None = None


@dataclass(frozen=True)
class Offer:
    """What a version said when it was sent; it can be accepted before `valid_until`."""

    sent_at: datetime
    valid_until: datetime
    deposit: Money
    terms: tuple[Term, ...]
    variation: tuple[str, ...]
    """Ids of the offering's variations."""

    @property
    def deposit_days(self) -> int | None:
        """Within how many days of the acceptance the deposit is due, as its terms say."""
        return next((each.days for each in self.terms if each.code is TermCode.DEPOSIT), None)


@dataclass(frozen=True)
class Decline:
    """Why the customer does not want it; `words` are gone once they were erased."""

    reason: DeclineReason
    text: UUID | None = None
    words: str | None = None


@dataclass(frozen=True)
class Quote:
    """One version of a commission's quote; `offer` is None until it is sent."""

    quote: UUID
    version: int
    commission: UUID
    brief_version: int
    craft: str
    offering: str
    offering_version: int
    state: QuoteState
    price: Price
    drafted_at: datetime
    ready_by: date | None = None
    ready_by_p50: date | None = None
    offer: Offer | None = None
    accepted_at: datetime | None = None
    decline: Decline | None = None
    ended_at: datetime | None = None
    end_reason: QuoteEnd | None = None
    conditions: QuoteConditions = QuoteConditions()

    def expired_at(self, now: datetime) -> bool:
        """Whether it was sent and nobody accepted it in time, whether or not anybody has noticed yet."""
        return self.state is QuoteState.SENT and self.offer is not None and now >= self.offer.valid_until

    @property
    def balance(self) -> Money | None:
        """What is due before shipping."""
        return self.price.total.less(self.offer.deposit) if self.offer else None


@dataclass(frozen=True)
class QuoteHead:
    """A commission's quote without its lines: which versions there are, whose it is, and what is held for it."""

    quote: UUID
    commission: UUID
    newest: int
    customer: UUID
    held_until: datetime | None = None
    ready_by: date | None = None
    ready_by_p50: date | None = None
    offered: int | None = None
    accepted: int | None = None


@dataclass(frozen=True)
class Question:
    """What the customer asked, and what the studio answered; words are None once they were erased."""

    question: UUID
    commission: UUID
    version: int
    author: UUID
    body: str | None
    asked_at: datetime
    answer: UUID | None = None
    answer_body: str | None = None
    answered_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.answer is None


@dataclass(frozen=True)
class QuotedBrief:
    """A commission's brief as it is known here; `images` are its reference pictures, which intake keeps."""

    commission: UUID
    version: int
    craft: str
    offering: str
    offering_version: int
    offering_sha256: str
    answers: tuple[BriefAnswer, ...]
    written_at: datetime
    images: tuple[UUID, ...] = ()

    @property
    def values(self) -> Mapping[str, str]:
        """The answers by field."""
        return {answer.field: str(answer.value) for answer in self.answers}


@dataclass(frozen=True)
class QuoteSummary:
    """The accepted or newest version of a quote, as a list shows it."""

    quote: UUID
    version: int
    commission: UUID
    craft: str
    offering: str
    offering_version: int
    state: QuoteState
    total: Money
    drafted_at: datetime
    valid_until: datetime | None = None
    open_questions: int = 0

    def expired_at(self, now: datetime) -> bool:
        """Whether it was sent and nobody accepted it in time."""
        return self.state is QuoteState.SENT and self.valid_until is not None and now >= self.valid_until
