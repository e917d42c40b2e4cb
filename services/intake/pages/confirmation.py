"""Confirming a request: a mail's link asks whether it was you; its code lets in the browser that sent the form."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import confirmations
from services.intake.actions.sessions import SignInContext, note_refusal, noting_refusals
from services.intake.actions.submissions import ConfirmationRules
from services.intake.api.devices import device_of
from services.intake.domain.confirmations import ConfirmationReason
from services.intake.domain.sessions import SignInWay
from services.intake.labels import CommissionWords
from services.intake.pages.forms import ConfirmationForm, LinkForm
from services.intake.pages.session import come_in, end_browser_session
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow, Public
from shared.web.forms import FormState, Sent
from shared.web.language import CurrentReader, reader_of
from shared.web.templates import Pages

Stranger = Annotated[Caller | None, Public()]
Sender = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    _by_link(pages, kernel)
    _by_code(pages, kernel)
    return pages


async def to_confirm(
    kernel: Kernel[IntakeSettings], caller: Caller, commission: UUID, reader: Reader, form: FormState
) -> dict[str, Any] | None:
    """What the browser that sent the form is shown until it is let in; None for any other."""
    rules = ConfirmationRules.of(kernel.settings)
    async with kernel.database.transaction() as tx:
        pending = await confirmations.pending(tx, rules, caller, commission)
    if pending is None or not pending.code_needed:
        return None
    asked = pending.asked.in_language(reader.language)
    words = CommissionWords(reader, asked.record)
    return {"pending": pending, "asked": asked, "words": words, "form": form, "mailed": False}


def _by_link(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.get("/commissions/{commission}/confirm")
    async def ask(
        request: Request, commission: UUID, _: Stranger, templates: Pages, reader: CurrentReader, link: str = ""
    ) -> HTMLResponse:
        """Looking at a link does not use it up: mailboxes look at links before people do."""
        async with kernel.database.transaction() as tx:
            asked = await confirmations.look(tx, commission, link, kernel.clock())
        asked = asked.in_language(reader.language)
        page = {"asked": asked, "words": CommissionWords(reader, asked.record), "link": link}
        return templates.page(request, "confirm.html", page)

    @pages.post("/commissions/{commission}/confirm/yes")
    async def confirm(
        request: Request, commission: UUID, caller: Stranger, sent: Annotated[Sent[LinkForm], Form()]
    ) -> Response:
        here, now, link = context.on(device_of(request)), kernel.clock(), sent.read().link
        async with (
            noting_refusals(kernel.database, here, SignInWay.CONFIRMATION, now),
            kernel.database.transaction() as tx,
        ):
            signed_in = await confirmations.confirm_by_link(tx, here, commission, link, caller=caller, now=now)
            await end_browser_session(tx, here, request, caller, now)
        return come_in(kernel, signed_in, f"/commissions/{commission}")

    @pages.post("/commissions/{commission}/confirm/no")
    async def deny(
        request: Request, commission: UUID, _: Stranger, templates: Pages, sent: Annotated[Sent[LinkForm], Form()]
    ) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            await confirmations.deny(tx, commission, sent.read().link, kernel.clock())
        return templates.page(request, "denied.html")


def _by_code(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    context = SignInContext.of(kernel.settings, kernel.ids)

    @pages.post("/commissions/{commission}/confirm/code")
    async def confirm(
        request: Request,
        commission: UUID,
        caller: Sender,
        templates: Pages,
        sent: Annotated[Sent[ConfirmationForm], Form()],
    ) -> Response:
        here, now = context.on(device_of(request)), kernel.clock()
        try:
            code = sent.read({"code": ConfirmationReason.CODE_MISSING}).code
            async with kernel.database.transaction() as tx:
                result = await confirmations.confirm_by_code(tx, here, caller, commission, code=code, now=now)
                if not isinstance(result, Problem):
                    await end_browser_session(tx, here, request, caller, now)
            if isinstance(result, Problem):
                await note_refusal(kernel.database, here, SignInWay.CODE, now, person=caller.person)
                raise result
        except Problem as problem:
            reader, form = reader_of(request.scope), sent.form.with_problem(problem)
            again = await to_confirm(kernel, caller, commission, reader, form)
            if again is None:
                raise
            return templates.page(request, "unconfirmed.html", again, problem=problem)
        return come_in(kernel, result, f"/commissions/{commission}")

    @pages.post("/commissions/{commission}/confirm/mails")
    async def mail_again(commission: UUID, caller: Sender) -> Response:
        async with kernel.database.transaction() as tx:
            await confirmations.mail_again(tx, context, caller, commission, kernel.clock())
        return RedirectResponse(f"/commissions/{commission}?mailed", 303)
