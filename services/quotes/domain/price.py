"""What a brief costs: the lines of its offering's pricing, each counted by its rule (`shared/offerings/pricing.py`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from services.quotes.domain.quote import FixedLineCode, LineUnit, Price, QuoteLine
from services.quotes.domain.vat import Vat
from shared.contracts.briefs import BriefAnswer
from shared.kernel.money import Money, VatRounding
from shared.offerings.model import Offering
from shared.offerings.pricing import PricedBrief, PriceLine

UNITS: Final[Mapping[str, LineUnit]] = {"letter": LineUnit.LETTERS, "g": LineUnit.GRAMS, "h": LineUnit.HOURS}
"""The units of what a line counts, as quotes keep them."""
_PERCENT = Decimal(100)


def price(
    offering: Offering,
    answers: Iterable[BriefAnswer],
    vat: Vat,
    rounding: VatRounding = VatRounding.TOTAL,
) -> Price:
    """What a piece of this offering, as this brief wants it, costs.

    Every amount can be recomputed from what its line shows: unit prices are rounded before they are multiplied, each
    product is rounded half up, and VAT is rounded of each line, or once of the sum, as `rounding` says.

    Raises:
        BriefMismatchError: the brief does not answer what a line counts.
    """
    brief = PricedBrief(offering, _values(answers))
    lines = tuple(_line(each, brief) for each in offering.pricing.lines)
    return summed((*lines, *minimum_lines(offering, lines)), offering.pricing.currency, vat, rounding)


def summed(lines: tuple[QuoteLine, ...], currency: str, vat: Vat, rounding: VatRounding = VatRounding.TOTAL) -> Price:
    """These lines with their sum, VAT on it, and what the customer pays."""
    net = _sum(lines, currency)
    charged = _vat([line.amount for line in lines] if rounding is VatRounding.LINE else [net], currency, vat)
    return Price(lines=lines, vat=charged, net=net, total=net + charged.amount)


def minimum_lines(offering: Offering, lines: Iterable[QuoteLine]) -> tuple[QuoteLine, ...]:
    """The line that brings these up to the offering's minimum, where they are below it."""
    missing = offering.pricing.minimum_minor - _sum(lines, offering.pricing.currency).minor
    if missing <= 0:
        return ()
    return (
        QuoteLine(
            code=FixedLineCode.MINIMUM,
            amount=Money(minor=missing, currency=offering.pricing.currency),
        ),
    )


def _line(rule: PriceLine, brief: PricedBrief) -> QuoteLine:
    found = rule.counted(brief)
    return QuoteLine(
        code=rule.code,
        amount=found.amount,
        option=found.option,
        measured=found.measured,
        base=found.base,
        quantity=found.quantity,
        unit=UNITS[found.unit] if found.unit else None,
        unit_price=found.unit_price,
    )


def _vat(taxed: Iterable[Money], currency: str, vat: Vat) -> QuoteLine:
    """The VAT of these amounts, each rounded."""
    return QuoteLine(
        code=FixedLineCode.VAT,
        amount=sum((each.times(vat.percent / _PERCENT) for each in taxed), Money.zero(currency)),
        option=vat.country,
        quantity=vat.percent,
        unit=LineUnit.PERCENT,
    )


def _sum(lines: Iterable[QuoteLine], currency: str) -> Money:
    return sum((line.amount for line in lines), Money.zero(currency))


@dataclass(frozen=True)
class OldPrice:
    """A price of the market that was set too many days ago to quote with; `material` is its name in the offering."""

    material: str
    as_of: date
    days: int


def old_prices(
    offering: Offering, answers: Iterable[BriefAnswer], today: date, at_most_days: int
) -> tuple[OldPrice, ...]:
    """The prices of the market that this brief's quote depends on and that were set more than `at_most_days` ago."""
    given = _values(answers)
    used = (each for line in offering.pricing.lines for each in line.market_prices(given, offering))
    ages = {each.name: (each.as_of, (today - each.as_of).days) for each in used}
    return tuple(OldPrice(name, as_of, days) for name, (as_of, days) in ages.items() if days > at_most_days)


def _values(answers: Iterable[BriefAnswer]) -> Mapping[str, str]:
    return {answer.field: str(answer.value) for answer in answers}
