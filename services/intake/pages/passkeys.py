"""Passkeys by the pages: a script asks the browser, and a form takes what it answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.intake.actions import passkeys
from services.intake.actions.sessions import SignInContext, noting_refusals
from services.intake.api.devices import CurrentDevice
from services.intake.api.passkeys import Owner, Staff
from services.intake.domain.sessions import SignInWay
from services.intake.pages.cookies import keep_session
from services.intake.pages.forms import PasskeyForm
from services.intake.pages.session import HOME, come_in, end_browser_session
from services.intake.pages.sign_in import shown
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Public
from shared.web.forms import FormState, Sent
from shared.web.templates import Pages


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.post("/passkeys")
    async def add(
        request: Request,
        caller: Staff,
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[PasskeyForm], Form()],
    ) -> Response:
        async with kernel.database.transaction() as tx:
            added = await passkeys.add(tx, context.on(device), caller, sent.read().answer, kernel.clock())
        answer: Response = RedirectResponse("/sessions", 303)
        if added.recovery_codes:
            page = {"codes": added.recovery_codes, "home": HOME[caller.role], "added": "passkey"}
            answer = templates.page(request, "recovery_codes.html", page)
        if added.signed_in is None:
            return answer
        return keep_session(answer, added.signed_in, added.signed_in.secret or "", kernel.settings)

    @pages.post("/passkeys/{passkey}/remove")
    async def remove(passkey: UUID, caller: Owner, device: CurrentDevice) -> Response:
        async with kernel.database.transaction() as tx:
            await passkeys.remove(tx, context.on(device), caller, passkey, kernel.clock())
        return RedirectResponse("/sessions", 303)

    @pages.post("/sign-in/passkey")
    async def sign_in(
        request: Request,
        caller: Annotated[Caller | None, Public()],
        templates: Pages,
        device: CurrentDevice,
        sent: Annotated[Sent[PasskeyForm], Form()],
    ) -> Response:
        now, here, given = kernel.clock(), context.on(device), sent.read()
        try:
            async with (
                noting_refusals(kernel.database, here, SignInWay.PASSKEY, now),
                kernel.database.transaction() as tx,
            ):
                signed_in = await passkeys.sign_in(tx, here, given.answer, now)
                await end_browser_session(tx, here, request, caller, now)
        except Problem as problem:
            return shown(request, templates, FormState({"next": given.next}), problem)
        return come_in(kernel, signed_in, given.next)

    return pages
