"""Taking a commission back: a page that says what it means, and the deed."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import commissions
from services.intake.pages.assets import address
from services.intake.pages.reasons import REASONS, read_reason
from services.intake.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.templates import Pages

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()

    async def asked_about(caller: Caller, commission: UUID, form: Form) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            page = await commissions.read(tx, caller, commission)
        return {"page": page, "form": form, "reasons": REASONS, "own": address}

    @pages.get("/commissions/{commission}/withdraw")
    async def ask(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await asked_about(caller, commission, Form())
        if context["page"].life.accepted:
            return RedirectResponse(f"/commissions/{commission}/cancel", 303)
        if not context["page"].commission.may_be_withdrawn:
            return RedirectResponse(f"/commissions/{commission}", 303)
        return templates.page(request, "withdraw.html", context)

    @pages.post("/commissions/{commission}/withdraw")
    async def withdraw(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)
        context = await asked_about(caller, commission, form)
        if context["page"].life.accepted:
            return RedirectResponse(f"/commissions/{commission}/cancel", 303)
        try:
            reason = read_reason(form)
        except Problem as problem:
            return _again(request, templates, problem, context)
        async with kernel.database.transaction() as tx:
            await commissions.withdraw(tx, caller, commission, reason, kernel.clock())
        return RedirectResponse(f"/commissions/{commission}", 303)

    return pages


def _again(request: Request, templates: Pages, problem: Problem, context: dict[str, Any]) -> HTMLResponse:
    form: Form = context["form"]
    shown = {**context, "form": form.with_problem(problem)}
    return templates.page(request, "withdraw.html", shown, status=ProblemType.VALIDATION_FAILED.status)
