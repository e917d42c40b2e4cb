"""Money: integer minor units and an ISO 4217 currency. Never floats."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


_TWO: Final = 2
_OTHER_DIGITS: Final[Mapping[int, str]] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS: Final = {currency: digits for digits, listed in _OTHER_DIGITS.items() for currency in listed.split()}


def minor_digits(currency: str) -> int:
    """How many decimals the minor unit of a currency has, by ISO 4217 (list one of 2026-01-01).

    CLDR counts the coins that are in use: it shows no decimals of the Serbian dinar, though banks keep its paras.
    """
    return _DIGITS.get(currency, _TWO)


class VatRounding(StrEnum):
    """Where VAT is rounded to the minor unit: of each line, or once of their total."""

    LINE = "line"
    TOTAL = "total"


class CurrencyMismatchError(ValueError):
    """Two amounts in different currencies were added or compared."""


class Money(BaseModel):
    """An amount in minor units (cents, öre, …) of one ISO 4217 currency; may be negative."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minor: int
    currency: Currency

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(minor=0, currency=currency)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be added")
        return Money(minor=self.minor + other.minor, currency=self.currency)

    def less(self, other: "Money") -> "Money":
        """This amount without the other one; it may come out negative."""
        return self + Money(minor=-other.minor, currency=other.currency)

    def times(self, factor: Decimal) -> "Money":
        """This amount times an exact factor, rounded to a whole minor unit: a half goes up, away from zero."""
        return Money(minor=int((self.minor * factor).quantize(Decimal(1), ROUND_HALF_UP)), currency=self.currency)
