"""`touchmark.quotes`, owned by quotes: the life of a quote, by ids, versions and amounts."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.fact import CommissionFact, Topic
from shared.kernel.money import Money

GUARANTEE_MONTHS: Final = 24
"""At least as long a seller in the European Union answers for a piece (Directive (EU) 2019/771, Article 10 (1))."""


WITHDRAWAL_DAYS: Final = 14
"""How long a consumer may withdraw, from the arrival (Directive 2011/83/EU, Article 9)."""


class QuoteEnd(StrEnum):
    """Why a quote ended; the same words as `lifecycle.Outcome`, but for a piece that was completed."""

    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class SendRefusal(StrEnum):
    """Why a quote that the studio asked to send stays a draft."""

    NO_HOURS = "no_hours"
    """No maker can make it: nobody has the skills, or the hours within ten years."""
    LATER_DAY = "later_day"
    """Hours were taken since the draft was made: it would be ready later than the studio saw."""
    DAY_PASSED = "day_passed"
    """The last day to accept that the studio gave had passed before hours were held."""


class DeclineReason(StrEnum):
    PRICE = "price"
    TOO_SLOW = "too_slow"
    CHANGED_MIND = "changed_mind"
    FOUND_ELSEWHERE = "found_elsewhere"
    OTHER = "other"


class Redraft(StrEnum):
    """Why another version of a quote was drafted: what ops changed in it, or that what is wished changed."""

    PRICE_CHANGED = "price_changed"
    """One line has another amount."""
    PRICE_RESTORED = "price_restored"
    """One line has the amount again that the offering's prices make it."""
    LINES_CHANGED = "lines_changed"
    """Lines were added, removed, or put in another order."""
    DISCOUNT_GIVEN = "discount_given"
    """There is a discount, or another one."""
    CONDITIONS_SET = "conditions_set"
    """The deposit, its days, or how long the quote is valid, is set for this quote."""
    BRIEF_CHANGED = "brief_changed"
    """The brief has a newer version, by which it was worked out again. Lines that ops had set are set as before."""
    NOTHING = "nothing"
    """The version that was sent is a draft once more, with the same lines."""


class PriceChange(BaseModel):
    """A line of a quote by its code, with its amount until now and its new one, both without VAT."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line: str
    before: Money
    amount: Money


class QuoteDrafted(CommissionFact):
    """A quote was drafted from one version of the brief; it waits on the studio's desk.

    `redraft` says what ops changed in the version before, None where the life cycle had it drafted; `change` is the
    line whose price is another one.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    brief_version: int
    total: Money
    redraft: Redraft | None = None
    change: PriceChange | None = None
    by: UUID | None = None


class QuoteExpired(CommissionFact):
    """A quote can no longer be accepted."""

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    reason: QuoteEnd


class QuoteSendAsked(CommissionFact):
    """The studio asked to send a version: it is sent as soon as a maker's hours are held for it.

    `sending` counts how often it asked for this commission. `ready_by` is the day that it saw: hours for a later one
    are not held without its say.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    sending: int
    ready_by: date | None = None
    by: UUID | None = None


class QuoteSent(CommissionFact):
    """The studio put a version before the customer: it can be accepted until `valid_until` (exclusive).

    A version that was sent before it can no longer be accepted. `deposit` is what is due on acceptance.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    total: Money
    deposit: Money
    valid_until: datetime
    ready_by: date | None = None
    ready_by_p50: date | None = None
    by: UUID | None = None


class QuoteAccepted(CommissionFact):
    """The customer agreed to this version, its terms and its variation: the contract of this commission.

    `deposit_due_on` is the last day for the deposit, as its invoice has it; without it the commission ends after that.
    `amendment` counts what was agreed about the commission: 0 is the accepted quote. `guarantee_months` is how long the
    studio answers for the piece, from its arrival. `withdrawal_days` is how long the customer may withdraw from then
    on; None for a piece that does not carry that right.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    total: Money
    deposit: Money
    deposit_due_on: date | None = None
    amendment: int = 0
    guarantee_months: int = GUARANTEE_MONTHS
    withdrawal_days: int | None = None
    by: UUID | None = None


class QuoteDeclined(CommissionFact):
    """The customer does not want it; `text` is what they wrote about it, if anything.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    reason: DeclineReason
    text: UUID | None = None
    by: UUID | None = None


