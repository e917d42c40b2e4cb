"""Questions about a quote: the customer's form, and the studio's."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import questions
from services.quotes.domain.quote import Question, Quote, QuoteState
from services.quotes.pages.shown import Showing, typed_words
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.idempotency import Answer, once, request_key
from shared.web.templates import Pages, Templates

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Ops = Annotated[Caller, Allow(Role.OPS, of="question")]
Act = Callable[[Tx, str], Awaitable[Question]]


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    asking = _Asking(kernel)
    _asks(pages, kernel, asking)
    _answers(pages, asking)
    return pages


class _Asking:
    """What both sides have in common: words that are said once, however often their form is sent."""

    def __init__(self, kernel: Kernel[Settings]) -> None:
        self._kernel = kernel
        self.showing = Showing(kernel)

    async def said(self, caller: Caller, form: Form, scope: str, act: Act) -> None:
        """Raises what the action does, and validation-failed for words that cannot be taken."""
        words = typed_words(form, "words", longest=4000 if caller.role is Role.OPS else 2000)
        async with self._kernel.database.transaction() as tx:

            async def acting() -> Answer:
                return Answer(303, {"question": (await act(tx, words)).question})

            await once(tx, request_key(caller, scope, form.key).of(form.asked), acting)

    async def asked(self, caller: Caller, commission: UUID, question: UUID) -> dict[str, Any]:
        """The desk with one of its questions. Raises `not-found`."""
        context = await self.showing.context(caller, commission)
        found = [each for each in context["desk"].questions if each.question == question]
        if not found:
            raise not_found()
        return {**context, "question": found[0]}


def _asks(pages: APIRouter, kernel: Kernel[Settings], asking: _Asking) -> None:
    showing = asking.showing

    @pages.get("/quotes/{commission}/ask")
    async def form_of(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await showing.context(caller, commission)
        quote: Quote | None = context["offered"].quote
        if quote is None or quote.state is not QuoteState.SENT or quote.run_out(kernel.clock()):
            return RedirectResponse(f"/quotes/{commission}", 303)
        return templates.page(request, "ask.html", {**context, "form": Form()})

    @pages.post("/quotes/{commission}/ask")
    async def ask(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)

        async def act(tx: Tx, words: str) -> Question:
            return await questions.ask(tx, caller, commission, words=words, bench=showing.bench())

        try:
            await asking.said(caller, form, f"ask {commission}", act)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            context = await showing.context(caller, commission)
            return _again(request, templates, "ask.html", {**context, "form": form}, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _answers(pages: APIRouter, asking: _Asking) -> None:
    @pages.get("/quotes/{commission}/questions/{question}/answer")
    async def form_of(request: Request, commission: UUID, question: UUID, caller: Ops, templates: Pages) -> Response:
        context = await asking.asked(caller, commission, question)
        if not context["question"].open:
            return RedirectResponse(f"/quotes/{commission}", 303)
        return templates.page(request, "answer.html", {**context, "form": Form()})

    @pages.post("/quotes/{commission}/questions/{question}/answer")
    async def answer(request: Request, commission: UUID, question: UUID, caller: Ops, templates: Pages) -> Response:
        form = await read_form(request)

        async def act(tx: Tx, words: str) -> Question:
            bench = asking.showing.bench()
            return await questions.answer(tx, caller, commission, question, words=words, bench=bench)

        try:
            await asking.said(caller, form, f"answer {question}", act)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            context = await asking.asked(caller, commission, question)
            return _again(request, templates, "answer.html", {**context, "form": form}, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _again(request: Request, templates: Templates, name: str, context: dict[str, Any], *, problem: Problem) -> Response:
    shown = {**context, "form": context["form"].with_problem(problem)}
    return templates.page(request, name, shown, status=problem.type.status)
