"""`/ops/audit`: what ops did, and why."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse

from services.lifecycle import actions
from services.lifecycle.domain.deeds import ActionOutcome, Logged, What
from services.lifecycle.pages.frame import framed
from services.lifecycle.settings import Settings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.pagination import AskedPage, Position, paged
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]


async def _only(
    what: Annotated[What | Literal[""], Query()] = "",
    outcome: Annotated[ActionOutcome | Literal[""], Query()] = "",
    commission: Annotated[UUID | Literal[""], Query()] = "",
    together: Annotated[UUID | Literal[""], Query()] = "",
) -> Logged:
    return Logged(what or None, outcome or None, commission or None, together or None)


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()

    @pages.get("/ops/audit")
    async def audit(
        request: Request, paging: AskedPage, caller: Ops, templates: Pages, only: Annotated[Logged, Depends(_only)]
    ) -> HTMLResponse:
        after = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_audit(tx, caller, only, after=after, at_most=paging.fetch)
        listed = paged([(Position(each.at, each.action), each) for each in found], paging)
        context = {"listed": listed, "only": only, "query": _query(only), "me": caller.person}
        return templates.page(request, "audit.html", {**context, **framed(templates)})

    return pages


def _query(only: Logged) -> str:
    """As an address has it, with only what is asked for."""
    return urlencode({name: str(value) for name, value in vars(only).items() if value})
