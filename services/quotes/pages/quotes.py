"""The list of quotes, and one quote: the desk for ops, the offer for its customer; it changes by itself."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from services.quotes.actions import desk, questions
from services.quotes.domain.quote import QuoteState, Summary
from services.quotes.pages.shown import Showing
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.live import sse
from shared.web.pagination import AskedPage, Position, paged
from shared.web.templates import Pages

Somebody = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    showing = Showing(kernel)

    @pages.get("/quotes")
    async def quotes(
        request: Request,
        paging: AskedPage,
        caller: Annotated[Caller, Allow(Role.OPS)],
        templates: Pages,
        state: Annotated[str, Query()] = "",
    ) -> HTMLResponse:
        """`state` is one that the list is sifted by; whatever else it says sifts nothing."""
        only = QuoteState(state) if state in set(QuoteState) else None
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await desk.list_quotes(tx, caller, state=only, before=before, at_most=paging.fetch)
            waiting = await questions.open_questions(tx, caller) if before is None else ()
        listed = paged([_placed(each) for each in found], paging)
        context: dict[str, Any] = {"listed": listed, "waiting": waiting, "only": only, "now": kernel.clock()}
        return templates.page(request, "quotes.html", context)

    @pages.get("/quotes/{commission}")
    async def quote(request: Request, commission: UUID, caller: Somebody) -> HTMLResponse:
        return await showing.page(request, caller, commission)

    @pages.get("/quotes/{commission}/live")
    async def live(request: Request, commission: UUID, caller: Somebody, templates: Pages) -> Response:
        await showing.context(caller, commission)

        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await desk.desk_revision(tx, commission)

        async def render() -> str:
            return await showing.fragment(templates, caller, commission)

        return sse(request, commission, revision, render)

    return pages


def _placed(each: Summary) -> tuple[Position, Summary]:
    return Position(each.drafted_at, each.quote), each
