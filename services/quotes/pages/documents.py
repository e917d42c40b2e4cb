"""Documents to open or save: the quote, invoices and receipts, as PDF."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.quotes.actions import documents
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import MEDIA_TYPE, CurrentWriter, Pdf
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    pages = APIRouter()

    @pages.get("/quotes/{commission}/quote.pdf")
    async def quote(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")], writer: CurrentWriter
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.quote_document(tx, caller, commission, QuotesContext.of(kernel))
        return _answer(await writer.quote(found))

    @pages.get("/quotes/{commission}/invoices/{invoice}")
    async def invoice(
        commission: UUID,
        invoice: UUID,
        caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="invoice")],
        writer: CurrentWriter,
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.invoice_document(tx, caller, commission, invoice)
        return _answer(await writer.invoice(found))

    @pages.get("/quotes/{commission}/payments/{payment}")
    async def receipt(
        commission: UUID,
        payment: UUID,
        caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="payment")],
        writer: CurrentWriter,
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.receipt_document(tx, caller, commission, payment, QuotesContext.of(kernel))
        return _answer(await writer.receipt(found))

    return pages


def _answer(pdf: Pdf) -> Response:
    return Response(pdf.content, media_type=MEDIA_TYPE, headers=pdf.headers)
