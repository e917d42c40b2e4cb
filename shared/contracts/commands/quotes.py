"""Commands that quotes carries out."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money


class QuoteDraft(Result):
    quote: UUID
    quote_version: int
    total: Money


class DraftQuote(Command):
    """Draft a quote from the brief of at least this version (`NotYet` until quotes knows it)."""

    service: ClassVar[str] = "quotes"
    result: ClassVar[type[Result]] = QuoteDraft

    brief_version: int


class ExpireQuote(Command):
    """Make a quote unacceptable. Doing so twice is the same as once."""

    service: ClassVar[str] = "quotes"
    result: ClassVar[type[Result]] = Done

    quote: UUID
    quote_version: int
    reason: QuoteEnd
