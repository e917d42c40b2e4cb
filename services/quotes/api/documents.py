"""Documents, as PDF."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.quotes.actions import documents
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import MEDIA_TYPE, CurrentWriter, Pdf, set_once
from services.quotes.domain.documents import PaperKind
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems

_BINARY = {"type": "string", "format": "binary"}
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "The document.", "content": {MEDIA_TYPE: {"schema": _BINARY}}},
    **problems(ProblemType.NOT_YET),
}


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    async def keep(paper: UUID, pdf: bytes) -> bytes:
        async with kernel.database.transaction() as tx:
            return await documents.keep_pdf(tx, paper, pdf)

    api = APIRouter(tags=["documents"])

    @api.get("/commissions/{commission}/quote.pdf", response_class=Response, responses=PDF)
    async def quote(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")], writer: CurrentWriter
    ) -> Response:
        """The quote that the customer has."""
        async with kernel.database.transaction() as tx:
            found = await documents.quote_document(tx, caller, commission, QuotesContext.of(kernel))
        return _answer(await writer.quote(found))

    @api.get("/commissions/{commission}/invoices/{invoice}", response_class=Response, responses=PDF)
    async def invoice(
        commission: UUID, invoice: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="invoice")]
    ) -> Response:
        """An invoice, as it was issued."""
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.INVOICE, invoice)
        return _answer(await set_once(found, partial(keep, invoice)))

    @api.get("/commissions/{commission}/payments/{payment}", response_class=Response, responses=PDF)
    async def receipt(
        commission: UUID, payment: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="payment")]
    ) -> Response:
        """A receipt for a payment, as it was issued."""
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.RECEIPT, payment)
        return _answer(await set_once(found, partial(keep, payment)))

    return api


def _answer(pdf: Pdf) -> Response:
    return Response(pdf.content, media_type=MEDIA_TYPE, headers=pdf.headers)
