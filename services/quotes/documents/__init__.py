"""Documents that customers get: a quote, an invoice, a receipt, set as PDF in a process of their own."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.quotes.documents.contents import DocumentWriter
from services.quotes.documents.pdf import MEDIA_TYPE, Pdf
from shared.web.language import reader_of

__all__ = ["MEDIA_TYPE", "CurrentWriter", "DocumentWriter", "Pdf"]


def _writer_of(request: Request) -> DocumentWriter:
    return DocumentWriter(request.app.state.readers, reader_of(request.scope))


CurrentWriter = Annotated[DocumentWriter, Depends(_writer_of)]
"""For a route's signature: `writer: CurrentWriter`."""
