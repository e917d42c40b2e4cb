"""`/ops/inbox`: everything unread or unanswered, the oldest first, live."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.lifecycle import actions
from services.lifecycle.actions.inbox import InboxStep
from services.lifecycle.pages.context import page_context
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()

    async def look(request: Request, caller: Caller) -> Mapping[str, Any]:
        reader = reader_of(request.scope)
        async with kernel.database.transaction() as tx:
            found = await actions.read_inbox(
                tx, caller, now=kernel.clock(), soon=kernel.settings.soon, language=reader.language
            )
        return {"inbox": found.rows, "now": kernel.clock(), **page_context(request, people=found.people)}

    @pages.get("/ops/inbox")
    async def inbox(request: Request, caller: Ops, templates: Pages) -> HTMLResponse:
        return templates.page(request, "inbox.html", await look(request, caller))

    @pages.get("/ops/inbox/live")
    async def live(request: Request, caller: Ops, templates: Pages) -> Response:
        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await actions.dashboard_revision(tx, kernel.clock(), kernel.settings.soon)

        async def render() -> str:
            return templates.fragment(
                "_inbox.html", reader_of(request.scope), caller=caller, **await look(request, caller)
            )

        return sse(request, actions.DASHBOARD, revision, render)

    @pages.post("/ops/inbox/{commission}/{step}")
    async def take_step(commission: UUID, step: InboxStep, caller: Ops) -> RedirectResponse:
        """A button without any question, so that there is no form to read."""
        async with kernel.database.transaction() as tx:
            await actions.take_step(tx, caller, commission, step, kernel.clock())
        return RedirectResponse("/ops/inbox", 303)

    return pages
