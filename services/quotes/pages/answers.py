"""Questions about a quote: the customer's form, and the studio's."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import questions
from services.quotes.domain.quote import Question, QuoteState
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
    showing = Showing(kernel)

    async def said(caller: Caller, form: Form, scope: str, act: Act) -> None:
        """What was typed, said once however often the form was sent."""
        words = typed_words(form, "words", longest=4000 if caller.role is Role.OPS else 2000)
        async with kernel.database.transaction() as tx:

            async def acting() -> Answer:
                return Answer(303, {"question": (await act(tx, words)).question})

            await once(tx, request_key(caller, scope, form.key).of(form.asked), acting)

    def again(
        request: Request, templates: Templates, name: str, form: Form, problem: Problem, context: Any
    ) -> Response:
        shown = {**context, "form": form.with_problem(problem)}
        return templates.page(request, name, shown, status=problem.type.status)

    @pages.get("/quotes/{commission}/ask")
    async def ask_page(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        context = await showing.context(caller, commission)
        quote = context["offered"].quote
        if quote is None or quote.state is not QuoteState.SENT or quote.run_out(kernel.clock()):
            return RedirectResponse(f"/quotes/{commission}", 303)
        return templates.page(request, "ask.html", {**context, "form": Form()})

    @pages.post("/quotes/{commission}/ask")
    async def ask(request: Request, commission: UUID, caller: Customer, templates: Pages) -> Response:
        form = await read_form(request)

        async def act(tx: Tx, words: str) -> Question:
            return await questions.ask(tx, caller, commission, words, showing.bench())

        try:
            await said(caller, form, f"ask {commission}", act)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return again(request, templates, "ask.html", form, problem, await showing.context(caller, commission))
        return RedirectResponse(f"/quotes/{commission}", 303)

    @pages.get("/quotes/{commission}/questions/{question}/answer")
    async def answer_page(
        request: Request, commission: UUID, question: UUID, caller: Ops, templates: Pages
    ) -> Response:
        context = await asked(caller, commission, question)
        if not context["question"].open:
            return RedirectResponse(f"/quotes/{commission}", 303)
        return templates.page(request, "answer.html", {**context, "form": Form()})

    @pages.post("/quotes/{commission}/questions/{question}/answer")
    async def answer(request: Request, commission: UUID, question: UUID, caller: Ops, templates: Pages) -> Response:
        form = await read_form(request)

        async def act(tx: Tx, words: str) -> Question:
            return await questions.answer(tx, caller, commission, question, words, showing.bench())

        try:
            await said(caller, form, f"answer {question}", act)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return again(request, templates, "answer.html", form, problem, await asked(caller, commission, question))
        return RedirectResponse(f"/quotes/{commission}", 303)

    async def asked(caller: Caller, commission: UUID, question: UUID) -> dict[str, Any]:
        context = await showing.context(caller, commission)
        found = [each for each in context["desk"].questions if each.question == question]
        if not found:
            raise not_found()
        return {**context, "question": found[0]}

    return pages
