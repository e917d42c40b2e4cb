"""What the studio changes in a draft besides a line's price: lines, a discount, and the conditions of this quote."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import desk
from services.quotes.actions.desk import DiscountGiven, LineCreate
from services.quotes.api.desk import QuoteLineDelete, QuoteLineMove
from services.quotes.domain.quote import FixedLineCode, Quote, QuoteConditions
from services.quotes.pages.forms import ConditionsForm, DiscountForm, LineForm
from services.quotes.pages.rendering import QuotePages
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import Answer, once, request_key
from shared.web.language import reader_of
from shared.web.templates import templates_of

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]
Act = Callable[[Tx], Awaitable[Quote]]


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    desk_pages = _DeskPages(kernel)
    _lines(pages, desk_pages)
    _moves(pages, desk_pages)
    _discount(pages, desk_pages)
    _conditions(pages, desk_pages)
    return pages


class _DeskPages:
    """Forms that draft the next version: each of them happens once, on the version that was looked at."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel
        self._pages = QuotePages(kernel)
        self.context = self._pages.context

    async def ask(self, request: Request, caller: Caller, commission: UUID, name: str) -> Response:
        """The form, with what the draft says now; back to the quote where there is nothing to change any more."""
        values = await self._pages.values(caller, commission, reader_of(request.scope))
        quote: Quote | None = values["overview"].quote
        if quote is None or not quote.state.open:
            return RedirectResponse(f"/quotes/{commission}", 303)
        form = FormState({"version": str(quote.version), **_filled(quote, name)})
        return templates_of(request).page(request, name, {**values, **self._given(quote), "form": form})

    async def currency(self, caller: Caller, commission: UUID, request: Request) -> str:
        """The currency of the quote. Raises what `values` does."""
        values = await self._pages.values(caller, commission, reader_of(request.scope))
        quote: Quote | None = values["overview"].quote
        return quote.price.total.currency if quote else "EUR"

    async def drafted(
        self, request: Request, caller: Caller, commission: UUID, form: FormState, *, name: str, act: Act
    ) -> Response:
        """Draft the next version, or show the form again with what is to be corrected."""
        try:
            key = request_key(caller, f"{name} {commission}", form.key).of(form.asked)
            async with self._kernel.database.transaction() as tx:

                async def acting() -> Answer:
                    return Answer(303, {"version": (await act(tx)).version})

                await once(tx, key, acting)
        except Problem as problem:
            return await self.again(request, caller, commission, form, name=name, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)

    async def again(
        self, request: Request, caller: Caller, commission: UUID, form: FormState, *, name: str, problem: Problem
    ) -> Response:
        """The form as it was typed, where it can be put right; else the quote as it is now, with what is in the way."""
        if problem.type is ProblemType.NOT_FOUND:
            raise problem
        values = await self._pages.values(caller, commission, reader_of(request.scope))
        quote: Quote | None = values["overview"].quote
        if problem.type is not ProblemType.VALIDATION_FAILED or quote is None:
            return await self._pages.page(request, caller, commission, problem)
        shown = {**values, **self._given(quote), "form": form.with_problem(problem)}
        return templates_of(request).page(request, name, shown, problem=problem)

    async def moved(
        self, request: Request, caller: Caller, commission: UUID, act: Callable[[Tx], Awaitable[Quote]], *, back: str
    ) -> Response:
        """Do what one button does; then `back`, or the quote with what was in the way."""
        try:
            async with self._kernel.database.transaction() as tx:
                await act(tx)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return await self._pages.page(request, caller, commission, problem)
        return RedirectResponse(back, 303)

    def _given(self, quote: Quote) -> dict[str, Any]:
        return {"settings": self._kernel.settings, "discount": quote.price.line(FixedLineCode.DISCOUNT)}


def _filled(quote: Quote, name: str) -> dict[str, str]:
    """What a form says before anything was typed."""
    if name != "conditions.html":
        return {}
    conditions = quote.conditions
    found = {
        "deposit_percent": conditions.deposit_percent,
        "deposit_days": conditions.deposit_days,
        "valid_days": conditions.valid_days,
    }
    return {field: str(value) for field, value in found.items() if value is not None}


def _lines(pages: APIRouter, desk_pages: _DeskPages) -> None:
    @pages.get("/quotes/{commission}/lines/new")
    async def ask(request: Request, commission: UUID, caller: Ops) -> Response:
        return await desk_pages.ask(request, caller, commission, "line.html")

    @pages.post("/quotes/{commission}/lines/new")
    async def add(request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[LineForm], Form()]) -> Response:
        currency = await desk_pages.currency(caller, commission, request)

        async def act(tx: Tx) -> Quote:
            given = sent.read(currency=currency, least=0)
            line = LineCreate(given.version, given.title, given.amount, given.reason)
            return await desk.add_line(tx, caller, commission, line, context=desk_pages.context())

        return await desk_pages.drafted(request, caller, commission, sent.form, name="line.html", act=act)


def _moves(pages: APIRouter, desk_pages: _DeskPages) -> None:
    @pages.post("/quotes/{commission}/lines/remove")
    async def remove(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[QuoteLineDelete], Form()]
    ) -> Response:
        async def act(tx: Tx) -> Quote:
            given = sent.read()
            return await desk.remove_line(
                tx, caller, commission, given.version, line=given.line, context=desk_pages.context()
            )

        return await desk_pages.moved(request, caller, commission, act, back=f"/quotes/{commission}")

    @pages.post("/quotes/{commission}/lines/move")
    async def move(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[QuoteLineMove], Form()]
    ) -> Response:
        async def act(tx: Tx) -> Quote:
            given = sent.read()
            context = desk_pages.context()
            return await desk.move_line(
                tx, caller, commission, given.version, line=given.line, to=given.to, context=context
            )

        return await desk_pages.moved(request, caller, commission, act, back=f"/quotes/{commission}")


def _discount(pages: APIRouter, desk_pages: _DeskPages) -> None:
    @pages.get("/quotes/{commission}/discount")
    async def ask(request: Request, commission: UUID, caller: Ops) -> Response:
        return await desk_pages.ask(request, caller, commission, "discount.html")

    @pages.post("/quotes/{commission}/discount")
    async def give(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[DiscountForm], Form()]
    ) -> Response:
        currency = await desk_pages.currency(caller, commission, request)

        async def act(tx: Tx) -> Quote:
            typed = sent.read(currency=currency, least=1)
            given = DiscountGiven(typed.version, typed.reason, typed.amount, typed.percent)
            return await desk.give_discount(tx, caller, commission, given, context=desk_pages.context())

        return await desk_pages.drafted(request, caller, commission, sent.form, name="discount.html", act=act)


def _conditions(pages: APIRouter, desk_pages: _DeskPages) -> None:
    @pages.get("/quotes/{commission}/conditions")
    async def ask(request: Request, commission: UUID, caller: Ops) -> Response:
        return await desk_pages.ask(request, caller, commission, "conditions.html")

    @pages.post("/quotes/{commission}/conditions")
    async def update(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[ConditionsForm], Form()]
    ) -> Response:
        async def act(tx: Tx) -> Quote:
            typed = sent.read()
            wanted = QuoteConditions(typed.deposit_percent, typed.deposit_days, typed.valid_days)
            return await desk.set_conditions(
                tx, caller, commission, typed.version, conditions=wanted, context=desk_pages.context()
            )

        return await desk_pages.drafted(request, caller, commission, sent.form, name="conditions.html", act=act)
