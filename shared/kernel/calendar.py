"""Working days and hours, and where a day ends. Days are days in the studio's zone; minutes are worked minutes."""

import sys
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_DAYS_OF_A_WEEK = 7
_HORIZON_DAYS = 3660
"""About ten years: a calendar without a working day until then has none."""


class NoWorkingDayError(ValueError):
    """The calendar has no working day within ten years."""


class UnknownCountryError(ValueError):
    """No public holidays are known for this country code."""


@dataclass(frozen=True)
class WorkingCalendar:
    """When somebody works.

    `week` has the worked minutes of Monday to Sunday; nobody works on days in `holidays` (public ones) or `closures`
    (the studio's own).
    """

    week: tuple[int, int, int, int, int, int, int]
    holidays: Container[date] = frozenset()
    closures: frozenset[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if len(self.week) != _DAYS_OF_A_WEEK or not all(0 <= minutes <= 24 * 60 for minutes in self.week):
            raise ValueError("a week has seven days of 0 to 1440 minutes")
        if not any(self.week):
            raise NoWorkingDayError("a week needs at least one working minute")

    @classmethod
    def of(
        cls, hours: Iterable[Decimal], *, country: str, subdivision: str | None = None, closures: Iterable[date] = ()
    ) -> "WorkingCalendar":
        """A calendar of the hours of Monday to Sunday with the public holidays of an ISO 3166-1 country.

        `subdivision` is the second part of an ISO 3166-2 code, as `BY` in DE-BY.

        Raises:
            UnknownCountryError: nobody keeps the holidays of that country or subdivision.
        """
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = (int(each * 60) for each in hours)
        return cls(
            week=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
            holidays=public_holidays(country, subdivision),
            closures=frozenset(closures),
        )

    def minutes(self, day: date) -> int:
        """The minutes worked on this day, 0 on a free one."""
        if day in self.closures or day in self.holidays:
            return 0
        return self.week[day.weekday()]

    def working_day(self, day: date) -> date:
        """The first working day on or after `day`. Raises NoWorkingDayError."""
        for ahead in range(_HORIZON_DAYS):
            if self.minutes(found := day + ahead * _DAY):
                return found
        raise NoWorkingDayError(f"nobody works in the ten years from {day}")

    def add_working_days(self, start: date, days: int) -> date:
        """The day on which `days` working days have passed since `start`, which itself is not counted."""
        found = start
        for _ in range(days):
            found = self.working_day(found + _DAY)
        return found


def public_holidays(country: str, subdivision: str | None = None) -> Container[date]:
    """The public holidays of a country, by the `holidays` package. Raises UnknownCountryError."""
    # What only a service with a working calendar needs.
    import holidays  # noqa: PLC0415

    _without_other_countries(holidays.__file__)
    try:
        return _Remembered(holidays.country_holidays(country, subdiv=subdivision))
    except NotImplementedError as error:
        raise UnknownCountryError(str(error)) from error


class _Remembered:
    """Days that were asked for before: `holidays` takes microseconds for each, and a plan asks for hundreds."""

    def __init__(self, days: Container[date]) -> None:
        self._days = days
        self._known: dict[object, bool] = {}

    def __contains__(self, day: object) -> bool:
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = day in self._days
        return known


def _without_other_countries(package: str) -> None:
    """Let `holidays` load the country that is asked for alone: its package of countries imports all 250, some 9 MiB."""
    countries = ModuleType("holidays.countries")
    countries.__path__ = [str(Path(package).with_name("countries"))]
    sys.modules.setdefault(countries.__name__, countries)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which `day` begins in `zone`."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which `day` ends in `zone`: the first one of the day after."""
    return start_of_day(day + _DAY, zone)


def last_day(until: datetime, zone: ZoneInfo) -> date | None:
    """The day at whose end this instant is, in `zone`; None where it is within a day.

    Not by its time of day: where clocks are put forward at midnight, a day begins at one o'clock.
    """
    day = day_of(until, zone)
    return day - _DAY if start_of_day(day, zone) == until else None


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The day that it is in `zone` at this instant."""
    return instant.astimezone(zone).date()


def offsets_of(zone: ZoneInfo, first: date, years: int) -> Sequence[tuple[datetime, timedelta]]:
    """The zone's offsets from UTC from the beginning of `first` on: each with the instant from which it holds."""
    begins = datetime.combine(first, time(), UTC)
    found = [(begins, _offset(begins, zone))]
    for day in range(years * 366):
        instant = begins + day * _DAY
        if _offset(instant + _DAY, zone) != found[-1][1]:
            found.append(_change(instant, zone))
    return found


def _change(instant: datetime, zone: ZoneInfo) -> tuple[datetime, timedelta]:
    """The change within the day that begins at this instant, to the minute."""
    early, late = 0, 24 * 60
    while late - early > 1:
        middle = (early + late) // 2
        same = _offset(instant + timedelta(minutes=middle), zone) == _offset(instant, zone)
        early, late = (middle, late) if same else (early, middle)
    changed = instant + timedelta(minutes=late)
    return changed, _offset(changed, zone)


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)
