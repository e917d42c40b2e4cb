"""The promises that the bench holds: which piece, from when, ready when, and until when they are held."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.production.actions import promises as actions
from services.production.actions.workshop import BENCH
from services.production.domain.promise import PromiseState
from services.production.pages.shown import show
from services.production.settings import Settings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.live import sse
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.templates import Pages

Bench = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    zone = ZoneInfo(kernel.settings.studio_zone)

    async def held(caller: Caller, paging: Paging) -> dict[str, Any]:
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            bench = await actions.read_promises(
                tx, caller, state=PromiseState.HELD, before=before, at_most=paging.fetch
            )
        items = [(Position(each.held_at, each.promise), show(each, bench, zone)) for each in bench.promises]
        return {"listed": paged(items, paging)}

    @pages.get("/bench/promises")
    async def promises(request: Request, paging: AskedPage, caller: Bench, templates: Pages) -> HTMLResponse:
        context = {"query": request.url.query, **await held(caller, paging)}
        return templates.page(request, "promises.html", context)

    @pages.get("/bench/promises/live")
    async def live(request: Request, paging: AskedPage, caller: Bench, templates: Pages) -> Response:
        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await actions.bench_revision(tx)

        async def render() -> str:
            return templates.fragment("bench.html", caller=caller, **await held(caller, paging))

        return sse(request, BENCH, revision, render)

    return pages
