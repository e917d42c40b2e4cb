"""Money: integer minor units of one currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import CurrencyMismatchError, Money, minor_digits

amounts = st.integers(-(10**12), 10**12).map(lambda minor: Money(minor=minor, currency="EUR"))


@given(amounts, amounts, amounts)
def test_sums_do_not_depend_on_their_order(one: Money, two: Money, three: Money) -> None:
    assert (one + two) + three == three + (two + one)


@given(amounts)
def test_adding_nothing_changes_nothing(amount: Money) -> None:
    assert amount + Money.zero("EUR") == amount


def test_two_currencies_cannot_be_added() -> None:
    with pytest.raises(CurrencyMismatchError):
        Money.zero("EUR") + Money.zero("GBP")


@given(amounts, st.decimals("-1000", "1000", places=6))
def test_a_product_is_off_by_half_a_minor_unit_at_most(amount: Money, factor: Decimal) -> None:
    assert abs(amount.times(factor).minor - amount.minor * factor) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("minor", "factor", "rounded"), [(25, "0.1", 3), (35, "0.1", 4), (-25, "0.1", -3), (78_750, "0.19", 14_963)]
)
def test_a_half_is_rounded_up_away_from_zero(minor: int, factor: str, rounded: int) -> None:
    assert Money(minor=minor, currency="EUR").times(Decimal(factor)).minor == rounded


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("RSD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_a_currency_has_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


def test_an_amount_that_json_spells_with_a_fraction_is_refused() -> None:
    with pytest.raises(ValueError, match="minor"):
        Money.model_validate_json('{"minor": 1.5, "currency": "EUR"}')
