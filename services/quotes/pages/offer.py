"""What a customer does with a quote: accepts it, or declines it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import offers
from services.quotes.domain.quote import QuoteState
from services.quotes.pages.shown import Showing, typed_version, typed_words
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import DeclineReason
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.templates import Pages, Templates

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
    showing = Showing(kernel)

    async def ask(request: Request, templates: Templates, caller: Caller, commission: UUID, name: str) -> Response:
        """A form about what is offered; back to the quote where there is nothing to decide any more."""
        context = await showing.context(caller, commission)
        quote = context["offered"].quote
        if quote is None or quote.state is not QuoteState.SENT or quote.run_out(kernel.clock()):
            return RedirectResponse(f"/quotes/{commission}", 303)
        form = Form({"version": str(quote.version)})
        return templates.page(request, name, {**context, "form": form, "reasons": _REASONS})

    async def again(  # what was typed stays where the form can be put right, else the quote says how it stands
        request: Request, templates: Templates, caller: Caller, commission: UUID, form: Form, problem: Problem
    ) -> Response:
        if problem.type is not ProblemType.VALIDATION_FAILED:
            return await showing.page(request, templates, caller, commission, problem)
        context: dict[str, Any] = await showing.context(caller, commission)
        quote = context["offered"].quote
        if quote is None or quote.state is not QuoteState.SENT:
            return await showing.page(request, templates, caller, commission, problem)
        name = f"{request.url.path.rpartition('/')[2]}.html"
        shown = {**context, "form": form.with_problem(problem), "reasons": _REASONS}
        return templates.page(request, name, shown, status=problem.type.status)

    @pages.get("/quotes/{commission}/accept")
    async def ask_yes(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        return await ask(request, templates, caller, commission, "accept.html")

    @pages.post("/quotes/{commission}/accept")
    async def accept(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)
        try:
            version, address = _agreed(form)
            async with kernel.database.transaction() as tx:
                await offers.accept(tx, caller, commission, version, address, showing.bench())
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return await again(request, templates, caller, commission, form, problem)
        return RedirectResponse(f"/quotes/{commission}", 303)

    @pages.get("/quotes/{commission}/decline")
    async def ask_no(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        return await ask(request, templates, caller, commission, "decline.html")

    @pages.post("/quotes/{commission}/decline")
    async def decline(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)
        try:
            reason, words = _reason(form), typed_words(form, "words", longest=2000, shortest=0)
            version = typed_version(form)
            async with kernel.database.transaction() as tx:
                await offers.decline(tx, caller, commission, version, reason, words, showing.bench())
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return await again(request, templates, caller, commission, form, problem)
        return RedirectResponse(f"/quotes/{commission}", 303)

    return pages


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
