"""Joining: a name and an address, and on to where one wanted to go."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import people
from services.intake.actions.people import Desk
from services.intake.domain.people import read_newcomer
from services.intake.pages.assets import address
from services.intake.pages.cookies import admit
from services.intake.settings import Settings
from shared.auth.roles import Caller
from shared.auth.tokens import SESSION_COOKIE
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import RENEW, Public, safe_next
from shared.web.forms import Form, read_form
from shared.web.templates import Pages

Stranger = Annotated[Caller | None, Public()]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    desk = Desk.of(kernel.settings, kernel.ids)

    def shown(request: Request, templates: Pages, form: Form, status: int = 200) -> HTMLResponse:
        context = {"form": form, "onward": _onward(form.value("next")), "own": address}
        return templates.page(request, "join.html", context, status=status)

    @pages.get("/join")
    async def ask(
        request: Request, templates: Pages, caller: Stranger, onward: Annotated[str, Query(alias="next")] = ""
    ) -> Response:
        """Whoever has a session that only wants renewing is not asked again: joining anew would lose the old one."""
        if caller is None and SESSION_COOKIE in request.cookies:
            return RedirectResponse(f"{RENEW}?next={quote(_onward(onward), safe='')}", 303)
        return shown(request, templates, Form({"next": onward}))

    @pages.post("/join")
    async def join(request: Request, templates: Pages, caller: Stranger) -> Response:
        form = await read_form(request)
        if caller is not None:
            return shown(request, templates, form)
        try:
            newcomer = read_newcomer(form.value("name"), form.value("email"))
        except Problem as problem:
            return shown(request, templates, form.with_problem(problem), problem.type.status)
        async with kernel.database.transaction() as tx:
            signed_in = await people.join(tx, desk, newcomer, kernel.clock())
        answer = RedirectResponse(_onward(form.value("next")), 303)
        return admit(answer, signed_in, signed_in.secret or "", kernel.settings)

    return pages


def _onward(target: str) -> str:
    """Where somebody goes on who has joined: to where they wanted to go, else to a form."""
    return safe_next(target) if target else "/commissions/new"
