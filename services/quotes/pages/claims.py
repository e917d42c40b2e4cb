"""Something is wrong with a piece: the page on which the studio answers."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import claims
from services.quotes.actions.claims import ClaimAnswer
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import papers_of
from services.quotes.domain.amounts import AmountRefusedError, parse_amount, typed_example
from services.quotes.domain.reasons import RemedyReason
from services.quotes.pages.forms import ClaimAnswerForm
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS, of="claim")]

_MISSING: Final = {"remedy": RemedyReason.NO_REMEDY, "words": RemedyReason.NO_WORDS}


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()

    async def found(caller: Caller, claim: UUID, form: FormState) -> dict[str, Any]:
        async with kernel.database.transaction() as tx:
            overview = await claims.read(tx, caller, claim)
        example = typed_example(overview.price.currency)
        return {"found": overview, "form": form, "remedies": list(ClaimRemedy), "example": example}

    @pages.get("/quotes/claims/{claim}/answer")
    async def ask(request: Request, claim: UUID, caller: Ops, templates: Pages) -> Response:
        values = await found(caller, claim, FormState())
        if not values["found"].claim.open:
            return RedirectResponse(f"/commissions/{values['found'].claim.commission}/claim", 303)
        return templates.page(request, "claim_answer.html", values)

    @pages.post("/quotes/claims/{claim}/answer")
    async def answer(
        request: Request, claim: UUID, caller: Ops, templates: Pages, sent: Annotated[Sent[ClaimAnswerForm], Form()]
    ) -> Response:
        values = await found(caller, claim, sent.form)
        try:
            given = _given(sent, values["found"].price.currency)
            async with kernel.database.transaction() as tx:
                answered = await claims.answer(
                    tx, caller, claim, given, context=QuotesContext.of(kernel), wording=papers_of(kernel.settings)
                )
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            values = await found(caller, claim, sent.form.with_problem(problem))
            return templates.page(request, "claim_answer.html", values, problem=problem)
        return RedirectResponse(f"/commissions/{answered.commission}/claim", 303)

    return pages


def _given(sent: Sent[ClaimAnswerForm], currency: str) -> ClaimAnswer:
    """What was typed; an amount counts for a reduction alone. Raises validation-failed."""
    given = sent.read(_MISSING)
    if given.remedy is not ClaimRemedy.REDUCTION or not given.amount.strip():
        return ClaimAnswer(given.remedy, given.words)
    try:
        return ClaimAnswer(given.remedy, given.words, parse_amount(given.amount, currency))
    except AmountRefusedError as error:
        raise invalid(FieldProblem("amount", error.reason)) from error
