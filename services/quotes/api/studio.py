"""The studio's quotes."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from services.quotes.actions import drafting, names, questions, sending
from services.quotes.actions.changed_request import ChangedRequest, ProposedChange
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.drafting import LineAdjustment, StudioQuote
from services.quotes.api.schemas import (
    AccountRead,
    NamedQuestionRead,
    NamedRead,
    QuestionRead,
    QuotedBriefRead,
    QuoteRead,
    QuoteSummaryRead,
    WorkRead,
    named_read,
)
from services.quotes.domain.amounts import LARGEST_MINOR
from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.domain.sending import SendingState
from services.quotes.domain.work import planned_work
from services.quotes.labels.names import NameWording
from services.quotes.labels.wording import QuoteWording
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import SendRefusal
from shared.kernel.money import Currency, Money
from shared.kernel.problems import ProblemType
from shared.kernel.search import CommissionSearch
from shared.kernel.text import Line, Prose
from shared.offerings.changes import AnswerChange
from shared.offerings.key import OfferingKey
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import Answer, IdempotencyKey, RequestKey, once
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged
from shared.web.responses import ResponseModel

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]
SearchedFor = Annotated[str, Line(longest=100)]
Version = Annotated[int, Field(ge=1, le=100_000, description="The version that you looked at.")]
KEYED = problems(ProblemType.CONFLICT, ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED)


class ChangedAnswerRead(BaseModel):
    """A field that is answered otherwise, in words; null where it was or is not answered."""

    field: str
    label: str
    before: str | None
    after: str | None

    @classmethod
    def of(cls, change: AnswerChange, wording: QuoteWording) -> Self:
        before = wording.answer(change.before) if change.before else None
        after = wording.answer(change.after) if change.after else None
        label, _ = after or before or (change.field, "")
        return cls(
            field=change.field, label=label, before=before[1] if before else None, after=after[1] if after else None
        )


class ChangedRequestRead(BaseModel):
    """`before` is the version of the brief that was quoted before; `kept` are the lines that the studio had set."""

    before: int
    answers: list[ChangedAnswerRead] | None = Field(description="Null where that version is not known here.")
    kept: list[str]

    @classmethod
    def of(cls, change: ChangedRequest, wording: QuoteWording) -> Self:
        answers = None if change.answers is None else [ChangedAnswerRead.of(each, wording) for each in change.answers]
        return cls(before=change.before, answers=answers, kept=sorted(change.kept))


class SendingRead(ResponseModel):
    """What the studio asked to send last. It is with the customer once it is `sent`: hours are held first."""

    number: int = Field(description="How often the studio asked for this commission.")
    version: int
    state: SendingState
    asked_at: datetime
    refusal: SendRefusal | None = Field(description="Why it stays a draft, if it does.")


class ProposedChangeRead(BaseModel):
    """What the customer wishes instead of what is offered; intake's API answers it."""

    proposal: UUID
    number: int
    answers: list[ChangedAnswerRead]
    images_changed: bool

    @classmethod
    def of(cls, found: ProposedChange, wording: QuoteWording) -> Self:
        return cls(
            proposal=found.proposal.proposal,
            number=found.proposal.number,
            answers=[ChangedAnswerRead.of(each, wording) for each in found.answers],
            images_changed=found.pictures_changed,
        )


class StudioQuoteRead(NamedRead):
    """A commission's brief and its quote; null is what is still on its way, or erased."""

    brief: QuotedBriefRead | None
    erased_at: datetime | None = Field(description="When the brief was erased, if it was.")
    quote: QuoteRead | None
    change: ChangedRequestRead | None = Field(
        description="What is wished otherwise than when this draft was worked out before."
    )
    proposal: ProposedChangeRead | None = Field(description="What is proposed, and not answered yet.")
    offered: QuoteRead | None = Field(description="What the customer has, while a newer version is still a draft.")
    sending: SendingRead | None = Field(description="What the studio asked to send last, if it did.")
    questions: list[QuestionRead]
    account: AccountRead | None
    work: WorkRead | None


