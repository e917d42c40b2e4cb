"""Cancelling: a request before a quote is accepted, or an accepted commission on terms that are agreed to."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import cancellations, commissions
from services.intake.api.commissions import WithdrawalCreate
from services.intake.domain.cancellation_terms import CannotCancel
from services.intake.domain.cancellations import CancellationReason
from services.intake.pages.forms import CancellationForm
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import WithdrawalReason
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.templates import Pages

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
_REASON = {"reason": CancellationReason.REASON_MISSING}
_AGREEMENT = {
    **_REASON,
    "agreed": CancellationReason.NOT_AGREED,
    "owed_percent": CancellationReason.TERMS_MISSING,
}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    _of_a_request(pages, kernel)
    _of_an_accepted_commission(pages, kernel)
    return pages


def _of_a_request(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    async def found(request: Request, caller: Caller, commission: UUID, form: FormState) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            page = await commissions.read(tx, caller, commission)
        return {
            "page": page.in_language(reader_of(request.scope).language),
            "form": form,
            "reasons": list(WithdrawalReason),
        }

    @pages.get("/commissions/{commission}/withdraw")
    async def ask_to_withdraw(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await found(request, caller, commission, FormState())
        if context["page"].record.accepted:
            return RedirectResponse(f"/commissions/{commission}/cancel", 303)
        if not context["page"].commission.may_be_withdrawn:
            return RedirectResponse(f"/commissions/{commission}", 303)
        return templates.page(request, "withdraw.html", context)

    @pages.post("/commissions/{commission}/withdraw")
    async def withdraw(
        request: Request,
        commission: UUID,
        caller: Customer,
        templates: Pages,
        sent: Annotated[Sent[WithdrawalCreate], Form()],
    ) -> Response:
        context = await found(request, caller, commission, sent.form)
        if context["page"].record.accepted:
            return RedirectResponse(f"/commissions/{commission}/cancel", 303)
        try:
            reason = sent.read(_REASON).reason
        except Problem as problem:
            again = {**context, "form": sent.form.with_problem(problem)}
            return templates.page(request, "withdraw.html", again, status=ProblemType.VALIDATION_FAILED.status)
        async with kernel.database.transaction() as tx:
            await commissions.withdraw(tx, caller, commission, reason, kernel.clock())
        return RedirectResponse(f"/commissions/{commission}", 303)


def _of_an_accepted_commission(pages: APIRouter, kernel: Kernel[IntakeSettings]) -> None:
    async def found(request: Request, caller: Caller, commission: UUID, form: FormState) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            options = await cancellations.read(tx, caller, commission)
        return {
            "options": options.in_language(reader_of(request.scope).language),
            "form": form,
            "reasons": list(WithdrawalReason),
        }

    @pages.get("/commissions/{commission}/cancel")
    async def ask_to_cancel(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await found(request, caller, commission, FormState())
        if context["options"].blocked_by is CannotCancel.NOT_ACCEPTED:
            return RedirectResponse(f"/commissions/{commission}/withdraw", 303)
        return templates.page(request, "cancel.html", context)

    @pages.post("/commissions/{commission}/cancel")
    async def cancel(
        request: Request,
        commission: UUID,
        caller: Customer,
        templates: Pages,
        sent: Annotated[Sent[CancellationForm], Form()],
    ) -> Response:
        try:
            given = sent.read(_AGREEMENT)
            async with kernel.database.transaction() as tx:
                await cancellations.ask(
                    tx, caller, commission, given.owed_percent, given.reason, new_id=kernel.ids, now=kernel.clock()
                )
        except Problem as problem:
            return _again(request, templates, problem, await found(request, caller, commission, sent.form))
        return RedirectResponse(f"/commissions/{commission}/cancel", 303)


def _again(request: Request, templates: Pages, problem: Problem, context: dict[str, Any]) -> HTMLResponse:
    """The terms as they are now, with what was chosen; an agreement to other terms is not kept."""
    form: FormState = context["form"]
    terms = context["options"].terms
    same = terms is not None and form.value("owed_percent") == str(terms.percent)
    agreed = form.value("agreed") if same else ""
    chosen = FormState({"reason": form.value("reason"), "agreed": agreed}, key=form.key)
    return templates.page(request, "cancel.html", {**context, "form": chosen.with_problem(problem)}, problem=problem)
