"""What is done with a payment that matches no commission, from the list of payments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import payments, unmatched
from services.quotes.actions.unmatched import UnmatchedCreate
from services.quotes.api.unmatched import OpsOfPayment
from services.quotes.documents import papers_of
from services.quotes.domain.reasons import QuoteReason
from services.quotes.pages.forms import AssignForm, SentBackForm, UnmatchedForm
from services.quotes.pages.payments import Ops, PaymentPages, paid_of
from services.quotes.settings import QuotesSettings
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.forms import FormState, Sent
from shared.web.idempotency import Answer, once, request_key
from shared.web.templates import templates_of

_PAYMENTS = "/quotes/payments"


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    payment_pages = PaymentPages(kernel)

    @pages.post("/quotes/unmatched")
    async def record(request: Request, caller: Ops, sent: Annotated[Sent[UnmatchedForm], Form()]) -> Response:
        form, context = sent.form, payment_pages.quote_pages.context()
        try:
            key = request_key(caller, "unmatched", form.key).of(form.asked)
            async with kernel.database.transaction() as tx:
                currency = await unmatched.studio_currency(tx, caller)

                async def act() -> Answer:
                    given = sent.read({"received_on": QuoteReason.NO_DAY}, currency=currency, least=1)
                    kept = UnmatchedCreate(paid_of(given), given.reference)
                    found = await unmatched.record_unmatched(tx, caller, kept, context)
                    return Answer(303, {"payment": found.payment})

                await once(tx, key, act)
        except Problem as problem:
            return await payment_pages.refused(request, caller, form, problem)
        return RedirectResponse(_PAYMENTS, 303)

    @pages.post("/quotes/unmatched/{payment}/assign")
    async def assign(
        request: Request, payment: UUID, caller: OpsOfPayment, sent: Annotated[Sent[AssignForm], Form()]
    ) -> Response:
        context, papers = payment_pages.quote_pages.context(), papers_of(kernel.settings)
        reference = sent.form.value("for")[:200]
        try:
            async with kernel.database.transaction() as tx:
                commission = await payments.find_commission(tx, caller, reference)
                confirmed = bool(sent.form.value("confirmed"))
                await unmatched.assign(
                    tx, caller, payment, commission, context=context, wording=papers, confirmed=confirmed
                )
        except Problem as problem:
            if problem.type is ProblemType.AMOUNT_DIFFERS:
                values = {"problem": problem, "payment": payment, "reference": reference}
                return templates_of(request).page(request, "assign.html", values, problem=problem)
            return await payment_pages.refused(request, caller, FormState(), problem)
        return RedirectResponse(f"/quotes/{commission}", 303)

    @pages.post("/quotes/unmatched/{payment}/sent-back")
    async def sent_back(
        request: Request, payment: UUID, caller: OpsOfPayment, sent: Annotated[Sent[SentBackForm], Form()]
    ) -> Response:
        context = payment_pages.quote_pages.context()
        try:
            day = sent.read({"sent_on": QuoteReason.NO_DAY}).sent_on
            async with kernel.database.transaction() as tx:
                await unmatched.send_back(tx, caller, payment, day, context)
        except Problem as problem:
            return await payment_pages.refused(request, caller, FormState(), problem)
        return RedirectResponse(_PAYMENTS, 303)

    return pages
