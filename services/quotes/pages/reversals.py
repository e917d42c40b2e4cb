"""The page on which ops reverse a payment: it says what follows before it is done."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import payments
from services.quotes.actions.payments import ReversalPreview
from services.quotes.api.payments import PaymentReverse
from services.quotes.domain.reasons import PaymentReason
from services.quotes.pages.rendering import QuotePages
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.payments import ReversalReason
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import reader_of
from shared.web.templates import templates_of

OpsOfPayment = Annotated[Caller, Allow(Role.OPS, of="payment")]


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    quote_pages = QuotePages(kernel)

    def shown(request: Request, preview: ReversalPreview, form: FormState, problem: Problem | None = None) -> Response:
        reader = reader_of(request.scope)
        reasons = [{"value": each.value, "words": reader.label(each)} for each in ReversalReason]
        values = {"preview": preview, "form": form, "reasons": reasons}
        return templates_of(request).page(request, "reverse.html", values, problem=problem)

    @pages.get("/quotes/payments/{payment}/reverse")
    async def ask(request: Request, payment: UUID, caller: OpsOfPayment) -> Response:
        async with kernel.database.transaction() as tx:
            preview = await payments.read_reversal(tx, caller, payment, quote_pages.context())
        return shown(request, preview, FormState())

    @pages.post("/quotes/payments/{payment}/reverse")
    async def reverse(
        request: Request, payment: UUID, caller: OpsOfPayment, sent: Annotated[Sent[PaymentReverse], Form()]
    ) -> Response:
        try:
            reason = sent.read({"reason": PaymentReason.NO_REVERSAL_REASON}).reason
            async with kernel.database.transaction() as tx:
                done = await payments.reverse_payment(tx, caller, payment, reason, quote_pages.context())
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            async with kernel.database.transaction() as tx:
                preview = await payments.read_reversal(tx, caller, payment, quote_pages.context())
            return shown(request, preview, sent.form.with_problem(problem), problem)
        return RedirectResponse(f"/quotes/{done.commission}", 303)

    return pages
