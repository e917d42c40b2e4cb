"""What a piece costs: the rules for the lines of a quote. Amounts are in minor units, without VAT.

A rule is one class here, with all that is known of it: the keys that an offering's file gives it, what it counts for a
brief, what it refers to, and what is said of it. A new one is added to `PriceLine`; everything else asks it.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, Protocol

from pydantic import Field

from shared.kernel.money import Currency, Money
from shared.kernel.phrases import Phrase
from shared.offerings.findings import Finding, FindingReason, Path
from shared.offerings.form import ChoiceField
from shared.offerings.measures import Quantity, UnansweredError
from shared.offerings.references import every_option, measure_of, only_known
from shared.offerings.rules.error import RuleError
from shared.offerings.section import Detail, Minor, Name, NotNegative, Percent, Section, Words
from shared.offerings.words import placeholders

if TYPE_CHECKING:
    from shared.offerings.model import Offering

COUNTED: Final = ("g", "h", "letter")
"""The units that a line can count in."""

_HUNDREDTH = Decimal("0.01")
_PERCENT = Decimal(100)


class MismatchReason(StrEnum):
    """What of a brief does not fit the prices of its offering."""

    UNANSWERED = auto()
    NO_OPTION = auto()
    NO_MEASURE = auto()


class BriefMismatchError(ValueError):
    """A brief does not answer what its offering's price needs: somebody else's mistake, for people to look at."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(str(reason))
        self.reason = reason


class LineDetail(StrEnum):
    """What is said of a line in words that are the same for every offering; `labels` of quotes has them."""

    STAGE = auto()
    """With `stage` and `hours`."""


@dataclass(frozen=True)
class Saying:
    """What is said of a line: a code, or words of the offering with placeholders; and the figures for them."""

    words: LineDetail | str
    figures: Mapping[str, str | Quantity | date]


@dataclass(frozen=True)
class CountedLine:
    """What a rule makes of a brief: `amount` is `base` and `quantity` (in `unit`) times `unit_price`, where these are.

    `option` is what was chosen, `measured` what was worked out before losses.
    """

    amount: Money
    option: str | None = None
    measured: Decimal | None = None
    base: Money | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Money | None = None

    @classmethod
    def times(cls, quantity: Quantity, each: Money, base: Money | None = None) -> "CountedLine":
        product = each.times(quantity.value)
        amount = base + product if base else product
        return cls(amount, base=base, quantity=quantity.value, unit=quantity.unit, unit_price=each)


class KeptLine(Protocol):
    """What a quote keeps of a line, as far as words depend on it."""

    @property
    def option(self) -> str | None: ...
    @property
    def measured(self) -> Decimal | None: ...


@dataclass(frozen=True)
class PricedBrief:
    """A brief that is being priced: its answers by field, and the offering that they are for."""

    offering: "Offering"
    answers: Mapping[str, str]

    def chosen(self, field: str, options: Mapping[str, object]) -> str:
        """Which of these options was chosen. Raises BriefMismatchError."""
        if field not in self.answers:
            raise BriefMismatchError(Phrase(MismatchReason.UNANSWERED, field=field))
        if self.answers[field] not in options:
            raise BriefMismatchError(Phrase(MismatchReason.NO_OPTION, field=field, option=self.answers[field]))
        return self.answers[field]

    def measure(self, name: str) -> Quantity:
        """A measure of the piece. Raises BriefMismatchError."""
        try:
            return self.offering.measure(name, self.answers)
        except UnansweredError as error:
            raise BriefMismatchError(Phrase(MismatchReason.UNANSWERED, field=error.field)) from error
        except RuleError as error:
            raise BriefMismatchError(Phrase(MismatchReason.NO_MEASURE, field=name)) from error

    def money(self, minor: int) -> Money:
        return Money(minor=minor, currency=self.offering.pricing.currency)


class Commodity(Section):
    """A material whose price the market makes. `price_minor` is what one `unit` of the pure material costs.

    `index` names what the price follows, `as_of` the day it was set: quotes print both, so that a stale price shows.
    """

    name: Name
    title: Words
    unit: Literal["g"]
    price_minor: Minor
    index: Words
    as_of: date


