"""The page of a change order: the studio offers it, the customer agrees to it or leaves everything as it was."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import change_drafting, change_orders
from services.quotes.actions.acceptance import QuoteAcceptance
from services.quotes.actions.change_drafting import ChangeOrderDraft
from services.quotes.actions.context import QuotesContext
from services.quotes.api.change_orders import ChangeOrderAnswer, Customer, Ops, Somebody
from services.quotes.documents import papers_of
from services.quotes.domain.amounts import typed_example
from services.quotes.domain.reasons import ChangeOrderReason
from services.quotes.labels.wording import QuoteWording, contract_words
from services.quotes.pages.forms import ChangeOrderForm
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller
from shared.i18n import Readers
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.runtime.service import Kernel
from shared.web.forms import FormState, Sent
from shared.web.language import CurrentReader, reader_of
from shared.web.templates import templates_of

_MISSING: Final = {"from_stage": ChangeOrderReason.NO_STAGE}


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    shown = _ChangeOrderPage(kernel)

    @pages.get("/quotes/{commission}/change-order")
    async def read(request: Request, commission: UUID, caller: Somebody) -> Response:
        return await shown.page(request, caller, commission, FormState())

    @pages.post("/quotes/{commission}/change-order")
    async def ask(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[ChangeOrderForm], Form()]
    ) -> Response:
        context = QuotesContext.of(kernel)
        try:
            currency = (await shown.values(request, caller, commission))["found"].accepted.price.total.currency
            given = sent.read(_MISSING, currency=currency, least=0, zone=context.zone)
            asked = ChangeOrderDraft(
                given.proposal, given.from_stage, given.sunk, given.sunk_title, given.sunk_reason, given.last_day
            )
            async with kernel.database.transaction() as tx:
                await change_drafting.ask_to_offer(tx, caller, commission, asked, context)
        except Problem as problem:
            return await shown.again(request, caller, commission, sent.form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}/change-order", 303)

    @pages.post("/quotes/{commission}/change-order/agree")
    async def agree(
        request: Request,
        commission: UUID,
        caller: Customer,
        reader: CurrentReader,
        sent: Annotated[Sent[ChangeOrderAnswer], Form()],
    ) -> Response:
        readers: Readers = request.app.state.readers
        language = sent.form.value("language")
        read = readers.of(language) if language in readers.languages else reader
        yes = QuoteAcceptance(0, read.language, contract_words(read), papers_of(kernel.settings))
        try:
            order, context = sent.read().change_order, QuotesContext.of(kernel)
            async with kernel.database.transaction() as tx:
                await change_orders.agree(tx, caller, commission, order, yes, context=context)
        except Problem as problem:
            return await shown.again(request, caller, commission, sent.form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}/change-order", 303)

    @pages.post("/quotes/{commission}/change-order/decline")
    async def decline(
        request: Request, commission: UUID, caller: Customer, sent: Annotated[Sent[ChangeOrderAnswer], Form()]
    ) -> Response:
        try:
            order, context = sent.read().change_order, QuotesContext.of(kernel)
            async with kernel.database.transaction() as tx:
                await change_orders.decline(tx, caller, commission, order, context)
        except Problem as problem:
            return await shown.again(request, caller, commission, sent.form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}/change-order", 303)

    @pages.post("/quotes/{commission}/change-order/withdraw")
    async def withdraw(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[ChangeOrderAnswer], Form()]
    ) -> Response:
        try:
            order, context = sent.read().change_order, QuotesContext.of(kernel)
            async with kernel.database.transaction() as tx:
                await change_orders.withdraw(tx, caller, commission, order, context)
        except Problem as problem:
            return await shown.again(request, caller, commission, sent.form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}/change-order", 303)

    return pages


class _ChangeOrderPage:
    """The page with what it changes, for its customer and ops."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel

    async def values(self, request: Request, caller: Caller, commission: UUID) -> dict[str, Any]:
        """What the template needs. Raises `not-found` where nothing is to be changed."""
        async with self._kernel.database.transaction() as tx:
            found = await change_orders.read(tx, caller, commission)
        if found is None:
            raise not_found(ChangeOrderReason.NOTHING)
        wording = QuoteWording(reader_of(request.scope), found.offering)
        offering = found.offering.in_language(reader_of(request.scope).language)
        stages = [{"value": each.id, "words": each.title} for each in offering.making.stages]
        gates = [each.title for each in offering.gates if found.order and each.id in found.order.gates]
        return {
            "found": found,
            "wording": wording,
            "stages": stages,
            "gates": gates,
            "ops": caller.role.value == "ops",
            "now": self._kernel.clock(),
            "example": typed_example(found.accepted.price.total.currency),
        }

    async def page(self, request: Request, caller: Caller, commission: UUID, form: FormState) -> Response:
        """The page; the quote where nothing is to be changed."""
        async with self._kernel.database.transaction() as tx:
            if await change_orders.read(tx, caller, commission) is None:
                return RedirectResponse(f"/quotes/{commission}", 303)
        values = await self.values(request, caller, commission)
        return templates_of(request).page(request, "change_order.html", {**values, "form": form, "refusal": None})

    async def again(
        self, request: Request, caller: Caller, commission: UUID, form: FormState, *, problem: Problem
    ) -> Response:
        """The page with what was in the way, and what was typed."""
        if problem.type is ProblemType.NOT_FOUND:
            raise problem
        values = await self.values(request, caller, commission)
        invalid = problem.type is ProblemType.VALIDATION_FAILED
        shown = {**values, "form": form.with_problem(problem), "refusal": None if invalid else problem}
        return templates_of(request).page(request, "change_order.html", shown, problem=problem)
