"""`/ops/commissions/{commission}`: one commission with its timeline."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from services.lifecycle import actions
from services.lifecycle.domain.operations import Operation
from services.lifecycle.domain.timeline import TimelineKind, timeline
from services.lifecycle.pages.context import page_context
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]
AskedKind = Annotated[TimelineKind | Literal[""], Query()]

NEWEST = 20
"""How many entries of the timeline are unfolded."""

_OF_THE_WORKFLOW = {None, TimelineKind.COMMAND, TimelineKind.TIMER}


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()
    settings = kernel.settings
    gateway = actions.TemporalGateway(kernel.temporal, settings.prefix)

    def workflow_page(commission: UUID) -> str:
        where = f"namespaces/{settings.temporal_namespace}/workflows/{gateway.id_of(commission)}"
        return f"{settings.temporal_ui}/{where}" if settings.temporal_ui else ""

    async def look(reader: Reader, caller: Caller, commission: UUID, kind: TimelineKind | None) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            detail = await actions.read_commission_detail(
                tx, caller, commission, now=kernel.clock(), soon=settings.soon, language=reader.language
            )
        state = await actions.read_workflow_state(gateway, caller, commission) if detail.has_workflow else None
        reads_history = kind in _OF_THE_WORKFLOW
        history = await actions.read_history(gateway, caller, commission) if reads_history else None
        entries = timeline(detail.log.recorded, history, detail.audit, kind)
        return {
            "detail": detail,
            "workflow_state": state,
            "history": history,
            "reads_history": reads_history,
            "newest": entries[:NEWEST],
            "older": entries[NEWEST:],
            "kind": kind,
            "kinds": list(TimelineKind),
            "operations": _operations(detail, tries=state is not None and actions.refused_command(state) is not None),
            "temporal": workflow_page(commission),
        }

    @pages.get("/ops/commissions/{commission}")
    async def show(
        request: Request, commission: UUID, caller: Ops, templates: Pages, kind: AskedKind = ""
    ) -> HTMLResponse:
        found = await look(reader_of(request.scope), caller, commission, kind or None)
        return templates.page(
            request,
            "commission.html",
            {**page_context(request, found["detail"].titles, found["detail"].people), **found},
        )

    @pages.get("/ops/commissions/{commission}/live")
    async def live(request: Request, commission: UUID, caller: Ops, templates: Pages, kind: AskedKind = "") -> Response:
        await look(reader_of(request.scope), caller, commission, TimelineKind.OPS)

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await actions.commission_revision(tx, commission, kernel.clock())

        async def render() -> str:
            found = await look(reader_of(request.scope), caller, commission, kind or None)
            return templates.fragment(
                "_commission.html",
                reader_of(request.scope),
                **page_context(request, found["detail"].titles, found["detail"].people),
                **found,
            )

        return sse(request, commission, revision, render)

    return pages


def _operations(detail: actions.CommissionDetail, *, tries: bool) -> list[Operation]:
    """The operations that are offered; whether one can be carried out, its own page says."""
    if not detail.has_workflow:
        return []
    paused = detail.summary.commission.paused
    usual = [Operation.RESUME] if paused else [Operation.NUDGE, Operation.EXTEND, Operation.PAUSE]
    return [*([Operation.TRY_AGAIN] if tries else []), *usual, Operation.CANCEL]
