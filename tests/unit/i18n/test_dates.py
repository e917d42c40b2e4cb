"""Dates and money as people in the studio's zone read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.i18n import Readers
from shared.kernel.money import Money

BERLIN = Readers(zone="Europe/Berlin").of("en")
LATE = datetime(2027, 5, 31, 22, 30, tzinfo=UTC)


def test_an_instant_is_written_in_the_zone_of_the_studio() -> None:
    assert BERLIN.moment(LATE) == "1 June 2027, 00:30"
    assert BERLIN.day(LATE) == "Tuesday, 1 June 2027"


def test_a_date_is_written_as_it_is() -> None:
    assert BERLIN.short_day(date(2027, 5, 31)) == "31 May 2027"


def test_programs_read_the_exact_instant() -> None:
    assert BERLIN.time_tag(LATE) == '<time datetime="2027-05-31T22:30:00Z">1 June 2027, 00:30</time>'
    assert BERLIN.time_tag(date(2027, 5, 31)) == '<time datetime="2027-05-31">31 May 2027</time>'


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=69), "1 minute ago"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(hours=-3), "in 3 hours"),
    ],
)
def test_how_long_ago(before: timedelta, said: str) -> None:
    assert BERLIN.ago(LATE - before, LATE) == said


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [(128050, "EUR", "€1,280.50"), (-5, "EUR", "-€0.05"), (1500, "JPY", "JP¥1,500"), (1234, "KWD", "KWD1.234")],
)
def test_money_has_the_decimals_of_its_currency(minor: int, currency: str, said: str) -> None:
    assert BERLIN.money(Money(minor=minor, currency=currency)) == said


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (datetime(2027, 5, 31, 22, 0, tzinfo=UTC), '<time datetime="2027-05-31">31 May 2027</time>'),
        (LATE, '<time datetime="2027-05-31T22:30:00Z">1 June 2027, 00:30</time>'),
        (date(2027, 5, 31), '<time datetime="2027-05-31">31 May 2027</time>'),
    ],
)
def test_a_deadline_at_midnight_is_named_by_the_last_day_that_counts(deadline: date, said: str) -> None:
    assert BERLIN.until(deadline) == said
