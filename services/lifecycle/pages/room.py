"""`/ops`: every commission, what is late, escalated or due first at the head."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from services.lifecycle import actions
from services.lifecycle.domain.room import LONGEST_SEARCH, Kinds, Risk, Sought
from services.lifecycle.pages.frame import framed
from services.lifecycle.pages.parked import SHOWN
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.live import sse
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]


@dataclass(frozen=True)
class Asked:
    """Which commissions are asked for, as the page's own form says it."""

    kinds: Kinds
    q: str

    @property
    def query(self) -> str:
        """The same as an address has it, with only what is asked for."""
        kinds = self.kinds
        said = {
            "q": self.q,
            "stage": kinds.stage,
            "holder": kinds.holder,
            "offering": kinds.offering,
            "risk": kinds.risk,
        }
        return urlencode({name: value for name, value in said.items() if value})


async def _asked(
    stage: Annotated[Phase | Literal[""], Query()] = "",
    holder: Annotated[Holder | Literal[""], Query()] = "",
    offering: Annotated[str, Line(longest=121, shortest=0), Query()] = "",
    risk: Annotated[Risk | Literal[""], Query()] = "",
    q: Annotated[str, Line(longest=LONGEST_SEARCH, shortest=0), Query()] = "",
) -> Asked:
    sought = Sought(q) if q.strip() else None
    return Asked(Kinds(stage or None, holder or None, offering or None, risk or None, sought), q)


AskedKinds = Annotated[Asked, Depends(_asked)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    soon = kernel.settings.soon

    async def look(caller: Caller, paging: Paging, asked: Asked) -> dict[str, Any]:
        after = (paging.after.at, paging.after.id) if paging.after else None
        now = kernel.clock()
        async with kernel.database.transaction() as tx:
            found = await actions.read_commissions(
                tx, caller, asked.kinds, after=after, at_most=paging.fetch, now=now, soon=soon
            )
            counts = await actions.counts(tx, caller, now, soon)
            parked = len(await actions.parked_here(tx, caller, at_most=SHOWN))
            offerings = await actions.read_offerings(tx, caller)
        listed = [(Position(each.commission.place, each.commission.commission), each) for each in found]
        return {
            "listed": paged(listed, paging),
            "counts": counts,
            "parked": parked,
            "asked": asked,
            "offerings": offerings,
        }

    @pages.get("/ops")
    async def room(
        request: Request, paging: AskedPage, caller: Ops, templates: Pages, asked: AskedKinds
    ) -> HTMLResponse:
        context = await look(caller, paging, asked)
        return templates.page(request, "room.html", {"query": request.url.query, **framed(templates), **context})

    @pages.get("/ops/live")
    async def live(request: Request, paging: AskedPage, caller: Ops, templates: Pages, asked: AskedKinds) -> Response:
        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await actions.room_revision(tx, kernel.clock(), soon)

        async def render() -> str:
            return templates.fragment("board.html", **framed(templates), **await look(caller, paging, asked))

        return sse(request, actions.ROOM, revision, render)

    return pages
