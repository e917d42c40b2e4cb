"""A task's job ticket: the brief, what to do, and the maker's own steps."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.production.actions import board, tasks
from services.production.actions.board import JobTicket
from services.production.actions.context import ProductionContext
from services.production.actions.gates import SIGN
from services.production.domain.reasons import BenchInput
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.contracts.production import Mishap
from shared.i18n import Reader
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.kernel.text import TextRefusedError, prose
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.idempotency import RequestKey, request_key
from shared.web.language import reader_of
from shared.web.live import sse
from shared.web.templates import Pages

NOTE_LIMIT = 2000

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="task")]
Step = Callable[[Tx, Form, ProductionContext], Awaitable[object]]


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:  # noqa: C901 (one short function a step)
    pages = APIRouter()

    def context(reader: Reader) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader.language)

    async def page_values(reader: Reader, caller: Caller, task: UUID, form: Form) -> dict[str, Any]:
        now = context(reader)
        async with kernel.database.transaction() as tx:
            ticket = await board.read_job_ticket(tx, caller, task, now)
        return {"ticket": ticket, "form": form, "today": now.today, **TEMPLATE_VALUES}

    async def step(request: Request, caller: Caller, task: UUID, templates: Pages, do: Step) -> Response:
        """Do one step, then show the ticket again, with what was wrong."""
        form = await read_form(request)
        try:
            async with kernel.database.transaction() as tx:
                await do(tx, form, context(reader_of(request.scope)))
        except Problem as problem:
            if problem.type not in {ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED}:
                raise
            values = await page_values(reader_of(request.scope), caller, task, form.with_problem(problem))
            return templates.page(request, "job_ticket.html", values, status=problem.type.status)
        return RedirectResponse(f"/bench/tasks/{task}", 303)

    @pages.get("/bench/tasks/{task}")
    async def page(request: Request, task: UUID, caller: Worker, templates: Pages) -> HTMLResponse:
        return templates.page(
            request, "job_ticket.html", await page_values(reader_of(request.scope), caller, task, Form())
        )

    @pages.get("/bench/tasks/{task}/live")
    async def live(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        reader = reader_of(request.scope)
        async with kernel.database.transaction() as tx:
            ticket: JobTicket = await board.read_job_ticket(tx, caller, task, context(reader))
        commission = ticket.piece.commission

        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await board.piece_revision(tx, commission)

        async def render() -> str:
            return templates.fragment(
                "_job_ticket.html", reader, caller=caller, **await page_values(reader, caller, task, Form())
            )

        return sse(request, commission, revision, render)

    @pages.post("/bench/tasks/{task}/start")
    async def start(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, context: ProductionContext) -> None:
            signs = {name.removeprefix(SIGN) for name in form.values if name.startswith(SIGN)}
            await tasks.start_task(tx, caller, task, signs, context)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/pause")
    async def pause(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, _form: Form, context: ProductionContext) -> None:
            await tasks.pause_task(tx, caller, task, context)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/finish")
    async def finish(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, context: ProductionContext) -> None:
            await tasks.finish_task(tx, caller, task, form.values, context)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/note")
    async def note(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, context: ProductionContext) -> None:
            key = _key(request, caller, form)
            await tasks.write_note(tx, caller, task, body=_note(form), key=key, context=context)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/mishap")
    async def mishap(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, context: ProductionContext) -> None:
            key, back_to = _key(request, caller, form), form.value("back_to") or None
            await tasks.report_mishap(tx, caller, task, kind=_kind(form), back_to=back_to, key=key, context=context)

        return await step(request, caller, task, templates, do)

    return pages


def _key(request: Request, caller: Caller, form: Form) -> RequestKey:
    return request_key(caller, f"{request.method} {request.url.path}", form.key)


def _note(form: Form) -> str:
    try:
        return prose(form.value("body"), longest=NOTE_LIMIT, shortest=1)
    except TextRefusedError as error:
        raise invalid(FieldProblem("body", error.message)) from error


def _kind(form: Form) -> Mishap:
    try:
        return Mishap(form.value("kind"))
    except ValueError as error:
        wrong = FieldProblem("kind", BenchInput.MISHAP_NOT_CHOSEN)
        raise invalid(wrong) from error
