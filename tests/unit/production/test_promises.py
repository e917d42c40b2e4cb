"""Promises: until when they are held, and whether they come in time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.production.domain.promises import Promise, PromiseState, held_until, last_day_to_decide
from services.production.labels import duration
from services.production.settings import ProductionSettings
from shared.auth.keys import new_signing_key
from tests.support.words import reader

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight of the 24th in Berlin


def promise(**changed: Any) -> Promise:
    usual = {
        "promise": uuid4(),
        "commission": uuid4(),
        "maker": uuid4(),
        "craft": "jewellery",
        "offering": "engraved-ring",
        "offering_version": 1,
        "state": PromiseState.HELD,
        "hands_on_minutes": 495,
        "begins_on": date(2027, 1, 7),
        "ready_by": date(2027, 1, 25),
        "ready_by_p50": date(2027, 1, 25),
        "needed_by": None,
        "held_at": NOW,
        "held_until": NOW,
    }
    return Promise(**{**usual, **changed})


def test_hours_are_held_to_the_end_of_a_day_in_the_studios_zone() -> None:
    until = held_until(NOW, days=14, instead=None, zone=BERLIN)

    assert until == datetime(2026, 12, 8, 23, tzinfo=UTC)
    assert last_day_to_decide(until, BERLIN) == date(2026, 12, 8)


def test_a_demonstration_may_hold_them_for_seconds() -> None:
    until = held_until(NOW, days=14, instead=timedelta(seconds=20), zone=BERLIN)

    assert until == NOW + timedelta(seconds=20)
    assert last_day_to_decide(until, BERLIN) == date(2026, 11, 24)


def test_an_honest_date_may_miss_the_day_a_piece_is_needed_by() -> None:
    assert promise(needed_by=date(2027, 1, 20)).days_late == 5
    assert promise(needed_by=date(2027, 2, 1)).days_late == 0
    assert promise().days_late == 0


def test_hours_are_said_as_people_say_them() -> None:
    assert duration(reader(), 495) == "8 hours 15 minutes"
    assert duration(reader(), 61) == "1 hour 1 minute"
    assert duration(reader(), 45) == "45 minutes"


def settings(**more: Any) -> ProductionSettings:
    given = {"database": "postgresql://nobody", "kafka": "nobody:1", "temporal": "nobody:1", "token_keys": "{}"}
    return ProductionSettings.model_validate({**given, "certificate_key": new_signing_key(), **more})


def test_the_bench_keeps_its_hours_and_the_countrys_holidays() -> None:
    calendar = settings(bench_closures="2026-12-28,2026-12-29").calendar

    assert calendar.minutes(date(2026, 12, 22)) == 360
    assert [calendar.minutes(date(2026, 12, day)) for day in (25, 26, 27, 28, 29)] == [0] * 5


def test_other_hours_can_be_set() -> None:
    calendar = settings(bench_hours="0, 7.5, 7.5, 7.5, 7.5, 4, 0").calendar

    assert calendar.week == (0, 450, 450, 450, 450, 240, 0)


@pytest.mark.parametrize("wrong", [{"bench_hours": "8,8"}, {"bench_hours": "0,0,0,0,0,0,0"}, {"studio_country": "XX"}])
def test_a_bench_that_cannot_work_is_refused_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)
