"""Withdrawing from the contract, where the law allows it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel

from services.intake.actions import contract_withdrawals as actions
from services.intake.domain.claims import CannotWithdraw
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
CustomerOrOps = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]


class WithdrawalRightRead(BaseModel):
    """Whether the customer may withdraw now; `last_day` is null until the piece has arrived."""

    last_day: date | None
    blocked_by: CannotWithdraw | None
    withdrawn_at: datetime | None


class ContractWithdrawalRead(BaseModel):
    """`arrived`: the piece was there, and comes back."""

    withdrawn_at: datetime
    arrived: bool


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["withdrawing"])
    zone = ZoneInfo(kernel.settings.studio_zone)

    @api.get("/commissions/{commission}/contract-withdrawal")
    async def read(commission: UUID, caller: CustomerOrOps) -> WithdrawalRightRead:
        """Whether the right of withdrawal applies to this piece, and until when."""
        async with kernel.database.transaction() as tx:
            found = await actions.read(tx, caller, commission, zone, kernel.clock())
        return WithdrawalRightRead(
            last_day=found.last_day,
            blocked_by=found.blocked_by,
            withdrawn_at=found.done.withdrawn_at if found.done else None,
        )

    @api.post("/commissions/{commission}/contract-withdrawal", responses=problems(ProblemType.CONFLICT))
    async def withdraw(commission: UUID, caller: Customer) -> ContractWithdrawalRead:
        """Withdraw from the contract: nothing is owed. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            done = await actions.withdraw(tx, caller, commission, zone, kernel.clock())
        return ContractWithdrawalRead(withdrawn_at=done.withdrawn_at, arrived=done.arrived)

    return api
