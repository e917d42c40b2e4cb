"""What a customer may type into an offering's form, and what is said where it cannot be taken."""

from datetime import date

import pytest

from shared import offerings
from shared.kernel.problems import Problem, ProblemType
from tests.support.words import helps, sentence

TODAY = date(2026, 11, 23)
RING = offerings.load("jewellery", "engraved-ring").offering


def typed(**changed: str) -> dict[str, str]:
    return {
        "size": "N",
        "size_system": "uk",
        "metal": "gold_750_yellow",
        "finish": "satin",
        "engraving": "Für immer · 2027",
        "occasion": "wedding",
        "needed_by": "2027-06-05",
        "why": "For her.\r\nFor both of us.",
    } | changed


def refused(raw: dict[str, str]) -> dict[str, str]:
    """What is said of each field that is refused, message and remedy together."""
    with pytest.raises(Problem) as caught:
        offerings.validate_answers(RING, raw, TODAY)
    assert caught.value.type is ProblemType.VALIDATION_FAILED
    assert all(helps(field) for field in caught.value.fields)
    return {field.field: sentence(field) for field in caught.value.fields}


def test_answers_come_in_the_forms_order_and_in_canonical_form() -> None:
    answers = offerings.validate_answers(RING, dict(reversed(typed().items())), TODAY)

    assert {answer.field: answer.value for answer in answers} == {
        "size": "53.75",
        "metal": "gold_750_yellow",
        "finish": "satin",
        "engraving": "Für immer · 2027",
        "occasion": "wedding",
        "needed_by": "2027-06-05",
        "why": "For her.\nFor both of us.",
    }
    assert [answer.field for answer in answers] == [field.name for field in RING.form.questions]
    assert answers[0].written == "uk N"


def test_an_engraving_is_kept_as_it_is_cut() -> None:
    answers = offerings.validate_answers(RING, typed(engraving="A\u00a0B \ufb01n"), TODAY)

    assert {answer.field: answer.value for answer in answers}["engraving"] == "A B fin"


def test_a_ligature_needs_the_room_of_its_letters() -> None:
    assert "room for 23 characters" in refused(typed(engraving="\ufb03" * 10))["engraving"]


def test_an_optional_field_left_empty_is_left_out() -> None:
    answers = offerings.validate_answers(RING, typed(needed_by="  "), TODAY)

    assert "needed_by" not in {answer.field for answer in answers}


def test_every_field_that_is_wrong_is_named_at_once() -> None:
    said = refused({"size": "Q", "needed_by": "2020-01-01", "why": "x" * 100_000})

    assert set(said) == {"size_system", "metal", "finish", "engraving", "occasion", "needed_by", "why"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("size", "A", "We do not make this size"),
        ("size", "banana", "not a size"),
        ("size", "9" * 100_000, "not a size"),
        ("metal", "tin", "Choose one of silver_925"),
        ("needed_by", "2026-11-22", "passed"),
        ("needed_by", "2026-11-23", "too soon"),
        ("needed_by", "2031-01-01", "too far ahead"),
        ("needed_by", "2027-02-30", "This date does not exist"),
        ("engraving", "For\x00ever", "cannot be saved (U+0000)"),
        ("engraving", "line\nbreak", "cannot be saved (U+000A)"),
        ("engraving", "愛", "cannot make the character"),
        ("engraving", "For ever and ever and ever", "room for 23 characters"),
        ("why", "a\u202eb", "U+202E"),
        ("why", "\ud800", "U+D800"),
        ("why", "y" * 2001, "Shorten it to 2000"),
    ],
)
def test_a_wrong_answer_is_refused_with_words_that_help(field: str, value: str, words: str) -> None:
    said = refused(typed(**{field: value}))

    assert set(said) == {field}
    assert words in said[field]


def test_a_system_that_does_not_exist_is_said_beside_the_system() -> None:
    assert "Choose one: EU / ISO" in refused(typed(size_system="japan"))["size_system"]


def test_a_field_the_form_does_not_have_is_refused_and_its_name_made_harmless() -> None:
    said = refused(typed(**{"prize\x07" + "x" * 100: "1"}))

    (name,) = said
    assert name.startswith("prize?x")
    assert len(name) == 40


def test_pictures_are_no_answers() -> None:
    assert "reference" not in RING.form.inputs
    assert [field.name for field in RING.form.images] == ["reference"]
    assert "reference" in refused(typed(reference="a.png"))


def test_the_form_says_which_field_is_the_day_it_is_needed_by() -> None:
    assert RING.form.needed_by is not None
    assert RING.form.needed_by.name == "needed_by"
