"""What ops have done: previewed, done with a reason, and looked up in the audit log."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.lifecycle import actions
from services.lifecycle.actions import Asked
from services.lifecycle.api.schemas import ActionRead, PreviewOfOne, action_shown, preview_shown
from services.lifecycle.domain.deeds import (
    LONGEST_REASON,
    MOST_DAYS,
    MOST_TOGETHER,
    ActionOutcome,
    Deed,
    Logged,
    Together,
    What,
)
from services.lifecycle.domain.refusals import remedy, sentence
from services.lifecycle.domain.updates import CancelCause
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged

Ops = Annotated[Caller, Allow(Role.OPS)]
OpsOfOne = Annotated[Caller, Allow(Role.OPS, of="commission")]
Days = Annotated[int, Field(ge=1, le=MOST_DAYS, description="By how many days it is due later; for `extend`.")]
Reason = Annotated[str, Prose(longest=LONGEST_REASON), Field(description="Why; it stays in the audit log.")]


class Wanted(BaseModel):
    """Why, and what the deed needs to know besides."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    days: Days | None = None
    cause: CancelCause | None = Field(default=None, description="Whose doing it is; for `cancel`.")
    at_most_percent: Annotated[int, Field(ge=0, le=100)] | None = Field(
        default=None, description="Cancel for the customer only if no more of the price is owed by then."
    )


class WantedTogether(BaseModel):
    """One deed for several commissions, and why."""

    model_config = ConfigDict(extra="forbid")

    deed: Together
    commissions: Annotated[list[UUID], Field(min_length=1, max_length=MOST_TOGETHER)]
    reason: Reason
    days: Days | None = None


async def _only(
    what: Annotated[What | None, Query(description="Only this.")] = None,
    outcome: Annotated[ActionOutcome | None, Query(description="Only what ended so.")] = None,
    commission: Annotated[UUID | None, Query(description="Only what was done to this one.")] = None,
    together: Annotated[UUID | None, Query(description="Only what was asked for in one go.")] = None,
) -> Logged:
    return Logged(what, outcome, commission, together)


Only = Annotated[Logged, Depends(_only)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["deeds"])
    soon = kernel.settings.soon
    lives = actions.Lives(kernel.temporal, kernel.settings.prefix)

    @api.get("/audit")
    async def audit(paging: AskedPage, caller: Ops, only: Only) -> Page[ActionRead]:
        """What ops did, newest first."""
        after = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_audit(tx, caller, only, after=after, at_most=paging.fetch)
        return paged([(Position(each.at, each.action), action_shown(each)) for each in found], paging)

    @api.get("/together", responses=problems(ProblemType.NOT_FOUND))
    async def previews(
        caller: Ops,
        deed: Together,
        commission: Annotated[list[UUID], Query(min_length=1, max_length=MOST_TOGETHER)],
        days: Days | None = None,
    ) -> list[PreviewOfOne]:
        """What a deed would bring about for each of these commissions."""
        async with kernel.database.transaction() as tx:
            found = await actions.read_previews(
                tx, caller, commission, Deed(deed), days=days, now=kernel.clock(), soon=soon
            )
        return [preview_shown(each) for each in found]

    @api.post("/together", responses=problems(ProblemType.NOT_FOUND))
    async def together(wanted: WantedTogether, caller: Ops, key: IdempotencyKey) -> list[ActionRead]:
        """Have it done for each of them; every one has an outcome of its own."""
        asked = Asked(Deed(wanted.deed), wanted.reason, days=wanted.days)
        done = await actions.carry_out_together(
            kernel.database, lives, caller, wanted.commissions, asked, key=key.key, clock=kernel.clock
        )
        return [action_shown(each) for each in done]

    @api.get("/commissions/{commission}/{deed}")
    async def preview(commission: UUID, deed: Deed, caller: OpsOfOne, days: Days | None = None) -> PreviewOfOne:
        """What a deed would bring about, before it is done."""
        progress = await actions.ask_progress(lives, caller, commission) if deed is Deed.TRY_AGAIN else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_preview(
                tx, caller, commission, deed, days=days, progress=progress, now=kernel.clock(), soon=soon
            )
        return preview_shown(found)

    @api.post("/commissions/{commission}/{deed}", responses=problems(ProblemType.CONFLICT))
    async def carry_out(
        commission: UUID, deed: Deed, wanted: Wanted, caller: OpsOfOne, key: IdempotencyKey
    ) -> ActionRead:
        """Have it done, once per key; a refusal of the workflow is a conflict, and in the audit log as well."""
        asked = Asked(deed, wanted.reason, wanted.days, wanted.cause, wanted.at_most_percent)
        done = await actions.carry_out(
            kernel.database, lives, caller, commission, asked, key=key.key, clock=kernel.clock
        )
        if done.problem:
            raise Problem(ProblemType.CONFLICT, sentence(done.problem), remedy=remedy(done.problem))
        return action_shown(done)

    return api
