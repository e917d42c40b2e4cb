"""HTTP in, as JSON: quotes and what they were drafted from, for ops."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.quotes import actions
from services.quotes.domain.quote import QuoteState, Unit
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.pagination import AskedPage, Page, Position, paged


class Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class QuoteListed(Shown):
    """The newest version of a commission's quote."""

    quote: UUID
    version: int
    commission: UUID
    craft: str
    state: QuoteState
    total: Money
    drafted_at: datetime


class LineShown(Shown):
    """One line; `amount` is `base` and `quantity` times `unit_price`, where it has these."""

    code: str
    title: str
    why: str = Field(description="What the line pays for.")
    detail: str = Field(description="What was counted.")
    amount: Money
    base: Money | None
    quantity: Decimal | None
    unit: Unit | None
    unit_price: Money | None


class PriceShown(Shown):
    """`lines` are without VAT, which is a line of its own."""

    lines: list[LineShown]
    net: Money
    vat: LineShown
    total: Money


class QuoteShown(Shown):
    """One version of a quote with its lines."""

    quote: UUID
    version: int
    brief_version: int
    craft: str
    craft_version: int
    state: QuoteState
    price: PriceShown
    drafted_at: datetime
    ended_at: datetime | None
    end_reason: QuoteEnd | None


class AnswerShown(Shown):
    field: str
    value: str | int | bool
    shown: str


class BriefShown(Shown):
    """The brief, answer by answer."""

    version: int
    answers: list[AnswerShown]


class DeskShown(Shown):
    """A commission's brief and its quote; null is what is still on its way, or erased."""

    brief: BriefShown | None
    erased_at: datetime | None = Field(description="When the brief was erased, if it was.")
    quote: QuoteShown | None


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["quotes"])

    @api.get("/quotes")
    async def quotes(paging: AskedPage, caller: Annotated[Caller, Allow(Role.OPS)]) -> Page[QuoteListed]:
        """The newest version of every quote, newest first."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.list_quotes(tx, caller, before=before, at_most=paging.fetch)
        items = [(Position(each.drafted_at, each.quote), QuoteListed.model_validate(each)) for each in found]
        return paged(items, paging)

    @api.get("/commissions/{commission}/quote")
    async def quote(commission: UUID, caller: Annotated[Caller, Allow(Role.OPS, of="commission")]) -> DeskShown:
        """The newest version of a commission's quote, line by line, beside the brief it was drafted from."""
        async with kernel.database.transaction() as tx:
            desk = await actions.read_desk(tx, caller, commission, now=kernel.clock(), settings=kernel.settings)
        return DeskShown.model_validate(desk)

    return api
