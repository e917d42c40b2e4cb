"""Where words are on a piece, to scale: on a strip laid flat, or on a round bottom. Lengths are in millimetres."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.contracts.briefs import BriefAnswer
from shared.offerings.form import TextField
from shared.offerings.making import DrawingSheet
from shared.offerings.measures import UnansweredError
from shared.offerings.model import Offering
from shared.offerings.rules import RuleError

_TICK_EVERY = 10
_HALF_A_LETTER = Decimal("0.9")
_HALF_A_MARK = Decimal("0.5")
_MARK_EVERY = Decimal("1.4")
_MARKS = 4
_AROUND = Decimal(3)


@dataclass(frozen=True)
class PlacedLetter:
    """One letter, and how far its middle is from the left end."""

    character: str
    x: Decimal


@dataclass(frozen=True)
class Layout:
    """The surface is `length` long and `width` wide; a disc is as wide as it is long.

    `free` of its length stays free, one half at each end; the words are in the middle, from `begins` to `ends`.
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
        """What stays free, on either side."""
        return self.free / 2

    @property
    def shown_from(self) -> Decimal:
        """Where a drawing of the words alone begins, with some of the band on either side."""
        return max(self.begins - _AROUND, Decimal(0)) - _HALF_A_MARK

    @property
    def shown_width(self) -> Decimal:
        """How wide a drawing of the words alone is."""
        return min(self.ends + _AROUND, self.length) + _HALF_A_MARK - self.shown_from

    @property
    def baseline(self) -> Decimal:
        """Where the letters are, from the upper edge: half of their height below the middle."""
        return self.width / 2 + _HALF_A_LETTER

    @property
    def marks(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Where marks of a millimetre square may be struck beside the words: their left upper corners."""
        top = self.width / 2 - _HALF_A_MARK
        steps = (Decimal(1) + place * _MARK_EVERY for place in range(_MARKS))
        return tuple((left, top) for left in steps if left + 2 * _HALF_A_MARK <= self.at_each_end)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Where a ruler beside it has its numbers."""
        return tuple(range(0, int(self.length) + 1, _TICK_EVERY))


def lay_out(text: str, *, length: Decimal, width: Decimal, letter: Decimal, free: Decimal) -> Layout:
    """The words, centred; each letter takes `letter` of the length."""
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


def _strip(text: str, letter: Decimal, measures: Mapping[str, Decimal]) -> Layout:
    return lay_out(text, length=measures["length"], width=measures["width"], letter=letter, free=measures["free"])


def _disc(text: str, letter: Decimal, measures: Mapping[str, Decimal]) -> Layout:
    across = measures["diameter"]
    return lay_out(text, length=across, width=across, letter=letter, free=measures["free"])


DRAWINGS: Final[Mapping[str, Callable[[str, Decimal, Mapping[str, Decimal]], Layout]]] = {
    "strip": _strip,
    "disc": _disc,
}
"""The renderers that an offering's sign-off can name. Intake's `_sheets.html` draws what they lay out on its pages."""


@dataclass(frozen=True)
class DrawnWords:
    """Words of a brief on the piece: the renderer that draws the layout, and what the field is called."""

    drawing: str
    label: str
    layout: Layout


def laid_out(offering: Offering, shows: DrawingSheet, answers: Iterable[BriefAnswer]) -> Layout | None:
    """What a sign-off of this offering draws for these answers; None where they do not say enough."""
    field = offering.form.field(shows.field)
    if shows.drawing not in DRAWINGS or not isinstance(field, TextField) or field.rule is None:
        return None
    values = {answer.field: str(answer.value) for answer in answers}
    try:
        measures = {each: offering.measure(name, values).value for each, name in shows.measures.items()}
    except (UnansweredError, RuleError):
        return None
    return DRAWINGS[shows.drawing](values.get(field.name, ""), field.rule.letter_mm, measures)


def drawn_words(offering: Offering, answers: Iterable[BriefAnswer]) -> tuple[DrawnWords, ...]:
    """The words on a piece of this brief, each as its gate shows it; none where nothing is written on it."""
    given = tuple(answers)
    shown = (each.shows for gate in offering.gates for each in gate.sign_offs if isinstance(each.shows, DrawingSheet))
    found = ((sheet, laid_out(offering, sheet, given)) for sheet in shown)
    return tuple(
        DrawnWords(sheet.drawing, field.label, layout)
        for sheet, layout in found
        if layout and layout.letters and (field := offering.form.field(sheet.field))
    )
