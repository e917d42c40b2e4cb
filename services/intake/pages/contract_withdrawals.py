"""Withdraw from contract here: the page that the law asks for, with a step to confirm it.

Directive 2011/83/EU, Article 11a, as Directive (EU) 2023/2673 has it: the function is there for as long as the right
is, is called so, and is followed by one that confirms it; the receipt comes at once, by mail.
"""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.intake.actions import contract_withdrawals as actions
from services.intake.domain.claims import WithdrawalConfirmation
from services.intake.pages.forms import ContractWithdrawalForm
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.templates import Pages

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()
    zone = ZoneInfo(kernel.settings.studio_zone)

    async def found(request: Request, caller: Caller, commission: UUID, form: FormState) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            right = await actions.read(tx, caller, commission, zone, kernel.clock())
        return {"right": right.in_language(reader_of(request.scope).language), "form": form}

    @pages.get("/commissions/{commission}/contract-withdrawal")
    async def ask(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        return templates.page(request, "withdraw_contract.html", await found(request, caller, commission, FormState()))

    @pages.post("/commissions/{commission}/contract-withdrawal")
    async def withdraw(
        request: Request,
        commission: UUID,
        caller: Customer,
        templates: Pages,
        sent: Annotated[Sent[ContractWithdrawalForm], Form()],
    ) -> Response:
        try:
            sent.read({"confirmed": WithdrawalConfirmation.NOT_CONFIRMED})
            async with kernel.database.transaction() as tx:
                await actions.withdraw(tx, caller, commission, zone, kernel.clock())
        except Problem as problem:
            again = await found(request, caller, commission, sent.form.with_problem(problem))
            return templates.page(request, "withdraw_contract.html", again, problem=problem)
        return RedirectResponse(f"/commissions/{commission}/contract-withdrawal", 303)

    return pages
