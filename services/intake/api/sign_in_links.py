"""Signing in by a link: one that was mailed for a commission, or one of the one-machine stack."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import sign_in_links
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.people import SessionRead, session_read
from services.intake.domain.sessions import SignInWay
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.auth.tokens import LINK_LIFE
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.openapi import problems

_LINK_LIMIT = 2000
"""Characters."""

Stranger = Annotated[Caller | None, Public()]


class SignInLinkRequested(BaseModel):
    """What was asked for. It says nothing on whether there is such a commission."""

    commission: UUID
    good_for_seconds: int = Field(description="For how long the link is good, from now on, and once.")


class SignInLinkUse(BaseModel):
    model_config = ConfigDict(extra="forbid")

    link: Annotated[str, Field(min_length=1, max_length=_LINK_LIMIT)] = Field(
        description="What follows `pass=` in the mail's link."
    )


class LocalLinkUse(BaseModel):
    model_config = ConfigDict(extra="forbid")

    link: Annotated[str, Field(min_length=1, max_length=_LINK_LIMIT)] = Field(
        description="What follows `link=` in the address that `touchmark sign-in` prints."
    )


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.post("/commissions/{commission}/sign-in-links", status_code=202)
    async def ask(_: Stranger, commission: UUID) -> SignInLinkRequested:
        """Have the commission's customer be sent a link by mail, by which they sign in; not while one is on its way."""
        async with kernel.database.transaction() as tx:
            await sign_in_links.ask_for_link(tx, commission, new_id=kernel.ids, now=kernel.clock())
        return SignInLinkRequested(commission=commission, good_for_seconds=int(LINK_LIFE.total_seconds()))

    @api.post("/commissions/{commission}/session", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
    async def sign_in(_: Stranger, commission: UUID, given: SignInLinkUse, device: CurrentDevice) -> SessionRead:
        """Sign in by a link that was mailed; it works once."""
        now, here = kernel.clock(), context.on(device)
        async with noting_refusals(kernel.database, here, SignInWay.MAILED_LINK, now):
            link = sign_in_links.read_link(context, commission, given.link, now)
            async with kernel.database.transaction() as tx:
                return session_read(await sign_in_links.sign_in_by_link(tx, here, link, now))

    if kernel.settings.local_link_keys:

        @api.post("/session/local-link", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
        async def sign_in_locally(_: Stranger, given: LocalLinkUse, device: CurrentDevice) -> SessionRead:
            """Sign in by a link of the one-machine stack; it works once."""
            now, here = kernel.clock(), context.on(device)
            async with noting_refusals(kernel.database, here, SignInWay.LOCAL_LINK, now):
                link = sign_in_links.read_local_link(context, given.link, now)
                async with kernel.database.transaction() as tx:
                    return session_read(await sign_in_links.sign_in_by_local_link(tx, here, link, now))

    return api
