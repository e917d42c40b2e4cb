"""The studio's tablet at the counter."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import tablet
from services.intake.actions.sessions import SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.api.people import TokenRead, token_read
from services.intake.domain.people import NAME_LIMIT
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.kernel.text import Name
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]
Either = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]


class HandoverCreate(BaseModel):
    """The customer's name, as they type it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Name(longest=NAME_LIMIT)]


class HandoverRead(ResponseModel):
    """When the tablet was handed over, and by whom; `name` is empty once the customer is erased."""

    by: UUID
    name: str
    at: datetime
    is_open: bool = Field(description="Whether somebody can still decide there.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["tablet"])
    context = SignInContext.of(kernel.settings, kernel.ids)

    @api.get("/commissions/{commission}/tablet", responses=problems(ProblemType.CONFLICT))
    async def handovers(commission: UUID, _: Ops) -> list[HandoverRead]:
        """When the tablet was handed to this customer, newest first."""
        async with kernel.database.transaction() as tx:
            found = await tablet.read_handovers(tx, commission, kernel.clock())
        return [HandoverRead.model_validate(each) for each in found.before]

    @api.post("/commissions/{commission}/tablet", status_code=201, responses=problems(ProblemType.CONFLICT))
    async def hand_over(commission: UUID, caller: Ops, device: CurrentDevice, given: HandoverCreate) -> TokenRead:
        """A token by which the customer decides about this commission alone, for a quarter of an hour."""
        async with kernel.database.transaction() as tx:
            here = context.on(device)
            return token_read(await tablet.hand_over(tx, here, caller, commission, name=given.name, now=kernel.clock()))

    @api.delete("/commissions/{commission}/tablet", status_code=204, responses=problems(ProblemType.CONFLICT))
    async def take_back(commission: UUID, caller: Either, device: CurrentDevice) -> None:
        """The tablet is handed back, or the studio ends what was begun on one: it is over everywhere within seconds."""
        async with kernel.database.transaction() as tx:
            await tablet.take_back(tx, context.on(device), caller, commission, kernel.clock())

    return api