class AdjustmentCreate(Body):
    """A line's new amount, without VAT, and why, for the customer to read."""

    version: Version
    line: Annotated[str, Line(60)]
    minor: Annotated[int, Field(ge=0, le=LARGEST_MINOR, description="In minor units of the currency.")]
    currency: Currency
    reason: Annotated[str, Prose(1000)]


class AdjustmentDelete(Body):
    version: Version
    line: Annotated[str, Line(60)]


class QuoteRevise(Body):
    version: Version


class QuoteSend(QuoteRevise):
    valid_until: AwareDatetime | None = Field(
        default=None, description="Until when it can be accepted, if that is to be sooner than usual."
    )


class DraftRead(ResponseModel):
    """The version that was drafted."""

    quote: UUID
    version: int


class AnswerCreate(Body):
    words: Annotated[str, Prose(4000)]


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    api = APIRouter(tags=["studio"])
    _reads(api, kernel)
    _drafts(api, kernel)
    _tells(api, kernel)
    return api


def _reads(api: APIRouter, kernel: Kernel[QuotesSettings]) -> None:
    @api.get("/quotes")
    async def quotes(
        paging: AskedPage,
        caller: Annotated[Caller, Allow(Role.OPS)],
        reader: CurrentReader,
        state: Annotated[QuoteState | None, Query(description="Only these.")] = None,
        q: Annotated[
            SearchedFor | None,
            Query(
                description="Only those of a customer with names that begin like this, or of a commission with this "
                "number or its last characters, this payment reference, or this invoice."
            ),
        ] = None,
    ) -> Page[QuoteSummaryRead]:
        """Every quote by its accepted or newest version, newest first."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            among = await names.find_commissions(tx, caller, CommissionSearch(q)) if q else None
            found = await drafting.list_quotes(
                tx, caller, state=state, among=among, before=before, at_most=paging.fetch
            )
            known = await names.names_of(tx, caller, [each.commission for each in found])
            wording = NameWording(reader, await drafting.offerings_of(tx, found), known)
        items = [(Position(each.drafted_at, each.quote), named_read(QuoteSummaryRead, each, wording)) for each in found]
        return paged(items, paging)

    @api.get("/questions")
    async def waiting(caller: Annotated[Caller, Allow(Role.OPS)]) -> list[NamedQuestionRead]:
        """The questions that wait for an answer, the oldest first, a hundred at most."""
        async with kernel.database.transaction() as tx:
            found = await questions.open_questions(tx, caller)
            known = await names.names_of(tx, caller, [each.commission for each in found])
        return [
            NamedQuestionRead(
                **QuestionRead.model_validate(each).model_dump(), customer_name=known[each.commission].customer_name
            )
            for each in found
        ]

    @api.get("/commissions/{commission}/quote")
    async def quote(commission: UUID, caller: Ops, reader: CurrentReader) -> StudioQuoteRead:
        """A commission's quote, line by line, beside the brief it was drafted from, with its questions and money."""
        async with kernel.database.transaction() as tx:
            found = await drafting.read_studio_quote(tx, caller, commission, QuotesContext.of(kernel))
        return _desk(found, QuoteWording(reader, found.offering), kernel.settings.maker_pay_minor)


def _drafts(api: APIRouter, kernel: Kernel[QuotesSettings]) -> None:
    """What drafts a new version: each happens once for its key."""

    async def drafted(key: RequestKey, act: Callable[[Tx], Awaitable[Quote]]) -> DraftRead:
        async with kernel.database.transaction() as tx:

            async def acting() -> Answer:
                return Answer(201, DraftRead.model_validate(await act(tx)).model_dump())

            return DraftRead.model_validate((await once(tx, key, acting)).body)

    @api.post("/commissions/{commission}/quote/adjust", status_code=201, responses=KEYED)
    async def adjust(
        commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[AdjustmentCreate]
    ) -> DraftRead:
        """Draft a new version in which one line has another amount, with a reason that the customer reads."""
        line = LineAdjustment(
            given.version, given.line, Money(minor=given.minor, currency=given.currency), given.reason
        )
        return await drafted(
            key.of(given),
            lambda tx: drafting.adjust(
                tx, caller, commission, line, at=kernel.clock(), rounding=kernel.settings.vat_rounding
            ),
        )

    @api.post("/commissions/{commission}/quote/restore", status_code=201, responses=KEYED)
    async def restore(
        commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[AdjustmentDelete]
    ) -> DraftRead:
        """Draft a new version in which one line is again what the offering's prices make it."""
        version, line = given.version, given.line
        return await drafted(
            key.of(given),
            lambda tx: drafting.restore(
                tx, caller, commission, version, line=line, at=kernel.clock(), rounding=kernel.settings.vat_rounding
            ),
        )

    @api.post("/commissions/{commission}/quote/revise", status_code=201, responses=KEYED)
    async def revise(commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[QuoteRevise]) -> DraftRead:
        """Draft the version that was sent once more, to send it again."""
        return await drafted(
            key.of(given), lambda tx: drafting.revise(tx, caller, commission, given.version, at=kernel.clock())
        )


