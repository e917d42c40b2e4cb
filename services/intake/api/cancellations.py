"""Cancelling an accepted commission."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import cancellations
from services.intake.actions.cancellations import CancellationOptions
from services.intake.domain.cancellation_terms import CannotCancel
from services.intake.domain.cancellations import CancellationState
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commissions import WithdrawalReason
from shared.kernel.money import Money
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
CustomerOrOps = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]


class CancellationCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    owed_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        description="What you agree to owe of the price: the percent of the terms as you read them."
    )
    reason: WithdrawalReason


class GateCostRead(ResponseModel):
    """A step that cannot be undone: what a cancellation costs once it was begun, and for what."""

    title: str
    percent: int
    why: str
    passed: bool


class CancellationTermsRead(ResponseModel):
    """`percent` of `total` is owed; of what was `paid` the rest goes `back`, or something is `left` to pay."""

    percent: int
    total: Money
    owed: Money
    paid: Money
    back: Money
    left: Money
    gates: list[GateCostRead]


class CancellationRead(ResponseModel):
    cancellation: UUID
    owed_percent: int
    reason: WithdrawalReason
    state: CancellationState
    asked_at: datetime
    refusal: CancellationRefusal | None
    refused_percent: int | None
    ended_at: datetime | None


class CancellationOptionsRead(BaseModel):
    """What cancelling means now. `barred` says why it is not offered, `pending` is the one that waits for an answer."""

    terms: CancellationTermsRead | None
    blocked_by: CannotCancel | None
    pending: CancellationRead | None
    refused: CancellationRead | None = Field(description="The newest one, if it was refused.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["cancelling"])

    @api.get("/commissions/{commission}/cancel")
    async def read(commission: UUID, caller: CustomerOrOps, reader: CurrentReader) -> CancellationOptionsRead:
        """What cancelling costs now, by the steps that were begun and cannot be undone."""
        async with kernel.database.transaction() as tx:
            found = await cancellations.read(tx, caller, commission)
        return _read(found.in_language(reader.language))

    @api.post("/commissions/{commission}/cancel", responses=problems(ProblemType.CONFLICT))
    async def cancel(commission: UUID, caller: Customer, given: CancellationCreate) -> CancellationRead:
        """Ask to cancel, agreeing to exactly this percent. Asking again changes nothing until it is answered."""
        async with kernel.database.transaction() as tx:
            asked = await cancellations.ask(
                tx, caller, commission, given.owed_percent, given.reason, new_id=kernel.ids, now=kernel.clock()
            )
        return CancellationRead.model_validate(asked)

    return api


def _read(found: CancellationOptions) -> CancellationOptionsRead:
    return CancellationOptionsRead(
        terms=CancellationTermsRead.model_validate(found.terms) if found.terms else None,
        blocked_by=found.blocked_by,
        pending=CancellationRead.model_validate(found.pending) if found.pending else None,
        refused=CancellationRead.model_validate(found.refused) if found.refused else None,
    )
