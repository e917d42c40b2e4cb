"""Documents, as PDF."""

from base64 import b64encode
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from services.quotes.actions import documents
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import MEDIA_TYPE, CurrentWriter, DocumentWriter, Pdf, set_once
from services.quotes.domain.account import Amendment
from services.quotes.domain.documents import FiledKind, FiledPaper, PaperKind
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import ProblemType
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.archives import ARCHIVE, ArchivedFile, ArchivePart, archive_response
from shared.web.language import CurrentReader
from shared.web.openapi import problems

_Viewer = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="person")]
_BINARY = {"type": "string", "format": "binary"}
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "The document.", "content": {MEDIA_TYPE: {"schema": _BINARY}}},
    **problems(ProblemType.NOT_YET),
}


CONTRACT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The contract.", "content": {"application/json": {"schema": {"type": "object"}}}}
}


class PapersDoor:
    """Everything that somebody can take along from here, as one archive."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel

    def archive(
        self, caller: Caller, found: Sequence[FiledPaper], writer: DocumentWriter, reader: Reader
    ) -> StreamingResponse:
        """The answer with all of them; each is set, or looked up, when it is its turn."""
        parts = [ArchivePart(self._address(each), partial(self._file, caller, each, writer)) for each in found]
        return archive_response(f"papers-{self._kernel.clock().date().isoformat()}", parts, reader)

    def _address(self, filed: FiledPaper) -> str:
        root = f"{self._kernel.settings.public_url.rstrip('/')}/quotes/{filed.commission}"
        match filed.kind:
            case FiledKind.QUOTE:
                return f"{root}/quote.pdf"
            case FiledKind.CONTRACT:
                return f"{root}/contract.pdf"
            case FiledKind.INVOICE:
                return f"{root}/invoices/{filed.paper}"
            case FiledKind.CREDIT_NOTE:
                return f"{root}/credit-notes/{filed.paper}"
            case FiledKind.RECEIPT:
                return f"{root}/payments/{filed.paper}"

    async def _file(self, caller: Caller, filed: FiledPaper, writer: DocumentWriter) -> ArchivedFile:
        pdf = await self._pdf(caller, filed, writer)
        return ArchivedFile(f"{filed.commission}/{pdf.name}", "pdf", pdf.content)

    async def _pdf(self, caller: Caller, filed: FiledPaper, writer: DocumentWriter) -> Pdf:
        if filed.kind is FiledKind.QUOTE:
            async with self._kernel.database.transaction() as tx:
                context = QuotesContext.of(self._kernel)
                quote = await documents.quote_document(tx, caller, filed.commission, context)
            return await writer.quote(quote)
        async with self._kernel.database.transaction() as tx:
            kind = PaperKind(filed.kind)
            paper = await documents.read_paper(tx, caller, filed.commission, kind, filed.paper)
        return await set_once(paper, partial(self.keep, filed.paper))

    async def keep(self, paper: UUID, pdf: bytes) -> bytes:
        """Keep the PDF of a paper for good."""
        async with self._kernel.database.transaction() as tx:
            return await documents.keep_pdf(tx, paper, pdf)


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    door = PapersDoor(kernel)
    keep = door.keep

    api = APIRouter(tags=["documents"])

    @api.get("/commissions/{commission}/quote.pdf", response_class=Response, responses=PDF)
    async def quote(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")], writer: CurrentWriter
    ) -> Response:
        """The quote that the customer has."""
        async with kernel.database.transaction() as tx:
            found = await documents.quote_document(tx, caller, commission, QuotesContext.of(kernel))
        return _answer(await writer.quote(found))

    @api.get("/commissions/{commission}/contract.pdf", response_class=Response, responses=PDF)
    async def contract_paper(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")]
    ) -> Response:
        """The contract in force, as it was agreed, with its hash."""
        async with kernel.database.transaction() as tx:
            found = await documents.read_contract_paper(tx, caller, commission)
        return _answer(await set_once(found, partial(keep, found.paper)))

    @api.get("/commissions/{commission}/contract", response_class=Response, responses=CONTRACT)
    async def contract(
        commission: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="quote")]
    ) -> Response:
        """The contract in force as data: canonical JSON (RFC 8785). The SHA-256 of the answer's bytes is its hash."""
        async with kernel.database.transaction() as tx:
            found = await documents.read_contract(tx, caller, commission)
        return contract_response(found)

    @api.get("/commissions/{commission}/invoices/{invoice}", response_class=Response, responses=PDF)
    async def invoice(
        commission: UUID, invoice: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="invoice")]
    ) -> Response:
        """An invoice, as it was issued."""
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.INVOICE, invoice)
        return _answer(await set_once(found, partial(keep, invoice)))

    @api.get("/commissions/{commission}/credit-notes/{credit}", response_class=Response, responses=PDF)
    async def credit_note(
        commission: UUID, credit: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="invoice")]
    ) -> Response:
        """A credit note, as it was issued."""
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.CREDIT_NOTE, credit)
        return _answer(await set_once(found, partial(keep, credit)))

    @api.get("/commissions/{commission}/payments/{payment}", response_class=Response, responses=PDF)
    async def receipt(
        commission: UUID, payment: UUID, caller: Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="payment")]
    ) -> Response:
        """A receipt for a payment, as it was issued."""
        async with kernel.database.transaction() as tx:
            found = await documents.read_paper(tx, caller, commission, PaperKind.RECEIPT, payment)
        return _answer(await set_once(found, partial(keep, payment)))

    @api.get("/people/{person}/papers", response_class=Response, responses=ARCHIVE)
    async def papers(person: UUID, caller: _Viewer, writer: CurrentWriter, reader: CurrentReader) -> Response:
        """Quotes, contracts, invoices and receipts of all your commissions as one archive, a folder for each."""
        async with kernel.database.transaction() as tx:
            found = await documents.papers_of(tx, caller, person)
        return door.archive(caller, found, writer, reader)

    return api


def contract_response(amendment: Amendment) -> Response:
    """The bytes that were hashed, to be saved."""
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="contract-{amendment.number}.json"',
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(amendment.sha256)).decode()}:",
    }
    return Response(amendment.document.encode(), media_type="application/json", headers=headers)


def _answer(pdf: Pdf) -> Response:
    return Response(pdf.content, media_type=MEDIA_TYPE, headers=pdf.headers)
