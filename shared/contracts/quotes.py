"""`touchmark.quotes`, owned by quotes: the life of a quote, by ids, versions and amounts."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic
from shared.kernel.money import Money


class QuoteEnd(StrEnum):
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class QuoteDrafted(CommissionFact):
    """A quote was drafted from one version of the brief; it waits on the studio's desk."""

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    brief_version: int
    total: Money


class QuoteExpired(CommissionFact):
    """A quote can no longer be accepted."""

    topic: ClassVar[Topic] = Topic.QUOTES

    quote: UUID
    quote_version: int
    reason: QuoteEnd
