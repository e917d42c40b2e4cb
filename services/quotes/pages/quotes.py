"""The list of quotes, and one quote, for ops and for its customer; it updates by itself."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from services.quotes.actions import drafting, names, questions
from services.quotes.domain.names import MOST_FOUND
from services.quotes.domain.quote import QuoteState, QuoteSummary
from services.quotes.labels.names import NameWording
from services.quotes.pages.rendering import QuotePages
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.kernel.search import CommissionSearch
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.pagination import AskedPage, Position, paged
from shared.web.templates import templates_of

Somebody = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    quote_pages = QuotePages(kernel)

    @pages.get("/quotes")
    async def quotes(
        request: Request,
        paging: AskedPage,
        caller: Annotated[Caller, Allow(Role.OPS)],
        state: Annotated[str, Query()] = "",
        q: Annotated[str, Line(longest=100, shortest=0), Query()] = "",
    ) -> HTMLResponse:
        """`state` is one that the list is sifted by; whatever else it says sifts nothing."""
        only = QuoteState(state) if state in set(QuoteState) else None
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            among = await names.find_commissions(tx, caller, CommissionSearch(q)) if q.strip() else None
            found = await drafting.list_quotes(tx, caller, state=only, among=among, before=before, at_most=paging.fetch)
            offerings = await drafting.offerings_of(tx, found)
            waiting = await questions.open_questions(tx, caller) if before is None and not q else ()
            known = await names.names_of(
                tx, caller, [*(each.commission for each in found), *(each.commission for each in waiting)]
            )
        listed = paged([_placed(each) for each in found], paging)
        values: dict[str, Any] = {
            "listed": listed,
            "waiting": waiting,
            "only": only,
            "states": [state for state in QuoteState if state is not QuoteState.REPLACED],
            "now": kernel.clock(),
            "names": NameWording(reader_of(request.scope), offerings, known),
            "q": q,
            "too_many": among is not None and len(among) > MOST_FOUND,
        }
        return templates_of(request).page(request, "quotes.html", values)

    @pages.get("/quotes/{commission}")
    async def quote(request: Request, commission: UUID, caller: Somebody) -> HTMLResponse:
        return await quote_pages.page(request, caller, commission)

    @pages.get("/quotes/{commission}/live")
    async def live(request: Request, commission: UUID, caller: Somebody) -> Response:
        await quote_pages.values(caller, commission, reader_of(request.scope))

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await drafting.quote_revision(tx, commission)

        async def render() -> str:
            return await quote_pages.fragment(request, caller, commission)

        return sse(request, commission, revision, render)

    return pages


def _placed(each: QuoteSummary) -> tuple[Position, QuoteSummary]:
    return Position(each.drafted_at, each.quote), each
