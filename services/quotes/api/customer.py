"""The customer's quote."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.quotes.actions import acceptance, drafting, questions
from services.quotes.actions.acceptance import CustomerQuote, QuoteAcceptance
from services.quotes.actions.context import QuotesContext
from services.quotes.api.schemas import AccountRead, QuestionRead, QuotedBriefRead, QuoteRead, SellerRead, WorkRead
from services.quotes.api.studio import KEYED, Version
from services.quotes.documents import papers_of
from services.quotes.domain.work import planned_work
from services.quotes.labels.wording import QuoteWording, contract_words
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import DeclineReason
from shared.i18n import Reader
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.offerings.key import OfferingKey
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import Answer, IdempotencyKey, once
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]


class CustomerQuoteRead(ResponseModel):
    """Your quote: null until the studio has sent it. `account` is the money, once you have accepted."""

    quote: QuoteRead | None
    brief: QuotedBriefRead | None = Field(description="What is ordered, as it is in force; null once it was erased.")
    change_proposed: bool = Field(description="You proposed a change: until it is answered, nothing can be accepted.")
    questions: list[QuestionRead]
    account: AccountRead | None
    work: WorkRead | None = Field(description="How long it is worked on, and what of the price the maker gets.")
    pay_to: SellerRead


class QuoteAccept(Body):
    """Your yes, to the terms and to how the piece will differ; `address` is for the invoices and may be left out."""

    version: Version
    terms: Literal[True] = Field(description="You agree to the terms of this version.")
    variation: Literal[True] = Field(description="You agree to how the piece will differ.")
    address: Annotated[str, Prose(400, 0)] = ""


class QuoteDecline(Body):
    version: Version
    reason: DeclineReason
    words: Annotated[str, Prose(2000, 0)] = ""


class QuestionCreate(Body):
    words: Annotated[str, Prose(2000)]


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    api = APIRouter(tags=["offer"])

    def context() -> QuotesContext:
        return QuotesContext.of(kernel)

    @api.get("/commissions/{commission}/offer")
    async def offer(commission: UUID, caller: Customer, reader: CurrentReader) -> CustomerQuoteRead:
        """Your quote: every line explained, its terms, and what is to be paid."""
        async with kernel.database.transaction() as tx:
            found = await acceptance.read_customer_quote(tx, caller, commission, context())
        return _offered(found, reader, kernel.settings.maker_pay_minor)

    @api.post("/commissions/{commission}/offer/accept", responses=problems(ProblemType.CONFLICT))
    async def accept(
        commission: UUID, caller: Customer, given: JsonBody[QuoteAccept], reader: CurrentReader
    ) -> QuoteRead:
        """Accept a version that was sent. Doing so twice is the same as once."""
        papers = papers_of(kernel.settings)
        agreed = QuoteAcceptance(given.version, reader.language, contract_words(reader), papers, given.address)
        async with kernel.database.transaction() as tx:
            accepted = await acceptance.accept(tx, caller, commission, agreed, context())
            offerings = await drafting.offerings_of(tx, [accepted])
        return QuoteRead.of(accepted, QuoteWording(reader, offerings.get(OfferingKey.of(accepted))))

    @api.post("/commissions/{commission}/offer/decline", responses=problems(ProblemType.CONFLICT))
    async def decline(
        commission: UUID, caller: Customer, given: JsonBody[QuoteDecline], reader: CurrentReader
    ) -> QuoteRead:
        """Decline a version that was sent. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            declined = await acceptance.decline(
                tx, caller, commission, given.version, reason=given.reason, words=given.words, context=context()
            )
            offerings = await drafting.offerings_of(tx, [declined])
        return QuoteRead.of(declined, QuoteWording(reader, offerings.get(OfferingKey.of(declined))))

    @api.post("/commissions/{commission}/questions", status_code=201, responses=KEYED)
    async def ask(
        commission: UUID, caller: Customer, key: IdempotencyKey, given: JsonBody[QuestionCreate]
    ) -> QuestionRead:
        """Ask the studio something about the quote."""
        async with kernel.database.transaction() as tx:

            async def act() -> Answer:
                asked = await questions.ask(tx, caller, commission, words=given.words, context=context())
                return Answer(201, QuestionRead.model_validate(asked).model_dump(mode="json"))

            return QuestionRead.model_validate((await once(tx, key.of(given), act)).body)

    return api


def _offered(found: CustomerQuote, reader: Reader, pay_minor: int) -> CustomerQuoteRead:
    work = planned_work(found.quote.price, found.offering, pay_minor) if found.quote and found.offering else None
    return CustomerQuoteRead(
        quote=QuoteRead.of(found.quote, QuoteWording(reader, found.offering)) if found.quote else None,
        brief=QuotedBriefRead.of(found.brief, QuoteWording(reader, found.offering)) if found.brief else None,
        change_proposed=found.proposal is not None,
        questions=[QuestionRead.model_validate(each) for each in found.questions],
        account=AccountRead.of(found.account) if found.account else None,
        work=WorkRead.model_validate(work) if work else None,
        pay_to=SellerRead.model_validate(found.seller),
    )
