"""The studio does not take a request."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import refusals
from services.intake.domain.messages import LONGEST
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import RequestRefusal
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

Studio = Annotated[Caller, Allow(Role.OPS, of="commission")]


class RequestRefusalCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: RequestRefusal
    words: Annotated[str, Prose(longest=LONGEST)] = Field(description="Why not, and what would be possible instead.")


class RefusalRead(ResponseModel):
    reason: RequestRefusal
    refused_at: datetime


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])

    @api.post("/commissions/{commission}/refuse", responses=problems(ProblemType.CONFLICT))
    async def refuse(commission: UUID, caller: Studio, given: RequestRefusalCreate) -> RefusalRead:
        """Say that the studio does not take the request, before a quote is sent. It ends the commission."""
        async with kernel.database.transaction() as tx:
            refused = await refusals.refuse(
                tx, caller, commission, given.reason, given.words, new_id=kernel.ids, now=kernel.clock()
            )
        return RefusalRead.model_validate(refused)

    return api
