"""Money: integer minor units and an ISO 4217 currency. Never floats."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


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
        """This amount times an exact factor, rounded half to even to a whole minor unit (IEEE 754's default)."""
        return Money(minor=int((self.minor * factor).quantize(Decimal(1), ROUND_HALF_EVEN)), currency=self.currency)
