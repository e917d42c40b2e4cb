"""A task's job ticket: what is wished, what to do, and the maker's own steps."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.production.actions import board, tasks
from services.production.actions.board import Ticket
from services.production.actions.gates import SIGN
from services.production.actions.workshop import Workshop
from services.production.pages import worded
from services.production.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.production import Mishap
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.kernel.text import TextRefusedError, prose
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.idempotency import RequestKey, request_key
from shared.web.live import sse
from shared.web.templates import Pages

NOTE_LIMIT = 2000

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="task")]
Step = Callable[[Tx, Form, Workshop], Awaitable[object]]


def router(kernel: Kernel[Settings]) -> APIRouter:  # noqa: C901 (one short function a step)
    pages = APIRouter()

    def shop() -> Workshop:
        return Workshop(kernel.clock(), kernel.ids, kernel.settings)

    async def shown(caller: Caller, task: UUID, form: Form) -> dict[str, Any]:
        now = shop()
        async with kernel.database.transaction() as tx:
            ticket = await board.read_task(tx, caller, task, now)
        return {"ticket": ticket, "form": form, "today": now.today, **worded.WORDS}

    async def step(request: Request, caller: Caller, task: UUID, templates: Pages, do: Step) -> Response:
        """One step of the maker: then the ticket again, or the ticket with what stands against it."""
        form = await read_form(request)
        try:
            async with kernel.database.transaction() as tx:
                await do(tx, form, shop())
        except Problem as problem:
            if problem.type not in {ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED}:
                raise
            context = await shown(caller, task, form.with_problem(problem))
            return templates.page(request, "ticket.html", context, status=problem.type.status)
        return RedirectResponse(f"/bench/tasks/{task}", 303)

    @pages.get("/bench/tasks/{task}")
    async def page(request: Request, task: UUID, caller: Worker, templates: Pages) -> HTMLResponse:
        return templates.page(request, "ticket.html", await shown(caller, task, Form()))

    @pages.get("/bench/tasks/{task}/live")
    async def live(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async with kernel.database.transaction() as tx:
            ticket: Ticket = await board.read_task(tx, caller, task, shop())
        commission = ticket.piece.commission

        async def revision() -> str:
            async with kernel.database.transaction() as tx:
                return await board.piece_revision(tx, commission)

        async def render() -> str:
            return templates.fragment("_ticket.html", caller=caller, **await shown(caller, task, Form()))

        return sse(request, commission, revision, render)

    @pages.post("/bench/tasks/{task}/start")
    async def start(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, shop: Workshop) -> None:
            signs = {name.removeprefix(SIGN) for name in form.values if name.startswith(SIGN)}
            await tasks.start_task(tx, caller, task, signs, shop)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/pause")
    async def pause(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, _form: Form, shop: Workshop) -> None:
            await tasks.pause_task(tx, caller, task, shop)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/finish")
    async def finish(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, shop: Workshop) -> None:
            await tasks.finish_task(tx, caller, task, form.values, shop)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/note")
    async def note(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, shop: Workshop) -> None:
            key = _key(request, caller, form)
            await tasks.write_note(tx, caller, task, body=_note(form), key=key, shop=shop)

        return await step(request, caller, task, templates, do)

    @pages.post("/bench/tasks/{task}/mishap")
    async def mishap(request: Request, task: UUID, caller: Worker, templates: Pages) -> Response:
        async def do(tx: Tx, form: Form, shop: Workshop) -> None:
            key, back_to = _key(request, caller, form), form.value("back_to") or None
            await tasks.report_mishap(tx, caller, task, kind=_kind(form), back_to=back_to, key=key, shop=shop)

        return await step(request, caller, task, templates, do)

    return pages


def _key(request: Request, caller: Caller, form: Form) -> RequestKey:
    return request_key(caller, f"{request.method} {request.url.path}", form.key)


def _note(form: Form) -> str:
    try:
        return prose(form.value("body"), longest=NOTE_LIMIT, shortest=1)
    except TextRefusedError as error:
        raise invalid(FieldProblem(field="body", message=error.message, remedy=error.remedy)) from error


def _kind(form: Form) -> Mishap:
    try:
        return Mishap(form.value("kind"))
    except ValueError as error:
        wrong = FieldProblem(field="kind", message="This is not said yet.", remedy="Choose what comes nearest.")
        raise invalid(wrong) from error
