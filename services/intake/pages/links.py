"""The way back to a commission from another browser: a link by mail to the address that it was asked for with."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import links
from services.intake.actions.people import Desk
from services.intake.pages.assets import address
from services.intake.pages.cookies import admit
from services.intake.pages.session import leave
from services.intake.settings import Settings
from shared.auth.roles import Caller
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.forms import read_form
from shared.web.templates import Pages

Stranger = Annotated[Caller | None, Public()]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    desk = Desk.of(kernel.settings, kernel.ids)

    @pages.get("/commissions/{commission}/sign-in")
    async def offer(request: Request, commission: UUID, _: Stranger, templates: Pages) -> HTMLResponse:
        return templates.page(request, "way_in.html", {"commission": commission, "asked": False, "own": address})

    @pages.post("/commissions/{commission}/sign-in")
    async def ask(request: Request, commission: UUID, _: Stranger, templates: Pages) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            await links.ask_for_link(tx, commission, new_id=kernel.ids, now=kernel.clock())
        return templates.page(request, "way_in.html", {"commission": commission, "asked": True, "own": address})

    @pages.get("/commissions/{commission}/sign-in/link")
    async def come(
        request: Request,
        commission: UUID,
        _: Stranger,
        templates: Pages,
        written: Annotated[str, Query(alias="pass")] = "",
    ) -> HTMLResponse:
        """Looking at a link does not use it up: mailboxes look at links before people do."""
        links.read_link(desk, commission, written, kernel.clock())
        context = {"commission": commission, "written": written, "own": address}
        return templates.page(request, "by_link.html", context)

    @pages.post("/commissions/{commission}/sign-in/link")
    async def sign_in(request: Request, commission: UUID, caller: Stranger) -> Response:
        form = await read_form(request)
        now = kernel.clock()
        link = links.read_link(desk, commission, form.value("pass"), now)
        async with kernel.database.transaction() as tx:
            signed_in = await links.sign_in_by_link(tx, desk, link, now)
            await leave(tx, request, caller, now)
        answer = RedirectResponse(f"/commissions/{commission}", 303)
        return admit(answer, signed_in, signed_in.secret or "", kernel.settings)

    return pages
