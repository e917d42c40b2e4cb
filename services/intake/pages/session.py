"""Staying signed in, and signing out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import sessions
from services.intake.actions.sessions import SignedIn, SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.domain.sessions import EndedSession
from services.intake.pages.cookies import forget_session, keep_session
from services.intake.pages.forms import SignOutForm
from services.intake.pages.provider_sign_out import signed_out
from services.intake.settings import IntakeSettings
from shared.auth.provider.model import ProviderClient
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import RENEW, Public, redirect_status, safe_next
from shared.web.cookies import cookies_of
from shared.web.forms import Sent
from shared.web.templates import Pages
from shared.web.ways import way_in

HOME = {Role.CUSTOMER: "/commissions", Role.MAKER: "/bench", Role.OPS: "/ops"}
"""Where somebody begins who has just signed in."""

Stranger = Annotated[Caller | None, Public()]


def come_in(kernel: Kernel[IntakeSettings], signed_in: SignedIn, to: str = "") -> Response:
    """On to where they wanted to go: `to`, else the commission on whose page they asked, else where they begin."""
    page = f"/commissions/{signed_in.asked_on}" if signed_in.asked_on else HOME[signed_in.caller.role]
    answer = RedirectResponse(safe_next(to) if to else page, 303)
    return keep_session(answer, signed_in, signed_in.secret or "", kernel.settings)


async def end_browser_session(
    tx: Tx, context: SignInContext, request: Request, caller: Caller | None, now: datetime
) -> Sequence[EndedSession]:
    """End the session that this browser held until now: nobody is left in it whom the browser has forgotten."""
    secret = request.cookies.get(cookies_of(request).session, "")
    return await sessions.sign_out(tx, context, session=caller.session if caller else None, secret=secret, now=now)


def router(kernel: Kernel[IntakeSettings], provider: ProviderClient | None) -> APIRouter:
    pages = APIRouter()
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get(RENEW)
    @pages.post(RENEW)
    async def renew(request: Request, _: Stranger, target: Annotated[str, Query(alias="next")] = "") -> Response:
        """A token by the session's cookie, and back; without one, on to the sign-in, or to the sign-up for a form.

        A form that was sent after its token was over comes by with its body, which is read to its end, and goes back.
        """
        async for _piece in request.stream():
            pass
        secret = request.cookies.get(cookies_of(request).session, "")
        next_page = safe_next(target)
        try:
            async with kernel.database.statement() as tx:
                signed_in = await sessions.renew(tx, context, secret, kernel.clock())
        except Problem:
            joining = next_page.startswith("/commissions/new")
            door = "/sign-up" if joining else "/sign-in"
            away = way_in(next_page) or f"{door}?next={quote(next_page, safe='')}"
            return forget_session(RedirectResponse(away, 303), kernel.settings)
        return keep_session(RedirectResponse(next_page, redirect_status(request)), signed_in, secret, kernel.settings)

    @pages.get("/sign-out")
    async def ask(request: Request, templates: Pages, _: Stranger) -> HTMLResponse:
        return templates.page(request, "sign_out.html")

    @pages.post("/sign-out")
    async def sign_out(
        request: Request,
        templates: Pages,
        caller: Stranger,
        device: CurrentDevice,
        sent: Annotated[Sent[SignOutForm], Form()],
    ) -> Response:
        """A customer is asked first: the way back is by mail, which takes a minute."""
        if caller and caller.role is Role.CUSTOMER and not sent.read().sure:
            return templates.page(request, "sign_out.html")
        async with kernel.database.transaction() as tx:
            ended = await end_browser_session(tx, context.on(device), request, caller, kernel.clock())
        return await signed_out(kernel, provider, ended, "/")

    return pages
