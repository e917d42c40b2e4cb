"""How the lines of a price come about: from the pricing section of the offering, and what the brief asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from services.quotes.domain.quote import Line, Price, Unit, plain_number
from shared.contracts.briefs import BriefAnswer
from shared.kernel.money import Money
from shared.offerings.measures import Quantity, UnansweredError
from shared.offerings.model import Offering
from shared.offerings.pricing import (
    ChoiceLine,
    Commodity,
    CommodityLine,
    FixedLine,
    MeasuredLine,
    PriceLine,
    WorkLine,
)
from shared.offerings.rules.error import RuleError

MINIMUM = "minimum"
"""The code of the line that brings a price up to the offering's minimum."""

_UNITS = {"letter": Unit.LETTERS, "g": Unit.GRAMS, "h": Unit.HOURS}
"""What a measured line can count."""
_HUNDREDTH = Decimal("0.01")
_PERCENT = Decimal(100)


class BriefMismatchError(ValueError):
    """A brief does not answer what its offering's price needs: somebody else's mistake, for people to look at."""


def price(offering: Offering, answers: Iterable[BriefAnswer], vat_percent: Decimal) -> Price:
    """What a piece of this offering, as this brief wants it, costs.

    Every amount can be recomputed from what its line shows: unit prices are rounded before they are multiplied, each
    product is rounded half to even, and VAT is reckoned once, on the sum.

    Raises:
        BriefMismatchError: the brief does not answer what a line counts.
    """
    pricing = _Pricing(offering, {answer.field: answer for answer in answers})
    lines = tuple(pricing.line(line) for line in offering.pricing.lines)
    return summed((*lines, *minimum_lines(offering, lines)), offering.pricing.currency, vat_percent)


def summed(lines: tuple[Line, ...], currency: str, vat_percent: Decimal) -> Price:
    """These lines with their sum, VAT on it, and what the customer pays."""
    net = _sum(lines, currency)
    vat = _vat(net, vat_percent)
    return Price(lines=lines, vat=vat, net=net, total=net + vat.amount)


def minimum_lines(offering: Offering, lines: Iterable[Line]) -> tuple[Line, ...]:
    """The line that brings these up to the offering's minimum, where they are below it."""
    missing = offering.pricing.minimum_minor - _sum(lines, offering.pricing.currency).minor
    if missing <= 0:
        return ()
    return (
        Line(
            code=MINIMUM,
            title="Up to our minimum",
            why=offering.pricing.minimum_why,
            detail="",
            amount=Money(minor=missing, currency=offering.pricing.currency),
        ),
    )


