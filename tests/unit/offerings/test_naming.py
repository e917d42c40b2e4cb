"""A piece in one line: which answers stand in it, and in which words, the offering's file says."""

import pytest

from shared import offerings
from shared.contracts.briefs import BriefAnswer
from shared.offerings.document import OfferingFileError, parse
from shared.offerings.spoken import named
from tests.support.words import reader as reader_of
from tests.unit.offerings.test_check import TEXT, WORDS

RING = offerings.load("jewellery", "engraved-ring").offering
MUG = offerings.load("ceramics", "mug").offering
ENGRAVING = BriefAnswer(field="engraving", value="Ada ♥ Zoë")


def size(value: str, written: str) -> BriefAnswer:
    return BriefAnswer(field="size", value=value, written=written)


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "iso 54", "ring, 14 ct, size 54"),
        ("de", "iso 54", "Ring, 585 Gold, Größe 54"),
        ("en", "uk N", "ring, 14 ct, size UK\u00a0N"),
        ("de", "us 6 3/4", "Ring, 585 Gold, Größe US\u00a06 3/4"),
        ("de", "", "Ring, 585 Gold, Größe 17,2\u00a0mm"),
    ],
)
def test_a_piece_is_named_by_the_answers_that_its_offering_chose(language: str, written: str, said: str) -> None:
    answers = [ENGRAVING, size("54", written), BriefAnswer(field="metal", value="gold_585_yellow")]

    found = named(RING, answers, reader_of(language=language))

    assert found == said


def test_another_craft_is_named_by_other_answers() -> None:
    answers = [BriefAnswer(field="size", value="middle"), BriefAnswer(field="glaze", value="celadon")]

    assert named(MUG, answers, reader_of(language="de")) == "Becher, 0,3 l, Seladon"


def test_a_piece_whose_brief_is_not_there_is_called_as_its_offering() -> None:
    assert named(RING, [], reader_of(language="en")) == "ring"


def test_what_people_write_freely_cannot_stand_in_a_title() -> None:
    freely = TEXT.replace('title_fields = ["metal", "size"]', 'title_fields = ["metal", "engraving"]')

    with pytest.raises(OfferingFileError, match="title_fields"):
        parse(freely, WORDS, file="ring.toml")
