"""What a piece costs, and how each line of a quote comes about. Amounts are in minor units, without VAT."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.money import Currency
from shared.offerings.rules import BandSection
from shared.offerings.section import Minor, Name, NotNegative, Percent, Positive, Section, Words


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
    note: str = ""


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


class CharactersLine(LineBase):
    """A base and an amount for each character of a text field, spaces not counted."""

    kind: Literal["characters"]
    field: Name
    base_minor: Minor
    each_minor: Minor


class Alloy(Section):
    """What one option of a commodity line is made of.

    `fineness` is the pure metal's share in parts per thousand, `density` in g/cm³; `premium_percent` is what the
    refiner asks over the pure metal for alloying and drawing.
    """

    commodity: Name
    fineness: Annotated[int, Field(gt=0, le=1000)]
    density: Positive
    premium_percent: NotNegative


class BandWeight(Section):
    """The rule `band_weight`: a band's weight from the ring_size field `size` and its section in millimetres."""

    rule: Literal["band_weight"]
    size: Name
    section: BandSection
    width_mm: Positive
    thickness_mm: Positive


class CommodityLine(LineBase):
    """The material itself, by weight; `field` is the choice that `alloys` names every option of.

    `loss_percent` is what the work takes beyond the finished weight and the refiner does not give back.
    """

    kind: Literal["commodity"]
    field: Name
    weight: BandWeight
    loss_percent: Percent
    alloys: dict[Name, Alloy]


PriceLine = Annotated[
    FixedLine | WorkLine | ChoiceLine | CharactersLine | CommodityLine,
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
