"""Accounts of the studio's own provider, by which makers and people of the studio sign in: looked at, and untied."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.intake.actions import provider
from services.intake.actions.sessions import SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems

Owner = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="account")]


class ProviderAccountRead(BaseModel):
    """An account of a provider that is tied to yours."""

    account: UUID
    name: str = Field(description="What people know the provider by.")
    issuer: str = Field(description="What the provider calls itself (`iss`).")
    tied_at: datetime
    last_used_at: datetime


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["people"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.get("/provider-accounts")
    async def own(caller: Annotated[Caller, Allow(Role.MAKER, Role.OPS)]) -> list[ProviderAccountRead]:
        """The accounts that you sign in by, the one used last first: one of each provider that the studio had."""
        async with kernel.database.statement() as tx:
            found = await provider.own_accounts(tx, caller)
        return [
            ProviderAccountRead(
                account=each.account,
                name=kernel.settings.name_of_provider(each.issuer),
                issuer=each.issuer,
                tied_at=each.known_since,
                last_used_at=each.last_used_at,
            )
            for each in found
        ]

    @api.delete("/provider-accounts/{account}", status_code=204, responses=problems(ProblemType.NOT_FOUND))
    async def untie(account: UUID, caller: Owner, device: CurrentDevice) -> None:
        """Untie an account: nobody comes in as you by it. Who signs in by it again ties it again, and you are told."""
        async with kernel.database.transaction() as tx:
            await provider.untie(tx, context.on(device), caller, account, kernel.clock())

    return api
