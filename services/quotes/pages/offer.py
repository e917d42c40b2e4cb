"""What a customer does with a quote: accepts it, or declines it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import offers
from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.pages.shown import Showing, typed_version, typed_words
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import DeclineReason
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.templates import templates_of

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]

_REASONS = (
    {"value": DeclineReason.PRICE.value, "words": "It costs more than I want to spend"},
    {"value": DeclineReason.TOO_SLOW.value, "words": "It takes too long"},
    {"value": DeclineReason.CHANGED_MIND.value, "words": "I have changed my mind"},
    {"value": DeclineReason.FOUND_ELSEWHERE.value, "words": "I have found it elsewhere"},
    {"value": DeclineReason.OTHER.value, "words": "For another reason"},
)


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    deciding = _Deciding(kernel)
    _yes(pages, kernel, deciding)
    _no(pages, kernel, deciding)
    return pages


class _Deciding:
    """The two forms about what is offered."""

    def __init__(self, kernel: Kernel[Settings]) -> None:
        self._kernel = kernel
        self.showing = Showing(kernel)

    async def ask(self, request: Request, caller: Caller, commission: UUID, name: str) -> Response:
        """The form; back to the quote where there is nothing to decide any more."""
        context = await self.showing.context(caller, commission)
        quote: Quote | None = context["offered"].quote
        if quote is None or quote.state is not QuoteState.SENT or quote.run_out(self._kernel.clock()):
            return RedirectResponse(f"/quotes/{commission}", 303)
        form = Form({"version": str(quote.version)})
        return templates_of(request).page(request, name, {**context, "form": form, "reasons": _REASONS})

    async def again(
        self, request: Request, caller: Caller, commission: UUID, form: Form, *, problem: Problem
    ) -> Response:
        """The form as it was typed, where it can be put right; else the quote, which says how it stands."""
        if problem.type is ProblemType.NOT_FOUND:
            raise problem
        context: dict[str, Any] = await self.showing.context(caller, commission)
        quote: Quote | None = context["offered"].quote
        if problem.type is not ProblemType.VALIDATION_FAILED or quote is None or quote.state is not QuoteState.SENT:
            return await self.showing.page(request, caller, commission, problem)
        name = f"{request.url.path.rpartition('/')[2]}.html"
        shown = {**context, "form": form.with_problem(problem), "reasons": _REASONS}
        return templates_of(request).page(request, name, shown, status=problem.type.status)


def _yes(pages: APIRouter, kernel: Kernel[Settings], deciding: _Deciding) -> None:
    @pages.get("/quotes/{commission}/accept")
    async def ask(request: Request, commission: UUID, caller: Customer) -> Response:
        return await deciding.ask(request, caller, commission, "accept.html")

    @pages.post("/quotes/{commission}/accept")
    async def accept(request: Request, commission: UUID, caller: Customer) -> Response:
        form = await read_form(request)
        bench = deciding.showing.bench()
        try:
            version, address = _agreed(form)
            async with kernel.database.transaction() as tx:
                await offers.accept(tx, caller, commission, version, address=address, bench=bench)
        except Problem as problem:
            return await deciding.again(request, caller, commission, form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _no(pages: APIRouter, kernel: Kernel[Settings], deciding: _Deciding) -> None:
    @pages.get("/quotes/{commission}/decline")
    async def ask(request: Request, commission: UUID, caller: Customer) -> Response:
        return await deciding.ask(request, caller, commission, "decline.html")

    @pages.post("/quotes/{commission}/decline")
    async def decline(request: Request, commission: UUID, caller: Customer) -> Response:
        form = await read_form(request)
        bench = deciding.showing.bench()
        try:
            reason, words = _reason(form), typed_words(form, "words", longest=2000, shortest=0)
            version = typed_version(form)
            async with kernel.database.transaction() as tx:
                await offers.decline(tx, caller, commission, version, reason=reason, words=words, bench=bench)
        except Problem as problem:
            return await deciding.again(request, caller, commission, form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _agreed(form: Form) -> tuple[int, str]:
    """The version and the address, if both boxes are ticked. Raises a Problem."""
    missing = [
        FieldProblem(field=name, message=f"You have not agreed to {what} yet.", remedy="Read it, and tick the box.")
        for name, what in (("terms", "the terms"), ("variation", "how the piece will differ"))
        if form.value(name) != "yes"
    ]
    if missing:
        raise invalid(*missing)
    return typed_version(form), typed_words(form, "address", longest=400, shortest=0)


def _reason(form: Form) -> DeclineReason:
    try:
        return DeclineReason(form.value("reason"))
    except ValueError as error:
        wrong = FieldProblem(field="reason", message="No reason is chosen yet.", remedy="Choose what comes nearest.")
        raise invalid(wrong) from error