def _tells(api: APIRouter, kernel: Kernel[QuotesSettings]) -> None:
    """What reaches the customer."""

    @api.post("/commissions/{commission}/quote/send", status_code=202, responses=problems(ProblemType.CONFLICT))
    async def send(commission: UUID, caller: Ops, given: JsonBody[QuoteSend], reader: CurrentReader) -> QuoteRead:
        """Have a draft sent once a maker's hours are held: `sending` says what came of it. Twice is as once."""
        async with kernel.database.transaction() as tx:
            context = QuotesContext.of(kernel)
            asked = await sending.ask_to_send(tx, caller, commission, given.version, context, until=given.valid_until)
            offerings = await drafting.offerings_of(tx, [asked])
        return QuoteRead.of(asked, QuoteWording(reader, offerings.get(OfferingKey.of(asked))))

    @api.post("/commissions/{commission}/quote/keep", responses=problems(ProblemType.CONFLICT))
    async def keep(commission: UUID, caller: Ops, given: JsonBody[QuoteRevise], reader: CurrentReader) -> QuoteRead:
        """Do not send it after all: it stays a draft, unless it is with the customer already."""
        async with kernel.database.transaction() as tx:
            kept = await sending.withdraw_sending(tx, caller, commission, given.version)
            offerings = await drafting.offerings_of(tx, [kept])
        return QuoteRead.of(kept, QuoteWording(reader, offerings.get(OfferingKey.of(kept))))

    @api.post("/commissions/{commission}/questions/{question}/answer", status_code=201, responses=KEYED)
    async def answer(
        commission: UUID,
        question: UUID,
        caller: Annotated[Caller, Allow(Role.OPS, of="question")],
        key: IdempotencyKey,
        given: JsonBody[AnswerCreate],
    ) -> QuestionRead:
        """Answer a question of the customer."""
        context = QuotesContext.of(kernel)
        async with kernel.database.transaction() as tx:

            async def act() -> Answer:
                found = await questions.answer(tx, caller, commission, question, words=given.words, context=context)
                return Answer(201, QuestionRead.model_validate(found).model_dump(mode="json"))

            return QuestionRead.model_validate((await once(tx, key.of(given), act)).body)


def _desk(found: StudioQuote, wording: QuoteWording, pay_minor: int) -> StudioQuoteRead:
    work = planned_work(found.quote.price, found.offering, pay_minor) if found.quote and found.offering else None
    return StudioQuoteRead(
        brief=QuotedBriefRead.of(found.brief, wording) if found.brief else None,
        erased_at=found.erased_at,
        quote=QuoteRead.of(found.quote, wording) if found.quote else None,
        change=ChangedRequestRead.of(found.change, wording) if found.change else None,
        proposal=ProposedChangeRead.of(found.proposal, wording) if found.proposal else None,
        offered=QuoteRead.of(found.offered, wording) if found.offered else None,
        sending=SendingRead.model_validate(found.sending) if found.sending else None,
        questions=[QuestionRead.model_validate(each) for each in found.questions],
        account=AccountRead.of(found.account) if found.account else None,
        work=WorkRead.model_validate(work) if work else None,
        customer_name=found.customer_name,
        customer_erased=found.customer_erased,
        piece=wording.piece(found.answers) or None,
    )
