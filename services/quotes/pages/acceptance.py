"""What a customer does with a quote: accepts it, or declines it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.quotes.actions import acceptance
from services.quotes.actions.acceptance import QuoteAcceptance
from services.quotes.api.customer import QuoteDecline
from services.quotes.documents import papers_of
from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.domain.reasons import QuoteReason
from services.quotes.labels.wording import contract_words
from services.quotes.pages.forms import AcceptForm
from services.quotes.pages.rendering import QuotePages
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import DeclineReason
from shared.i18n import Reader, Readers
from shared.kernel.problems import Problem, ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.forms import FormState, Sent
from shared.web.language import CurrentReader, reader_of
from shared.web.templates import templates_of

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
_TICKS = {"terms": QuoteReason.TERMS_NOT_AGREED, "variation": QuoteReason.VARIATION_NOT_AGREED}
_CHOICES = {"reason": QuoteReason.NO_DECLINE_REASON}


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()
    answering = _AcceptancePages(kernel)
    _accept(pages, kernel, answering)
    _decline(pages, kernel, answering)
    return pages


class _AcceptancePages:
    """The two forms about what is offered."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel
        self.quote_pages = QuotePages(kernel)

    async def ask(self, request: Request, caller: Caller, commission: UUID, name: str) -> Response:
        """The form; back to the quote where there is nothing to decide any more."""
        reader = reader_of(request.scope)
        values = await self.quote_pages.values(caller, commission, reader)
        quote: Quote | None = values["offered"].quote
        blocked = name == "accept.html" and values["offered"].proposal is not None
        if quote is None or quote.state is not QuoteState.SENT or quote.expired_at(self._kernel.clock()) or blocked:
            return RedirectResponse(f"/quotes/{commission}", 303)
        form = FormState({"version": str(quote.version)})
        return templates_of(request).page(request, name, {**values, "form": form, "reasons": _reasons(reader)})

    async def again(
        self, request: Request, caller: Caller, commission: UUID, form: FormState, *, problem: Problem
    ) -> Response:
        """The form as it was typed, where it can be put right; else the quote with its state."""
        if problem.type is ProblemType.NOT_FOUND:
            raise problem
        reader = reader_of(request.scope)
        values = await self.quote_pages.values(caller, commission, reader)
        quote: Quote | None = values["offered"].quote
        if problem.type is not ProblemType.VALIDATION_FAILED or quote is None or quote.state is not QuoteState.SENT:
            return await self.quote_pages.page(request, caller, commission, problem)
        name = f"{request.url.path.rpartition('/')[2]}.html"
        shown = {**values, "form": form.with_problem(problem), "reasons": _reasons(reader)}
        return templates_of(request).page(request, name, shown, problem=problem)


def _accept(pages: APIRouter, kernel: Kernel[QuotesSettings], answering: _AcceptancePages) -> None:
    @pages.get("/quotes/{commission}/accept")
    async def ask(request: Request, commission: UUID, caller: Customer) -> Response:
        return await answering.ask(request, caller, commission, "accept.html")

    @pages.post("/quotes/{commission}/accept")
    async def accept(
        request: Request,
        commission: UUID,
        caller: Customer,
        reader: CurrentReader,
        sent: Annotated[Sent[AcceptForm], Form()],
    ) -> Response:
        try:
            agreed = sent.read(_TICKS)
            read = _reader_of_page(request, agreed.language) or reader
            papers = papers_of(kernel.settings)
            given = QuoteAcceptance(agreed.version, read.language, contract_words(read), papers, agreed.address)
            async with kernel.database.transaction() as tx:
                await acceptance.accept(tx, caller, commission, given, answering.quote_pages.context())
        except Problem as problem:
            return await answering.again(request, caller, commission, sent.form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _decline(pages: APIRouter, kernel: Kernel[QuotesSettings], answering: _AcceptancePages) -> None:
    @pages.get("/quotes/{commission}/decline")
    async def ask(request: Request, commission: UUID, caller: Customer) -> Response:
        return await answering.ask(request, caller, commission, "decline.html")

    @pages.post("/quotes/{commission}/decline")
    async def decline(
        request: Request, commission: UUID, caller: Customer, sent: Annotated[Sent[QuoteDecline], Form()]
    ) -> Response:
        context = answering.quote_pages.context()
        try:
            given = sent.read(_CHOICES)
            async with kernel.database.transaction() as tx:
                await acceptance.decline(
                    tx, caller, commission, given.version, reason=given.reason, words=given.words, context=context
                )
        except Problem as problem:
            return await answering.again(request, caller, commission, sent.form, problem=problem)
        return RedirectResponse(f"/quotes/{commission}", 303)


def _reader_of_page(request: Request, language: str) -> Reader | None:
    """The reader that the form was shown to; None where it does not say."""
    readers: Readers = request.app.state.readers
    return readers.of(language) if language in readers.languages else None


def _reasons(reader: Reader) -> list[dict[str, str]]:
    return [{"value": each.value, "words": reader.label(each)} for each in DeclineReason]
