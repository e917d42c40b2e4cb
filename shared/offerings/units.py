"""Units of measures, and what multiplying and dividing makes of them: mm times mm is mm2, g/cm3 times cm3 is g."""

import re
from dataclasses import dataclass
from decimal import Decimal

_BASES: dict[str, tuple[str, Decimal, int]] = {
    "mm": ("length", Decimal(1), 1),
    "cm": ("length", Decimal(10), 1),
    "m": ("length", Decimal(1000), 1),
    "ml": ("length", Decimal(1000), 3),
    "mg": ("mass", Decimal("0.001"), 1),
    "g": ("mass", Decimal(1), 1),
    "kg": ("mass", Decimal(1000), 1),
    "min": ("time", Decimal(1) / 60, 1),
    "h": ("time", Decimal(1), 1),
    "day": ("time", Decimal(24), 1),
    "piece": ("piece", Decimal(1), 1),
    "letter": ("letter", Decimal(1), 1),
    "degree": ("angle", Decimal(1), 1),
    "celsius": ("temperature", Decimal(1), 1),
    "percent": ("", Decimal("0.01"), 0),
    "times": ("", Decimal(1), 0),
}
"""What a unit measures, how many of the base unit it is (mm, g, h), and to which power."""

_FACTOR = re.compile(r"([a-z]+)([2-9])?")


class UnitError(ValueError):
    """A unit is not known, or does not fit where it is used."""


@dataclass(frozen=True)
class Unit:
    """`scale` is how many base units it is; `dimensions` are what it measures, each with its power."""

    scale: Decimal
    dimensions: frozenset[tuple[str, int]]

    def __mul__(self, other: "Unit") -> "Unit":
        return Unit(self.scale * other.scale, _joined(self, other, 1))

    def __truediv__(self, other: "Unit") -> "Unit":
        return Unit(self.scale / other.scale, _joined(self, other, -1))

    def fits(self, other: "Unit") -> bool:
        """Whether a figure in the one can be converted to the other."""
        return self.dimensions == other.dimensions


def unit(written: str) -> Unit:
    """The unit that is written like "mm", "ml", "percent" or "g/cm3". Raises UnitError."""
    above, *below = written.split("/")
    found = _factor(above)
    for part in below:
        found = found / _factor(part)
    return found


def _factor(written: str) -> Unit:
    found = _FACTOR.fullmatch(written)
    if found is None or found[1] not in _BASES:
        raise UnitError(f'there is no unit "{written}"; there is {", ".join(sorted(_BASES))}')
    name, scale, power = _BASES[found[1]]
    times = int(found[2] or 1)
    return Unit(scale**times, frozenset({(name, power * times)} if name else ()))


def _joined(one: Unit, other: Unit, sign: int) -> frozenset[tuple[str, int]]:
    powers = dict(one.dimensions)
    for name, power in other.dimensions:
        powers[name] = powers.get(name, 0) + sign * power
    return frozenset((name, power) for name, power in powers.items() if power)


RATIO = unit("times")
"""A figure without a unit."""
