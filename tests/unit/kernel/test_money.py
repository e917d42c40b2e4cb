"""Money: integer minor units of one currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import CurrencyMismatchError, Money

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


def test_a_half_is_rounded_to_the_even_neighbour() -> None:
    assert Money(minor=25, currency="EUR").times(Decimal("0.1")).minor == 2
    assert Money(minor=35, currency="EUR").times(Decimal("0.1")).minor == 4


def test_an_amount_that_json_spells_with_a_fraction_is_refused() -> None:
    with pytest.raises(ValueError, match="minor"):
        Money.model_validate_json('{"minor": 1.5, "currency": "EUR"}')
