"""Signing up: a name and an address, and on to where one wanted to go."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import people
from services.intake.actions.sessions import SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.api.joining import CurrentJoins
from services.intake.api.people import PersonCreate
from services.intake.domain.people import PeopleReason
from services.intake.pages.session import come_in
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import RENEW, Public, safe_next
from shared.web.cookies import cookies_of
from shared.web.forms import FormState, Sent
from shared.web.language import CurrentReader
from shared.web.templates import Pages

Stranger = Annotated[Caller | None, Public()]
_WHO = {"name": PeopleReason.NAME_MISSING, "email": PeopleReason.EMAIL_MISSING}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    sign_ins = SignInContext.of(kernel.settings, kernel.ids)

    def shown(request: Request, templates: Pages, form: FormState) -> HTMLResponse:
        return templates.page(request, "sign_up.html", _values(form))

    @pages.get("/sign-up")
    async def ask(
        request: Request, templates: Pages, caller: Stranger, next_page: Annotated[str, Query(alias="next")] = ""
    ) -> Response:
        """A browser whose session only needs renewing is not asked again: a new sign-up would lose the old person."""
        if caller is None and cookies_of(request).session in request.cookies:
            return RedirectResponse(f"{RENEW}?next={quote(_next_page(next_page), safe='')}", 303)
        return shown(request, templates, FormState({"next": next_page}))

    @pages.post("/sign-up")
    async def sign_up(
        request: Request,
        *,
        templates: Pages,
        caller: Stranger,
        reader: CurrentReader,
        device: CurrentDevice,
        joining: CurrentJoins,
        sent: Annotated[Sent[PersonCreate], Form()],
    ) -> Response:
        form = sent.form
        if caller is not None:
            return shown(request, templates, form)
        try:
            contact = sent.read(_WHO).contact
            joining.count()
        except Problem as problem:
            return templates.page(request, "sign_up.html", _values(form.with_problem(problem)), problem=problem)
        async with kernel.database.transaction() as tx:
            signed_in = await people.sign_up(tx, sign_ins.on(device), contact, reader.language, kernel.clock())
        return come_in(kernel, signed_in, _next_page(form.value("next")))

    return pages


def _values(form: FormState) -> Mapping[str, Any]:
    return {"form": form, "next_page": _next_page(form.value("next"))}


def _next_page(target: str) -> str:
    """Where a browser goes after the sign-up: to where it wanted to go, else to a form."""
    return safe_next(target) if target else "/commissions/new"
