"""Documents that customers get: a quote, an invoice, a receipt, set as PDF in a process of their own."""

from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.quotes.documents.pdf import MEDIA_TYPE, Pdf
from services.quotes.documents.writing import DocumentWriter, Papers, set_once, set_paper
from services.quotes.labels import LABELS, LOCALES
from services.quotes.settings import QuotesSettings
from shared.i18n import Readers
from shared.offerings.labels import LABELS as OFFERINGS
from shared.web.labels import LABELS as SHARED
from shared.web.language import reader_of

__all__ = ["MEDIA_TYPE", "CurrentWriter", "DocumentWriter", "Papers", "Pdf", "papers_of", "set_once", "set_paper"]


def papers_of(settings: QuotesSettings) -> Papers:
    """What papers say when this studio issues them."""
    return _papers(settings.studio_zone, settings.studio_language)


@lru_cache(maxsize=4)  # every door of a process says the same
def _papers(zone: str, language: str) -> Papers:
    return Papers(Readers(zone=zone, default=language, labels=SHARED | OFFERINGS | LABELS, locales=[LOCALES]))


def _writer_of(request: Request) -> DocumentWriter:
    return DocumentWriter(request.app.state.readers, reader_of(request.scope))


CurrentWriter = Annotated[DocumentWriter, Depends(_writer_of)]
"""For a route's signature: `writer: CurrentWriter`."""
