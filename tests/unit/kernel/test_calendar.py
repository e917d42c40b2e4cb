"""Working days and hours, and where a day ends."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.calendar import NoWorkingDayError, UnknownCountryError, WorkingCalendar, day_of, end_of_day

BERLIN = ZoneInfo("Europe/Berlin")
SIX_HOURS = WorkingCalendar(week=(360, 360, 360, 360, 360, 0, 0))
MONDAY = date(2026, 11, 23)

days = st.dates(date(2020, 1, 1), date(2060, 1, 1))


def test_nobody_works_on_a_public_holiday_or_while_the_studio_is_closed() -> None:
    hours = [Decimal(6)] * 5 + [Decimal(0)] * 2
    calendar = WorkingCalendar.of(hours, country="DE", closures=[date(2026, 12, 28)])

    assert calendar.minutes(date(2026, 12, 24)) == 360
    assert calendar.working_day(date(2026, 12, 25)) == date(2026, 12, 29)


def test_a_subdivision_has_holidays_of_its_own() -> None:
    hours = [Decimal(6)] * 7
    epiphany = date(2027, 1, 6)

    assert WorkingCalendar.of(hours, country="DE", subdivision="BY").minutes(epiphany) == 0
    assert WorkingCalendar.of(hours, country="DE", subdivision="BE").minutes(epiphany) == 360


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(UnknownCountryError):
        WorkingCalendar.of([Decimal(6)] * 7, country="XX")


def test_a_week_without_work_is_refused() -> None:
    with pytest.raises(NoWorkingDayError):
        WorkingCalendar(week=(0, 0, 0, 0, 0, 0, 0))


def test_a_calendar_that_is_closed_for_good_says_so_instead_of_looking_for_ever() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return isinstance(day, date)

    with pytest.raises(NoWorkingDayError):
        WorkingCalendar(week=SIX_HOURS.week, holidays=Always()).working_day(MONDAY)


@given(start=days, first=st.integers(0, 50), second=st.integers(0, 50))
def test_adding_working_days_twice_is_adding_their_sum(start: date, first: int, second: int) -> None:
    one_by_one = SIX_HOURS.add_working_days(SIX_HOURS.add_working_days(start, first), second)

    assert one_by_one == SIX_HOURS.add_working_days(start, first + second)


def test_a_day_ends_at_its_midnight_in_the_studios_zone() -> None:
    assert end_of_day(date(2026, 7, 1), BERLIN) == datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert end_of_day(date(2026, 12, 1), BERLIN) == datetime(2026, 12, 1, 23, tzinfo=UTC)


def test_a_day_ends_when_the_next_begins_also_where_there_is_no_midnight() -> None:
    """On 2026-09-06 Chile's clocks go from 24:00 to 01:00."""
    assert end_of_day(date(2026, 9, 5), ZoneInfo("America/Santiago")) == datetime(2026, 9, 6, 4, tzinfo=UTC)


@given(day=days, zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Beirut"]))
def test_the_last_instant_of_a_day_is_that_day_and_its_end_is_the_next(day: date, zone: str) -> None:
    end = end_of_day(day, ZoneInfo(zone))

    assert day_of(end, ZoneInfo(zone)) == day + timedelta(days=1)
    assert day_of(end - timedelta(microseconds=1), ZoneInfo(zone)) == day


def test_a_calendar_loads_its_own_country_and_no_other() -> None:
    script = """
import sys
from datetime import date
from shared.kernel.calendar import public_holidays

assert date(2026, 12, 25) in public_holidays("DE")
print([name for name in sys.modules if name.startswith("holidays.countries.")])
"""

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout == "['holidays.countries.germany']\n"


@pytest.mark.parametrize("country", ["AT", "CH", "GB", "US", "JE"])
def test_a_country_whose_holidays_follow_another_is_known(country: str) -> None:
    assert WorkingCalendar.of([Decimal(6)] * 7, country=country).minutes(date(2026, 12, 25)) == 0
