"""Papers that customers get: a quote, an invoice, a receipt, set as PDF in a process of their own."""

from services.quotes.documents.contents import DocumentWriter
from services.quotes.documents.pdf import MEDIA_TYPE, Pdf

__all__ = ["MEDIA_TYPE", "DocumentWriter", "Pdf"]
