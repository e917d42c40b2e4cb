"""Words on a piece as a drawing."""

from xml.etree import ElementTree as ET

from shared import offerings
from shared.contracts.briefs import BriefAnswer
from shared.offerings.layouts import drawn_words
from shared.web.layouts import layout_drawing

RING = offerings.load("jewellery", "engraved-ring").offering
SIZE = BriefAnswer(field="size", value="54.00", written="iso 54")


def test_every_letter_is_drawn_and_none_is_read_as_markup() -> None:
    words = BriefAnswer(field="engraving", value="A <b>& B")

    [drawn] = drawn_words(RING, [SIZE, words])
    drawing = ET.fromstring(layout_drawing(drawn))  # noqa: S314 (our own drawing)

    letters = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert letters == list("A<b>&B")


def test_nothing_is_drawn_where_nothing_is_written_or_the_size_is_missing() -> None:
    assert drawn_words(RING, [SIZE]) == ()
    assert drawn_words(RING, [BriefAnswer(field="engraving", value="For ever")]) == ()
