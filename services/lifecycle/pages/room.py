"""`/ops`: every commission, what is late or due first at the head."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from services.lifecycle import actions
from services.lifecycle.pages.parked import SHOWN
from services.lifecycle.pages.wording import Words
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.lifecycle import Holder, Stage
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.live import sse
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]


@dataclass(frozen=True)
class Narrowing:
    """What of the list is asked for; None is all."""

    stage: Stage | None
    holder: Holder | None


async def _narrowing(
    stage: Annotated[Stage | Literal[""], Query()] = "", holder: Annotated[Holder | Literal[""], Query()] = ""
) -> Narrowing:
    return Narrowing(stage or None, holder or None)


Narrowed = Annotated[Narrowing, Depends(_narrowing)]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()

    async def look(caller: Caller, paging: Paging, only: Narrowing) -> dict[str, Any]:
        after = (paging.after.at, paging.after.id) if paging.after else None
        now = kernel.clock()
        async with kernel.database.transaction() as tx:
            found = await actions.read_commissions(
                tx,
                caller,
                stage=only.stage,
                holder=only.holder,
                after=after,
                at_most=paging.fetch,
                now=now,
                soon=kernel.settings.soon,
            )
            counts = await actions.counts(tx, caller, now)
            parked = len(await actions.parked_here(tx, caller, at_most=SHOWN))
        listed = [(Position(each.commission.place, each.commission.commission), each) for each in found]
        return {
            "listed": paged(listed, paging),
            "counts": counts,
            "parked": parked,
            "only": only,
        }

    @pages.get("/ops")
    async def room(
        request: Request,
        paging: AskedPage,
        caller: Ops,
        templates: Pages,
        only: Narrowed,
    ) -> HTMLResponse:
        context = await look(caller, paging, only)
        words = Words(templates.wording)
        return templates.page(request, "room.html", {"query": request.url.query, "words": words, **context})

    @pages.get("/ops/live")
    async def live(
        request: Request,
        paging: AskedPage,
        caller: Ops,
        templates: Pages,
        only: Narrowed,
    ) -> Response:
        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await actions.room_revision(tx, kernel.clock())

        async def render() -> str:
            words = Words(templates.wording)
            return templates.fragment("commissions.html", words=words, **await look(caller, paging, only))

        return sse(request, actions.ROOM, revision, render)

    return pages
