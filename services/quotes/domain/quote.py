"""A quote and its lines: what they say, and the states a version goes through."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.contracts.briefs import BriefAnswer
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money


class QuoteState(StrEnum):
    """The states of one version of a quote; `schema.sql` says which follows which."""

    DRAFTED = "drafted"
    REPLACED = "replaced"
    EXPIRED = "expired"


class Unit(StrEnum):
    """What a line counts."""

    GRAMS = "g"
    HOURS = "hours"
    LETTERS = "letters"
    PERCENT = "percent"


def written(number: Decimal) -> str:
    """A number as people write it: no idle zeros, no exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Line:
    """One line: `amount` is `base` and `quantity` times `unit_price`, where it has these. `why` explains it.

    `detail` says what was counted, without the customer's own words: a quote outlives the brief it came from.
    """

    code: str
    title: str
    why: str
    detail: str
    amount: Money
    base: Money | None = None
    quantity: Decimal | None = None
    unit: Unit | None = None
    unit_price: Money | None = None

    @property
    def count(self) -> str:
        """The quantity as people write it, as in "5.53 g"; empty where nothing is counted."""
        if self.quantity is None or self.unit is None:
            return ""
        return f"{written(self.quantity)} {self.unit}"


@dataclass(frozen=True)
class Price:
    """The lines without VAT in the craft's order, VAT as a line of its own, and the sums; all in one currency."""

    lines: tuple[Line, ...]
    vat: Line
    net: Money
    total: Money


@dataclass(frozen=True)
class Quote:
    """One version of a commission's quote."""

    quote: UUID
    version: int
    commission: UUID
    brief_version: int
    craft: str
    craft_version: int
    state: QuoteState
    price: Price
    drafted_at: datetime
    ended_at: datetime | None = None
    end_reason: QuoteEnd | None = None


@dataclass(frozen=True)
class Brief:
    """A commission's brief as it is known here."""

    commission: UUID
    version: int
    craft: str
    craft_version: int
    craft_sha256: str
    answers: tuple[BriefAnswer, ...]
    written_at: datetime


@dataclass(frozen=True)
class Summary:
    """The newest version of a quote, as a list shows it; `title` is the craft's."""

    quote: UUID
    version: int
    commission: UUID
    craft: str
    title: str
    state: QuoteState
    total: Money
    drafted_at: datetime
