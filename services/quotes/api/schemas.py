"""What the API shows of quotes and money."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from services.quotes.domain.account import Account, Invoice, PaymentState
from services.quotes.domain.names import OfCommission
from services.quotes.domain.quote import LineUnit, Offer, Quote, QuotedBrief, QuoteLine, QuoteState, TermCode
from services.quotes.labels.names import NameWording
from services.quotes.labels.wording import QuoteWording
from shared.contracts.payments import InvoiceKind, PaymentMethod, RefundReason, ReversalReason
from shared.contracts.quotes import DeclineReason, QuoteEnd
from shared.kernel.money import Money
from shared.web.responses import BriefAnswerRead, ResponseModel

_Named = TypeVar("_Named", bound="NamedRead")


class NamedRead(ResponseModel):
    """What belongs to a commission, with its names. A name is null until it is here, and once it was erased."""

    customer_name: str | None = None
    customer_erased: bool = False
    piece: str | None = Field(default=None, description="What is made, in a few words of the reader's language.")


class QuoteSummaryRead(NamedRead):
    """The accepted or newest version of a commission's quote."""

    quote: UUID
    version: int
    commission: UUID
    craft: str
    state: QuoteState
    total: Money
    drafted_at: datetime
    valid_until: datetime | None
    open_questions: int = Field(description="Questions that wait for an answer.")


class AdjustmentRead(ResponseModel):
    """The studio changed the line: its amount by the offering's prices, and why."""

    was: Money
    reason: str


class LineRead(BaseModel):
    """One line; `amount` is `base` and `quantity` times `unit_price`, where it has these and no `adjustment`."""

    code: str = Field(description="The line of the offering.")
    title: str = Field(description="In the language that you accept.")
    why: str = Field(description="What the line pays for; in the language that you accept.")
    detail: str = Field(description="What was counted; in the language that you accept.")
    option: str | None = Field(description="The option that was chosen, if the line depends on one.")
    amount: Money
    base: Money | None
    quantity: Decimal | None
    unit: LineUnit | None
    unit_price: Money | None
    adjustment: AdjustmentRead | None

    @classmethod
    def of(cls, line: QuoteLine, wording: QuoteWording) -> Self:
        words = wording.line(line)
        return cls(
            code=line.code,
            title=words.title,
            why=words.why,
            detail=words.detail,
            option=line.option,
            amount=line.amount,
            base=line.base,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            adjustment=AdjustmentRead.model_validate(line.adjustment) if line.adjustment else None,
        )


class PriceRead(BaseModel):
    """`lines` are without VAT, which is a line of its own."""

    lines: list[LineRead]
    net: Money
    vat: LineRead
    total: Money


class ClauseRead(ResponseModel):
    """In the language that you accept."""

    title: str
    words: str


class TermRead(ClauseRead):
    """One term, as a code with its parameters and in words."""

    code: TermCode
    percent: int | None
    days: int | None
    day: date | None
    gate: str | None


class OfferRead(BaseModel):
    """What a version said when it was sent; it can be accepted before `valid_until`."""

    sent_at: datetime
    valid_until: datetime
    deposit: Money
    terms: list[TermRead]
    variation: list[ClauseRead]


class DeclineRead(ResponseModel):
    reason: DeclineReason
    words: str | None


class ConditionsRead(ResponseModel):
    """What the studio set for this quote alone; null is what its settings, or the offering, say."""

    deposit_percent: int | None
    deposit_days: int | None
    valid_days: int | None


class WorkRead(ResponseModel):
    """The maker's own hours as planned, and what of the price without VAT is theirs, where the settings say it."""

    hours: Decimal
    pay: Money | None
    rest: Money | None
    share: int | None = Field(description="In whole percent, rounded down.")


class QuoteRead(BaseModel):
    """One version of a quote with its lines; `offer` is null until it is sent."""

    quote: UUID
    version: int
    brief_version: int
    craft: str
    offering: str
    offering_version: int
    state: QuoteState
    price: PriceRead
    drafted_at: datetime
    ready_by: date | None = Field(description="In 90 of 100 cases it is ready by then, or before.")
    ready_by_p50: date | None = Field(description="In 50 of 100 cases it is ready by then, or before.")
    offer: OfferRead | None
    accepted_at: datetime | None
    decline: DeclineRead | None
    ended_at: datetime | None
    end_reason: QuoteEnd | None
    conditions: ConditionsRead

    @classmethod
    def of(cls, quote: Quote, wording: QuoteWording) -> Self:
        price = quote.price
        return cls(
            quote=quote.quote,
            version=quote.version,
            brief_version=quote.brief_version,
            craft=quote.craft,
            offering=quote.offering,
            offering_version=quote.offering_version,
            state=quote.state,
            price=PriceRead(
                lines=[LineRead.of(line, wording) for line in price.lines],
                net=price.net,
                vat=LineRead.of(price.vat, wording),
                total=price.total,
            ),
            drafted_at=quote.drafted_at,
            conditions=ConditionsRead.model_validate(quote.conditions),
            ready_by=quote.ready_by,
            ready_by_p50=quote.ready_by_p50,
            offer=_offer(quote, quote.offer, wording) if quote.offer else None,
            accepted_at=quote.accepted_at,
            decline=DeclineRead.model_validate(quote.decline) if quote.decline else None,
            ended_at=quote.ended_at,
            end_reason=quote.end_reason,
        )


