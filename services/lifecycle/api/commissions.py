"""Where every commission stands, and one commission whole."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.lifecycle import actions
from services.lifecycle.api.schemas import (
    CommissionRead,
    CountsRead,
    HistoryRead,
    OfferingRead,
    StepRead,
    StoryRead,
    WorkflowRead,
    commission_shown,
    story_shown,
)
from services.lifecycle.domain.room import LONGEST_SEARCH, Kinds, Risk, Sought
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.pagination import AskedPage, Page, Position, paged

Ops = Annotated[Caller, Allow(Role.OPS)]
OpsOfOne = Annotated[Caller, Allow(Role.OPS, of="commission")]
Offering = Annotated[str, Line(longest=121)]
Search = Annotated[str, Line(longest=LONGEST_SEARCH)]


async def _kinds(
    stage: Annotated[Phase | None, Query(description="Only commissions at this stage.")] = None,
    holder: Annotated[Holder | None, Query(description="Only commissions that wait for this one.")] = None,
    offering: Annotated[Offering | None, Query(description="Only commissions of this offering.")] = None,
    risk: Annotated[Risk | None, Query(description="Only commissions that stand so.")] = None,
    q: Annotated[
        Search | None,
        Query(description="A commission's id or its last characters, an invoice, a serial, or an offering's name."),
    ] = None,
) -> Kinds:
    return Kinds(stage, holder, offering, risk, Sought(q) if q else None)


AskedKinds = Annotated[Kinds, Depends(_kinds)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])
    soon = kernel.settings.soon
    lives = actions.Lives(kernel.temporal, kernel.settings.prefix)

    @api.get("/commissions")
    async def commissions(paging: AskedPage, caller: Ops, kinds: AskedKinds) -> Page[CommissionRead]:
        """Every commission: what is late or escalated first, then what is due first, what is paused, what has ended."""
        after = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_commissions(
                tx, caller, kinds, after=after, at_most=paging.fetch, now=kernel.clock(), soon=soon
            )
        listed = [
            (Position(each.commission.place, each.commission.commission), commission_shown(each)) for each in found
        ]
        return paged(listed, paging)

    @api.get("/counts")
    async def counts(caller: Ops) -> CountsRead:
        """How many commissions there are of each kind."""
        async with kernel.database.transaction() as tx:
            return CountsRead.model_validate(await actions.counts(tx, caller, kernel.clock(), soon))

    @api.get("/offerings")
    async def offerings(caller: Ops) -> list[OfferingRead]:
        """The offerings that there are commissions of."""
        async with kernel.database.transaction() as tx:
            found = await actions.read_offerings(tx, caller)
        return [OfferingRead(offering=offering, title=title) for offering, title in found.items()]

    @api.get("/commissions/{commission}")
    async def commission(commission: UUID, caller: OpsOfOne) -> StoryRead:
        """Where one commission stands, and all that happened to it."""
        async with kernel.database.transaction() as tx:
            return story_shown(await actions.read_case(tx, caller, commission, now=kernel.clock(), soon=soon))

    @api.get("/commissions/{commission}/workflow")
    async def workflow(commission: UUID, caller: OpsOfOne) -> WorkflowRead:
        """What its workflow itself says, which is asked for it."""
        async with kernel.database.transaction() as tx:
            await actions.read_commission(tx, caller, commission, now=kernel.clock(), soon=soon)
        progress = await actions.ask_progress(lives, caller, commission)
        if progress is None:
            return WorkflowRead(answers=False)
        waiting = {topic: sorted(versions) for topic, versions in progress.heard.waiting.items()}
        return WorkflowRead(answers=True, trouble=progress.trouble, heard=progress.heard.versions, waiting=waiting)

    @api.get("/commissions/{commission}/history")
    async def history(commission: UUID, caller: OpsOfOne) -> HistoryRead:
        """The commands that its workflow asked for, and its timers, read from Temporal."""
        async with kernel.database.transaction() as tx:
            await actions.read_commission(tx, caller, commission, now=kernel.clock(), soon=soon)
        read = await actions.read_history(lives, caller, commission)
        if read is None:
            return HistoryRead(answers=False)
        steps = [StepRead.model_validate(each) for each in read.steps]
        return HistoryRead(answers=True, complete=read.complete, events=read.events, steps=steps)

    return api
