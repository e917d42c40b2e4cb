"""How long somebody waits for another sign-in link."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.sign_in import FREE, SIGN_IN_LIFE, LinksAsked, hash_address, nobody_at

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("times", "waits"), [(FREE - 1, 0), (FREE, 2), (FREE + 1, 4), (FREE + 2, 8), (FREE + 3, 10), (1_000, 10)]
)
def test_each_waits_twice_as_long_but_no_longer_than_the_newest_link_is_good(times: int, waits: int) -> None:
    enough = [minutes for minutes in range(12) if not LinksAsked(times, NOW - minutes * MINUTE).is_under_way(NOW)]

    assert enough[0] == waits <= SIGN_IN_LIFE / MINUTE


def test_nobody_is_the_same_however_an_address_is_written_and_says_nothing_without_the_key() -> None:
    first, again = (nobody_at("key", hash_address(each)) for each in ("ada@example.org", "Ada@Example.org"))

    assert first == again
    assert first != nobody_at("other", hash_address("ada@example.org"))
    assert first != nobody_at("key", hash_address("bo@example.org"))
