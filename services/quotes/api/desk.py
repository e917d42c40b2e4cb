"""What the studio changes in a draft besides a line's price: lines, a discount, and the conditions of this quote."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.quotes.actions import desk
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.desk import DiscountGiven, LineCreate
from services.quotes.api.studio import KEYED, DraftRead, Ops, Version
from services.quotes.domain.amounts import LARGEST_MINOR
from services.quotes.domain.desk import Direction
from services.quotes.domain.quote import Quote, QuoteConditions
from services.quotes.domain.reasons import QuoteReason
from services.quotes.settings import QuotesSettings
from shared.kernel.money import Currency, Money
from shared.kernel.phrases import Phrase
from shared.kernel.text import Line, Prose
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import Answer, IdempotencyKey, RequestKey, once

LineCode = Annotated[str, Line(60)]
LineTitle = Annotated[str, Line(120)]
Reason = Annotated[str, Prose(1000)]
OptionalReason = Annotated[str, Prose(1000, 0)]
Percent = Annotated[Decimal, Field(gt=0, lt=100, decimal_places=2)]
Days = Annotated[int, Field(ge=1, le=365)]
Share = Annotated[int, Field(ge=1, le=100)]


class QuoteLineCreate(Body):
    """A line of your own, without VAT; the reason is for the customer and may be left out."""

    version: Version
    title: LineTitle
    minor: Annotated[int, Field(ge=0, le=LARGEST_MINOR, description="In minor units of the currency.")]
    currency: Currency
    reason: OptionalReason = ""


class QuoteLineDelete(Body):
    version: Version
    line: LineCode


class QuoteLineMove(QuoteLineDelete):
    to: Direction


class DiscountCreate(Body):
    """An amount without VAT in minor units, or a percentage of all lines; and why, for the customer to read."""

    version: Version
    minor: Annotated[int, Field(gt=0, le=LARGEST_MINOR)] | None = None
    currency: Currency | None = None
    percent: Percent | None = None
    reason: Reason

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.minor is None) == (self.percent is None) or (self.minor is None) != (self.currency is None):
            raise PydanticCustomError("text_refused", "{phrase}", {"phrase": Phrase(QuoteReason.ONE_OF_BOTH)})
        return self

    @property
    def given(self) -> DiscountGiven:
        amount = Money(minor=self.minor, currency=self.currency) if self.minor and self.currency else None
        return DiscountGiven(self.version, self.reason, amount, self.percent)


class ConditionsUpdate(Body):
    """What holds for this quote alone; null is what the settings, or the offering, say."""

    version: Version
    deposit_percent: Share | None = None
    deposit_days: Days | None = None
    valid_days: Days | None = None

    @property
    def conditions(self) -> QuoteConditions:
        return QuoteConditions(self.deposit_percent, self.deposit_days, self.valid_days)


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    """What drafts a new version: each happens once for its key."""
    api = APIRouter(tags=["studio"])

    async def drafted(key: RequestKey, act: Callable[[Tx, QuotesContext], Awaitable[Quote]]) -> DraftRead:
        async with kernel.database.transaction() as tx:

            async def acting() -> Answer:
                return Answer(201, DraftRead.model_validate(await act(tx, QuotesContext.of(kernel))).model_dump())

            return DraftRead.model_validate((await once(tx, key, acting)).body)

    @api.post("/commissions/{commission}/quote/lines", status_code=201, responses=KEYED)
    async def add(commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[QuoteLineCreate]) -> DraftRead:
        """Draft a new version with one more line."""
        amount = Money(minor=given.minor, currency=given.currency)
        line = LineCreate(given.version, given.title, amount, given.reason)
        return await drafted(
            key.of(given), lambda tx, context: desk.add_line(tx, caller, commission, line, context=context)
        )

    @api.post("/commissions/{commission}/quote/lines/remove", status_code=201, responses=KEYED)
    async def remove(commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[QuoteLineDelete]) -> DraftRead:
        """Draft a new version without a line."""
        version, line = given.version, given.line
        return await drafted(
            key.of(given),
            lambda tx, context: desk.remove_line(tx, caller, commission, version, line=line, context=context),
        )

    @api.post("/commissions/{commission}/quote/lines/move", status_code=201, responses=KEYED)
    async def move(commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[QuoteLineMove]) -> DraftRead:
        """Draft a new version with a line one place further up or down."""
        version, line, to = given.version, given.line, given.to
        return await drafted(
            key.of(given),
            lambda tx, context: desk.move_line(tx, caller, commission, version, line=line, to=to, context=context),
        )

    @api.post("/commissions/{commission}/quote/discount", status_code=201, responses=KEYED)
    async def discount(
        commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[DiscountCreate]
    ) -> DraftRead:
        """Draft a new version with a discount, which replaces the one that was there."""
        return await drafted(
            key.of(given), lambda tx, context: desk.give_discount(tx, caller, commission, given.given, context=context)
        )

    @api.post("/commissions/{commission}/quote/conditions", status_code=201, responses=KEYED)
    async def conditions(
        commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[ConditionsUpdate]
    ) -> DraftRead:
        """Draft a new version with a deposit and a validity of its own."""
        return await drafted(
            key.of(given),
            lambda tx, context: desk.set_conditions(
                tx, caller, commission, given.version, conditions=given.conditions, context=context
            ),
        )

    return api
