"""Days begin in a workflow where the zone's own rules say, and where its input says once these have changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lifecycle.actions import zone_rules
from services.lifecycle.workflow.zone import ZoneOffset, ZoneRules
from shared.kernel.calendar import day_of, end_of_day

FIRST = date(2026, 1, 1)
ZONES = (
    "Europe/Berlin",
    "America/Santiago",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "UTC",
    "America/Havana",
    "Africa/Cairo",
)
"""In Santiago, Beirut, Havana and Cairo clocks are put forward at midnight, in Lord Howe by half an hour."""
RULES = {name: zone_rules(name, FIRST.year) for name in ZONES}


@pytest.mark.parametrize("name", ZONES)
def test_every_day_begins_and_ends_as_by_the_zones_own_rules(name: str) -> None:
    zone, rules = ZoneInfo(name), RULES[name]

    for day in (FIRST + timedelta(days=number) for number in range(4 * 366)):
        assert rules.end_of_day(day) == end_of_day(day, zone), day


@given(st.sampled_from(ZONES), st.integers(0, 4 * 366 * 24 * 60))
def test_an_instant_is_on_the_day_that_the_zones_own_rules_say(name: str, minutes: int) -> None:
    instant = datetime.combine(FIRST, time(), UTC) + timedelta(minutes=minutes)

    assert RULES[name].day_of(instant) == day_of(instant, ZoneInfo(name))


def test_the_rules_are_read_back_as_they_were_written() -> None:
    rules = RULES["Europe/Berlin"]

    assert ZoneRules.model_validate_json(rules.model_dump_json()) == rules


def test_rules_that_differ_from_this_machines_are_those_that_count() -> None:
    """A state that abolished its summer time after a commission had started."""
    summer = ZoneRules(offsets=(ZoneOffset(since=datetime(2026, 1, 1, tzinfo=UTC), ahead=timedelta(hours=2)),))

    assert summer.start_of_day(date(2026, 12, 1)) == datetime(2026, 11, 30, 22, tzinfo=UTC)
