"""`/ops`: every commission; what is late, escalated or due first comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from services.lifecycle import actions
from services.lifecycle.domain.dashboard import CommissionFilter, DashboardSection, Risk
from services.lifecycle.domain.operations import BulkOperation, Operation
from services.lifecycle.domain.search import MAX_SEARCH, Search
from services.lifecycle.pages.context import page_context
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.contracts.lifecycle import Holder, Phase
from shared.i18n import Reader
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.failed_events import SHOWN
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.studio_pages import missing
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]


@dataclass(frozen=True)
class DashboardQuery:
    """Which commissions are asked for, as the page's own form says it."""

    filters: CommissionFilter
    q: str

    @property
    def query(self) -> str:
        """The same as an address has it, with only what is asked for."""
        filters = self.filters
        said = {
            "q": self.q,
            "phase": filters.phase,
            "holder": filters.holder,
            "offering": filters.offering,
            "risk": filters.risk,
        }
        return urlencode({name: value for name, value in said.items() if value})


async def _asked(
    phase: Annotated[Phase | Literal[""], Query()] = "",
    holder: Annotated[Holder | Literal[""], Query()] = "",
    offering: Annotated[str, Line(longest=121, shortest=0), Query()] = "",
    risk: Annotated[Risk | Literal[""], Query()] = "",
    q: Annotated[str, Line(longest=MAX_SEARCH, shortest=0), Query()] = "",
) -> DashboardQuery:
    search = Search(q) if q.strip() else None
    return DashboardQuery(CommissionFilter(phase or None, holder or None, offering or None, risk or None, search), q)


AskedQuery = Annotated[DashboardQuery, Depends(_asked)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()
    soon = kernel.settings.soon

    async def look(reader: Reader, caller: Caller, paging: Paging, query: DashboardQuery) -> dict[str, Any]:
        after = (paging.after.at, paging.after.id) if paging.after else None
        now = kernel.clock()
        async with kernel.database.transaction() as tx:
            found = await actions.read_commissions(
                tx,
                caller,
                query.filters,
                after=after,
                at_most=paging.fetch,
                now=now,
                soon=soon,
                language=reader.language,
            )
            counts = await actions.counts(tx, caller, now, soon)
            parked = await actions.failed_here(tx, caller, at_most=SHOWN)
            waiting = await actions.waiting_count(tx, caller)
            offerings = await actions.read_offerings(tx, caller, reader.language)
        listed = [(Position(each.commission.place, each.commission.commission), each) for each in found]
        return {
            "listed": paged(listed, paging),
            "counts": counts,
            "now": now,
            "parked": parked,
            "waiting": waiting,
            "asked": query,
            "offerings": offerings,
            "choices": _choices(reader),
        }

    @pages.get("/ops")
    async def dashboard(
        request: Request, paging: AskedPage, caller: Ops, templates: Pages, query: AskedQuery
    ) -> HTMLResponse:
        context = await look(reader_of(request.scope), caller, paging, query)
        return templates.page(
            request,
            "dashboard.html",
            {
                "query": request.url.query,
                "missing_pages": missing(kernel.settings),
                **page_context(request),
                **context,
            },
        )

    @pages.get("/ops/live")
    async def live(request: Request, paging: AskedPage, caller: Ops, templates: Pages, query: AskedQuery) -> Response:
        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await actions.dashboard_revision(tx, kernel.clock(), soon)

        async def render() -> str:
            reader = reader_of(request.scope)
            found = await look(reader, caller, paging, query)
            return templates.fragment("_dashboard.html", reader, **page_context(request), **found)

        return sse(request, actions.DASHBOARD, revision, render)

    return pages


def _choices(reader: Reader) -> Mapping[str, Sequence[object]]:
    """What the form offers, as values with their words."""
    return {
        "phases": [(each, reader.label(each)) for each in Phase if each is not Phase.ENDED]
        + [(Phase.ENDED, reader.label(DashboardSection.ENDED))],
        "holders": [(each, reader.label(each)) for each in Holder if each is not Holder.NOBODY],
        "risks": [(each, reader.label(each)) for each in Risk],
        "bulk": [Operation(each) for each in BulkOperation],
    }
