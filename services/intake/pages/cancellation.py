"""Cancelling: a request before a quote is accepted, or an accepted commission on terms that are agreed to."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import cancellations, commissions
from services.intake.domain.briefs import together
from services.intake.domain.cancellation_terms import CannotCancel
from services.intake.domain.cancellations import CancellationReason
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import WithdrawalReason
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.language import reader_of
from shared.web.templates import Pages

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
_MOST = 100


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    _of_a_request(pages, kernel)
    _of_an_accepted_commission(pages, kernel)
    return pages


def _of_a_request(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    async def found(request: Request, caller: Caller, commission: UUID, form: Form) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            page = await commissions.read(tx, caller, commission)
        return {
            "page": page.in_language(reader_of(request.scope).language),
            "form": form,
            "reasons": list(WithdrawalReason),
        }

    @pages.get("/commissions/{commission}/withdraw")
    async def ask_to_withdraw(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await found(request, caller, commission, Form())
        if context["page"].record.accepted:
            return RedirectResponse(f"/commissions/{commission}/cancel", 303)
        if not context["page"].commission.may_be_withdrawn:
            return RedirectResponse(f"/commissions/{commission}", 303)
        return templates.page(request, "withdraw.html", context)

    @pages.post("/commissions/{commission}/withdraw")
    async def withdraw(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)
        context = await found(request, caller, commission, form)
        if context["page"].record.accepted:
            return RedirectResponse(f"/commissions/{commission}/cancel", 303)
        try:
            reason = _reason(form)
        except Problem as problem:
            again = {**context, "form": form.with_problem(problem)}
            return templates.page(request, "withdraw.html", again, status=ProblemType.VALIDATION_FAILED.status)
        async with kernel.database.transaction() as tx:
            await commissions.withdraw(tx, caller, commission, reason, kernel.clock())
        return RedirectResponse(f"/commissions/{commission}", 303)


def _of_an_accepted_commission(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    async def found(request: Request, caller: Caller, commission: UUID, form: Form) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            options = await cancellations.read(tx, caller, commission)
        return {
            "options": options.in_language(reader_of(request.scope).language),
            "form": form,
            "reasons": list(WithdrawalReason),
        }

    @pages.get("/commissions/{commission}/cancel")
    async def ask_to_cancel(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await found(request, caller, commission, Form())
        if context["options"].blocked_by is CannotCancel.NOT_ACCEPTED:
            return RedirectResponse(f"/commissions/{commission}/withdraw", 303)
        return templates.page(request, "cancel.html", context)

    @pages.post("/commissions/{commission}/cancel")
    async def cancel(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)
        try:
            percent, reason = _agreement(form)
            async with kernel.database.transaction() as tx:
                await cancellations.ask(tx, caller, commission, percent, reason, new_id=kernel.ids, now=kernel.clock())
        except Problem as problem:
            return _again(request, templates, problem, await found(request, caller, commission, form))
        return RedirectResponse(f"/commissions/{commission}/cancel", 303)


def _again(request: Request, templates: Pages, problem: Problem, context: dict[str, Any]) -> HTMLResponse:
    """The terms as they are now, with what was chosen; an agreement to other terms is not kept."""
    form: Form = context["form"]
    terms = context["options"].terms
    same = terms is not None and form.value("owed_percent") == str(terms.percent)
    agreed = form.value("agreed") if same else ""
    chosen = Form({"reason": form.value("reason"), "agreed": agreed}, key=form.key)
    return templates.page(
        request, "cancel.html", {**context, "form": chosen.with_problem(problem)}, status=problem.type.status
    )


def _agreement(form: Form) -> tuple[int, WithdrawalReason]:
    """The percent that was agreed to, and why. Raises `validation-failed` with all that is missing at once."""
    problems: list[Problem] = []
    percent, reason = 0, WithdrawalReason.OTHER
    try:
        reason = _reason(form)
    except Problem as problem:
        problems.append(problem)
    try:
        percent = _agreed(form)
    except Problem as problem:
        problems.append(problem)
    if problems:
        raise together(*problems)
    return percent, reason


def _reason(form: Form) -> WithdrawalReason:
    """The reason that was chosen. Raises `validation-failed`."""
    try:
        return WithdrawalReason(form.value("reason"))
    except ValueError as error:
        wrong = FieldProblem("reason", CancellationReason.REASON_MISSING)
        raise invalid(wrong) from error


def _agreed(form: Form) -> int:
    """The percent that was agreed to. Raises `validation-failed`."""
    written = form.value("owed_percent")
    if form.value("agreed") != "yes":
        raise invalid(FieldProblem("agreed", CancellationReason.NOT_AGREED))
    if not (written.isascii() and written.isdigit() and len(written) <= len(str(_MOST)) and int(written) <= _MOST):
        raise invalid(FieldProblem("", CancellationReason.TERMS_MISSING))
    return int(written)
