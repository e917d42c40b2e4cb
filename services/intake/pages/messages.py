"""The messages of a commission: what was written, live, and a form to write.

The bench's and the studio's pages have such forms of their own; they post here, and `back` is the page they come from.
"""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import commissions, messages
from services.intake.api.messages import MessageCreate
from services.intake.domain.messages import LONGEST
from services.intake.pages.forms import ReadForm
from services.intake.pages.submitted_message import keep_pictures, read_message_form
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow, safe_next
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.language import CurrentReader, reader_of
from shared.web.live import sse
from shared.web.templates import Pages

Anybody = Annotated[Caller, Allow(*Role, of="commission")]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def found(
        request: Request, caller: Caller, commission: UUID, form: FormState | None = None, kept: Sequence[UUID] = ()
    ) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            await messages.mark_read(tx, caller, commission, kernel.clock())  # who sees the page has read them
            thread = await messages.read(tx, caller, commission)
        offering = thread.record.in_language(reader_of(request.scope).language).offering
        form = form or FormState()
        back = form.value("back") or request.query_params.get("back", "")
        return {
            "thread": thread,
            "offering": offering,
            "person": caller.person,
            "form": form,
            "kept": kept,
            "back": safe_next(back) if back else "",
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
        async with kernel.database.transaction() as tx:  # before any picture is read: only who may see it writes here
            await messages.mark_read(tx, caller, commission, kernel.clock())
        key = request_key(caller, f"POST /commissions/{commission}/messages", sent.form.key)
        message = await read_message_form(sent, caller, new_id=kernel.ids)
        try:
            async with kernel.database.transaction() as tx:
                asked = key.of(*message.identity)
                await messages.send(tx, asked, caller, commission, message.new, new_id=kernel.ids, now=kernel.clock())
        except Problem as problem:
            waiting = await keep_pictures(kernel, caller, message)
            again = await found(request, caller, commission, sent.form.with_problem(problem), waiting)
            return templates.page(request, "messages.html", again, problem=problem)
        return _to(sent.form.value("back"), commission)

    @pages.post("/commissions/{commission}/messages/read")
    async def mark_read(commission: UUID, caller: Anybody, sent: Annotated[Sent[ReadForm], Form()]) -> RedirectResponse:
        async with kernel.database.transaction() as tx:
            await messages.mark_read(tx, caller, commission, kernel.clock())
        return _to(sent.read().back, commission)

    return pages


def _to(back: str, commission: UUID) -> RedirectResponse:
    return RedirectResponse(safe_next(back) if back else f"/commissions/{commission}/messages#newest", 303)
