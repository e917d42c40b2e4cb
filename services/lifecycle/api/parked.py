"""Failed events: records that could not be handled, and what becomes of them."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict

from services.lifecycle import actions
from services.lifecycle.api.schemas import FailedEventRead
from services.lifecycle.domain.operations import MAX_REASON
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import Answer, IdempotencyKey, once
from shared.web.openapi import problems

Ops = Annotated[Caller, Allow(Role.OPS)]


class FailedEventDecision(BaseModel):
    """What to do with a failed event, and why."""

    model_config = ConfigDict(extra="forbid")

    decision: actions.Decision
    reason: Annotated[str, Prose(longest=MAX_REASON)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    api = APIRouter(tags=["failed events"])

    @api.get("/failed-events")
    async def parked(
        caller: Ops, limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 100
    ) -> list[FailedEventRead]:
        """The failed events of this service's inboxes that wait for a decision, in the order they failed."""
        async with kernel.database.transaction() as tx:
            found = await actions.parked_here(tx, caller, at_most=limit)
        return [FailedEventRead(**asdict(each)) for each in found]

    @api.post("/failed-events/{record}", status_code=204, responses=problems(ProblemType.CONFLICT))
    async def decide(
        record: Annotated[int, Path(ge=1, le=2**63 - 1)], decided: FailedEventDecision, caller: Ops, key: IdempotencyKey
    ) -> Response:
        """Replay a failed event, or drop it for good; the first of its key first."""

        async def act() -> Answer:
            await actions.decide(tx, caller, record, decided.decision, decided.reason, now=kernel.clock())
            return Answer(204, {})

        async with kernel.database.transaction() as tx:
            await once(tx, key.of(decided), act)
        return Response(status_code=204)

    return api
