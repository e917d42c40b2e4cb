"""How long the studio answers for a piece."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.intake.domain.claims import Guarantee, months_after
from shared.contracts.commissions import ClaimKind
from shared.contracts.quotes import ClaimRemedy
from tests.unit.intake.facts import ENGLISH

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
        (date(2026, 12, 31), 24, date(2028, 12, 31)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, last: date) -> None:
    assert months_after(day, months) == last


def test_the_guarantee_counts_from_the_day_at_the_studio() -> None:
    """Half past eleven in the evening, UTC, is the next day in Berlin."""
    arrived = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)

    assert Guarantee(arrived, 24).last_day(BERLIN) == date(2028, 12, 2)


@pytest.mark.parametrize("code", [*ClaimKind, *ClaimRemedy])
def test_everything_that_is_claimed_or_answered_has_words(code: ClaimKind | ClaimRemedy) -> None:
    assert ENGLISH.label(code)
