"""`/ops/failed-events`: failed events of lifecycle's inboxes, to be replayed or dropped with a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.lifecycle import actions
from services.lifecycle.api.parked import FailedEventDecision
from services.lifecycle.domain.reasons import OpsReason
from services.lifecycle.pages.context import page_context
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import Answer, once, request_key
from shared.web.templates import Pages, Templates

Ops = Annotated[Caller, Allow(Role.OPS)]
RecordId = Annotated[int, Path(ge=1, le=2**63 - 1)]
SHOWN = 100
"""With more than these, `touchmark parked` is the tool."""


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()

    async def show(
        request: Request,
        caller: Caller,
        templates: Templates,
        form: FormState | None = None,
        problem: Problem | None = None,
    ) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await actions.parked_here(tx, caller, at_most=SHOWN)
        context = {"parked": found, "form": form, **page_context(request)}
        return templates.page(request, "failed_events.html", context, problem=problem)

    @pages.get("/ops/failed-events")
    async def parked(request: Request, caller: Ops, templates: Pages) -> HTMLResponse:
        return await show(request, caller, templates)

    @pages.post("/ops/failed-events/{record}")
    async def decide(
        request: Request,
        record: RecordId,
        caller: Ops,
        templates: Pages,
        sent: Annotated[Sent[FailedEventDecision], Form()],
    ) -> Response:
        form = sent.form
        key = request_key(caller, f"POST {request.url.path}", form.key)

        async def act() -> Answer:
            given = sent.read({"decision": OpsReason.MALFORMED_FORM})
            await actions.decide(tx, caller, record, given.decision, given.reason, now=kernel.clock())
            return Answer(303, {"to": "/ops/failed-events"})

        try:
            async with kernel.database.transaction() as tx:
                await once(tx, key.of(form.asked), act)
        except Problem as problem:
            if problem.type is not ProblemType.VALIDATION_FAILED:
                raise
            return await show(request, caller, templates, form.with_problem(problem), problem)
        return RedirectResponse("/ops/failed-events", 303)

    return pages
