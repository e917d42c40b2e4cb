"""Documents are said in their language, and set as PDF: an issued one once, a quote whenever somebody asks for it."""

from collections.abc import Awaitable, Callable
from typing import cast

from services.quotes.documents.contents import DocumentWords
from services.quotes.documents.pdf import Pdf, render_pdf
from services.quotes.domain.documents import (
    ContractDocument,
    CreditNoteDocument,
    InvoiceDocument,
    Paper,
    QuoteDocument,
    ReceiptDocument,
    Says,
)
from shared.i18n import Reader, Readers


class Papers:
    """Says what invoices and receipts say, each in its own language: the contract's, or the studio's without one."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def invoice(self, document: InvoiceDocument) -> Says:
        """An invoice with what § 14 (4) UStG wants on it, but for the customer's name."""
        return DocumentWords(self._readers.of(document.language)).invoice(document)

    def receipt(self, document: ReceiptDocument) -> Says:
        """A receipt for a payment, without the customer's name."""
        return DocumentWords(self._readers.of(document.language)).receipt(document)

    def contract(self, document: ContractDocument) -> Says:
        """A contract: what is ordered, its price, its terms, and its digest; without the customer's name."""
        return DocumentWords(self._readers.of(document.amendment.language)).contract(document)

    def credit_note(self, document: CreditNoteDocument) -> Says:
        """A credit note: what of an invoice is not owed any more, with its VAT; without the customer's name."""
        return DocumentWords(self._readers.of(document.language)).credit_note(document)


class DocumentWriter:
    """Writes the documents that are not issued, for one reader: in the contract's language, or else in the reader's."""

    def __init__(self, readers: Readers, reader: Reader) -> None:
        self._readers = readers
        self._reader = reader

    async def quote(self, document: QuoteDocument) -> Pdf:
        """A quote with its terms and its variation. Raises what `render_pdf` does."""
        said = DocumentWords(self._readers.of(document.language) if document.language else self._reader)
        return await render_pdf(f"quote-version-{document.quote.version}", said.quote(document))


async def set_paper(paper: Paper) -> Pdf:
    """The PDF of a paper that was issued: the one that is kept, or else a new one. Raises what `render_pdf` does."""
    if paper.pdf is not None:
        return Pdf(paper.file_name, paper.pdf)
    to = [line for line in (paper.customer_name, *cast("list[str]", paper.says["to"])) if line]
    return await render_pdf(paper.file_name, {**paper.says, "to": to})


async def set_once(paper: Paper, keep: Callable[[bytes], Awaitable[bytes]]) -> Pdf:
    """The PDF of a paper that was issued: the one that is kept, or else a new one, which `keep` keeps.

    Raises what `render_pdf` does.
    """
    made = await set_paper(paper)
    return made if paper.pdf is not None else Pdf(made.name, await keep(made.content))
