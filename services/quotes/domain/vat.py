"""Which VAT a price has: by the country that the piece is delivered to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from services.quotes.domain.quote import QuoteLine
from shared.kernel.countries import EUROPEAN_UNION


@dataclass(frozen=True)
class Vat:
    """`percent` of the price. `country` is the one whose delivery decides it; None where it is the studio's own rate.

    None of a `country` is an export, none without one that the studio charges no VAT at all.
    """

    percent: Decimal
    country: str | None = None

    @classmethod
    def of_line(cls, line: QuoteLine) -> Self:
        """As the line of a quote keeps it."""
        return cls(line.quantity or Decimal(0), line.option)

    @property
    def exported(self) -> bool:
        return self.country is not None and not self.percent


@dataclass(frozen=True)
class VatRules:
    """The studio's country and its rate, and what differs abroad.

    `abroad` are the rates of countries of the European Union in which the studio accounts for VAT, since it sells more
    across borders than the threshold allows, or wants to (Directive 2006/112/EC, Articles 33 and 59c); a country that
    is not among them has the studio's own rate. `exports_free`: what leaves the European Union has no VAT (Article
    146).
    """

    home: str
    percent: Decimal
    abroad: Mapping[str, Decimal] = field(default_factory=dict)
    exports_free: bool = False

    def of(self, country: str | None) -> Vat:
        """What a delivery to this country has; without one it is to the studio's own. No VAT at all stays none."""
        if country is None or country == self.home or not self.percent:
            return Vat(self.percent)
        if country in self.abroad:
            return Vat(self.abroad[country], country)
        if self.exports_free and not (country in EUROPEAN_UNION and self.home in EUROPEAN_UNION):
            return Vat(Decimal(0), country)
        return Vat(self.percent)
