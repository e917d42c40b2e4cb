"""A task's job ticket: the brief, what to do, and the maker's own steps."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.production.actions import board, publishing, tasks
from services.production.actions.board import JobTicket
from services.production.actions.context import ProductionContext
from services.production.api.board import NoteCreate
from services.production.pages.forms import FinishForm, StartForm
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import RequestKey, request_key
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.templates import Pages

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="task")]
Step = Callable[[Tx, ProductionContext], Awaitable[object]]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:  # noqa: C901 (one short function a step)
    pages = APIRouter()

    def context(reader: Reader) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)

    async def page_values(reader: Reader, caller: Caller, task: UUID, form: FormState) -> dict[str, Any]:
        now = context(reader)
        async with kernel.database.transaction() as tx:
            ticket = await board.read_job_ticket(tx, caller, task, now)
        return {
            "ticket": ticket,
            "form": form,
            "new_form": FormState(),
            "today": now.today,
            "publish_after": kernel.settings.publish_after,
            **TEMPLATE_VALUES,
        }

    async def step(
        request: Request, caller: Caller, task: UUID, templates: Pages, do: Step, *, form: FormState | None = None
    ) -> Response:
        """Do one step, then show the ticket again, with what was wrong."""
        form = form or FormState()
        try:
            async with kernel.database.transaction() as tx:
                await do(tx, context(reader_of(request.scope)))
        except Problem as problem:
            if problem.type not in {ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED}:
                raise
            values = await page_values(reader_of(request.scope), caller, task, form.with_problem(problem))
            return templates.page(request, "job_ticket.html", values, problem=problem)
        return RedirectResponse(f"/bench/tasks/{task}", 303)

    @pages.get("/bench/tasks/{task}")
    async def page(request: Request, task: UUID, caller: Worker, templates: Pages) -> HTMLResponse:
        return templates.page(
            request, "job_ticket.html", await page_values(reader_of(request.scope), caller, task, FormState())
        )

    @pages.get("/bench/tasks/{task}/live")
    async def live(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        reader = reader_of(request.scope)
        async with kernel.database.transaction() as tx:
            ticket: JobTicket = await board.read_job_ticket(tx, caller, task, context(reader))
        commission = ticket.piece.commission

        async def revision() -> str:
            async with kernel.database.statement() as tx:
                return await board.piece_revision(tx, commission)

        async def render() -> str:
            return templates.fragment(
                "_job_ticket.html", reader, caller=caller, **await page_values(reader, caller, task, FormState())
            )

        return sse(request, commission, revision, render)

    @pages.post("/bench/tasks/{task}/start")
    async def start(
        request: Request, task: UUID, caller: Worker, templates: Pages, sent: Annotated[Sent[StartForm], Form()]
    ) -> Response:
        async def do(tx: Tx, context: ProductionContext) -> None:
            await tasks.start_task(tx, caller, task, set(sent.read().sign_offs), context)

        return await step(request, caller, task, templates, do, form=sent.form)

    @pages.post("/bench/tasks/{task}/pause")
    async def pause(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, context: ProductionContext) -> None:
            await tasks.pause_task(tx, caller, task, context)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/finish")
    async def finish(
        request: Request, task: UUID, caller: Worker, templates: Pages, sent: Annotated[Sent[FinishForm], Form()]
    ) -> Response:
        async def do(tx: Tx, context: ProductionContext) -> None:
            await tasks.finish_task(tx, caller, task, sent.read().answers, context)

        return await step(request, caller, task, templates, do, form=sent.form)

    @pages.post("/bench/tasks/{task}/note")
    async def note(
        request: Request, task: UUID, caller: Worker, templates: Pages, sent: Annotated[Sent[NoteCreate], Form()]
    ) -> Response:
        async def do(tx: Tx, context: ProductionContext) -> None:
            key = _key(request, caller, sent.form)
            await tasks.write_note(tx, caller, task, body=sent.read().body, key=key, context=context)

        return await step(request, caller, task, templates, do, form=sent.form)

    @pages.post("/bench/tasks/{task}/notes/{note}/withdraw")
    async def withdraw_note(request: Request, task: UUID, note: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, context: ProductionContext) -> None:
            await publishing.withdraw_note(tx, caller, task, note, context)

        return await step(request, caller, task, templates, do)

    return pages


def _key(request: Request, caller: Caller, form: FormState) -> RequestKey:
    return request_key(caller, f"{request.method} {request.url.path}", form.key)