class QuestionRead(ResponseModel):
    """A question and its answer; words are null where they were erased, or are still to come."""

    question: UUID
    commission: UUID
    version: int
    body: str | None
    asked_at: datetime
    answer_body: str | None
    answered_at: datetime | None


class NamedQuestionRead(QuestionRead):
    """The same on a list of all commissions."""

    customer_name: str | None


class InvoiceRead(BaseModel):
    """An invoice; `total` is what it asks for, `left` what of that is still to be paid."""

    invoice: UUID
    number: str
    kind: InvoiceKind
    issued_on: date
    due_on: date | None
    last_day: date | None = Field(
        description="The last day to pay it: `due_on`, or later if the studio gave more time."
    )
    total: Money
    left: Money
    paid_at: datetime | None
    void: bool = Field(description="A cancellation replaced it.")


class PaymentRead(ResponseModel):
    """Money that came in; `applied` of it was asked for, the rest goes back; `left` was to be paid after it."""

    payment: UUID
    amount: Money
    applied: Money
    left: Money
    received_on: date
    recorded_at: datetime
    method: PaymentMethod
    state: PaymentState
    forgiven: Money = Field(description="What was missing, and is not asked for: the studio forgives so little.")
    reversal: ReversalReason | None = Field(description="Why it does not count, where it does not.")
    reversed_at: datetime | None


class RefundRead(ResponseModel):
    """Money that goes back; `paid_on` is null until somebody transferred it.

    One that has `withdrawn_at` is not owed after all: a payment was reversed.
    """

    refund: UUID
    amount: Money
    reason: RefundReason
    due_at: datetime
    paid_on: date | None
    withdrawn_at: datetime | None


class CreditRead(BaseModel):
    """What the price fell by, VAT included: as the answer to a claim; without one, by a withdrawal."""

    credit: UUID
    claim: UUID | None
    amount: Money
    credited_at: datetime
    number: str = Field(description="Of the credit note.")
    invoice: UUID = Field(description="The invoice that it corrects.")


class AccountRead(BaseModel):
    """The money of a commission; `left` is what is still to be paid of all that was asked for."""

    reference: str = Field(description="What transfers should say; empty where nothing was agreed.")
    left: Money
    invoices: list[InvoiceRead]
    payments: list[PaymentRead]
    refunds: list[RefundRead]
    credits: list[CreditRead]

    @classmethod
    def of(cls, account: Account) -> "AccountRead":
        return cls(
            reference=account.reference,
            left=account.left,
            invoices=[_invoice(account, each) for each in account.invoices],
            payments=[PaymentRead.model_validate(each) for each in account.payments],
            refunds=[RefundRead.model_validate(each) for each in account.refunds],
            credits=[
                CreditRead(
                    credit=each.credit,
                    claim=each.claim,
                    amount=each.amounts.gross,
                    credited_at=each.credited_at,
                    number=each.number,
                    invoice=each.invoice,
                )
                for each in account.credits
            ],
        )


class SellerRead(ResponseModel):
    """Where money is sent."""

    bank_holder: str
    bank_iban: str
    bank_name: str
    example: bool = Field(description="Some of it is made up, and not set by the studio yet: send no money there.")


class QuotedBriefRead(BaseModel):
    """The brief, answer by answer."""

    version: int
    answers: list[BriefAnswerRead]
    images: list[UUID] = Field(
        description="Reference pictures: intake's, at `/commissions/{commission}/images/{image}`."
    )

    @classmethod
    def of(cls, brief: QuotedBrief, wording: QuoteWording) -> Self:
        said = [(answer, *wording.answer(answer)) for answer in brief.answers]
        answers = [
            BriefAnswerRead(field=each.field, value=each.value, label=label, shown=shown) for each, label, shown in said
        ]
        return cls(version=brief.version, answers=answers, images=list(brief.images))


def _invoice(account: Account, invoice: Invoice) -> InvoiceRead:
    return InvoiceRead(
        invoice=invoice.invoice,
        number=invoice.number,
        kind=invoice.kind,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        last_day=invoice.last_day,
        total=invoice.total,
        left=account.asks(invoice),
        paid_at=invoice.paid_at,
        void=account.void(invoice),
    )


def _offer(quote: Quote, offer: Offer, wording: QuoteWording) -> OfferRead:
    terms = zip(offer.terms, wording.terms(quote), strict=True)
    return OfferRead(
        sent_at=offer.sent_at,
        valid_until=offer.valid_until,
        deposit=offer.deposit,
        terms=[TermRead.model_validate({**asdict(term), **asdict(clause)}) for term, clause in terms],
        variation=[ClauseRead.model_validate(clause) for clause in wording.variation(quote)],
    )


def named_read(kind: type[_Named], made: OfCommission, wording: NameWording) -> _Named:
    """What belongs to a commission, named."""
    found = wording.of(made.commission)
    named = {
        "customer_name": found.customer_name,
        "customer_erased": found.customer_erased,
        "piece": wording.piece(made) or None,
    }
    return kind.model_validate(made).model_copy(update=named)