class _Pricing:
    """Counts what the lines of one offering need from the answers of one brief."""

    def __init__(self, offering: Offering, answers: Mapping[str, BriefAnswer]) -> None:
        self._offering = offering
        self._answers = answers

    def line(self, line: PriceLine) -> Line:
        match line:
            case FixedLine():
                return self._as(line, amount=self._money(line.amount_minor))
            case WorkLine():
                return self._work(line)
            case ChoiceLine():
                return self._choice(line)
            case MeasuredLine():
                return self._measured(line)
            case CommodityLine():
                return self._commodity(line)

    def _work(self, line: WorkLine) -> Line:
        stages = [stage for stage in self._offering.making.stages if stage.id in line.stages]
        hours = sum((stage.hands_on_hours for stage in stages), Decimal(0))
        detail = "; ".join(f"{stage.title} ({plain_number(stage.hands_on_hours)}\u00a0h)" for stage in stages)
        return self._counted(line, hours, Unit.HOURS, self._money(self._offering.pricing.hourly_rate_minor), detail)

    def _choice(self, line: ChoiceLine) -> Line:
        chosen = self._answer(line.field)
        try:
            amount = self._money(line.amounts_minor[str(chosen.value)])
        except KeyError:
            raise BriefMismatchError(f"{line.field} has no option {chosen.value!r} in this offering") from None
        return self._as(line, detail=chosen.shown, amount=amount)

    def _measured(self, line: MeasuredLine) -> Line:
        """Counts letters, grams or hours only: words of the customer's own stay in the brief."""
        found = self._measure(line.measure)
        if not found.value:
            return self._as(line, detail="None asked for", amount=self._money(0))
        base = self._money(line.base_minor)
        return self._counted(line, found.value, _UNITS[found.unit], self._money(line.each_minor), "", base=base)

    def _commodity(self, line: CommodityLine) -> Line:
        chosen = self._answer(line.field)
        try:
            alloy = line.alloys[str(chosen.value)]
        except KeyError:
            raise BriefMismatchError(f"{line.field} has no option {chosen.value!r} in this offering") from None
        commodity = self._offering.pricing.commodity(alloy.commodity)
        if commodity is None:
            raise BriefMismatchError(f"this offering has no price for {alloy.commodity}")
        weight = self._measure(line.measure).value
        used = (weight * (1 + line.loss_percent / _PERCENT)).quantize(_HUNDREDTH, ROUND_HALF_EVEN)
        share = Decimal(alloy.fineness) / 1000 * (1 + alloy.premium_percent / _PERCENT)
        detail = (
            f"{chosen.shown}: {plain_number(weight)} g in the piece, and {plain_number(line.loss_percent)} percent "
            f"more for what the work takes. {_of_the_day(commodity)}"
        )
        return self._counted(line, used, Unit.GRAMS, self._money(commodity.price_minor).times(share), detail)

    def _counted(
        self, line: PriceLine, quantity: Decimal, unit: Unit, each: Money, detail: str, *, base: Money | None = None
    ) -> Line:
        product = each.times(quantity)
        return Line(
            code=line.code,
            title=line.title,
            why=line.why,
            detail=detail,
            amount=base + product if base else product,
            base=base,
            quantity=quantity,
            unit=unit,
            unit_price=each,
        )

    @staticmethod
    def _as(line: PriceLine, *, amount: Money, detail: str = "") -> Line:
        return Line(code=line.code, title=line.title, why=line.why, detail=detail, amount=amount)

    def _money(self, minor: int) -> Money:
        return Money(minor=minor, currency=self._offering.pricing.currency)

    def _answer(self, field: str) -> BriefAnswer:
        if answer := self._answers.get(field):
            return answer
        raise BriefMismatchError(f"the brief does not answer {field}")

    def _measure(self, name: str) -> Quantity:
        answers = {field: str(answer.value) for field, answer in self._answers.items()}
        try:
            return self._offering.measure(name, answers)
        except UnansweredError as error:
            raise BriefMismatchError(f"the brief does not answer {error.field} as {name} needs it") from error
        except RuleError as error:
            raise BriefMismatchError(f"{name} cannot be reckoned: {error}") from error


def _vat(net: Money, percent: Decimal) -> Line:
    return Line(
        code="vat",
        title="VAT",
        why="The tax on what is bought; we pass it on to the tax office.",
        detail=f"{plain_number(percent)} percent of the sum above",
        amount=net.times(percent / _PERCENT),
        quantity=percent,
        unit=Unit.PERCENT,
    )


def _sum(lines: Iterable[Line], currency: str) -> Money:
    return sum((line.amount for line in lines), Money.zero(currency))


def _of_the_day(commodity: Commodity) -> str:
    return f"{commodity.index} of {commodity.as_of.day} {commodity.as_of:%B %Y}."


@dataclass(frozen=True)
class OldPrice:
    """A metal's price that was set too many days ago to quote with."""

    title: str
    as_of: date
    days: int


def old_prices(
    offering: Offering, answers: Iterable[BriefAnswer], today: date, at_most_days: int
) -> tuple[OldPrice, ...]:
    """The metal prices that this brief's quote stands on and that were set more than `at_most_days` ago."""
    chosen = {answer.field: str(answer.value) for answer in answers}
    used = {
        line.alloys[chosen[line.field]].commodity
        for line in offering.pricing.lines
        if isinstance(line, CommodityLine) and chosen.get(line.field) in line.alloys
    }
    ages = ((each, (today - each.as_of).days) for each in offering.pricing.commodities if each.name in used)
    return tuple(OldPrice(each.title, each.as_of, days) for each, days in ages if days > at_most_days)
