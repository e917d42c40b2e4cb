"""`/ops/bulk`: one operation on several commissions, previewed for each."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.lifecycle import actions
from services.lifecycle.domain.operations import MAX_BULK, BulkOperation, Operation
from services.lifecycle.domain.reasons import OpsReason
from services.lifecycle.pages.context import page_context
from services.lifecycle.pages.operation_form import CHOICES, LIMITS, USUAL_DAYS, BulkForm, days_of, spans
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import request_key
from shared.web.language import reader_of
from shared.web.templates import Pages, Templates

Ops = Annotated[Caller, Allow(Role.OPS)]
Chosen = Annotated[list[UUID], Query(default_factory=list)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()
    gateway = actions.TemporalGateway(kernel.temporal, kernel.settings.prefix)

    async def show(
        request: Request, templates: Templates, chosen: Sequence[UUID], operation: Operation, *, form: FormState
    ) -> HTMLResponse:
        async with kernel.database.transaction() as tx:
            found = await actions.read_previews(
                tx,
                request.state.caller,
                chosen,
                operation,
                days=days_of(form, operation),
                now=kernel.clock(),
                soon=kernel.settings.soon,
                language=reader_of(request.scope).language,
            )
        frame = page_context(request)
        context = {
            "found": found,
            "operation": operation,
            "form": form,
            "spans": spans(),
            **LIMITS,
            **frame,
        }
        return templates.page(request, "bulk.html", context, status=422 if form.problems else 200)

    @pages.get("/ops/bulk", dependencies=[Allow(Role.OPS)])
    async def previews(
        request: Request, templates: Pages, operation: BulkOperation, commission: Chosen
    ) -> HTMLResponse:
        chosen = list(dict.fromkeys(commission))
        if not 0 < len(chosen) <= MAX_BULK:
            context = {"chosen": len(chosen), **LIMITS, **page_context(request)}
            return templates.page(request, "bulk_selection.html", context, status=422)
        return await show(request, templates, chosen, Operation(operation), form=FormState({"days": str(USUAL_DAYS)}))

    @pages.post("/ops/bulk")
    async def carry_out_in_bulk(
        request: Request, caller: Ops, templates: Pages, sent: Annotated[Sent[BulkForm], Form()]
    ) -> Response:
        form = sent.form
        key = request_key(caller, f"POST {request.url.path}", form.key)
        chosen, operation = _chosen(form)
        try:
            await actions.carry_out_in_bulk(
                kernel.database,
                gateway,
                caller,
                chosen,
                sent.read(CHOICES).request,
                key=key.key,
                clock=kernel.clock,
            )
        except Problem as problem:
            if problem.type is not ProblemType.VALIDATION_FAILED:
                raise
            return await show(request, templates, chosen, operation, form=form.with_problem(problem))
        return RedirectResponse(f"/ops/audit?bulk={actions.bulk_id(caller, key.key)}", 303)

    return pages


def _chosen(form: FormState) -> tuple[list[UUID], Operation]:
    """What the page kept in its hidden fields; anything else was not made by it."""
    try:
        return [UUID(each) for each in form.value("commissions").split()], Operation(
            BulkOperation(form.value("operation"))
        )
    except ValueError:
        raise Problem(ProblemType.MALFORMED_REQUEST, OpsReason.MALFORMED_FORM) from None
