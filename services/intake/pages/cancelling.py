"""Cancelling an accepted commission: what it costs now, the agreement to exactly that, and the answer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import cancelling
from services.intake.domain.terms import Barred
from services.intake.pages.assets import address
from services.intake.pages.reasons import REASONS, read_reason
from services.intake.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import FieldProblem, Problem, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.templates import Pages

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
_MOST = 100


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()

    async def found(caller: Caller, commission: UUID, form: Form) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            now = await cancelling.read(tx, caller, commission)
        return {"cancelling": now, "form": form, "reasons": REASONS, "own": address}

    @pages.get("/commissions/{commission}/cancel")
    async def ask(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await found(caller, commission, Form())
        if context["cancelling"].barred is Barred.NOT_ACCEPTED:
            return RedirectResponse(f"/commissions/{commission}/withdraw", 303)
        return templates.page(request, "cancel.html", context)

    @pages.post("/commissions/{commission}/cancel")
    async def cancel(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)
        try:
            percent, reason = _agreed(form), read_reason(form)
            async with kernel.database.transaction() as tx:
                await cancelling.ask(tx, caller, commission, percent, reason, new_id=kernel.ids, now=kernel.clock())
        except Problem as problem:
            return _again(request, templates, problem, await found(caller, commission, form))
        return RedirectResponse(f"/commissions/{commission}/cancel", 303)

    return pages


def _again(request: Request, templates: Pages, problem: Problem, context: dict[str, Any]) -> HTMLResponse:
    """The terms as they are now, with what was chosen; the agreement to other terms is not kept."""
    form: Form = context["form"]
    chosen = Form({"reason": form.value("reason")}, key=form.key)
    return templates.page(
        request, "cancel.html", {**context, "form": chosen.with_problem(problem)}, status=problem.type.status
    )


def _agreed(form: Form) -> int:
    """The percent that was agreed to. Raises `validation-failed`."""
    written = form.value("owed_percent")
    if form.value("agreed") != "yes":
        raise invalid(
            FieldProblem(
                field="agreed",
                message="You have not agreed to the terms yet.",
                remedy="Tick this if you do; or keep the commission.",
            )
        )
    if not (written.isascii() and written.isdigit() and len(written) <= len(str(_MOST)) and int(written) <= _MOST):
        wrong = "The form does not say what you agreed to."
        raise invalid(FieldProblem(field="", message=wrong, remedy="Read the terms as they are now, and decide again."))
    return int(written)
