"""Handing the studio's tablet to a customer at the counter: the browser is theirs then, for one commission."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import tablet
from services.intake.actions.sessions import SignInContext
from services.intake.api.devices import CurrentDevice
from services.intake.api.tablet import HandoverCreate
from services.intake.domain.entering import EntryReason
from services.intake.pages.cookies import keep_token
from services.intake.pages.session import end_browser_session
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]
_WHO = {"name": EntryReason.NAME_TO_TYPE}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/commissions/{commission}/tablet")
    async def ask(request: Request, commission: UUID, templates: Pages, _: Ops) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await tablet.read_handovers(tx, commission, kernel.clock())
        return templates.page(request, "tablet.html", {"found": found, "commission": commission, "form": FormState()})

    @pages.post("/commissions/{commission}/tablet")
    async def hand_over(
        request: Request,
        commission: UUID,
        templates: Pages,
        caller: Ops,
        device: CurrentDevice,
        *,
        sent: Annotated[Sent[HandoverCreate], Form()],
    ) -> Response:
        """The studio is signed out in this browser, so that the customer holds nothing but their own commission."""
        now, here = kernel.clock(), context.on(device)
        try:
            name = sent.read(_WHO).name
        except Problem as problem:
            async with kernel.database.transaction() as tx:
                found = await tablet.read_handovers(tx, commission, now)
            again = {"found": found, "commission": commission, "form": sent.form.with_problem(problem)}
            return templates.page(request, "tablet.html", again, status=ProblemType.VALIDATION_FAILED.status)
        try:
            async with kernel.database.transaction() as tx:
                signed_in = await tablet.hand_over(tx, here, caller, commission, name=name, now=now)
                await end_browser_session(tx, here, request, caller, now)
        except Problem as problem:
            if problem.type is not ProblemType.NOT_SIGNED_IN:
                raise
            # Pressed twice: the browser is the customer's by now, or nobody's.
            return RedirectResponse(f"/commissions/{commission}", 303)
        return keep_token(RedirectResponse(f"/commissions/{commission}", 303), signed_in, kernel.settings)

    @pages.post("/commissions/{commission}/tablet/end")
    async def take_back(commission: UUID, caller: Ops, device: CurrentDevice) -> RedirectResponse:
        """From another browser, as after a tablet that was carried off."""
        async with kernel.database.transaction() as tx:
            await tablet.take_back(tx, context.on(device), caller, commission, kernel.clock())
        return RedirectResponse(f"/commissions/{commission}/tablet", 303)

    return pages
