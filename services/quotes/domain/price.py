"""How the lines of a price come about: from the pricing section of the offering, and what the brief asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from services.quotes.domain.quote import FixedLineCode, LineUnit, Price, QuoteLine
from services.quotes.domain.reasons import MismatchReason
from shared.contracts.briefs import BriefAnswer
from shared.kernel.money import Money
from shared.kernel.phrases import Phrase
from shared.offerings.measures import Quantity, UnansweredError
from shared.offerings.model import Offering
from shared.offerings.pricing import (
    ChoiceLine,
    CommodityLine,
    FixedLine,
    MeasuredLine,
    PriceLine,
    WorkLine,
)
from shared.offerings.rules.error import RuleError

_UNITS = {"letter": LineUnit.LETTERS, "g": LineUnit.GRAMS, "h": LineUnit.HOURS}
"""What a measured line can count."""
_HUNDREDTH = Decimal("0.01")
_PERCENT = Decimal(100)


class BriefMismatchError(ValueError):
    """A brief does not answer what its offering's price needs: somebody else's mistake, for people to look at."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(str(reason))
        self.reason = reason


def price(offering: Offering, answers: Iterable[BriefAnswer], vat_percent: Decimal) -> Price:
    """What a piece of this offering, as this brief wants it, costs.

    Every amount can be recomputed from what its line shows: unit prices are rounded before they are multiplied, each
    product is rounded half to even, and VAT is calculated once, on the sum.

    Raises:
        BriefMismatchError: the brief does not answer what a line counts.
    """
    pricing = _Pricing(offering, {answer.field: answer for answer in answers})
    lines = tuple(pricing.line(line) for line in offering.pricing.lines)
    return summed((*lines, *minimum_lines(offering, lines)), offering.pricing.currency, vat_percent)


def summed(lines: tuple[QuoteLine, ...], currency: str, vat_percent: Decimal) -> Price:
    """These lines with their sum, VAT on it, and what the customer pays."""
    net = _sum(lines, currency)
    vat = _vat(net, vat_percent)
    return Price(lines=lines, vat=vat, net=net, total=net + vat.amount)


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


class _Pricing:
    """Counts what the lines of one offering need from the answers of one brief."""

    def __init__(self, offering: Offering, answers: Mapping[str, BriefAnswer]) -> None:
        self._offering = offering
        self._answers = answers

    def line(self, line: PriceLine) -> QuoteLine:
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

    def _work(self, line: WorkLine) -> QuoteLine:
        stages = [stage for stage in self._offering.making.stages if stage.id in line.stages]
        hours = sum((stage.hands_on_hours for stage in stages), Decimal(0))
        return self._counted(line, hours, LineUnit.HOURS, self._money(self._offering.pricing.hourly_rate_minor))

    def _choice(self, line: ChoiceLine) -> QuoteLine:
        chosen = self._answer(line.field)
        try:
            amount = self._money(line.amounts_minor[str(chosen.value)])
        except KeyError:
            raise _no_option(chosen) from None
        return self._as(line, option=str(chosen.value), amount=amount)

    def _measured(self, line: MeasuredLine) -> QuoteLine:
        """Counts letters, grams or hours only: words of the customer's own stay in the brief."""
        found = self._measure(line.measure)
        if not found.value:
            return self._as(line, amount=self._money(0))
        base = self._money(line.base_minor)
        return self._counted(line, found.value, _UNITS[found.unit], self._money(line.each_minor), base=base)

    def _commodity(self, line: CommodityLine) -> QuoteLine:
        chosen = self._answer(line.field)
        try:
            alloy = line.alloys[str(chosen.value)]
        except KeyError:
            raise _no_option(chosen) from None
        commodity = self._offering.pricing.commodity(alloy.commodity)
        if commodity is None:
            raise BriefMismatchError(Phrase(MismatchReason.NO_COMMODITY, commodity=alloy.commodity))
        weight = self._measure(line.measure).value
        used = (weight * (1 + line.loss_percent / _PERCENT)).quantize(_HUNDREDTH, ROUND_HALF_EVEN)
        share = Decimal(alloy.fineness) / 1000 * (1 + alloy.premium_percent / _PERCENT)
        priced = self._counted(line, used, LineUnit.GRAMS, self._money(commodity.price_minor).times(share))
        return replace(priced, option=str(chosen.value), measured=weight)

    def _counted(
        self, line: PriceLine, quantity: Decimal, unit: LineUnit, each: Money, *, base: Money | None = None
    ) -> QuoteLine:
        product = each.times(quantity)
        return QuoteLine(
            code=line.code,
            amount=base + product if base else product,
            base=base,
            quantity=quantity,
            unit=unit,
            unit_price=each,
        )

    @staticmethod
    def _as(line: PriceLine, *, amount: Money, option: str | None = None) -> QuoteLine:
        return QuoteLine(code=line.code, amount=amount, option=option)

    def _money(self, minor: int) -> Money:
        return Money(minor=minor, currency=self._offering.pricing.currency)

    def _answer(self, field: str) -> BriefAnswer:
        if answer := self._answers.get(field):
            return answer
        raise BriefMismatchError(Phrase(MismatchReason.UNANSWERED, field=field))

    def _measure(self, name: str) -> Quantity:
        answers = {field: str(answer.value) for field, answer in self._answers.items()}
        try:
            return self._offering.measure(name, answers)
        except UnansweredError as error:
            raise BriefMismatchError(Phrase(MismatchReason.UNANSWERED, field=error.field)) from error
        except RuleError as error:
            raise BriefMismatchError(Phrase(MismatchReason.NO_MEASURE, field=name)) from error


def _no_option(chosen: BriefAnswer) -> BriefMismatchError:
    return BriefMismatchError(Phrase(MismatchReason.NO_OPTION, field=chosen.field, option=str(chosen.value)))


def _vat(net: Money, percent: Decimal) -> QuoteLine:
    return QuoteLine(
        code=FixedLineCode.VAT,
        amount=net.times(percent / _PERCENT),
        quantity=percent,
        unit=LineUnit.PERCENT,
    )


def _sum(lines: Iterable[QuoteLine], currency: str) -> Money:
    return sum((line.amount for line in lines), Money.zero(currency))


@dataclass(frozen=True)
class OldPrice:
    """A metal's price that was set too many days ago to quote with."""

    commodity: str
    as_of: date
    days: int


def old_prices(
    offering: Offering, answers: Iterable[BriefAnswer], today: date, at_most_days: int
) -> tuple[OldPrice, ...]:
    """The metal prices that this brief's quote depends on and that were set more than `at_most_days` ago."""
    chosen = {answer.field: str(answer.value) for answer in answers}
    used = {
        line.alloys[chosen[line.field]].commodity
        for line in offering.pricing.lines
        if isinstance(line, CommodityLine) and chosen.get(line.field) in line.alloys
    }
    ages = ((each, (today - each.as_of).days) for each in offering.pricing.commodities if each.name in used)
    return tuple(OldPrice(each.name, each.as_of, days) for each, days in ages if days > at_most_days)
