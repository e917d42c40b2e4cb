"""A promise as its page shows it: the days of work, and the last day to decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from services.production.actions.promises import BenchPage
from services.production.domain.promise import Promise, last_day_to_decide, spoken
from shared.kernel.calendar import end_of_day


@dataclass(frozen=True)
class Day:
    """One day at the bench: for how long, and what is done."""

    day: date
    hours: str
    stages: tuple[str, ...]


@dataclass(frozen=True)
class ShownPromise:
    """`last_day` is the day at whose end the hold ends, None where it ends in the middle of one."""

    promise: Promise
    title: str
    last_day: date | None
    days: tuple[Day, ...]


def show(promise: Promise, bench: BenchPage, zone: ZoneInfo) -> ShownPromise:
    last_day = last_day_to_decide(promise.held_until, zone)
    return ShownPromise(
        promise=promise,
        title=bench.craft(promise),
        last_day=last_day if end_of_day(last_day, zone) == promise.held_until else None,
        days=tuple(_days(promise, bench)),
    )


def _days(promise: Promise, bench: BenchPage) -> Iterator[Day]:
    for day, grouped in groupby(promise.slots, key=lambda slot: slot.day):
        slots = list(grouped)
        hours = spoken(sum(slot.stretch.minutes for slot in slots))
        yield Day(day, hours, tuple(dict.fromkeys(bench.stage(promise, slot.stage) for slot in slots)))
