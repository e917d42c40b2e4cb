"""Papers that customers get: a quote, an invoice, a receipt, set as PDF in a process of their own."""

from services.quotes.letters.press import MEDIA_TYPE, Paper
from services.quotes.letters.writer import Writer

__all__ = ["MEDIA_TYPE", "Paper", "Writer"]
