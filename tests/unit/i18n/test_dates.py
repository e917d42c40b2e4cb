"""Dates and money as people in the studio's zone read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.i18n import Readers
from shared.kernel.calendar import day_of, end_of_day, last_day
from shared.kernel.money import Money

BERLIN = Readers(zone="Europe/Berlin").of("en")
LATE = datetime(2027, 5, 31, 22, 30, tzinfo=UTC)


def test_an_instant_is_written_in_the_zone_of_the_studio() -> None:
    assert BERLIN.moment(LATE) == "1 June 2027, 00:30\N{NO-BREAK SPACE}CEST"
    assert BERLIN.day(LATE) == "Tuesday, 1 June 2027"


def test_a_date_is_written_as_it_is() -> None:
    assert BERLIN.short_day(date(2027, 5, 31)) == "31 May 2027"


def test_programs_read_the_exact_instant() -> None:
    assert (
        BERLIN.time_tag(LATE) == '<time datetime="2027-05-31T22:30:00Z">1 June 2027, 00:30\N{NO-BREAK SPACE}CEST</time>'
    )
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
    [
        (128050, "EUR", "€1,280.50"),
        (-5, "EUR", "-€0.05"),
        (1500, "JPY", "JP¥1,500"),
        (1234, "KWD", "KWD1.234"),
        (57577, "RSD", "RSD575.77"),
    ],
)
def test_money_has_the_decimals_of_its_currency(minor: int, currency: str, said: str) -> None:
    assert BERLIN.money(Money(minor=minor, currency=currency)) == said


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (datetime(2027, 5, 31, 22, 0, tzinfo=UTC), '<time datetime="2027-05-31">31 May 2027</time>'),
        (LATE, '<time datetime="2027-05-31T22:30:00Z">1 June 2027, 00:30\N{NO-BREAK SPACE}CEST</time>'),
        (date(2027, 5, 31), '<time datetime="2027-05-31">31 May 2027</time>'),
    ],
)
def test_a_deadline_at_midnight_is_named_by_the_last_day_that_counts(deadline: date, said: str) -> None:
    assert BERLIN.until(deadline) == said


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Europe/Berlin", "en", "1 June 2027, 00:30\N{NO-BREAK SPACE}CEST"),
        ("Europe/Berlin", "de", "1. Juni 2027, 00:30\N{NO-BREAK SPACE}MESZ"),
        ("America/Havana", "en", "31 May 2027, 18:30\N{NO-BREAK SPACE}GMT-04:00"),
        ("America/New_York", "en", "31 May 2027, 18:30\N{NO-BREAK SPACE}GMT-04:00"),
        ("UTC", "en", "31 May 2027, 22:30\N{NO-BREAK SPACE}UTC"),
    ],
)
def test_an_hour_has_its_zone(zone: str, language: str, said: str) -> None:
    assert Readers(zone=zone).of(language).moment(LATE) == said


WITHOUT_MIDNIGHT = [
    ("America/Havana", date(2027, 3, 14)),
    ("Africa/Cairo", date(2027, 4, 30)),
    ("America/Santiago", date(2027, 9, 5)),
    ("Asia/Beirut", date(2027, 3, 28)),
]
"""Days that begin at one o'clock: clocks are put forward at midnight."""


@pytest.mark.parametrize(("zone", "day"), WITHOUT_MIDNIGHT)
def test_a_deadline_before_a_day_without_a_midnight_is_the_day_before(zone: str, day: date) -> None:
    here = ZoneInfo(zone)
    until = end_of_day(day - timedelta(days=1), here)

    assert until.astimezone(here).hour == 1, "else this test is about nothing"
    before = day - timedelta(days=1)
    assert last_day(until, here) == before
    assert f'datetime="{before.isoformat()}"' in Readers(zone=zone).of("en").until(until)


@given(
    st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
)
def test_the_end_of_a_day_is_named_by_that_day_in_every_zone(zone: str, day: date) -> None:
    here = ZoneInfo(zone)
    ends = end_of_day(day, here)
    assume(day_of(ends, here) == day + timedelta(days=1))  # not where a zone left out a day, as Samoa did

    assert last_day(ends, here) == day
    assert last_day(ends - timedelta(seconds=1), here) is None
    assert last_day(ends + timedelta(seconds=1), here) is None
