"""What is signed before a gate: letters, layout, and a spelling that is corrected there."""

from decimal import Decimal

import pytest

from services.intake.domain.signing import check_all_ticked, correctable, corrected, sheet
from services.intake.domain.spelling import name_of, spell
from shared import offerings
from shared.contracts.briefs import BriefAnswer
from shared.kernel.problems import Problem, ProblemType
from shared.offerings.layouts import lay_out
from shared.offerings.making import Gate
from tests.support.words import helps
from tests.unit.intake.facts import ENGLISH

OFFERING = offerings.load("jewellery", "engraved-ring").offering
ANSWERS = (
    BriefAnswer(field="size", value="54.00", written="iso 54"),
    BriefAnswer(field="metal", value="gold_750_yellow"),
    BriefAnswer(field="engraving", value="as it was"),
)


def gate(name: str) -> Gate:
    return next(each for each in OFFERING.gates if each.id == name)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("I", "capital I"),
        ("l", "small l"),
        ("O", "capital O"),
        ("0", "zero"),
        ("1", "one"),
        (" ", "space"),
        ("-", "hyphen"),
        ("–", "dash"),  # noqa: RUF001 (the character that is meant)
        ("é", "small e with acute"),
        ("Ø", "capital O with stroke"),
        ("♥", "heart"),
    ],
)
def test_every_character_has_a_name_that_one_could_say_on_the_telephone(character: str, name: str) -> None:
    assert ENGLISH.label(name_of(character)) == name


def test_every_character_of_the_craft_has_a_name_of_its_own() -> None:
    marks = "&.,·+–-’'♥∞ "  # noqa: RUF001 (the offering's own marks)
    letters = "".join(chr(code) for code in range(33, 127) if chr(code).isalnum())

    names = [ENGLISH.label(each.name) for each in spell(marks + letters)]

    assert len(set(names)) == len(names)


def test_what_is_easily_taken_for_something_else_is_marked() -> None:
    assert [each.character for each in spell("Il 1Oé ma") if each.alike] == ["I", "l", " ", "1", "O", "é", " "]


def test_words_stand_opposite_the_joint_and_clear_of_what_stays_free() -> None:
    layout = lay_out("as it was", length=Decimal(54), width=Decimal(4), letter=Decimal("1.7"), free=Decimal(14))

    assert (layout.begins + layout.ends) / 2 == 27
    assert layout.begins >= layout.at_each_end == 7
    assert [each.character for each in layout.letters] == list("asitwas")
    assert layout.letters[0].x == layout.begins + Decimal("0.85")
    assert all(x + 1 <= layout.at_each_end for x, _ in layout.marks)


@pytest.mark.parametrize("size", [Decimal(44), Decimal(54), Decimal(76)])
def test_as_many_letters_as_fit_never_touch_the_hallmarks(size: Decimal) -> None:
    fit = int((size - 14) / Decimal("1.7"))

    layout = lay_out("m" * fit, length=size, width=Decimal(4), letter=Decimal("1.7"), free=Decimal(14))

    assert layout.begins >= layout.at_each_end
    assert layout.ends <= size - layout.at_each_end


def test_the_gate_of_the_first_cut_shows_the_size_with_its_system() -> None:
    [size] = sheet(OFFERING, gate("cut"), ANSWERS)

    assert (size.id, size.label) == ("size", "Ring size")
    assert size.answer
    assert size.answer.value == "54.00"


def test_the_gate_of_the_engraving_shows_the_words_and_the_layout() -> None:
    words, layout = sheet(OFFERING, gate("engraving"), ANSWERS)

    assert "".join(each.character for each in words.characters) == "as it was"
    assert layout.layout
    assert layout.layout.length == Decimal("54.00")


def test_what_only_the_maker_signs_is_not_the_customers() -> None:
    assert sheet(OFFERING, gate("hallmark"), ANSWERS) == ()


def test_everything_has_to_be_ticked() -> None:
    signed = sheet(OFFERING, gate("engraving"), ANSWERS)
    check_all_ticked(signed, frozenset({"words", "layout"}))

    with pytest.raises(Problem) as refusal:
        check_all_ticked(signed, frozenset({"words"}))

    assert [found.field for found in refusal.value.fields] == ["sign_layout"]


def test_the_spelling_is_corrected_by_the_forms_own_rule() -> None:
    found = corrected(
        OFFERING, correctable(OFFERING, gate("engraving"), ANSWERS, ANSWERS), ANSWERS, {"engraving": " As is "}
    )

    assert [each.value for each in found] == ["54.00", "gold_750_yellow", "As is"]


def test_the_same_words_are_no_correction() -> None:
    found = corrected(
        OFFERING, correctable(OFFERING, gate("engraving"), ANSWERS, ANSWERS), ANSWERS, {"engraving": "as it was"}
    )

    assert found == ANSWERS


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"engraving": "as it were"}, "Your quote includes 7 letters, and these are 8."),
        ({"engraving": "日本"}, "We cannot make the character “日” by hand."),
        ({"engraving": ""}, "This is still empty."),
        ({"engraving": "x" * 60}, "This has 60 characters."),
        ({"engraving": "a\x00"}, "This contains a character that cannot be saved (U+0000)."),
        ({"metal": "platinum_950"}, "This cannot be corrected here."),
    ],
)
def test_a_correction_that_cannot_be_taken_says_why(typed: dict[str, str], message: str) -> None:
    with pytest.raises(Problem) as refusal:
        corrected(OFFERING, correctable(OFFERING, gate("engraving"), ANSWERS, ANSWERS), ANSWERS, typed)

    assert refusal.value.type is ProblemType.VALIDATION_FAILED
    assert [ENGLISH.label(found.message) for found in refusal.value.fields] == [message]
    assert all(helps(found, ENGLISH) for found in refusal.value.fields)


def test_nothing_is_corrected_where_no_words_are_signed() -> None:
    assert correctable(OFFERING, gate("cut"), ANSWERS, ANSWERS) == ()
