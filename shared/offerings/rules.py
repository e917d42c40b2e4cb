"""The named rules that an offering's file can call on. A new rule is one function here and its parameters in the model.

Lengths are in millimetres, areas in square millimetres, weights in grams, all as exact decimals.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

PI = Decimal("3.14159265358979323846")
_HUNDREDTH = Decimal("0.01")
_INCH = Decimal("25.4")


class RuleError(ValueError):
    """An answer breaks a rule: what is wrong, and what to do about it, each one sentence."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


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
    def label(self) -> str:
        return _LABELS[self]

    @property
    def example(self) -> str:
        """The same ring, near 54 mm around, in each system."""
        return _EXAMPLES[self]


_LABELS = {
    RingSystem.ISO: "EU / ISO: millimetres around the inside",
    RingSystem.UK: "UK, Ireland, Australia: letters",
    RingSystem.US: "US, Canada: numbers",
    RingSystem.SOUTH: "Italy, Spain, Switzerland: numbers",
    RingSystem.DIAMETER: "Inner diameter in millimetres",
}
_EXAMPLES = {
    RingSystem.ISO: "54",
    RingSystem.UK: "N",
    RingSystem.US: "6 3/4",
    RingSystem.SOUTH: "14",
    RingSystem.DIAMETER: "17.2",
}
_SHOWN = {
    RingSystem.ISO: "EU size {}",
    RingSystem.UK: "UK size {}",
    RingSystem.US: "US size {}",
    RingSystem.SOUTH: "Italian size {}",
    RingSystem.DIAMETER: "{} mm across",
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
        return (self.circumference / PI).quantize(_HUNDREDTH, ROUND_HALF_EVEN)

    @property
    def shown(self) -> str:
        named = _SHOWN[self.system].format(self.written)
        return f"{named} ({self.circumference:.1f} mm around the inside, {self.diameter:.1f} mm across)"


def ring_size(text: str, system: RingSystem, *, least: Decimal, most: Decimal) -> RingSize:
    """Read a ring size; `least` and `most` bound the inner circumference in mm. Raises RuleError."""
    written = " ".join(text.split()).upper()
    circumference = _READERS[system](written)
    if circumference is None:
        raise RuleError(
            f"This is not a size in the system you chose ({system.label}).",
            f"Write it like {system.example}, or choose the system your size is written in.",
        )
    circumference = circumference.quantize(_HUNDREDTH, ROUND_HALF_EVEN)
    if not least <= circumference <= most:
        raise RuleError(
            f"This size is off our scale: it would be {_trim(circumference)} mm around the inside.",
            f"We make rings from {_trim(least)} to {_trim(most)} mm around; check the size and its system.",
        )
    return RingSize(system, written, circumference)


def _trim(number: Decimal) -> str:
    """A number as people write it, without idle zeros and never with an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_FRACTIONS = {"¼": ".25", "½": ".5", "¾": ".75", " 1/4": ".25", " 1/2": ".5", " 3/4": ".75"}


def _number(written: str) -> Decimal | None:
    """A plain positive number, with a point, a comma or a quarter fraction; at most three digits before it."""
    for sign, decimal in _FRACTIONS.items():
        if written.endswith(sign):
            written = written.removesuffix(sign).rstrip() + decimal
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", written)
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


def _from_iso(written: str) -> Decimal | None:
    return _number(written)


def _from_south(written: str) -> Decimal | None:
    number = _number(written)
    return None if number is None else number + 40


def _from_diameter(written: str) -> Decimal | None:
    number = _number(written)
    return None if number is None else number * PI


def _from_us(written: str) -> Decimal | None:
    number = _number(written)
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


_READERS = {
    RingSystem.ISO: _from_iso,
    RingSystem.UK: _from_uk,
    RingSystem.US: _from_us,
    RingSystem.SOUTH: _from_south,
    RingSystem.DIAMETER: _from_diameter,
}


def day(text: str, *, today: date, earliest: date, latest: date) -> date:
    """Read an ISO 8601 day, as a browser's date input sends it. Raises RuleError."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        found = None
    if found is None:
        raise RuleError("This is not a day of the calendar.", f"Write it as year-month-day, such as {latest}.")
    if found < earliest:
        raise RuleError(
            "This day is past." if found < today else "This day is too soon.",
            f"Choose a day from {spelt(earliest)} on.",
        )
    if found > latest:
        raise RuleError("This day is further off than we can promise.", f"Choose a day until {spelt(latest)}.")
    return found


def spelt(day: date) -> str:
    """A day as people write it: 9 December 2026."""
    return f"{day.day} {day:%B %Y}"


def letters_that_fit(circumference: Decimal, *, letter_mm: Decimal, keep_free_mm: Decimal) -> int:
    """How many engraved letters of `letter_mm` fit around the inside when `keep_free_mm` stays free."""
    return max(0, int((circumference - keep_free_mm) / letter_mm))


def engraving(text: str, *, marks: str, room: int) -> str:
    """Refuse what a graver's Latin alphabet does not have, and more letters than there is room for."""
    for character in text:
        if not (character in marks or character == " " or _engravable(character)):
            raise RuleError(f"We cannot engrave “{character}”.", f"Use letters, digits, spaces and {' '.join(marks)}")
    if len(text) > room:
        raise RuleError(
            f"This is too long for a ring of that size: {len(text)} characters.",
            f"Shorten it to {room} characters, so that the hallmarks keep their place beside it.",
        )
    return text


def _engravable(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")


class BandSection(StrEnum):
    """The shape of a band when it is cut through: a flat strip, or a D (flat inside, half an ellipse outside)."""

    FLAT = "flat"
    D = "d"


_SHAPES = {
    # area as a share of width x thickness, and the centroid's height over the inside as a share of the thickness;
    # for half an ellipse pi/4 and 4/(3 pi) (any table of centroids).
    BandSection.FLAT: (Decimal(1), Decimal("0.5")),
    BandSection.D: (PI / 4, Decimal(4) / (3 * PI)),
}


def band_weight(
    circumference: Decimal, *, section: BandSection, width_mm: Decimal, thickness_mm: Decimal, density: Decimal
) -> Decimal:
    """The weight in grams, to a hundredth, of a finished band; `density` is in g/cm³.

    Pappus's second theorem: the volume is the section's area times the way of its centroid, which runs at
    circumference + 2 pi x its height over the inside.
    """
    share, height = _SHAPES[section]
    area = share * width_mm * thickness_mm
    way = circumference + 2 * PI * height * thickness_mm
    return (area * way / 1000 * density).quantize(_HUNDREDTH, ROUND_HALF_EVEN)


def number(text: str, *, least: Decimal, most: Decimal, step: Decimal, unit: str) -> Decimal:
    """Read a measure in `unit`, within bounds and in whole steps from `least`. Raises RuleError."""
    found = _number(" ".join(text.split()))
    if found is None:
        raise RuleError("This is not a number.", f"Write a number in {unit}, such as {_trim(least)}.")
    if not least <= found <= most:
        raise RuleError("This is outside what we make.", f"Choose from {_trim(least)} to {_trim(most)} {unit}.")
    if (found - least) % step:
        raise RuleError("This is finer than we measure.", f"Write it in steps of {_trim(step)} {unit}.")
    return Decimal(_trim(found))