class LineRule(Section):
    """A rule for one line of a quote: `title` is what the line says, `why` what it pays for."""

    code: Name
    title: Words
    why: Words

    @property
    def choices(self) -> frozenset[str]:
        """The choices of the form that the amount depends on."""
        return frozenset()

    def findings(self, offering: "Offering", path: Path) -> Iterator[Finding]:  # noqa: ARG002 (rules need them)
        """What this refers to and is not there; `path` is the line's own."""
        yield from ()

    @abstractmethod
    def counted(self, brief: PricedBrief) -> CountedLine:
        """What the line counts for this brief. Raises BriefMismatchError."""

    def said(self, line: KeptLine, offering: "Offering") -> Sequence[Saying | str]:  # noqa: ARG002 (rules need them)
        """What was counted, for people; the offering is in their language."""
        return ()

    def market_prices(
        self,
        answers: Mapping[str, str],  # noqa: ARG002 (rules need them)
        offering: "Offering",  # noqa: ARG002
    ) -> Sequence[Commodity]:
        """The materials that the amount follows the market of."""
        return ()


class FixedLine(LineRule):
    """The same amount for every piece."""

    kind: Literal["fixed"]
    amount_minor: Minor

    def counted(self, brief: PricedBrief) -> CountedLine:
        return CountedLine(brief.money(self.amount_minor))


class WorkLine(LineRule):
    """The hands-on hours of these stages at the bench's hourly rate."""

    kind: Literal["work"]
    stages: Annotated[tuple[Name, ...], Field(min_length=1)]

    def findings(self, offering: "Offering", path: Path) -> Iterator[Finding]:
        yield from only_known((*path, "stages"), self.stages, [stage.id for stage in offering.making.stages])

    def counted(self, brief: PricedBrief) -> CountedLine:
        stages = brief.offering.making.stages
        hours = sum((stage.hands_on_hours for stage in stages if stage.id in self.stages), Decimal(0))
        return CountedLine.times(Quantity(hours, "h"), brief.money(brief.offering.pricing.hourly_rate_minor))

    def said(self, line: KeptLine, offering: "Offering") -> Sequence[Saying | str]:  # noqa: ARG002 (the same for all)
        return [
            Saying(LineDetail.STAGE, {"stage": stage.title, "hours": Quantity(stage.hands_on_hours, "h")})
            for stage in offering.making.stages
            if stage.id in self.stages
        ]


class ChoiceLine(LineRule):
    """What the chosen option of `field` costs more; every option is named."""

    kind: Literal["choice"]
    field: Name
    amounts_minor: dict[Name, Minor]

    @property
    def choices(self) -> frozenset[str]:
        return frozenset({self.field})

    def findings(self, offering: "Offering", path: Path) -> Iterator[Finding]:
        yield from every_option(offering, (*path, "amounts_minor"), self.field, self.amounts_minor)

    def counted(self, brief: PricedBrief) -> CountedLine:
        chosen = brief.chosen(self.field, self.amounts_minor)
        return CountedLine(brief.money(self.amounts_minor[chosen]), option=chosen)

    def said(self, line: KeptLine, offering: "Offering") -> Sequence[Saying | str]:
        return [_option(offering, self.field, line.option)]


class MeasuredLine(LineRule):
    """A base and an amount for each unit of a measure: a letter, a gram, an hour. Nothing where it is zero."""

    kind: Literal["measured"]
    measure: Name
    base_minor: Minor = 0
    each_minor: Minor

    def findings(self, offering: "Offering", path: Path) -> Iterator[Finding]:
        yield from measure_of(offering, (*path, "measure"), self.measure, COUNTED)

    def counted(self, brief: PricedBrief) -> CountedLine:
        """Counts figures only: words of the customer's own stay in the brief."""
        found = brief.measure(self.measure)
        if not found.value:
            return CountedLine(brief.money(0))
        return CountedLine.times(found, brief.money(self.each_minor), brief.money(self.base_minor))


class Alloy(Section):
    """What one option of a commodity line is made of.

    `fineness` is the pure material's share in parts per thousand; `premium_percent` is what the supplier asks over it
    for mixing and forming.
    """

    commodity: Name
    fineness: Annotated[int, Field(gt=0, le=1000)]
    premium_percent: NotNegative


