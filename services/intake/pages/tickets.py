"""The one-machine stack's sign-in links; where the settings have no keys for them, there are none."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import people
from services.intake.actions.people import Desk
from services.intake.pages.cookies import admit
from services.intake.pages.session import HOME, leave
from services.intake.settings import Settings
from shared.auth.roles import Caller
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.forms import read_form
from shared.web.templates import Pages

Stranger = Annotated[Caller | None, Public()]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    if not kernel.settings.ticket_keys:
        return pages
    desk = Desk.of(kernel.settings, kernel.ids)

    @pages.get("/sign-in")
    async def ask(request: Request, templates: Pages, _: Stranger, ticket: str = "") -> HTMLResponse:
        """Looking at a link does not use it up: browsers and mailboxes look at links before people do."""
        granted = people.read_ticket(desk, ticket, kernel.clock())
        return templates.page(request, "sign_in.html", {"ticket": ticket, "role": granted.role.value})

    @pages.post("/sign-in")
    async def sign_in(request: Request, caller: Stranger) -> Response:
        form = await read_form(request)
        now = kernel.clock()
        ticket = people.read_ticket(desk, form.value("ticket"), now)
        async with kernel.database.transaction() as tx:
            signed_in = await people.sign_in_by_ticket(tx, desk, ticket, now)
            await leave(tx, request, caller, now)
        return admit(RedirectResponse(HOME[ticket.role], 303), signed_in, signed_in.secret or "", kernel.settings)

    return pages
