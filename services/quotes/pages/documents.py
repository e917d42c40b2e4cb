"""Documents to open or save: the quote, the contract, invoices and receipts, as PDF."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.quotes.actions import documents
from services.quotes.actions.context import QuotesContext
from services.quotes.api.documents import PapersDoor, contract_response
from services.quotes.documents import MEDIA_TYPE, CurrentWriter, Pdf, set_once
from services.quotes.domain.documents import PaperKind
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import CurrentReader


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    async def keep(paper: UUID, pdf: bytes) -> bytes:
        async with kernel.database.transaction() as tx:
            return await documents.keep_pdf(tx, paper, pdf)

    pages = APIRouter()
    door = PapersDoor(kernel)

    @pages.get("/quotes/{commission}/quote.pdf")
    async def quote(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")], writer: CurrentWriter
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.quote_document(tx, caller, commission, QuotesContext.of(kernel))
        return _answer(await writer.quote(found))

    @pages.get("/quotes/{commission}/contract.pdf")
    async def contract_paper(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")]
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.read_contract_paper(tx, caller, commission)
        return _answer(await set_once(found, partial(keep, found.paper)))

    @pages.get("/quotes/{commission}/contract.json")
    async def contract(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")]
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.read_contract(tx, caller, commission)
        return contract_response(found)

    @pages.get("/quotes/{commission}/invoices/{invoice}")
    async def invoice(
        commission: UUID, invoice: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="invoice")]
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.INVOICE, invoice)
        return _answer(await set_once(found, partial(keep, invoice)))

    @pages.get("/quotes/{commission}/credit-notes/{credit}")
    async def credit_note(
        commission: UUID, credit: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="invoice")]
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.CREDIT_NOTE, credit)
        return _answer(await set_once(found, partial(keep, credit)))

    @pages.get("/quotes/{commission}/payments/{payment}")
    async def receipt(
        commission: UUID, payment: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="payment")]
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.RECEIPT, payment)
        return _answer(await set_once(found, partial(keep, payment)))

    @pages.get("/quotes/people/{person}/papers.zip")
    async def papers(
        person: UUID,
        caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="person")],
        writer: CurrentWriter,
        reader: CurrentReader,
    ) -> Response:
        async with kernel.database.transaction() as tx:
            found = await documents.papers_of(tx, caller, person)
        return door.archive(caller, found, writer, reader)

    return pages


def _answer(pdf: Pdf) -> Response:
    return Response(pdf.content, media_type=MEDIA_TYPE, headers=pdf.headers)
