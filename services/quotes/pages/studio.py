"""What the studio does with a quote: changes a line's price with a reason, undoes that, revises, and sends."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.quotes.actions import drafting, sending
from services.quotes.actions.drafting import LineAdjustment
from services.quotes.api.studio import AdjustmentDelete, QuoteRevise
from services.quotes.domain.quote import FixedLineCode, Quote, QuoteLine
from services.quotes.pages.forms import AdjustmentForm, SendForm
from services.quotes.pages.rendering import QuotePages
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.idempotency import Answer, once, request_key
from shared.web.language import CurrentReader
from shared.web.templates import Pages, Templates, templates_of

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    quote_pages = QuotePages(kernel)
    _adjust(pages, kernel, quote_pages)
    _move(pages, kernel, quote_pages)
    _send(pages, kernel, quote_pages)
    return pages


def _adjust(pages: APIRouter, kernel: Kernel[QuotesSettings], quote_pages: QuotePages) -> None:
    """The page on which one line's price is changed."""

    @pages.get("/quotes/{commission}/adjust")
    async def ask(
        request: Request,
        commission: UUID,
        caller: Ops,
        reader: CurrentReader,
        line: Annotated[str, Query()] = "",
    ) -> Response:
        values = await quote_pages.values(caller, commission, reader)
        quote: Quote | None = values["overview"].quote
        found = _line(quote, line)
        if quote is None or found is None or not quote.state.open:
            return RedirectResponse(f"/quotes/{commission}", 303)
        if found.code == FixedLineCode.DISCOUNT:
            return RedirectResponse(f"/quotes/{commission}/discount", 303)
        form = FormState({"line": line, "version": str(quote.version)})
        return templates_of(request).page(request, "adjust.html", {**values, "form": form, "line": found})

    @pages.post("/quotes/{commission}/adjust")
    async def adjust(
        request: Request,
        commission: UUID,
        caller: Ops,
        templates: Pages,
        reader: CurrentReader,
        *,
        sent: Annotated[Sent[AdjustmentForm], Form()],
    ) -> Response:
        form = sent.form
        values = await quote_pages.values(caller, commission, reader)
        quote: Quote | None = values["overview"].quote
        try:
            given = _adjustment(sent, quote)
            key = request_key(caller, f"adjust {commission}", form.key).of(form.asked)
            async with kernel.database.transaction() as tx:

                async def act() -> Answer:
                    rounding = kernel.settings.vat_rounding
                    newer = await drafting.adjust(tx, caller, commission, given, at=kernel.clock(), rounding=rounding)
                    return Answer(303, {"version": newer.version})

                await once(tx, key, act)
        except Problem as problem:
            return _again(request, templates, problem, {**values, "form": form}, quote=quote)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _move(pages: APIRouter, kernel: Kernel[QuotesSettings], quote_pages: QuotePages) -> None:
    """What is done to the version on the page, by one button each."""
    done = _done_by(kernel, quote_pages)

    @pages.post("/quotes/{commission}/restore")
    async def restore(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[AdjustmentDelete], Form()]
    ) -> Response:
        async def act(tx: Tx) -> object:
            given = sent.read()
            rounding = kernel.settings.vat_rounding
            return await drafting.restore(
                tx, caller, commission, given.version, line=given.line, at=kernel.clock(), rounding=rounding
            )

        return await done(request, caller, commission, act)

    @pages.post("/quotes/{commission}/revise")
    async def revise(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[QuoteRevise], Form()]
    ) -> Response:
        async def act(tx: Tx) -> object:
            return await drafting.revise(tx, caller, commission, sent.read().version, at=kernel.clock())

        return await done(request, caller, commission, act)


def _send(pages: APIRouter, kernel: Kernel[QuotesSettings], quote_pages: QuotePages) -> None:
    """It is sent once hours are held; until then it can be kept."""
    done = _done_by(kernel, quote_pages)

    @pages.post("/quotes/{commission}/send")
    async def send(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[SendForm], Form()]
    ) -> Response:
        async def act(tx: Tx) -> object:
            context = quote_pages.context()
            given = sent.read(zone=context.zone)
            return await sending.ask_to_send(tx, caller, commission, given.version, context, until=given.last_day)

        return await done(request, caller, commission, act)

    @pages.post("/quotes/{commission}/keep")
    async def keep(
        request: Request, commission: UUID, caller: Ops, sent: Annotated[Sent[QuoteRevise], Form()]
    ) -> Response:
        async def act(tx: Tx) -> object:
            return await sending.withdraw_sending(tx, caller, commission, sent.read().version)

        return await done(request, caller, commission, act)


_Act: TypeAlias = Callable[[Tx], Awaitable[object]]
_Done: TypeAlias = Callable[[Request, Caller, UUID, _Act], Awaitable[Response]]


def _done_by(kernel: Kernel[QuotesSettings], quote_pages: QuotePages) -> _Done:
    async def done(request: Request, caller: Caller, commission: UUID, act: _Act) -> Response:
        """Back to the quote, or the quote with what was in the way."""
        try:
            async with kernel.database.transaction() as tx:
                await act(tx)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return await quote_pages.page(request, caller, commission, problem)
        return RedirectResponse(f"/quotes/{commission}", 303)

    return done


def _again(
    request: Request, templates: Templates, problem: Problem, values: dict[str, Any], *, quote: Quote | None
) -> HTMLResponse:
    form: FormState = values["form"]
    line = _line(quote, form.value("line"))
    if line is None:
        raise problem
    shown = {**values, "form": form.with_problem(problem), "line": line}
    return templates.page(request, "adjust.html", shown, problem=problem)


def _line(quote: Quote | None, code: str) -> QuoteLine | None:
    return next((each for each in quote.price.lines if each.code == code), None) if quote else None


def _adjustment(sent: Sent[AdjustmentForm], quote: Quote | None) -> LineAdjustment:
    """What is typed. Raises a Problem."""
    currency = quote.price.total.currency if quote else "EUR"
    given = sent.read(currency=currency, least=0)
    return LineAdjustment(given.version, given.line, given.amount, given.reason)
