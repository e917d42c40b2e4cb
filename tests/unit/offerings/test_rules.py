"""The named rules: ring sizes, days, engraving, weights."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.phrases import Phrase
from shared.offerings.rules import PI, AnswerReason, RuleError
from shared.offerings.rules.bands import BandSection, band_weight
from shared.offerings.rules.days import day
from shared.offerings.rules.letters import as_cut, inscription, letters_that_fit
from shared.offerings.rules.numbers import number
from shared.offerings.rules.ring_sizes import RingSystem, ring_size
from shared.offerings.rules.shrinkage import before_shrinkage

LEAST, MOST = Decimal(30), Decimal(90)


def around(text: str, system: RingSystem) -> Decimal:
    return ring_size(text, system, least=LEAST, most=MOST).circumference


@pytest.mark.parametrize(
    ("text", "system", "circumference"),
    [
        ("54", RingSystem.ISO, "54"),
        ("54,5", RingSystem.ISO, "54.5"),
        ("C", RingSystem.UK, "40"),
        ("m", RingSystem.UK, "52.5"),
        ("N½", RingSystem.UK, "54.38"),
        ("N 1/2", RingSystem.UK, "54.38"),
        ("Z", RingSystem.UK, "68.75"),
        ("Z+3", RingSystem.UK, "72.5"),
        ("Z3", RingSystem.UK, "72.5"),
        ("7", RingSystem.US, "54.42"),
        ("6 3/4", RingSystem.US, "53.78"),
        ("6.75", RingSystem.US, "53.78"),
        ("14", RingSystem.SOUTH, "54"),
        ("17.2", RingSystem.DIAMETER, "54.04"),
    ],
)
def test_sizes_are_read_as_their_systems_mean_them(text: str, system: RingSystem, circumference: str) -> None:
    assert around(text, system) == Decimal(circumference)


def test_us_seven_is_nearly_seventeen_and_a_third_across() -> None:
    """The trade's charts give 17.35 mm (0.458 + 7 x 0.032 inch = 17.32 mm)."""
    assert ring_size("7", RingSystem.US, least=LEAST, most=MOST).diameter == Decimal("17.32")


@pytest.mark.parametrize("system", list(RingSystem))
def test_the_example_of_every_system_is_the_same_ring(system: RingSystem) -> None:
    assert abs(around(system.example, system) - 54) <= Decimal("0.3")


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("", RingSystem.ISO),
        ("-54", RingSystem.ISO),
        ("5e1", RingSystem.ISO),
        ("٥٤", RingSystem.ISO),
        ("1" * 400, RingSystem.ISO),
        ("AA", RingSystem.UK),
        ("Z+7", RingSystem.UK),
        ("Ä", RingSystem.UK),
        ("6.6", RingSystem.US),
        ("nan", RingSystem.DIAMETER),
    ],
)
def test_what_is_no_size_is_refused_with_an_example(text: str, system: RingSystem) -> None:
    with pytest.raises(RuleError) as refused:
        around(text, system)

    assert refused.value.message == Phrase(AnswerReason.NOT_A_SIZE, system=system, example=system.example)


def test_a_size_off_the_scale_says_what_the_scale_is() -> None:
    with pytest.raises(RuleError) as refused:
        ring_size("99", RingSystem.ISO, least=Decimal(44), most=Decimal(76))

    assert refused.value.message == Phrase(
        AnswerReason.SIZE_OFF_THE_SCALE, circumference=Decimal(99), least=Decimal(44), most=Decimal(76)
    )


@given(st.text(max_size=50), st.sampled_from(RingSystem))
def test_whatever_is_typed_is_a_size_on_the_scale_or_a_rule_error(text: str, system: RingSystem) -> None:
    with suppress(RuleError):
        assert LEAST <= around(text, system) <= MOST


@given(st.decimals("30", "90", places=2))
def test_iso_sizes_come_back_as_they_were_written(size: Decimal) -> None:
    assert around(str(size), RingSystem.ISO) == size


