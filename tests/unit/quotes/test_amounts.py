"""What people type about money."""

from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.quotes.domain.amounts import AmountRefusedError, parse_amount, typed_example
from services.quotes.domain.references import grouped_reference, parse_reference, reference_of
from tests.support.quotes import ENGLISH


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1234.50", 123450),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1 234,5", 123450),
        ("1'234.50", 123450),
        ("€ 80", 8000),
        ("80 €", 8000),
        ("EUR 80,00", 8000),
        ("1.234.567", 123456700),
        ("0,01", 1),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, minor: int) -> None:
    assert parse_amount(typed, "EUR").minor == minor


@pytest.mark.parametrize("typed", ["1.234", "1,234", "12.345", "1.234,567"])
def test_what_could_be_read_in_two_ways_is_refused_with_both(typed: str) -> None:
    with pytest.raises(AmountRefusedError, match="ambiguous") as refused:
        parse_amount(typed, "EUR")

    assert "Enter " in ENGLISH.remedy(refused.value.reason)


@pytest.mark.parametrize(
    "typed", ["", " ", "0", "0.00", "-5", "1e3", "NaN", "12,34,56", "1.2.3", "five", "1234567890123.00", "\u0661\u0662"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(AmountRefusedError):
        parse_amount(typed, "EUR")


def test_a_currency_without_decimals_takes_none() -> None:
    assert parse_amount("1500", "JPY").minor == 1500
    with pytest.raises(AmountRefusedError, match="decimals"):
        parse_amount("15.5", "JPY")


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("79.835", "KWD", 79_835),
        ("79,835", "KWD", 79_835),
        ("1,234.500", "KWD", 1_234_500),
        ("1,234,500", "KWD", 1_234_500_000),
        ("10,000", "JPY", 10_000),
        ("10.000", "JPY", 10_000),
        ("575.77", "RSD", 57_577),
        ("1.2345", "CLF", 12_345),
    ],
)
def test_an_amount_is_read_with_the_decimals_of_its_currency(typed: str, currency: str, minor: int) -> None:
    assert parse_amount(typed, currency).minor == minor


@pytest.mark.parametrize("currency", ["EUR", "RSD", "KWD", "JPY", "CLF"])
def test_the_example_of_an_amount_can_be_typed(currency: str) -> None:
    assert parse_amount(typed_example(currency), currency).minor


@given(st.integers(1, 9_999_999_99))
def test_every_amount_comes_back_as_it_was_written(minor: int) -> None:
    for typed in (f"{minor / 100:.2f}", f"{minor / 100:,.2f}"):
        assert parse_amount(typed, "EUR").minor == minor


@given(st.uuids())
def test_a_reference_is_read_however_it_is_spaced(commission: UUID) -> None:
    made = reference_of(commission)

    assert parse_reference(grouped_reference(made).lower()) == made
    assert parse_reference(f" {made[:6]}-{made[6:]} ") == made


@given(st.uuids(), st.integers(2, 13), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_in_a_reference_is_noticed(commission: UUID, place: int, wrong: str) -> None:
    made = reference_of(commission)
    assume(made[place].isdigit() == wrong.isdigit())
    typed = made[:place] + wrong + made[place + 1 :]

    assert parse_reference(typed) == (made if typed == made else None)


def test_letters_that_look_like_digits_are_read_as_these() -> None:
    made = reference_of(UUID("019f0000-0000-7000-8000-000000000001"))

    assert parse_reference(made.replace("0", "O").replace("1", "l")) == made


def test_a_known_reference_has_the_check_digits_of_the_standard() -> None:
    """The example of ISO 11649 as banks print it."""
    assert parse_reference("RF18 5390 0754 7034") == "RF18539007547034"
    assert parse_reference("RF19 5390 0754 7034") is None
