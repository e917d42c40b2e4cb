"""Every commission, and one commission in detail."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.lifecycle import actions
from services.lifecycle.api.schemas import (
    CommissionCountsRead,
    CommissionDetailRead,
    CommissionSummaryRead,
    UsedOfferingRead,
    WorkflowHistoryRead,
    WorkflowRead,
    commission_detail_read,
    commission_summary_read,
    history_step_read,
    trouble_read,
)
from services.lifecycle.domain.dashboard import CommissionFilter, Risk
from services.lifecycle.domain.search import MAX_SEARCH, Search
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import CurrentReader
from shared.web.pagination import AskedPage, Page, Position, paged

Ops = Annotated[Caller, Allow(Role.OPS)]
OpsOfOne = Annotated[Caller, Allow(Role.OPS, of="commission")]
Offering = Annotated[str, Line(longest=121)]
SearchText = Annotated[str, Line(longest=MAX_SEARCH)]


async def _filters(
    phase: Annotated[Phase | None, Query(description="Only commissions in this phase.")] = None,
    holder: Annotated[Holder | None, Query(description="Only commissions that wait for this one.")] = None,
    offering: Annotated[Offering | None, Query(description="Only commissions of this offering.")] = None,
    risk: Annotated[Risk | None, Query(description="Only commissions with this risk.")] = None,
    q: Annotated[
        SearchText | None,
        Query(
            description="The beginnings of a customer's names, an e-mail address or its beginning, a commission's id "
            "or its last characters, a payment reference, an invoice, a serial, or an offering's name."
        ),
    ] = None,
) -> CommissionFilter:
    return CommissionFilter(phase, holder, offering, risk, Search(q) if q else None)


AskedFilters = Annotated[CommissionFilter, Depends(_filters)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    api = APIRouter(tags=["commissions"])
    soon = kernel.settings.soon
    gateway = actions.TemporalGateway(kernel.temporal, kernel.settings.prefix)

    @api.get("/commissions")
    async def commissions(
        paging: AskedPage, caller: Ops, reader: CurrentReader, filters: AskedFilters
    ) -> Page[CommissionSummaryRead]:
        """Every commission: what is late or escalated first, then what is due first, what is paused, what has ended."""
        after = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_commissions(
                tx,
                caller,
                filters,
                after=after,
                at_most=paging.fetch,
                now=kernel.clock(),
                soon=soon,
                language=reader.language,
            )
        listed = [
            (Position(each.commission.place, each.commission.commission), commission_summary_read(each, reader))
            for each in found
        ]
        return paged(listed, paging)

    @api.get("/counts")
    async def counts(caller: Ops) -> CommissionCountsRead:
        """How many commissions there are of each kind."""
        async with kernel.database.transaction() as tx:
            return CommissionCountsRead.model_validate(await actions.counts(tx, caller, kernel.clock(), soon))

    @api.get("/offerings")
    async def offerings(caller: Ops, reader: CurrentReader) -> list[UsedOfferingRead]:
        """The offerings that there are commissions of."""
        async with kernel.database.transaction() as tx:
            found = await actions.read_offerings(tx, caller, reader.language)
        return [UsedOfferingRead(offering=offering, title=title) for offering, title in found.items()]

    @api.get("/commissions/{commission}")
    async def commission(commission: UUID, caller: OpsOfOne, reader: CurrentReader) -> CommissionDetailRead:
        """One commission, with all that is known of it."""
        async with kernel.database.transaction() as tx:
            detail = await actions.read_commission_detail(
                tx, caller, commission, now=kernel.clock(), soon=soon, language=reader.language
            )
        return commission_detail_read(detail, reader)

    @api.get("/commissions/{commission}/workflow")
    async def workflow(commission: UUID, caller: OpsOfOne, reader: CurrentReader) -> WorkflowRead:
        """What its workflow itself says when it is asked."""
        async with kernel.database.transaction() as tx:
            await actions.read_commission(tx, caller, commission, now=kernel.clock(), soon=soon)
        state = await actions.read_workflow_state(gateway, caller, commission)
        if state is None:
            return WorkflowRead(answers=False)
        waiting = {topic: sorted(versions) for topic, versions in state.sequencer.waiting.items()}
        trouble = trouble_read(state.trouble, reader) if state.trouble else None
        return WorkflowRead(answers=True, trouble=trouble, versions=state.sequencer.versions, waiting=waiting)

    @api.get("/commissions/{commission}/history")
    async def history(commission: UUID, caller: OpsOfOne, reader: CurrentReader) -> WorkflowHistoryRead:
        """The commands and timers of its workflow, read from Temporal."""
        async with kernel.database.transaction() as tx:
            await actions.read_commission(tx, caller, commission, now=kernel.clock(), soon=soon)
        read = await actions.read_history(gateway, caller, commission)
        if read is None:
            return WorkflowHistoryRead(answers=False)
        steps = [history_step_read(each, reader) for each in read.steps]
        return WorkflowHistoryRead(answers=True, complete=read.complete, events=read.events, steps=steps)

    return api
