"""What a customer does with a quote: accepts it, or declines it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import acceptance
from services.quotes.actions.acceptance import Acceptance
from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.pages.rendering import QuotePages, version_field, words_field
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import DeclineReason
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.language import CurrentReader
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
    deciding = _AcceptancePages(kernel)
    _yes(pages, kernel, deciding)
    _no(pages, kernel, deciding)
    return pages


class _AcceptancePages:
    """The two forms about what is offered."""

    def __init__(self, kernel: Kernel[Settings]) -> None:
        self._kernel = kernel
        self.quote_pages = QuotePages(kernel)

    async def ask(self, request: Request, caller: Caller, commission: UUID, name: str) -> Response:
        """The form; back to the quote where there is nothing to decide any more."""
        values = await self.quote_pages.values(caller, commission)
        quote: Quote | None = values["offered"].quote
        if quote is None or quote.state is not QuoteState.SENT or quote.expired_at(self._kernel.clock()):
            return RedirectResponse(f"/quotes/{commission}", 303)
        form = Form({"version": str(quote.version)})
        return templates_of(request).page(request, name, {**values, "form": form, "reasons": _REASONS})

    async def again(
        self, request: Request, caller: Caller, commission: UUID, form: Form, *, problem: Problem
    ) -> Response:
        """The form as it was typed, where it can be put right; else the quote, which says how it stands."""
        if problem.type is ProblemType.NOT_FOUND:
            raise problem
        values: dict[str, Any] = await self.quote_pages.values(caller, commission)
        quote: Quote | None = values["offered"].quote
        if problem.type is not ProblemType.VALIDATION_FAILED or quote is None or quote.state is not QuoteState.SENT:
            return await self.quote_pages.page(request, caller, commission, problem)
        name = f"{request.url.path.rpartition('/')[2]}.html"
        shown = {**values, "form": form.with_problem(problem), "reasons": _REASONS}
        return templates_of(request).page(request, name, shown, status=problem.type.status)


def _yes(pages: APIRouter, kernel: Kernel[Settings], deciding: _AcceptancePages) -> None:
    @pages.get("/quotes/{commission}/accept")
    async def ask(request: Request, commission: UUID, caller: Customer) -> Response:
        return await deciding.ask(request, caller, commission, "accept.html")

    @pages.post("/quotes/{commission}/accept")
    async def accept(request: Request, commission: UUID, caller: Customer, reader: CurrentReader) -> Response:
        form = await read_form(request)
        try:
            version, address = _agreed(form)
            given = Acceptance(version, reader.language, address)
            async with kernel.database.transaction() as tx:
                await acceptance.accept(tx, caller, commission, given, deciding.quote_pages.context())
        except Problem as problem:
            return await deciding.again(request, caller, commission, form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _no(pages: APIRouter, kernel: Kernel[Settings], deciding: _AcceptancePages) -> None:
    @pages.get("/quotes/{commission}/decline")
    async def ask(request: Request, commission: UUID, caller: Customer) -> Response:
        return await deciding.ask(request, caller, commission, "decline.html")

    @pages.post("/quotes/{commission}/decline")
    async def decline(request: Request, commission: UUID, caller: Customer) -> Response:
        form = await read_form(request)
        context = deciding.quote_pages.context()
        try:
            reason, words = _reason(form), words_field(form, "words", longest=2000, shortest=0)
            version = version_field(form)
            async with kernel.database.transaction() as tx:
                await acceptance.decline(tx, caller, commission, version, reason=reason, words=words, context=context)
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
    return version_field(form), words_field(form, "address", longest=400, shortest=0)


def _reason(form: Form) -> DeclineReason:
    try:
        return DeclineReason(form.value("reason"))
    except ValueError as error:
        wrong = FieldProblem(field="reason", message="No reason is chosen yet.", remedy="Choose what comes nearest.")
        raise invalid(wrong) from error
