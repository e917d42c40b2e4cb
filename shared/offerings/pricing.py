"""What a piece costs, and how each line of a quote comes about. Amounts are in minor units, without VAT."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.money import Currency
from shared.offerings.section import Minor, Name, NotNegative, Percent, Section, Words


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


class LineBase(Section):
    """One line of a quote: `title` is what it says, `why` what it pays for."""

    code: Name
    title: Words
    why: Words


class FixedLine(LineBase):
    """The same amount for every piece."""

    kind: Literal["fixed"]
    amount_minor: Minor


class WorkLine(LineBase):
    """The hands-on hours of these stages at the bench's hourly rate."""

    kind: Literal["work"]
    stages: Annotated[tuple[Name, ...], Field(min_length=1)]


class ChoiceLine(LineBase):
    """What the chosen option of `field` costs more; every option is named."""

    kind: Literal["choice"]
    field: Name
    amounts_minor: dict[Name, Minor]


class MeasuredLine(LineBase):
    """A base and an amount for each unit of a measure: a letter, a gram, a square metre. Nothing where it is zero."""

    kind: Literal["measured"]
    measure: Name
    base_minor: Minor = 0
    each_minor: Minor


class Alloy(Section):
    """What one option of a commodity line is made of.

    `fineness` is the pure material's share in parts per thousand; `premium_percent` is what the supplier asks over it
    for mixing and forming.
    """

    commodity: Name
    fineness: Annotated[int, Field(gt=0, le=1000)]
    premium_percent: NotNegative


class CommodityLine(LineBase):
    """The material itself, by weight; `field` is the choice that `alloys` names every option of.

    `measure` is the weight of the finished piece in grams; `loss_percent` is what the work takes beyond it.
    """

    kind: Literal["commodity"]
    field: Name
    measure: Name
    loss_percent: Percent
    alloys: dict[Name, Alloy]


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

    def commodity(self, name: str) -> Commodity | None:
        return next((commodity for commodity in self.commodities if commodity.name == name), None)
