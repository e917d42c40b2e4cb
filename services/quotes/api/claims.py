"""Something is wrong with a piece: what the studio answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.quotes.actions import claims
from services.quotes.actions.claims import ClaimAnswer, ClaimOverview
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import papers_of
from services.quotes.domain.amounts import LARGEST_MINOR
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimKind
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.money import Currency, Money
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

Ops = Annotated[Caller, Allow(Role.OPS, of="claim")]


class ClaimAnswerCreate(Body):
    """What the studio does, and why, for the customer to read; a reduction says by how much the price falls."""

    remedy: ClaimRemedy
    words: Annotated[str, Prose(4000)]
    minor: Annotated[int, Field(ge=1, le=LARGEST_MINOR, description="In minor units of the currency.")] | None = None
    currency: Currency | None = None


class StudioClaimRead(ResponseModel):
    """`paid` is what was paid and kept; of it, `most` may go back at most. Intake has what the customer wrote."""

    claim: UUID
    commission: UUID
    kind: ClaimKind
    made_at: datetime
    answer_by: datetime
    remedy: ClaimRemedy | None
    answered_by: UUID | None
    answered_at: datetime | None
    price: Money
    paid: Money
    most: Money


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    api = APIRouter(tags=["something is wrong"])

    @api.get("/claims/{claim}")
    async def read(claim: UUID, caller: Ops) -> StudioClaimRead:
        """What is wrong with a piece, and the money that an answer can move."""
        async with kernel.database.transaction() as tx:
            found = await claims.read(tx, caller, claim)
        return _read(found)

    @api.post("/claims/{claim}/answer", responses=problems(ProblemType.CONFLICT))
    async def answer(claim: UUID, caller: Ops, given: JsonBody[ClaimAnswerCreate]) -> StudioClaimRead:
        """Answer it, once and for good. The same answer twice is one."""
        amount = Money(minor=given.minor, currency=given.currency) if given.minor and given.currency else None
        async with kernel.database.transaction() as tx:
            await claims.answer(
                tx,
                caller,
                claim,
                ClaimAnswer(given.remedy, given.words, amount),
                context=QuotesContext.of(kernel),
                wording=papers_of(kernel.settings),
            )
            found = await claims.read(tx, caller, claim)
        return _read(found)

    return api


def _read(found: ClaimOverview) -> StudioClaimRead:
    return StudioClaimRead(**vars(found.claim), price=found.price, paid=found.paid, most=found.most)
