"""`/ops/commissions/{commission}/{operation}`: a preview, a reason, then it is carried out."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.lifecycle import actions
from services.lifecycle.api.operations import OperationCreate
from services.lifecycle.domain.operations import Operation
from services.lifecycle.pages.context import page_context
from services.lifecycle.pages.operation_form import CHOICES, LIMITS, USUAL_DAYS, days_of, spans
from services.lifecycle.settings import LifecycleSettings
from services.lifecycle.workflow.messages import refusal_of
from shared.auth.roles import Caller, Role
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.language import reader_of
from shared.web.templates import Pages, Templates

OpsOfOne = Annotated[Caller, Allow(Role.OPS, of="commission")]

_SHOWN_AGAIN = {ProblemType.VALIDATION_FAILED, ProblemType.UNAVAILABLE}


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()
    gateway = actions.TemporalGateway(kernel.temporal, kernel.settings.prefix)

    async def show(
        request: Request,
        templates: Templates,
        commission: UUID,
        operation: Operation,
        *,
        form: FormState,
        problem: Problem | None = None,
    ) -> HTMLResponse:
        caller: Caller = request.state.caller
        state = (
            await actions.read_workflow_state(gateway, caller, commission) if operation is Operation.TRY_AGAIN else None
        )
        async with kernel.database.transaction() as tx:
            found = await actions.read_preview(
                tx,
                caller,
                commission,
                operation,
                days=days_of(form, operation),
                state=state,
                now=kernel.clock(),
                soon=kernel.settings.soon,
                language=reader_of(request.scope).language,
            )
        offered = spans(found.preview.due)
        context = {"found": found, "form": form, "spans": offered, **LIMITS, **page_context(request)}
        return templates.page(request, "operation.html", context, problem=problem)

    @pages.get("/ops/commissions/{commission}/{operation}", dependencies=[Allow(Role.OPS, of="commission")])
    async def preview(request: Request, commission: UUID, operation: Operation, templates: Pages) -> HTMLResponse:
        form = FormState({"days": str(USUAL_DAYS)})
        return await show(request, templates, commission, operation, form=form)

    @pages.post("/ops/commissions/{commission}/{operation}")
    async def carry_out(
        request: Request,
        commission: UUID,
        operation: Operation,
        caller: OpsOfOne,
        templates: Pages,
        *,
        sent: Annotated[Sent[OperationCreate], Form()],
    ) -> Response:
        form = sent.form
        key = request_key(caller, f"POST {request.url.path}", form.key)
        try:
            done = await actions.carry_out(
                kernel.database,
                gateway,
                caller,
                commission,
                sent.read(CHOICES).request(operation),
                key=key.key,
                clock=kernel.clock,
            )
        except Problem as problem:
            if problem.type not in _SHOWN_AGAIN:
                raise
            again = form.with_problem(problem)
            return await show(request, templates, commission, operation, form=again, problem=problem)
        if done.problem:
            refusal = Problem(ProblemType.CONFLICT, refusal_of(done.problem))
            again = _refused(form, refusal)
            return await show(request, templates, commission, operation, form=again, problem=refusal)
        return RedirectResponse(f"/ops/commissions/{commission}", 303)

    return pages


def _refused(form: FormState, problem: Problem) -> FormState:
    """The form once more. A refusal is an answer: what is sent after it is another request."""
    return replace(form.with_problem(problem), key=str(new_id()))
