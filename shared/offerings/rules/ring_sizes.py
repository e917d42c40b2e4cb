"""Ring sizes, in the systems that people write them in. Lengths are in millimetres."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from shared.kernel.phrases import Phrase
from shared.offerings.rules.bands import PI
from shared.offerings.rules.error import AnswerReason, RuleError
from shared.offerings.rules.numbers import figure

_HUNDREDTH = Decimal("0.01")
_INCH = Decimal("25.4")


class RingSystem(StrEnum):
    """The systems ring sizes are written in.

    ISO: the inner circumference in mm, EN ISO 8653:2016 ("Jewellery — Ring-sizes — Definition, measurement and
        designation"); also what is called an EU size in France, Germany, Austria, Belgium and Scandinavia.
    UK: letters A to Z and Z+1 to Z+6 with half sizes, also in Ireland, Australia, New Zealand and South Africa. BS
        6820:1987 fixed size C at 40 mm around and each letter at 1.25 mm.
    US: numbers in quarter steps, also in Canada and Mexico. Size 0 has an inner diameter of 0.458 inch, each size adds
        0.032 inch (the trade's ring sticks; there is no official standard. Wikipedia, "Ring size").
    SOUTH: Italy, Spain and Switzerland: the inner circumference in mm less 40.
    DIAMETER: the inner diameter in mm, as many German and Dutch shops write it.
    """

    ISO = "iso"
    UK = "uk"
    US = "us"
    SOUTH = "south"
    DIAMETER = "diameter"

    @property
    def example(self) -> str:
        """The same ring, near 54 mm around, in each system."""
        return _EXAMPLES[self]


_EXAMPLES = {
    RingSystem.ISO: "54",
    RingSystem.UK: "N",
    RingSystem.US: "6 3/4",
    RingSystem.SOUTH: "14",
    RingSystem.DIAMETER: "17.2",
}


@dataclass(frozen=True)
class RingSize:
    """A ring's inside. `circumference` is in mm, to a hundredth; `written` is the size in its own system."""

    system: RingSystem
    written: str
    circumference: Decimal

    @property
    def diameter(self) -> Decimal:
        """The inner diameter in mm, to a hundredth."""
        return (self.circumference / PI).quantize(_HUNDREDTH, ROUND_HALF_UP)


def ring_size(text: str, system: RingSystem, *, least: Decimal, most: Decimal) -> RingSize:
    """Read a ring size; `least` and `most` bound the inner circumference in mm. Raises RuleError."""
    written = " ".join(text.split()).upper()
    circumference = _READERS[system](written)
    if circumference is None:
        raise RuleError(Phrase(AnswerReason.NOT_A_SIZE, system=system, example=system.example))
    circumference = circumference.quantize(_HUNDREDTH, ROUND_HALF_UP)
    if not least <= circumference <= most:
        raise RuleError(Phrase(AnswerReason.SIZE_OFF_THE_SCALE, circumference=circumference, least=least, most=most))
    return RingSize(system, written, circumference)


def _from_iso(written: str) -> Decimal | None:
    return figure(written)


def _from_south(written: str) -> Decimal | None:
    number = figure(written)
    return None if number is None else number + 40


def _from_diameter(written: str) -> Decimal | None:
    number = figure(written)
    return None if number is None else number * PI


def _from_us(written: str) -> Decimal | None:
    number = figure(written)
    if number is None or number % Decimal("0.25"):
        return None
    return (Decimal("0.458") + Decimal("0.032") * number) * _INCH * PI


_UK = re.compile(r"([A-Z])(?:\s*(½|1/2|\.5|,5))?|Z\s?\+?\s?([1-6])(?:\s*(½|1/2|\.5|,5))?")


def _from_uk(written: str) -> Decimal | None:
    found = _UK.fullmatch(written)
    if not found:
        return None
    letter, half, beyond, half_beyond = found.groups()
    steps = Decimal(ord(letter) - ord("A")) if letter else Decimal(25 + int(beyond))
    if half or half_beyond:
        steps += Decimal("0.5")
    return Decimal("37.5") + Decimal("1.25") * steps


_READERS: Mapping[RingSystem, Callable[[str], Decimal | None]] = {
    RingSystem.ISO: _from_iso,
    RingSystem.UK: _from_uk,
    RingSystem.US: _from_us,
    RingSystem.SOUTH: _from_south,
    RingSystem.DIAMETER: _from_diameter,
}
