"""The price range of an offering, as JSON, for everybody."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from services.quotes.actions.context import QuotesContext
from services.quotes.actions.estimates import Estimates
from services.quotes.domain.estimate import PriceRange
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller
from shared.kernel.money import Money
from shared.kernel.problems import ProblemType
from shared.offerings.key import OfferingKey
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.clients import client_of
from shared.web.openapi import problems
from shared.web.rates import HourlyRate
from shared.web.responses import ResponseModel

MOST_AN_HOUR = 1200
"""Questions of one client: a form asks whenever an answer changes."""

Anybody = Annotated[Caller | None, Public()]
Name = Annotated[str, Query(min_length=1, max_length=60)]
Version = Annotated[int, Query(ge=1, le=100_000)]


class EstimateRead(ResponseModel):
    """What it costs at least and at most, VAT included; null where somebody has to look at it first."""

    least: Money | None = Field(description="With VAT.")
    most: Money | None = Field(description="With VAT.")


class EstimateDoor:
    """Who asks is counted; what is asked is worked out once."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel
        self._estimates = Estimates(kernel.database, QuotesContext.of(kernel).vat_rules, kernel.settings.vat_rounding)
        self._rate = HourlyRate(MOST_AN_HOUR)

    async def ask(self, request: Request, key: OfferingKey) -> PriceRange | None:
        """The range for the answers in the query. Raises Problem: too-many-requests; not-found."""
        self._rate.take(client_of(request.scope), self._kernel.clock())
        typed = dict(request.query_params)
        return await self._estimates.of(key, typed, typed.get("delivery_country"))


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    api = APIRouter(tags=["customer"])
    door = EstimateDoor(kernel)

    @api.get("/estimate", responses=problems(ProblemType.NOT_FOUND, ProblemType.TOO_MANY_REQUESTS))
    async def estimate(request: Request, _: Anybody, craft: Name, offering: Name, version: Version) -> EstimateRead:
        """What a piece of this offering may cost. Answers to its form, by field, narrow the range."""
        found = await door.ask(request, OfferingKey(craft, offering, version))
        return EstimateRead(least=found.least if found else None, most=found.most if found else None)

    return api
