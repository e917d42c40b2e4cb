"""The customer's quote."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.quotes.actions import offers, questions
from services.quotes.actions.offers import Bench, Offered
from services.quotes.api.desk import KEYED, Version
from services.quotes.api.schemas import AccountRead, QuestionRead, QuoteRead, SellerRead, Shown
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import DeclineReason
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import Answer, IdempotencyKey, once
from shared.web.openapi import problems

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]


class OfferedRead(Shown):
    """Your quote: null until the studio has sent it. `account` is the money, once you have accepted."""

    quote: QuoteRead | None
    questions: list[QuestionRead]
    account: AccountRead | None
    pay_to: SellerRead


class Accepting(Body):
    """Your yes, to the terms and to how the piece will differ; `address` is for the invoices, if you like."""

    version: Version
    terms: Literal[True] = Field(description="You agree to the terms of this version.")
    variation: Literal[True] = Field(description="You agree to how the piece will differ.")
    address: Annotated[str, Prose(400, 0)] = ""


class Declining(Body):
    version: Version
    reason: DeclineReason
    words: Annotated[str, Prose(2000, 0)] = ""


class Asking(Body):
    words: Annotated[str, Prose(2000)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["offer"])

    def bench() -> Bench:
        return Bench(kernel.settings, kernel.ids, kernel.clock)

    @api.get("/commissions/{commission}/offer")
    async def offer(commission: UUID, caller: Customer) -> OfferedRead:
        """Your quote: every line explained, its terms, and what is to be paid."""
        async with kernel.database.transaction() as tx:
            return _offered(await offers.read_offer(tx, caller, commission, kernel.settings))

    @api.post("/commissions/{commission}/offer/accept", responses=problems(ProblemType.CONFLICT))
    async def accept(commission: UUID, caller: Customer, given: JsonBody[Accepting]) -> QuoteRead:
        """Accept a version that was sent. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            accepted = await offers.accept(tx, caller, commission, given.version, address=given.address, bench=bench())
        return QuoteRead.model_validate(accepted)

    @api.post("/commissions/{commission}/offer/decline", responses=problems(ProblemType.CONFLICT))
    async def decline(commission: UUID, caller: Customer, given: JsonBody[Declining]) -> QuoteRead:
        """Decline a version that was sent. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            declined = await offers.decline(
                tx, caller, commission, given.version, reason=given.reason, words=given.words, bench=bench()
            )
        return QuoteRead.model_validate(declined)

    @api.post("/commissions/{commission}/questions", status_code=201, responses=KEYED)
    async def ask(commission: UUID, caller: Customer, key: IdempotencyKey, given: JsonBody[Asking]) -> QuestionRead:
        """Ask the studio something about the quote."""
        async with kernel.database.transaction() as tx:

            async def act() -> Answer:
                asked = await questions.ask(tx, caller, commission, words=given.words, bench=bench())
                return Answer(201, QuestionRead.model_validate(asked).model_dump(mode="json"))

            return QuestionRead.model_validate((await once(tx, key.of(given), act)).body)

    return api


def _offered(found: Offered) -> OfferedRead:
    return OfferedRead(
        quote=QuoteRead.model_validate(found.quote) if found.quote else None,
        questions=[QuestionRead.model_validate(each) for each in found.questions],
        account=AccountRead.of(found.account) if found.account else None,
        pay_to=SellerRead.model_validate(found.seller),
    )
