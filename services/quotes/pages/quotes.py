"""The studio's desk: every quote, and one quote beside the brief it was drafted from."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.quotes import actions
from services.quotes.domain.quote import Summary
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.live import sse
from shared.web.pagination import AskedPage, Position, paged
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()

    async def desk(caller: Caller, commission: UUID) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            found = await actions.read_desk(tx, caller, commission, now=kernel.clock(), settings=kernel.settings)
        return {"commission": commission, "desk": found}

    @pages.get("/quotes")
    async def quotes(
        request: Request, paging: AskedPage, caller: Annotated[Caller, Allow(Role.OPS)], templates: Pages
    ) -> HTMLResponse:
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.list_quotes(tx, caller, before=before, at_most=paging.fetch)
        return templates.page(request, "quotes.html", {"listed": paged([_placed(each) for each in found], paging)})

    @pages.get("/quotes/{commission}")
    async def quote(request: Request, commission: UUID, caller: Ops, templates: Pages) -> HTMLResponse:
        return templates.page(request, "quote.html", await desk(caller, commission))

    @pages.get("/quotes/{commission}/live")
    async def live(request: Request, commission: UUID, caller: Ops, templates: Pages) -> Response:
        await desk(caller, commission)

        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await actions.desk_revision(tx, commission)

        async def render() -> str:
            return templates.fragment("desk.html", **await desk(caller, commission))

        return sse(request, commission, revision, render)

    return pages


def _placed(each: Summary) -> tuple[Position, Summary]:
    return Position(each.drafted_at, each.quote), each
