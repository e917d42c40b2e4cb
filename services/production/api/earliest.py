"""The earliest honest day, as JSON, for everybody."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from services.production.actions.context import ProductionContext
from services.production.actions.earliest import EarliestDay, EarliestDays
from services.production.domain.known_plans import KnownPlans
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller
from shared.kernel.problems import ProblemType
from shared.offerings.key import OfferingKey
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.clients import client_of
from shared.web.openapi import problems
from shared.web.rates import HourlyRate
from shared.web.responses import ResponseModel

MOST_AN_HOUR = 600
"""Questions of one client: a form asks when it is opened, and when the day is changed."""

Anybody = Annotated[Caller | None, Public()]
Name = Annotated[str, Query(min_length=1, max_length=60)]
Version = Annotated[int, Query(ge=1, le=100_000)]


class EarliestRead(ResponseModel):
    """The earliest day that can be promised now; nothing is held by asking."""

    ready_by: date | None = Field(description="In 90 of 100 cases it is ready by then. Null: nobody can make it now.")


class EarliestDoor:
    """Who asks is counted; what is asked is looked for once in a while."""

    def __init__(self, kernel: Kernel[ProductionSettings]) -> None:
        self._kernel = kernel
        self._days = EarliestDays(kernel.database)
        self._known = KnownPlans()
        self._rate = HourlyRate(MOST_AN_HOUR)

    async def ask(self, request: Request, key: OfferingKey) -> EarliestDay:
        """The day. Raises Problem: too-many-requests; not-found."""
        now = self._kernel.clock()
        self._rate.take(client_of(request.scope), now)
        context = ProductionContext(now, self._kernel.ids, self._kernel.settings, known=self._known)
        return await self._days.of(key, context)


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:
    api = APIRouter(tags=["bench"])
    door = EarliestDoor(kernel)

    @api.get("/earliest", responses=problems(ProblemType.NOT_FOUND, ProblemType.TOO_MANY_REQUESTS))
    async def earliest(request: Request, _: Anybody, craft: Name, offering: Name, version: Version) -> EarliestRead:
        """The earliest day by which a piece of this offering can be ready, if it is asked for now."""
        return EarliestRead.model_validate(await door.ask(request, OfferingKey(craft, offering, version)))

    return api
