"""`/ops/commissions/{commission}`: one commission's whole story in one view."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from services.lifecycle import actions
from services.lifecycle.domain import telling
from services.lifecycle.domain.deeds import Deed
from services.lifecycle.domain.telling import Kind
from services.lifecycle.pages.frame import framed
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.live import sse
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]
AskedKind = Annotated[Kind | Literal[""], Query()]

_OF_THE_WORKFLOW = {None, Kind.COMMAND, Kind.TIMER}


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    settings = kernel.settings
    lives = actions.Lives(kernel.temporal, settings.prefix)

    def workflow_page(commission: UUID) -> str:
        where = f"namespaces/{settings.temporal_namespace}/workflows/{lives.id_of(commission)}"
        return f"{settings.temporal_ui}/{where}" if settings.temporal_ui else ""

    async def look(caller: Caller, commission: UUID, kind: Kind | None) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            case = await actions.read_case(tx, caller, commission, now=kernel.clock(), soon=settings.soon)
        progress = await actions.ask_progress(lives, caller, commission) if case.asks else None
        looks = kind in _OF_THE_WORKFLOW
        history = await actions.read_history(lives, caller, commission) if looks else None
        return {
            "case": case,
            "progress": progress,
            "history": history,
            "looks": looks,
            "lines": telling.told(case.story.happenings, history, case.actions, kind),
            "kind": kind,
            "deeds": _deeds(case, tries=progress is not None and actions.refused(progress) is not None),
            "temporal": workflow_page(commission),
        }

    @pages.get("/ops/commissions/{commission}")
    async def story(
        request: Request, commission: UUID, caller: Ops, templates: Pages, kind: AskedKind = ""
    ) -> HTMLResponse:
        found = await look(caller, commission, kind or None)
        return templates.page(request, "story.html", {**framed(templates, found["case"].titles), **found})

    @pages.get("/ops/commissions/{commission}/live")
    async def live(request: Request, commission: UUID, caller: Ops, templates: Pages, kind: AskedKind = "") -> Response:
        await look(caller, commission, Kind.OPS)

        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await actions.story_revision(tx, commission, kernel.clock())

        async def render() -> str:
            found = await look(caller, commission, kind or None)
            return templates.fragment("telling.html", **framed(templates, found["case"].titles), **found)

        return sse(request, commission, revision, render)

    return pages


def _deeds(case: actions.Case, *, tries: bool) -> list[Deed]:
    """What may be offered as things stand; whether it can be done, each one's own page says."""
    if not case.asks:
        return []
    paused = case.shown.commission.paused
    usual = [Deed.RESUME] if paused else [Deed.NUDGE, Deed.EXTEND, Deed.PAUSE]
    return [*([Deed.TRY_AGAIN] if tries else []), *usual, Deed.CANCEL]
