"""How engraved words lie on a band: cut open at its joint, laid flat, seen from inside. Lengths are in millimetres."""

from dataclasses import dataclass
from decimal import Decimal

_TICK_EVERY = 10
_HALF_A_LETTER = Decimal("0.9")
_HALF_A_MARK = Decimal("0.5")
_MARK_EVERY = Decimal("1.4")
_MARKS = 4


@dataclass(frozen=True)
class PlacedLetter:
    """One letter, and how far its middle is from the joint."""

    character: str
    x: Decimal


@dataclass(frozen=True)
class Layout:
    """The band has `length` around its inside and is `width` wide.

    `free` of its length stays free for the hallmarks and the joint, one half at each end; the words stand in the middle
    of the rest, opposite the joint, from `begins` to `ends`.
    """

    length: Decimal
    width: Decimal
    free: Decimal
    letter: Decimal
    letters: tuple[PlacedLetter, ...]
    begins: Decimal
    ends: Decimal

    @property
    def at_each_end(self) -> Decimal:
        """What stays free beside the joint, on either side."""
        return self.free / 2

    @property
    def baseline(self) -> Decimal:
        """Where the letters stand, from the upper edge: half of their height below the middle."""
        return self.width / 2 + _HALF_A_LETTER

    @property
    def hallmarks(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Where the hallmarks may stand, each a millimetre square: their left upper corners."""
        top = self.width / 2 - _HALF_A_MARK
        steps = (Decimal(1) + place * _MARK_EVERY for place in range(_MARKS))
        return tuple((left, top) for left in steps if left + 2 * _HALF_A_MARK <= self.at_each_end)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Where a ruler beside it has its numbers."""
        return tuple(range(0, int(self.length) + 1, _TICK_EVERY))


def lay_out(text: str, *, length: Decimal, width: Decimal, letter: Decimal, free: Decimal) -> Layout:
    """The words, centred opposite the joint; each letter takes `letter` along the band."""
    begins = (length - letter * len(text)) / 2
    placed = [PlacedLetter(each, begins + letter * (place + Decimal("0.5"))) for place, each in enumerate(text)]
    return Layout(
        length=length,
        width=width,
        free=free,
        letter=letter,
        letters=tuple(each for each in placed if each.character != " "),
        begins=begins,
        ends=length - begins,
    )
