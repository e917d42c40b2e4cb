"""What ops do: previewed, carried out with a reason, and looked up in the audit log."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.lifecycle import actions
from services.lifecycle.actions import OperationRequest
from services.lifecycle.api.schemas import (
    AuditEntryRead,
    CommissionPreviewRead,
    audit_entry_read,
    commission_preview_read,
)
from services.lifecycle.domain.audit import AuditAction, AuditFilter, AuditOutcome
from services.lifecycle.domain.operations import (
    MAX_BULK,
    MAX_DAYS,
    MAX_REASON,
    BulkOperation,
    Operation,
)
from services.lifecycle.settings import LifecycleSettings
from services.lifecycle.workflow.messages import CancelCause, refusal_of
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged

Ops = Annotated[Caller, Allow(Role.OPS)]
OpsOfOne = Annotated[Caller, Allow(Role.OPS, of="commission")]
Days = Annotated[int, Field(ge=1, le=MAX_DAYS, description="By how many days it is due later; for `extend`.")]
Reason = Annotated[str, Prose(longest=MAX_REASON), Field(description="Why; it stays in the audit log.")]


class OperationCreate(BaseModel):
    """Why, and what the operation needs besides."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    days: Days | None = None
    cause: CancelCause | None = Field(default=None, description="Who cancels; for `cancel`.")
    at_most_percent: Annotated[int, Field(ge=0, le=100)] | None = Field(
        default=None, description="Cancel for the customer only if no more of the price is owed by then."
    )

    def request(self, operation: Operation) -> OperationRequest:
        return OperationRequest(operation, self.reason, self.days, self.cause, self.at_most_percent)


class BulkOperationCreate(BaseModel):
    """One operation on several commissions, and why. Cancelled is by the studio: the customers owe nothing."""

    model_config = ConfigDict(extra="forbid")

    operation: BulkOperation
    commissions: Annotated[list[UUID], Field(min_length=1, max_length=MAX_BULK)]
    reason: Reason
    days: Days | None = None

    @property
    def request(self) -> OperationRequest:
        cause = CancelCause.STUDIO if self.operation is BulkOperation.CANCEL else None
        return OperationRequest(Operation(self.operation), self.reason, self.days, cause)


async def _only(
    action: Annotated[AuditAction | None, Query(description="Only this action.")] = None,
    outcome: Annotated[AuditOutcome | None, Query(description="Only entries with this outcome.")] = None,
    commission: Annotated[UUID | None, Query(description="Only entries about this commission.")] = None,
    bulk: Annotated[UUID | None, Query(description="Only entries of this bulk operation.")] = None,
) -> AuditFilter:
    return AuditFilter(action, outcome, commission, bulk)


Only = Annotated[AuditFilter, Depends(_only)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    api = APIRouter(tags=["operations"])
    soon = kernel.settings.soon
    gateway = actions.TemporalGateway(kernel.temporal, kernel.settings.prefix)

    @api.get("/audit")
    async def audit(paging: AskedPage, caller: Ops, only: Only, reader: CurrentReader) -> Page[AuditEntryRead]:
        """What ops did, newest first."""
        after = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_audit(tx, caller, only, after=after, at_most=paging.fetch)
            people = await actions.audit_people(tx, found)
        listed = [(Position(each.at, each.id), audit_entry_read(each, reader, people)) for each in found]
        return paged(listed, paging)

    @api.get("/bulk", responses=problems(ProblemType.NOT_FOUND))
    async def previews(
        caller: Ops,
        reader: CurrentReader,
        operation: BulkOperation,
        commission: Annotated[list[UUID], Query(min_length=1, max_length=MAX_BULK)],
        days: Days | None = None,
    ) -> list[CommissionPreviewRead]:
        """Preview an operation on each of these commissions."""
        async with kernel.database.transaction() as tx:
            found = await actions.read_previews(
                tx,
                caller,
                commission,
                Operation(operation),
                days=days,
                now=kernel.clock(),
                soon=soon,
                language=reader.language,
            )
        return [commission_preview_read(each) for each in found]

    @api.post("/bulk", responses=problems(ProblemType.NOT_FOUND))
    async def carry_out_in_bulk(
        wanted: BulkOperationCreate, caller: Ops, key: IdempotencyKey, reader: CurrentReader
    ) -> list[AuditEntryRead]:
        """Carry it out on each of them; each has an outcome of its own."""
        done = await actions.carry_out_in_bulk(
            kernel.database, gateway, caller, wanted.commissions, wanted.request, key=key.key, clock=kernel.clock
        )
        return [audit_entry_read(each, reader) for each in done]

    @api.get("/commissions/{commission}/{operation}")
    async def preview(
        commission: UUID, operation: Operation, caller: OpsOfOne, reader: CurrentReader, days: Days | None = None
    ) -> CommissionPreviewRead:
        """Preview an operation."""
        state = (
            await actions.read_workflow_state(gateway, caller, commission) if operation is Operation.TRY_AGAIN else None
        )
        async with kernel.database.transaction() as tx:
            found = await actions.read_preview(
                tx,
                caller,
                commission,
                operation,
                days=days,
                state=state,
                now=kernel.clock(),
                soon=soon,
                language=reader.language,
            )
        return commission_preview_read(found)

    @api.post("/commissions/{commission}/{operation}", responses=problems(ProblemType.CONFLICT))
    async def carry_out(
        commission: UUID,
        operation: Operation,
        wanted: OperationCreate,
        *,
        caller: OpsOfOne,
        key: IdempotencyKey,
        reader: CurrentReader,
    ) -> AuditEntryRead:
        """Carry it out, once per key; a refusal of the workflow is a conflict, and in the audit log."""
        done = await actions.carry_out(
            kernel.database, gateway, caller, commission, wanted.request(operation), key=key.key, clock=kernel.clock
        )
        if done.problem:
            raise Problem(ProblemType.CONFLICT, refusal_of(done.problem))
        return audit_entry_read(done, reader)

    return api
