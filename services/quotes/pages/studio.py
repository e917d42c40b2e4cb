"""What the studio does at the desk: sets a line with a reason, takes that back, revises, and sends."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.quotes.actions import drafting
from services.quotes.actions.drafting import LineAdjustment
from services.quotes.domain.amounts import AmountRefusedError, parse_amount
from services.quotes.domain.quote import Line, Quote
from services.quotes.pages.rendering import QuotePages, field_refused, line_field, version_field, words_field
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.calendar import end_of_day
from shared.kernel.money import Money
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import Form, read_form
from shared.web.idempotency import Answer, once, request_key
from shared.web.templates import Pages, Templates

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]

_REASON = 1000


def router(kernel: Kernel[Settings]) -> APIRouter:
    pages = APIRouter()
    quote_pages = QuotePages(kernel)
    _adjusts(pages, kernel, quote_pages)
    _moves(pages, kernel, quote_pages)
    return pages


def _adjusts(pages: APIRouter, kernel: Kernel[Settings], quote_pages: QuotePages) -> None:
    """A line's own page, and what comes back from it."""

    @pages.get("/quotes/{commission}/adjust")
    async def asked(
        request: Request, commission: UUID, caller: Ops, templates: Pages, line: Annotated[str, Query()] = ""
    ) -> Response:
        values = await quote_pages.values(caller, commission)
        quote: Quote | None = values["desk"].quote
        found = _line(quote, line)
        if quote is None or found is None or not quote.state.open:
            return RedirectResponse(f"/quotes/{commission}", 303)
        form = Form({"line": line, "version": str(quote.version)})
        return templates.page(request, "adjust.html", {**values, "form": form, "line": found})

    @pages.post("/quotes/{commission}/adjust")
    async def adjust(request: Request, commission: UUID, caller: Ops, templates: Pages) -> Response:
        form = await read_form(request)
        values = await quote_pages.values(caller, commission)
        quote: Quote | None = values["desk"].quote
        try:
            given = _line_set(form, quote)
            key = request_key(caller, f"adjust {commission}", form.key).of(form.asked)
            async with kernel.database.transaction() as tx:

                async def act() -> Answer:
                    newer = await drafting.adjust(tx, caller, commission, given, at=kernel.clock())
                    return Answer(303, {"version": newer.version})

                await once(tx, key, act)
        except Problem as problem:
            return _again(request, templates, problem, {**values, "form": form}, quote=quote)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _moves(pages: APIRouter, kernel: Kernel[Settings], quote_pages: QuotePages) -> None:
    """What is done to the version that the desk shows, by one button each."""

    async def done(
        request: Request, caller: Caller, commission: UUID, act: Callable[[Tx, Form], Awaitable[object]]
    ) -> Response:
        """Back to the desk, or the desk with what was in the way."""
        form = await read_form(request)
        try:
            async with kernel.database.transaction() as tx:
                await act(tx, form)
        except Problem as problem:
            if problem.type is ProblemType.NOT_FOUND:
                raise
            return await quote_pages.page(request, caller, commission, problem)
        return RedirectResponse(f"/quotes/{commission}", 303)

    @pages.post("/quotes/{commission}/restore")
    async def restore(request: Request, commission: UUID, caller: Ops) -> Response:
        async def act(tx: Tx, form: Form) -> object:
            version, line = version_field(form), line_field(form, "line", longest=60)
            return await drafting.restore(tx, caller, commission, version, line=line, at=kernel.clock())

        return await done(request, caller, commission, act)

    @pages.post("/quotes/{commission}/revise")
    async def revise(request: Request, commission: UUID, caller: Ops) -> Response:
        async def act(tx: Tx, form: Form) -> object:
            return await drafting.revise(tx, caller, commission, version_field(form), at=kernel.clock())

        return await done(request, caller, commission, act)

    @pages.post("/quotes/{commission}/send")
    async def send(request: Request, commission: UUID, caller: Ops) -> Response:
        async def act(tx: Tx, form: Form) -> object:
            version, until = version_field(form), _end_of(form.value("last_day"), kernel.settings.studio_zone)
            return await drafting.send(tx, caller, commission, version, quote_pages.context(), until=until)

        return await done(request, caller, commission, act)


def _end_of(day: str, zone: str) -> datetime | None:
    """The end of the day that was typed, in the studio's zone. Raises `validation-failed`."""
    if not day:
        return None
    try:
        return end_of_day(date.fromisoformat(day), ZoneInfo(zone))
    except ValueError as error:
        wrong = FieldProblem(field="last_day", message="This is not a day.", remedy="Write it as in 2027-03-31.")
        raise invalid(wrong) from error


def _again(
    request: Request, templates: Templates, problem: Problem, values: dict[str, Any], *, quote: Quote | None
) -> HTMLResponse:
    form: Form = values["form"]
    line = _line(quote, form.value("line"))
    if line is None:
        raise problem
    shown = {**values, "form": form.with_problem(problem), "line": line}
    return templates.page(request, "adjust.html", shown, status=problem.type.status)


def _line(quote: Quote | None, code: str) -> Line | None:
    return next((each for each in quote.price.lines if each.code == code), None) if quote else None


def _line_set(form: Form, quote: Quote | None) -> LineAdjustment:
    """What is typed, with everything that is wrong with it at once. Raises a Problem."""
    problems: list[FieldProblem] = []
    typed, reason = Money.zero("EUR"), ""
    try:
        typed = _amount(form, quote)
    except Problem as problem:
        problems += problem.fields
    try:
        reason = words_field(form, "reason", longest=_REASON)
    except Problem as problem:
        problems += problem.fields
    if problems:
        raise invalid(*problems)
    return LineAdjustment(version_field(form), line_field(form, "line", longest=60), typed, reason)


def _amount(form: Form, quote: Quote | None) -> Money:
    currency = quote.price.total.currency if quote else "EUR"
    if form.value("amount").strip() in {"0", "0.00", "0,00"}:
        return Money.zero(currency)
    try:
        return parse_amount(form.value("amount"), currency)
    except AmountRefusedError as error:
        raise field_refused("amount", error) from error
