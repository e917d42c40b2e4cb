"""A mishap: first what it would move, then the report with words, cause and photo; and the way back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from services.production.actions import board, mishaps, photos
from services.production.actions.context import ProductionContext
from services.production.domain.mishaps import MishapSaid
from services.production.domain.reasons import BenchInput
from services.production.pages.forms import MishapForm
from services.production.pages.values import TEMPLATE_VALUES
from services.production.settings import ProductionSettings
from shared.auth.roles import Caller, Role
from shared.contracts.production import Mishap
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.images import Picture, read_picture
from shared.web.language import reader_of
from shared.web.templates import Pages

Worker = Annotated[Caller, Allow(Role.MAKER, Role.OPS, of="task")]


class MishapAsked(BaseModel):
    """What would be reported."""

    kind: Mishap
    back_to: Annotated[str, Field(max_length=60)] = ""


_SHOWN = frozenset({ProblemType.CONFLICT, ProblemType.VALIDATION_FAILED, ProblemType.IMAGE_REFUSED})


def router(kernel: Kernel[ProductionSettings]) -> APIRouter:  # noqa: C901 (one short function a step)
    pages = APIRouter()

    def context(request: Request) -> ProductionContext:
        return ProductionContext(kernel.clock(), kernel.ids, kernel.settings, reader_of(request.scope).language)

    async def preview(request: Request, caller: Caller, task: UUID, said: MishapSaid) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            found = await mishaps.preview_mishap(tx, caller, task, said, context(request))
        return {"preview": found, **TEMPLATE_VALUES}

    async def preview_again(request: Request, caller: Caller, task: UUID, form: FormState) -> dict[str, Any] | None:
        """The same for a form that comes back; None where the mishap itself is what is wrong."""
        try:
            said = MishapSaid(Mishap(form.value("kind")), form.value("back_to") or None)
            return await preview(request, caller, task, said)
        except (Problem, ValueError):
            return None

    async def ticket(request: Request, caller: Caller, task: UUID, templates: Pages, problem: Problem) -> Response:
        """The job ticket, with what was wrong."""
        if problem.type not in _SHOWN:
            raise problem
        now = context(request)
        async with kernel.database.transaction() as tx:
            found = await board.read_job_ticket(tx, caller, task, now)
        values = {
            "ticket": found,
            "form": FormState().with_problem(problem),
            "new_form": FormState(),
            "today": now.today,
            "publish_after": kernel.settings.publish_after,
            **TEMPLATE_VALUES,
        }
        return templates.page(request, "job_ticket.html", values, problem=problem)

    @pages.get("/bench/tasks/{task}/mishap")
    async def before(
        request: Request, task: UUID, caller: Worker, templates: Pages, asked: Annotated[MishapAsked, Query()]
    ) -> Response:
        """What it would move, and the form to report it."""
        try:
            shown = await preview(request, caller, task, MishapSaid(asked.kind, asked.back_to or None))
        except Problem as problem:
            return await ticket(request, caller, task, templates, problem)
        return templates.page(request, "mishap.html", {**shown, "form": FormState()})

    @pages.post("/bench/tasks/{task}/mishap")
    async def report(
        request: Request, task: UUID, caller: Worker, templates: Pages, sent: Annotated[Sent[MishapForm], Form()]
    ) -> Response:
        path = request.url.path
        try:
            given = sent.read({"kind": BenchInput.MISHAP_NOT_CHOSEN})
            picture = await _picture(given, caller)
            key = request_key(caller, f"POST {path}", sent.form.key)
            async with kernel.database.transaction() as tx:
                answer = await mishaps.report_mishap(tx, caller, task, given.said, key=key, context=context(request))
                if picture is not None:
                    await photos.take_photo(
                        tx,
                        caller,
                        task,
                        picture,
                        request_key(caller, f"POST {path} photo", sent.form.key),
                        public=False,
                        mishap=UUID(answer.body["mishap"]),
                        context=context(request),
                    )
        except Problem as problem:
            shown = await preview_again(request, caller, task, sent.form)
            if shown is None or problem.type not in _SHOWN:
                return await ticket(request, caller, task, templates, problem)
            values = {**shown, "form": sent.form.with_problem(problem)}
            return templates.page(request, "mishap.html", values, problem=problem)
        return RedirectResponse(f"/bench/tasks/{task}", 303)

    @pages.post("/bench/tasks/{task}/mishaps/{mishap}/undo")
    async def undo(request: Request, task: UUID, mishap: UUID, caller: Worker, templates: Pages) -> Response:
        try:
            async with kernel.database.transaction() as tx:
                piece = await mishaps.undo_mishap(tx, caller, task, mishap, context(request))
        except Problem as problem:
            return await ticket(request, caller, task, templates, problem)
        leads_to = piece.current.task if piece.current else task
        return RedirectResponse(f"/bench/tasks/{leads_to}", 303)

    return pages


async def _picture(given: MishapForm, caller: Caller) -> Picture | None:
    """The photo, where one was chosen."""
    if given.photo is None:
        return None
    return await read_picture(given.photo, "photo", caller.person)
