"""Money that matches no commission."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.quotes.actions import unmatched
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.payments import PaymentCreate
from services.quotes.actions.unmatched import UnmatchedCreate
from services.quotes.api.schemas import PaymentRead
from services.quotes.api.studio import KEYED
from services.quotes.documents import papers_of
from services.quotes.domain.amounts import LARGEST_MINOR
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.payments import PaymentMethod
from shared.kernel.money import Currency, Money
from shared.kernel.problems import ProblemType
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import Answer, IdempotencyKey, once
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

OpsOfPayment = Annotated[Caller, Allow(Role.OPS, of="payment")]


class UnmatchedRead(ResponseModel):
    """Money that came in and waits for a commission; `reference` is what the transfer said."""

    payment: UUID
    amount: Money
    method: PaymentMethod
    received_on: date
    reference: str
    recorded_at: datetime


class UnmatchedBody(Body):
    """What the bank statement says."""

    minor: Annotated[int, Field(gt=0, le=LARGEST_MINOR, description="In minor units of the currency.")]
    currency: Currency
    received_on: date
    reference: Annotated[str, Line(140)] = Field(description="What the transfer says.")
    bank_reference: Annotated[str, Line(140)] | None = None
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER


class UnmatchedAssign(Body):
    commission: UUID
    confirmed: bool = Field(default=False, description="You know that this is not the amount that is due.")


class UnmatchedSentBack(Body):
    sent_on: date


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    api = APIRouter(tags=["money"])

    def context() -> QuotesContext:
        return QuotesContext.of(kernel)

    @api.get("/unmatched")
    async def waiting(caller: Annotated[Caller, Allow(Role.OPS)]) -> list[UnmatchedRead]:
        """The payments that match no commission and wait, the oldest first, a hundred at most."""
        async with kernel.database.transaction() as tx:
            return [UnmatchedRead.model_validate(each) for each in await unmatched.waiting(tx, caller)]

    @api.post("/unmatched", status_code=201, responses=KEYED)
    async def record(
        caller: Annotated[Caller, Allow(Role.OPS)], key: IdempotencyKey, given: JsonBody[UnmatchedBody]
    ) -> UnmatchedRead:
        """Keep money that matches no commission, until somebody knows whose it is."""
        amount = Money(minor=given.minor, currency=given.currency)
        paid = PaymentCreate(amount, given.received_on, given.bank_reference, given.method)
        async with kernel.database.transaction() as tx:

            async def act() -> Answer:
                found = await unmatched.record_unmatched(tx, caller, UnmatchedCreate(paid, given.reference), context())
                return Answer(201, UnmatchedRead.model_validate(found).model_dump(mode="json"))

            return UnmatchedRead.model_validate((await once(tx, key.of(given), act)).body)

    @api.post("/unmatched/{payment}/assign", responses=problems(ProblemType.CONFLICT, ProblemType.AMOUNT_DIFFERS))
    async def assign(payment: UUID, caller: OpsOfPayment, given: JsonBody[UnmatchedAssign]) -> PaymentRead:
        """Make it a payment of this commission."""
        async with kernel.database.transaction() as tx:
            found = await unmatched.assign(
                tx,
                caller,
                payment,
                given.commission,
                context=context(),
                wording=papers_of(kernel.settings),
                confirmed=given.confirmed,
            )
        return PaymentRead.model_validate(found)

    @api.post("/unmatched/{payment}/sent-back", responses=problems(ProblemType.CONFLICT))
    async def sent_back(payment: UUID, caller: OpsOfPayment, given: JsonBody[UnmatchedSentBack]) -> UnmatchedRead:
        """Mark it as sent back to where it came from."""
        async with kernel.database.transaction() as tx:
            found = await unmatched.send_back(tx, caller, payment, given.sent_on, context())
        return UnmatchedRead.model_validate(found)

    return api
