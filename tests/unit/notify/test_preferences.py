"""When somebody is told: at once, once a day, or not at all, and not in their quiet hours."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.notify.domain.preferences import MailPlan, Preferences, QuietHours, Timing, quiet_hours
from shared.contracts.notifications import Intent
from shared.kernel.problems import Problem

ZONE = ZoneInfo("Europe/Berlin")
DAILY = time(8)
NIGHT = QuietHours(time(20), time(7, 30))
LUNCH = QuietHours(time(12), time(13))


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("quiet", "at", "until"),
    [
        (NIGHT, berlin(23, 19, 59), berlin(23, 19, 59)),
        (NIGHT, berlin(23, 20), berlin(24, 7, 30)),
        (NIGHT, berlin(24, 3), berlin(24, 7, 30)),
        (NIGHT, berlin(24, 7, 30), berlin(24, 7, 30)),
        (LUNCH, berlin(24, 12, 30), berlin(24, 13)),
        (LUNCH, berlin(24, 13), berlin(24, 13)),
    ],
)
def test_a_mail_waits_for_the_end_of_the_quiet_hours(quiet: QuietHours, at: datetime, until: datetime) -> None:
    assert Preferences(quiet=quiet).plan(Intent.STUDIO_MESSAGE, at.astimezone(UTC), ZONE, DAILY) == MailPlan(until)


def test_who_has_chosen_nothing_is_told_at_once() -> None:
    at = berlin(23, 3)

    assert Preferences().plan(Intent.STUDIO_MESSAGE, at, ZONE, DAILY) == MailPlan(at)


@pytest.mark.parametrize(("at", "told"), [(berlin(23, 7), berlin(23, 8)), (berlin(23, 8), berlin(24, 8))])
def test_a_daily_mail_leaves_at_its_hour(at: datetime, told: datetime) -> None:
    chosen = Preferences({Intent.STUDIO_MESSAGE: Timing.DAILY})

    assert chosen.plan(Intent.STUDIO_MESSAGE, at, ZONE, DAILY) == MailPlan(told, daily=True)


def test_who_does_not_wish_to_be_told_is_not() -> None:
    chosen = Preferences({Intent.STUDIO_MESSAGE: Timing.NEVER})

    assert chosen.plan(Intent.STUDIO_MESSAGE, berlin(23, 9), ZONE, DAILY) is None


def test_quiet_hours_have_both_ends() -> None:
    assert quiet_hours(None, None) is quiet_hours(time(8), time(8)) is None
    assert quiet_hours(time(20), time(7)) == QuietHours(time(20), time(7))
    with pytest.raises(Problem) as refusal:
        quiet_hours(time(20), None)
    assert [found.field for found in refusal.value.fields] == ["/quiet_until"]
