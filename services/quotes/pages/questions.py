"""Questions about a quote: the customer's form, and the studio's."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import questions
from services.quotes.api.customer import QuestionCreate
from services.quotes.api.studio import AnswerCreate
from services.quotes.domain.quote import Question, Quote, QuoteState
from services.quotes.pages.rendering import QuotePages
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import Answer, once, request_key
from shared.web.language import reader_of
from shared.web.templates import Pages, Templates

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Ops = Annotated[Caller, Allow(Role.OPS, of="question")]
Act = Callable[[Tx, str], Awaitable[Question]]


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    asking = _QuestionPages(kernel)
    _asks(pages, kernel, asking)
    _answers(pages, asking)
    return pages


class _QuestionPages:
    """What both sides have in common: words that are said once, however often their form is sent."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel
        self.quote_pages = QuotePages(kernel)

    async def said(self, caller: Caller, sent: Sent[QuestionCreate] | Sent[AnswerCreate], scope: str, act: Act) -> None:
        """Raises what the action does, and validation-failed for words that cannot be taken."""
        words, form = sent.read().words, sent.form
        async with self._kernel.database.transaction() as tx:

            async def acting() -> Answer:
                return Answer(303, {"question": (await act(tx, words)).question})

            await once(tx, request_key(caller, scope, form.key).of(form.asked), acting)

    async def asked(self, caller: Caller, commission: UUID, question: UUID, reader: Reader) -> dict[str, Any]:
        """The quote with one of its questions. Raises `not-found`."""
        values = await self.quote_pages.values(caller, commission, reader)
        found = [each for each in values["overview"].questions if each.question == question]
        if not found:
            raise not_found()
        return {**values, "question": found[0]}


def _asks(pages: APIRouter, kernel: Kernel[QuotesSettings], asking: _QuestionPages) -> None:
    quote_pages = asking.quote_pages

    @pages.get("/quotes/{commission}/ask")
    async def form_of(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        values = await quote_pages.values(caller, commission, reader_of(request.scope))
        quote: Quote | None = values["offered"].quote
        if quote is None or quote.state is not QuoteState.SENT or quote.expired_at(kernel.clock()):
            return RedirectResponse(f"/quotes/{commission}", 303)
        return templates.page(request, "ask.html", {**values, "form": FormState()})

    @pages.post("/quotes/{commission}/ask")
    async def ask(
        request: Request,
        commission: UUID,
        caller: Customer,
        templates: Pages,
        sent: Annotated[Sent[QuestionCreate], Form()],
    ) -> Response:
        async def act(tx: Tx, words: str) -> Question:
            return await questions.ask(tx, caller, commission, words=words, context=quote_pages.context())

        try:
            await asking.said(caller, sent, f"ask {commission}", act)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            values = await quote_pages.values(caller, commission, reader_of(request.scope))
            return _again(request, templates, "ask.html", {**values, "form": sent.form}, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _answers(pages: APIRouter, asking: _QuestionPages) -> None:
    @pages.get("/quotes/{commission}/questions/{question}/answer")
    async def form_of(request: Request, commission: UUID, question: UUID, caller: Ops, templates: Pages) -> Response:
        values = await asking.asked(caller, commission, question, reader_of(request.scope))
        if not values["question"].open:
            return RedirectResponse(f"/quotes/{commission}", 303)
        return templates.page(request, "answer.html", {**values, "form": FormState()})

    @pages.post("/quotes/{commission}/questions/{question}/answer")
    async def answer(
        request: Request,
        commission: UUID,
        question: UUID,
        caller: Ops,
        templates: Pages,
        *,
        sent: Annotated[Sent[AnswerCreate], Form()],
    ) -> Response:
        async def act(tx: Tx, words: str) -> Question:
            context = asking.quote_pages.context()
            return await questions.answer(tx, caller, commission, question, words=words, context=context)

        try:
            await asking.said(caller, sent, f"answer {question}", act)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            values = await asking.asked(caller, commission, question, reader_of(request.scope))
            return _again(request, templates, "answer.html", {**values, "form": sent.form}, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _again(request: Request, templates: Templates, name: str, values: dict[str, Any], *, problem: Problem) -> Response:
    shown = {**values, "form": values["form"].with_problem(problem)}
    return templates.page(request, name, shown, problem=problem)