class QuestionAsked(CommissionFact):
    """The customer asked something about the quote: it is the studio's move."""

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    question: UUID
    """Its text on `touchmark.texts`."""


class QuestionAnswered(CommissionFact):
    """The studio answered a question; `open` is how many are still unanswered."""

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    question: UUID
    answer: UUID
    """Its text on `touchmark.texts`."""
    open: int
    by: UUID | None = None


class ChangeRefusal(StrEnum):
    """Why the bench does not apply a change order."""

    MADE = "made"
    """The piece is made, or nothing is made of it any more."""
    NOT_BOOKED = "not_booked"
    """Its hours are not booked yet."""
    LATER_DAY = "later_day"
    """It would be ready later than was agreed: hours were taken, or days went by."""
    NO_HOURS = "no_hours"
    """The maker has no hours for it within ten years."""


class ChangeOrderEnd(StrEnum):
    """Why a change order came to nothing: what was agreed before stands."""

    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    """The studio took it back, or what was proposed is not wished any more."""
    REFUSED = "refused"
    """The bench could not apply it."""
    CANCELLED = "cancelled"
    """The commission ended first."""


class ChangeOrderAsked(CommissionFact):
    """The studio asked to offer a change of what was accepted: it is offered once the bench has said by which day.

    `number` counts the change orders of the commission. It touches the stages from `from_stage` on, and could be agreed
    to until `until`.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    change_order: UUID
    number: int
    proposal: UUID
    from_stage: str
    until: datetime
    by: UUID | None = None


class ChangeOrderOffered(CommissionFact):
    """A change of what was accepted is before the customer until `until` (exclusive); `difference` is what it adds.

    The piece would be ready by `ready_by`, and was to be `before`.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    change_order: UUID
    number: int
    total: Money
    difference: Money
    until: datetime
    ready_by: date
    before: date


class ChangeOrderAgreed(CommissionFact):
    """The customer agreed to a change order; it counts once the bench has applied it, if it is ready by `at_latest`.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    change_order: UUID
    number: int
    at_latest: date
    by: UUID | None = None


class ChangeOrderApplied(CommissionFact):
    """A change order is in force: the amendment of the contract, and its money.

    `credit_note` is the paper that lowers what was asked for before, if there is one.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    change_order: UUID
    number: int
    amendment: int
    total: Money
    difference: Money
    ready_by: date
    brief_version: int
    credit_note: UUID | None = None


class ChangeOrderEnded(CommissionFact):
    """A change order came to nothing.

    `offered`: the customer had it. `refusal` says why the bench did not apply it, `by` who of the studio ended it.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    change_order: UUID
    number: int
    end: ChangeOrderEnd
    offered: bool = True
    refusal: ChangeRefusal | None = None
    by: UUID | None = None


class ClaimRemedy(StrEnum):
    """What the studio offers to somebody whose piece has something wrong (Directive (EU) 2019/771, Article 13)."""

    REPAIR = "repair"
    REMAKE = "remake"
    REDUCTION = "reduction"
    """Part of the price goes back; the piece stays."""
    REFUND = "refund"
    """All that was paid goes back."""
    REFUSAL = "refusal"


class ClaimAnswered(CommissionFact):
    """The studio answered what is wrong with a piece; `text` says why. `amount` is what the price falls by, if it does.

    It comes with a `RefundDue` where money goes back. `credit_note` is the paper that lowers the invoice.
    """

    topic: ClassVar[Topic] = Topic.QUOTES

    claim: UUID
    remedy: ClaimRemedy
    text: UUID
    amount: Money | None = None
    credit_note: UUID | None = None
    by: UUID | None = None
