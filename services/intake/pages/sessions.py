"""Where somebody is signed in, signing out there; and for ops, what happened to people's access."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import passkeys, second_step, sessions
from services.intake.actions import provider as accounts
from services.intake.actions.sessions import SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.domain.passkeys import STAFF
from services.intake.domain.sessions import SecurityKind
from services.intake.pages.provider_sign_out import signed_out
from services.intake.settings import IntakeSettings
from shared.auth.provider.model import ProviderClient
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.pagination import AskedPage, Position, paged
from shared.web.templates import Pages

Anybody = Annotated[Caller, Allow(*Role)]


def router(kernel: Kernel[IntakeSettings], provider: ProviderClient | None) -> APIRouter:
    pages = APIRouter()
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/sessions")
    async def own_sessions(request: Request, caller: Anybody, templates: Pages) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await sessions.own_sessions(tx, caller, kernel.clock())
            may = caller.role in STAFF and passkeys.are_offered(context)
            keys = await passkeys.own(tx, caller) if may else None
            step = await second_step.own(tx, context, caller) if caller.role in STAFF else None
            tied = await accounts.own_accounts(tx, caller) if caller.role in STAFF else ()
        page = {
            "open": found,
            "this": caller.session,
            "passkeys": keys,
            "step": step,
            "accounts": [(kernel.settings.name_of_provider(each.issuer), each) for each in tied],
            "provider": kernel.settings.provider_name if caller.role in STAFF else "",
        }
        return templates.page(request, "sessions.html", page)

    @pages.post("/sessions/{session}/end")
    async def end_session(
        session: UUID, caller: Annotated[Caller, Allow(*Role, of="session")], device: CurrentDevice
    ) -> Response:
        async with kernel.database.transaction() as tx:
            ended = await sessions.end_own_session(tx, context.on(device), caller, session, kernel.clock())
        if session == caller.session:
            return await signed_out(kernel, provider, ended, "/sign-in")
        return RedirectResponse("/sessions", 303)

    @pages.post("/sessions/end")
    async def end_sessions(caller: Anybody, device: CurrentDevice) -> Response:
        async with kernel.database.transaction() as tx:
            ended = await sessions.end_own_sessions(tx, context.on(device), caller, kernel.clock())
        here = [each for each in ended if each.session == caller.session]
        return await signed_out(kernel, provider, here, "/sign-in")

    @pages.get("/people/security")
    async def security_events(
        request: Request, paging: AskedPage, _: Annotated[Caller, Allow(Role.OPS)], templates: Pages, kind: str = ""
    ) -> HTMLResponse:
        only = SecurityKind(kind) if kind in set(SecurityKind) else None
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.statement() as tx:
            found = await sessions.security_events(tx, kind=only, before=before, at_most=paging.fetch)
        listed = paged([(Position(each.at, each.event), each) for each in found], paging)
        return templates.page(
            request, "security_events.html", {"listed": listed, "only": only, "kinds": list(SecurityKind)}
        )

    return pages
