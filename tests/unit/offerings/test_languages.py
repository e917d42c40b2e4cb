"""An offering in the words of another language, and answers as somebody reads them."""

from datetime import date

import pytest

from shared import offerings
from shared.offerings import Offering, catalogue
from shared.offerings.catalogue import skill_titles
from shared.offerings.spoken import spoken
from tests.support.words import reader

TODAY = date(2026, 11, 23)
RING = offerings.load("jewellery", "engraved-ring").offering
ENGLISH, GERMAN = reader(), reader(language="de")


def said(offering: Offering, language: str, **typed: str) -> dict[str, str]:
    """What this reader reads of each answer to the form."""
    answers = offerings.validate_answers(offering, typed, TODAY)
    return {answer.field: spoken(offering, answer, reader(language=language)) for answer in answers}


def test_an_offering_can_be_had_in_each_of_its_languages() -> None:
    german = RING.in_language("de")

    assert (RING.title, german.title) == ("The engraved ring", "Der gravierte Ring")
    assert german.in_language("en") == RING
    assert german.pricing.hourly_rate_minor == RING.pricing.hourly_rate_minor


def test_a_language_that_is_not_there_is_english() -> None:
    assert RING.in_language("fr") == RING


def test_words_tell_figures_as_their_language_writes_them() -> None:
    assert "4\u00a0mm wide and 1.8\u00a0mm thick" in RING.summary
    assert "4\u00a0mm breit und 1,8\u00a0mm stark" in RING.in_language("de").summary


@pytest.mark.parametrize("key", [document.key for document in catalogue()], ids=str)
def test_every_offering_has_english_and_german_words(key: offerings.OfferingKey) -> None:
    offering = offerings.load(key.craft, key.offering).offering

    assert offering.in_language("de").title != offering.title


def test_answers_are_read_in_the_readers_language() -> None:
    ring = {
        "size": "n 1/2",
        "size_system": "uk",
        "metal": "gold_750_rose",
        "finish": "satin",
        "engraving": "Für immer",
        "occasion": "wedding",
        "needed_by": "2027-06-05",
        "why": "Für sie.",
    }

    assert said(RING, "en", **ring) == {
        "size": "UK size N 1/2 (54.4 mm around the inside, 17.3 mm across)",
        "metal": "18 ct rose gold (750)",
        "finish": "Satin",
        "engraving": "Für immer",
        "occasion": "Wedding",
        "needed_by": "5 June 2027",
        "why": "Für sie.",
    }
    assert said(RING, "de", **ring) == {
        "size": "UK-Größe N 1/2 (innen 54,4\u00a0mm Umfang, 17,3\u00a0mm Durchmesser)",
        "metal": "Roségold (750)",
        "finish": "Seidenmatt",
        "engraving": "Für immer",
        "occasion": "Hochzeit",
        "needed_by": "5. Juni 2027",
        "why": "Für sie.",
    }


def test_skills_are_called_by_every_offering_that_needs_them() -> None:
    assert skill_titles("de") == {"potter": "Töpfern", "goldsmith": "Goldschmieden", "hand_engraver": "Handgravur"}


def test_what_holds_for_some_answers_is_left_out_for_others() -> None:
    darkens = next(each for each in RING.care.card if each.id == "darkens")

    assert darkens.applies({"metal": "silver_925"})
    assert not darkens.applies({"metal": "gold_750_rose"})
    assert darkens.applies({})