@given(st.decimals("30", "90", places=2))
def test_the_diameter_is_the_circumference_over_pi(size: Decimal) -> None:
    found = ring_size(str(size), RingSystem.ISO, least=LEAST, most=MOST)

    assert abs(found.diameter * PI - size) <= Decimal("0.02")


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_day_in_its_bounds_or_a_rule_error(text: str) -> None:
    today = date(2026, 11, 23)
    with suppress(RuleError):
        assert today <= day(text, today=today, earliest=today, latest=date(2027, 11, 23)) <= date(2027, 11, 23)


@pytest.mark.parametrize("text", ["20270605", "2027-W22-6", "2027-6-5", "05.06.2027", "2027-06-05T10:00", "٢٠٢٧-06-05"])
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(RuleError, match="not_a_day"):
        day(text, today=date(2026, 1, 1), earliest=date(2026, 1, 1), latest=date(2030, 1, 1))


def test_as_many_letters_fit_as_there_is_room_for() -> None:
    assert letters_that_fit(Decimal(40), letter_mm=Decimal("1.7")) == 23
    assert letters_that_fit(Decimal(-4), letter_mm=Decimal("1.7")) == 0


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("A\u00a0B", "A B"),
        ("A\u2009B\u202fC\u3000D", "A B C D"),
        ("\ufb01n", "fin"),
        ("o\ufb03ce", "office"),
        ("\u0133s", "ijs"),
        ("Æsop Œuvre ß", "Æsop Œuvre ß"),
        ("a\nb", "a\nb"),
        ("½ ♥ é", "½ ♥ é"),
    ],
)
def test_a_text_is_cut_letter_by_letter(typed: str, cut: str) -> None:
    assert as_cut(typed) == cut


def test_a_graver_writes_latin_letters_and_the_marks_of_its_craft() -> None:
    assert inscription("Für Łucja & Ørn 7", marks="&", room=40)
    for text in ("愛", "любовь", "a\tb", "a+b", "²", "ª"):
        with pytest.raises(RuleError, match="not_engravable"):
            inscription(text, marks="&", room=40)


def test_a_flat_band_weighs_what_its_strip_weighs() -> None:
    """A strip of 4 x 2 mm, as long as the middle of the band: 54 + 2 pi = 60.28 mm of 10.4 g/cm³."""
    weight = band_weight(BandSection.FLAT, Decimal(54), Decimal(4), Decimal(2), Decimal("10.4"))

    assert round(weight, 2) == Decimal("5.02")


sizes = st.decimals("44", "76", places=2)
thicknesses = st.decimals("1", "3", places=1)


@given(sizes, thicknesses)
def test_a_d_section_weighs_less_than_the_strip_it_is_filed_from(size: Decimal, thickness: Decimal) -> None:
    def weigh(section: BandSection) -> Decimal:
        return band_weight(section, size, Decimal(4), thickness, Decimal("15.58"))

    assert Decimal(0) < weigh(BandSection.D) < weigh(BandSection.FLAT)


def test_a_measure_is_within_its_bounds_and_in_its_steps() -> None:
    def read(text: str) -> Decimal:
        return number(text, least=Decimal(2), most=Decimal(6), step=Decimal("0.5"), unit="mm")

    assert read("4,5") == Decimal("4.5")
    for text, reason in (
        ("wide", AnswerReason.NOT_A_NUMBER),
        ("7", AnswerReason.NUMBER_OUT_OF_BOUNDS),
        ("4.3", AnswerReason.NUMBER_TOO_FINE),
    ):
        with pytest.raises(RuleError) as refused:
            read(text)
        assert refused.value.message.code is reason


def test_what_is_made_wet_is_larger_by_what_the_clay_shrinks() -> None:
    assert before_shrinkage(Decimal(88), Decimal(12)) == Decimal(100)


@pytest.mark.parametrize("shrinkage", [Decimal(100), Decimal(110), Decimal(-1)])
def test_nothing_shrinks_by_all_of_it(shrinkage: Decimal) -> None:
    with pytest.raises(RuleError):
        before_shrinkage(Decimal(88), shrinkage)
