"""Where the piece goes: the customer says it, or the studio for them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.intake.actions import delivery as deliveries
from services.intake.api.delivery import DeliveryCreate
from services.intake.domain.delivery import DeliveryReason
from services.intake.domain.delivery_changes import why_fixed
from services.intake.domain.record import CommissionRecord
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import DeliveryWay
from shared.i18n.countries import country_name
from shared.kernel.problems import Problem
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.templates import Pages

CustomerOrOps = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]
_CHOICES = {"way": DeliveryReason.WAY_MISSING}


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    pages = APIRouter()

    async def shown(request: Request, caller: Caller, commission: UUID, form: FormState | None) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            record = await deliveries.read(tx, caller, commission)
        reader = reader_of(request.scope)
        return {
            "record": record.in_language(reader.language),
            "country": country_name(reader, record.commission.delivery_country),
            "fixed": why_fixed(record, caller.role),
            "form": form or _filled(record, caller),
            "ways": list(DeliveryWay),
            "customer": caller.role is Role.CUSTOMER,
        }

    @pages.get("/commissions/{commission}/delivery")
    async def ask(request: Request, commission: UUID, caller: CustomerOrOps, templates: Pages) -> HTMLResponse:
        return templates.page(request, "delivery.html", await shown(request, caller, commission, None))

    @pages.post("/commissions/{commission}/delivery")
    async def choose(
        request: Request,
        commission: UUID,
        caller: CustomerOrOps,
        templates: Pages,
        sent: Annotated[Sent[DeliveryCreate], Form()],
    ) -> Response:
        """The same again changes nothing, so that the form needs no key."""
        try:
            given = sent.read(_CHOICES)
            async with kernel.database.transaction() as tx:
                await deliveries.choose(
                    tx, caller, commission, given.way, given.address, new_id=kernel.ids, now=kernel.clock()
                )
        except Problem as problem:
            again = await shown(request, caller, commission, sent.form.with_problem(problem))
            return templates.page(request, "delivery.html", again, problem=problem)
        return RedirectResponse(f"/commissions/{commission}", 303)

    @pages.post("/commissions/{commission}/missing")
    async def report_missing(commission: UUID, caller: CustomerOrOps) -> RedirectResponse:
        """A button without any question, so that there is no form to read."""
        async with kernel.database.transaction() as tx:
            await deliveries.report_missing(tx, caller, commission, kernel.clock())
        return RedirectResponse(f"/commissions/{commission}", 303)

    return pages


def _filled(record: CommissionRecord, caller: Caller) -> FormState:
    """What was chosen before; else a customer's own name, as a beginning."""
    chosen = record.delivery
    if chosen is None:
        return FormState({"name": caller.name if caller.role is Role.CUSTOMER else ""})
    return FormState({"way": chosen.way.value, **(vars(chosen.address) if chosen.address else {})})