class CommodityLine(LineRule):
    """The material itself, by weight; `field` is the choice that `alloys` names every option of.

    `measure` is the weight of the finished piece in grams; `loss_percent` is what the work takes beyond it. `detail`
    says what was counted, and may name what `GIVEN` lists, each in braces.
    """

    GIVEN: ClassVar = ("option", "weight", "loss", "index", "day")

    kind: Literal["commodity"]
    field: Name
    measure: Name
    loss_percent: Percent
    alloys: dict[Name, Alloy]
    detail: Detail

    @property
    def choices(self) -> frozenset[str]:
        return frozenset({self.field})

    def findings(self, offering: "Offering", path: Path) -> Iterator[Finding]:
        yield from every_option(offering, (*path, "alloys"), self.field, self.alloys)
        yield from measure_of(offering, (*path, "measure"), self.measure, ("g",))
        known = [each.name for each in offering.pricing.commodities]
        for name, alloy in self.alloys.items():
            yield from only_known((*path, "alloys", name, "commodity"), [alloy.commodity], known)
        for name in sorted(placeholders(self.detail) - set(self.GIVEN)):
            given = ", ".join(f"{{{each}}}" for each in self.GIVEN)
            message = Phrase(FindingReason.PLACEHOLDER_NOT_GIVEN, name=f"{{{name}}}", known=given)
            yield Finding((*path, "detail"), message)

    def counted(self, brief: PricedBrief) -> CountedLine:
        chosen = brief.chosen(self.field, self.alloys)
        alloy = self.alloys[chosen]
        weight = brief.measure(self.measure).value
        used = (weight * (1 + self.loss_percent / _PERCENT)).quantize(_HUNDREDTH, ROUND_HALF_UP)
        share = Decimal(alloy.fineness) / 1000 * (1 + alloy.premium_percent / _PERCENT)
        each = brief.money(self._commodity(chosen, brief.offering).price_minor).times(share)
        product = each.times(used)
        return CountedLine(product, chosen, weight, quantity=used, unit="g", unit_price=each)

    def said(self, line: KeptLine, offering: "Offering") -> Sequence[Saying | str]:
        if line.option not in self.alloys or line.measured is None:
            return ()
        commodity = self._commodity(line.option, offering)
        figures: Mapping[str, str | Quantity | date] = {
            "option": _option(offering, self.field, line.option),
            "weight": Quantity(line.measured, "g"),
            "loss": Quantity(self.loss_percent, "percent"),
            "index": commodity.index,
            "day": commodity.as_of,
        }
        return [Saying(self.detail, figures)]

    def market_prices(self, answers: Mapping[str, str], offering: "Offering") -> Sequence[Commodity]:
        chosen = answers.get(self.field)
        return [self._commodity(chosen, offering)] if chosen in self.alloys else ()

    def _commodity(self, option: str, offering: "Offering") -> Commodity:
        """What this option is priced by; an offering that loads has it."""
        name = self.alloys[option].commodity
        return next(each for each in offering.pricing.commodities if each.name == name)


PriceLine = Annotated[
    FixedLine | WorkLine | ChoiceLine | MeasuredLine | CommodityLine,
    Field(discriminator="kind"),
]


class Pricing(Section):
    """The lines of a quote, in order. A sum under `minimum_minor` is raised to it by a line of its own.

    A quote holds for `valid_days`. VAT comes on top, at the rate of the studio's country: the studio's settings
    have it, since the law there, not the offering, sets it.
    """

    currency: Currency
    hourly_rate_minor: Minor
    minimum_minor: Minor
    minimum_why: Words
    valid_days: Annotated[int, Field(ge=1, le=365)]
    commodities: tuple[Commodity, ...] = ()
    lines: Annotated[tuple[PriceLine, ...], Field(min_length=1)]


def _option(offering: "Offering", field: str, option: str | None) -> str:
    """What an option is called; its id, where the form has no such option."""
    found = offering.form.field(field)
    chosen = found.option(option) if isinstance(found, ChoiceField) and option else None
    return chosen.label if chosen else option or ""
