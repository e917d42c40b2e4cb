"""Serials: short, checked, and forgiving to who types them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.domain.serials import ALPHABET, draw, read

NUMBERS = st.integers(0, 2**55 - 1)


def drawn(seed: int) -> str:
    return draw(random.Random(seed).getrandbits)  # noqa: S311 (a test that can be repeated)


@given(st.integers())
def test_a_serial_is_read_as_it_was_drawn(seed: int) -> None:
    serial = drawn(seed)

    assert read(serial) == serial
    assert len(serial) == 14
    assert set(serial) <= {*ALPHABET, "-"}


@given(st.integers())
def test_small_letters_blanks_and_look_alikes_are_forgiven(seed: int) -> None:
    serial = drawn(seed)
    typed = serial.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert read(typed) == serial


@given(st.integers(), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(seed: int, place: int, other: str) -> None:
    serial = drawn(seed).replace("-", "")
    wrong = serial[:place] + other + serial[place + 1 :]

    assert read(wrong) is None or wrong == serial


@given(st.integers(), st.integers(0, 10))
def test_two_that_changed_places_are_noticed(seed: int, place: int) -> None:
    serial = drawn(seed).replace("-", "")
    wrong = serial[:place] + serial[place + 1] + serial[place] + serial[place + 2 :]

    assert read(wrong) is None or wrong == serial


@pytest.mark.parametrize(
    "typed", ["", "7K3M", "7K3M-9XQT-R2V*", "\u2160\u2160\u2160\u2160-9XQT-R2VD", "x" * 10_000, "7K3M-9XQT-R2VU"]
)
def test_what_cannot_be_a_serial_is_none(typed: str) -> None:
    assert read(typed) is None
