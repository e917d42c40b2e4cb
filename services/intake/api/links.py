"""Signing in by mail."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import links
from services.intake.actions.people import Desk
from services.intake.api.people import SessionRead, session_shown
from services.intake.settings import Settings
from shared.auth.roles import Caller
from shared.auth.tokens import LINK_LIFE
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.openapi import problems

_LINK_LIMIT = 2000
"""Characters."""

Stranger = Annotated[Caller | None, Public()]


class LinkAsked(BaseModel):
    """What was asked for. It says nothing on whether there is such a commission."""

    commission: UUID
    good_for_seconds: int = Field(description="For how long the link is good, from now on, and once.")


class LinkGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    link: Annotated[str, Field(min_length=1, max_length=_LINK_LIMIT)] = Field(
        description="What follows `pass=` in the mail's link."
    )


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    desk = Desk.of(kernel.settings, kernel.ids)

    @api.post("/commissions/{commission}/sign-in-links", status_code=202)
    async def ask(_: Stranger, commission: UUID) -> LinkAsked:
        """Have the commission's customer be sent a link by mail, by which they sign in; not while one is on its way."""
        async with kernel.database.transaction() as tx:
            await links.ask_for_link(tx, commission, new_id=kernel.ids, now=kernel.clock())
        return LinkAsked(commission=commission, good_for_seconds=int(LINK_LIFE.total_seconds()))

    @api.post("/commissions/{commission}/session", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
    async def sign_in(_: Stranger, commission: UUID, given: LinkGiven) -> SessionRead:
        """Sign in by a link that was mailed; it works once."""
        now = kernel.clock()
        link = links.read_link(desk, commission, given.link, now)
        async with kernel.database.transaction() as tx:
            return session_shown(await links.sign_in_by_link(tx, desk, link, now))

    return api
