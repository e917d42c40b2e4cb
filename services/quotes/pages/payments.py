"""Payments and refunds, for ops: open invoices, what came in, and what has to go back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import drafting, names, payments, unmatched
from services.quotes.actions.payments import PaymentCreate
from services.quotes.documents import papers_of
from services.quotes.domain.awaited import OpenInvoice
from services.quotes.domain.reasons import QuoteReason
from services.quotes.domain.references import grouped_reference
from services.quotes.labels.names import NameWording
from services.quotes.pages.forms import PaymentForm, RefundForm
from services.quotes.pages.rendering import QuotePages
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.payments import PaymentMethod
from shared.i18n import Reader
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import Answer, once, request_key
from shared.web.language import reader_of
from shared.web.pagination import AskedPage, Paging, Position, paged
from shared.web.templates import Pages, templates_of

Ops = Annotated[Caller, Allow(Role.OPS)]
OpsOfOne = Annotated[Caller, Allow(Role.OPS, of="commission")]
SentPayment = Annotated[Sent[PaymentForm], Form()]

_FIRST = Paging(50)


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    payment_pages = PaymentPages(kernel)
    _lists(pages, kernel, payment_pages)
    _of_one(pages, kernel, payment_pages)
    return pages


class PaymentPages:
    """What the pages about money show, and what comes back from them."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel
        self.quote_pages = QuotePages(kernel)

    async def listing(self, caller: Caller, paging: Paging, reader: Reader) -> dict[str, Any]:
        """What is awaited, and what has to go back."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with self._kernel.database.transaction() as tx:
            found = await payments.open_invoices(tx, caller, before=before, at_most=paging.fetch)
            refunds = await payments.open_refunds(tx, caller) if before is None else []
            waiting = await unmatched.waiting(tx, caller) if before is None else []
            offerings = await drafting.offerings_of(tx, [*found, *refunds])
            known = await names.read_names(tx, caller, [*found, *refunds])
        listed = paged([_placed(each) for each in found], paging)
        today = self.quote_pages.context().today
        return {
            "listed": listed,
            "refunds": refunds,
            "waiting": waiting,
            "matches_nothing": False,
            "today": today,
            "methods": list(PaymentMethod),
            "confirm": None,
            "grouped": grouped_reference,
            "names": NameWording(reader, offerings, known),
        }

    async def refused(self, request: Request, caller: Caller, form: FormState, problem: Problem) -> Response:
        """The lists, with what was typed and what is wrong with it."""
        if problem.type is ProblemType.NOT_FOUND:
            raise problem
        listed = await self.listing(caller, _FIRST, reader_of(request.scope))
        values = {**listed, "form": form.with_problem(problem), "confirm": _to_confirm(problem)}
        values["matches_nothing"] = any(each.field == "reference" for each in problem.fields)
        return templates_of(request).page(request, "payments.html", values, problem=problem)

    async def of_one(
        self, request: Request, caller: Caller, commission: UUID, form: FormState, problem: Problem | None = None
    ) -> Response:
        """The form for a payment of one commission, with what is wrong with it."""
        values = await self.quote_pages.values(caller, commission, reader_of(request.scope))
        again = form.with_problem(problem) if problem else form
        today, confirm = self.quote_pages.context().today, _to_confirm(problem)
        shown = {**values, "form": again, "today": today, "confirm": confirm, "methods": list(PaymentMethod)}
        return templates_of(request).page(request, "payment.html", shown, problem=problem)

    async def received(self, tx: Tx, caller: Caller, commission: UUID, sent: Sent[PaymentForm]) -> Answer:
        """A payment as it was typed. Raises what the action does, and validation-failed."""
        given = _received(sent, await self._currency(tx, caller, commission))
        context, papers = self.quote_pages.context(), papers_of(self._kernel.settings)
        payment = await payments.receive_payment(tx, caller, commission, given, context=context, wording=papers)
        return Answer(303, {"payment": payment.payment})

    async def _currency(self, tx: Tx, caller: Caller, commission: UUID) -> str:
        """What this commission is paid in: its quote's currency, which is its offering's. Raises `not-found`."""
        found = await drafting.read_studio_quote(tx, caller, commission, self.quote_pages.context())
        if found.quote is None:
            raise not_found(QuoteReason.NO_QUOTE_YET)
        return found.quote.price.total.currency


def _lists(pages: APIRouter, kernel: Kernel[QuotesSettings], payment_pages: PaymentPages) -> None:
    @pages.get("/quotes/payments")
    async def awaited(request: Request, paging: AskedPage, caller: Ops, templates: Pages) -> Response:
        values = await payment_pages.listing(caller, paging, reader_of(request.scope))
        form = FormState({"received_on": values["today"].isoformat(), "method": PaymentMethod.BANK_TRANSFER})
        return templates.page(request, "payments.html", {**values, "form": form})

    @pages.post("/quotes/payments")
    async def receive(request: Request, caller: Ops, sent: SentPayment) -> Response:
        """A transfer that says which commission it is for."""
        form = sent.form
        try:
            key = request_key(caller, "receive", form.key).of(form.asked)
            async with kernel.database.transaction() as tx:
                commission = await payments.find_commission(tx, caller, form.value("reference")[:200])
                await once(tx, key, lambda: payment_pages.received(tx, caller, commission, sent))
        except Problem as problem:
            return await payment_pages.refused(request, caller, form, problem)
        return RedirectResponse(f"/quotes/{commission}", 303)

    @pages.post("/quotes/refunds/{refund}/paid")
    async def paid(
        request: Request,
        refund: UUID,
        caller: Annotated[Caller, Allow(Role.OPS, of="refund")],
        sent: Annotated[Sent[RefundForm], Form()],
    ) -> Response:
        context = payment_pages.quote_pages.context()
        try:
            paid_on = sent.read({"paid_on": QuoteReason.NO_DAY}).paid_on
            async with kernel.database.transaction() as tx:
                await payments.pay_refund(tx, caller, refund, paid_on, context)
        except Problem as problem:
            return await payment_pages.refused(request, caller, FormState(), problem)
        return RedirectResponse("/quotes/payments", 303)


def _of_one(pages: APIRouter, kernel: Kernel[QuotesSettings], payment_pages: PaymentPages) -> None:
    @pages.get("/quotes/{commission}/payments")
    async def ask(request: Request, commission: UUID, caller: OpsOfOne) -> Response:
        today = payment_pages.quote_pages.context().today.isoformat()
        form = FormState({"received_on": today, "method": PaymentMethod.BANK_TRANSFER})
        return await payment_pages.of_one(request, caller, commission, form)

    @pages.post("/quotes/{commission}/payments")
    async def receive(request: Request, commission: UUID, caller: OpsOfOne, sent: SentPayment) -> Response:
        form = sent.form
        try:
            key = request_key(caller, f"receive {commission}", form.key).of(form.asked)
            async with kernel.database.transaction() as tx:
                await once(tx, key, lambda: payment_pages.received(tx, caller, commission, sent))
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return await payment_pages.of_one(request, caller, commission, form, problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _placed(each: OpenInvoice) -> tuple[Position, OpenInvoice]:
    return Position(each.issued_at, each.invoice), each


def _received(sent: Sent[PaymentForm], currency: str) -> PaymentCreate:
    """What is typed. Raises a Problem."""
    return paid_of(sent.read({"received_on": QuoteReason.NO_DAY}, currency=currency, least=1))


def paid_of(given: PaymentForm) -> PaymentCreate:
    """What a form says that came in; it is confirmed where the very amount was."""
    confirmed = given.confirmed == str(given.amount.minor)
    return PaymentCreate(
        given.amount, given.received_on, given.bank_reference or None, given.method, confirmed=confirmed
    )


def _to_confirm(problem: Problem | None) -> Money | None:
    """The amount that somebody has to confirm, since it is not what is due."""
    if problem is None or problem.type is not ProblemType.AMOUNT_DIFFERS:
        return None
    said = problem.fields[0].message
    amount = said.params.get("amount") if isinstance(said, Phrase) else None
    return amount if isinstance(amount, Money) else None
