"""The messages of a commission: what was written, live, and a form to write."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import commissions, messages
from services.intake.api.messages import MessageCreate
from services.intake.domain.messages import LONGEST, MessageReason
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.language import CurrentReader, reader_of
from shared.web.live import sse
from shared.web.templates import Pages

Anybody = Annotated[Caller, Allow(*Role, of="commission")]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def found(
        request: Request, caller: Caller, commission: UUID, form: FormState | None = None
    ) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            thread = await messages.read(tx, caller, commission)
        offering = thread.record.in_language(reader_of(request.scope).language).offering
        return {
            "thread": thread,
            "offering": offering,
            "person": caller.person,
            "form": form or FormState(),
            "longest": LONGEST,
        }

    @pages.get("/commissions/{commission}/messages")
    async def thread(request: Request, commission: UUID, caller: Anybody, templates: Pages) -> HTMLResponse:
        return templates.page(request, "messages.html", await found(request, caller, commission))

    @pages.get("/commissions/{commission}/messages/live")
    async def live(
        request: Request, commission: UUID, caller: Anybody, templates: Pages, reader: CurrentReader
    ) -> Response:
        await found(request, caller, commission)

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await commissions.page_revision(tx, commission)

        async def render() -> str:
            return templates.fragment("_thread.html", reader, **await found(request, caller, commission))

        return sse(request, commission, revision, render)

    @pages.post("/commissions/{commission}/messages")
    async def send(
        request: Request,
        commission: UUID,
        caller: Anybody,
        templates: Pages,
        sent: Annotated[Sent[MessageCreate], Form()],
    ) -> Response:
        key = request_key(caller, f"POST /commissions/{commission}/messages", sent.form.key)
        try:
            words = sent.read({"words": MessageReason.EMPTY}).words
            async with kernel.database.transaction() as tx:
                await messages.send(tx, key.of(words), caller, commission, words, new_id=kernel.ids, now=kernel.clock())
        except Problem as problem:
            again = await found(request, caller, commission, sent.form.with_problem(problem))
            return templates.page(request, "messages.html", again, status=problem.type.status)
        return RedirectResponse(f"/commissions/{commission}/messages#newest", 303)

    return pages
