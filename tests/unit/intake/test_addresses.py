"""Addresses of parcels, checked by what the country's post wants."""

from dataclasses import replace

import pytest

from services.intake.domain.delivery import Address, read_address
from shared.kernel.problems import Problem

HOME = Address("Ada Quist", "Lindenweg 4", "10115", "Berlin")


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("DE", " 10115 ", "10115"),
        ("AT", "1010", "1010"),
        ("NL", "1012js", "1012JS"),
        ("GB", "sw1a  1aa", "SW1A 1AA"),
        ("PL", "00-001", "00-001"),
        ("SE", "110 00", "110 00"),
        ("HK", "", ""),
        ("BR", "01310-100", "01310-100"),
    ],
)
def test_a_postcode_is_kept_as_it_is_written_there(country: str, typed: str, kept: str) -> None:
    assert read_address(replace(HOME, postcode=typed), country).postcode == kept


@pytest.mark.parametrize(
    ("country", "postcode"),
    [
        ("DE", ""),
        ("DE", "1011"),
        ("DE", "\u0661\u0660\u0661\u0661\u0665"),
        ("AT", "10115"),
        ("GB", "12345"),
        ("HK", "<b>"),
    ],
)
def test_a_postcode_that_is_none_there_is_refused(country: str, postcode: str) -> None:
    with pytest.raises(Problem) as refused:
        read_address(replace(HOME, postcode=postcode), country)

    assert [each.field for each in refused.value.fields] == ["postcode"]


def test_every_field_that_needs_another_look_is_named() -> None:
    with pytest.raises(Problem) as refused:
        read_address(Address("", "", "", "", phone="call me"), "DE")

    assert [each.field for each in refused.value.fields] == ["name", "street", "city", "postcode", "phone"]
