"""Signing in by a link of the one-machine stack; where the settings have no keys for them, there are none."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import local_links
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.people import SessionRead, session_read
from services.intake.domain.sessions import SignInWay
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.openapi import problems

_LINK_LIMIT = 2000
"""Characters."""

Stranger = Annotated[Caller | None, Public()]


class LocalLinkUse(BaseModel):
    model_config = ConfigDict(extra="forbid")

    link: Annotated[str, Field(min_length=1, max_length=_LINK_LIMIT)] = Field(
        description="What follows `link=` in the address that `touchmark sign-in` prints."
    )


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    if kernel.settings.local_link_keys:

        @api.post("/session/local-link", status_code=201, responses=problems(ProblemType.NOT_ALLOWED))
        async def sign_in_locally(_: Stranger, given: LocalLinkUse, device: CurrentDevice) -> SessionRead:
            """Sign in by a link of the one-machine stack; it works once."""
            now, here = kernel.clock(), context.on(device)
            async with noting_refusals(kernel.database, here, SignInWay.LOCAL_LINK, now):
                link = local_links.read_local_link(context, given.link, now)
                async with kernel.database.transaction() as tx:
                    return session_read(await local_links.sign_in_by_local_link(tx, here, link, now))

    return api
