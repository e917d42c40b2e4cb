"""How long somebody waits for another sign-in link, and what is said of one that is not good."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.one_time import OneTimeResult
from services.intake.domain.sign_in import (
    FREE,
    SIGN_IN_LIFE,
    LinksAsked,
    hash_address,
    nobody_at,
    refused_code,
    refused_link,
)
from services.intake.labels import LABELS
from shared.i18n import Readers

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
READER = Readers(zone="Europe/Vienna", labels=LABELS).of("en")


@pytest.mark.parametrize(
    ("times", "waits"), [(FREE - 1, 0), (FREE, 2), (FREE + 1, 4), (FREE + 2, 8), (FREE + 3, 10), (1_000, 10)]
)
def test_each_waits_twice_as_long_but_no_longer_than_the_newest_link_is_good(times: int, waits: int) -> None:
    enough = [minutes for minutes in range(12) if not LinksAsked(times, NOW - minutes * MINUTE).is_under_way(NOW)]

    assert enough[0] == waits <= SIGN_IN_LIFE / MINUTE


@pytest.mark.parametrize("result", [each for each in OneTimeResult if each is not OneTimeResult.GOOD])
def test_of_a_code_it_is_said_what_is_wrong_with_the_code(result: OneTimeResult) -> None:
    said = READER.label(refused_code(result).fields[0].message)

    assert "code" in said
    assert "link" not in said


@pytest.mark.parametrize("result", [OneTimeResult.WRONG, OneTimeResult.USED, OneTimeResult.EXPIRED])
def test_of_a_link_it_is_said_what_is_wrong_with_the_link(result: OneTimeResult) -> None:
    problem = refused_link(result)
    assert problem.detail
    said = READER.label(problem.detail)

    assert "link" in said
    assert "code" not in said


def test_nobody_is_the_same_however_an_address_is_written_and_says_nothing_without_the_key() -> None:
    first, again = (nobody_at("key", hash_address(each)) for each in ("ada@example.org", "Ada@Example.org"))

    assert first == again
    assert first != nobody_at("other", hash_address("ada@example.org"))
    assert first != nobody_at("key", hash_address("bo@example.org"))
