"""`/ops/charts`: commissions by phase and age, throughput, and who was waited for."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from services.lifecycle import actions
from services.lifecycle.pages import drawing
from services.lifecycle.pages.context import page_context
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()
    settings = kernel.settings

    @pages.get("/ops/charts")
    async def charts(request: Request, caller: Ops, templates: Pages) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await actions.read_charts(
                tx, caller, now=kernel.clock(), soon=settings.soon, zone=settings.studio_zone
            )
        frame = page_context(request)
        context = {
            "charts": found,
            "lanes": drawing.lanes(found.lanes),
            "weeks": drawing.weeks(found.weeks),
            "held": drawing.held(found.held),
            "buckets": drawing.BUCKETS,
            "risks": drawing.RISKS,
        }
        return templates.page(request, "charts.html", {**frame, **context})

    return pages
