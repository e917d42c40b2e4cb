"""What papers say of what is ordered: the brief answer by answer, its drawing, its number, version and day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from services.quotes.domain.documents import AgreedOrder
from services.quotes.domain.quote import QuotedBrief
from services.quotes.labels.wording import QuoteWording, plain
from shared.i18n import N_, Reader, n_
from shared.kernel.calendar import day_of
from shared.offerings.layouts import DrawnWords
from shared.web.layouts import layout_drawing

_STRIP: Final = N_("%(label)s: the band cut open and laid flat, %(length)s mm long, enlarged")
_SCALES: Final = {"disc": N_("%(label)s: the bottom from below, %(length)s mm across")}
_WIDTHS: Final = {"disc": 48}
"""How wide a drawing is on paper, in millimetres."""

OrderedSays = Mapping[str, object]
_ORDERED: Final = N_("What is ordered")
_OF_BRIEF: Final = N_("Commission %(number)s, brief version %(version)s of %(day)s")
_PICTURES: Final = n_("%(count)s picture, on the commission's page", "%(count)s pictures, on the commission's page")


def ordered_in_full(reader: Reader, wording: QuoteWording, commission: UUID, brief: QuotedBrief) -> OrderedSays:
    """All answers, and what is written on the piece as a drawing to scale."""
    rows = [wording.answer(each) for each in brief.answers]
    if brief.images:
        pictures = reader.message(_PICTURES, count=len(brief.images))
        rows.append((reader.message(N_("Reference pictures")), pictures))
    return {
        "title": reader.message(_ORDERED),
        "rows": rows,
        "about": _about(reader, commission, brief.version, brief.written_at),
        "drawings": [
            {"svg": layout_drawing(each), "caption": _caption(reader, each), "width": _WIDTHS.get(each.drawing, 144)}
            for each in wording.drawings(brief.answers)
        ],
    }


def ordered_in_short(reader: Reader, commission: UUID, order: AgreedOrder) -> OrderedSays:
    """The answers in the words of the contract, without drawings."""
    return {
        "title": reader.message(_ORDERED),
        "rows": [(each.label, each.said) for each in order.answers],
        "about": _about(reader, commission, order.version, order.written_at),
        "drawings": [],
    }


def commission_number(commission: UUID) -> str:
    """The last characters of a commission's number, by which everybody calls it."""
    return str(commission)[-6:]


def _about(reader: Reader, commission: UUID, version: int, written_at: datetime) -> str:
    day = reader.short_day(day_of(written_at, reader.zone))
    return reader.message(_OF_BRIEF, number=commission_number(commission), version=str(version), day=day)


def _caption(reader: Reader, drawn: DrawnWords) -> str:
    length = reader.number(plain(drawn.layout.length))
    return reader.message(_SCALES.get(drawn.drawing, _STRIP), label=drawn.label, length=length)
