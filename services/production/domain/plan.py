"""Planning: the first free hours of a bench that a piece's stages fit into, one after the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from shared.kernel.calendar import WorkingCalendar
from shared.offerings.making import Counting, Making, Stage, Wait

_DAY = timedelta(days=1)
_SHORTEST = 15
"""Minutes: it takes as long to lay out the tools, so no shorter rest of a day is used, but to end a stage."""

_HORIZON_DAYS = 3660


class BenchFullError(ValueError):
    """The bench has no free hours within ten years."""


class Stretch(NamedTuple):
    """Minutes of one day's work, `begin` to `end` (exclusive), counted from the first minute at the bench."""

    begin: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True)
class Slot:
    """A stretch of one day for one stage."""

    stage: str
    day: date
    stretch: Stretch


@dataclass(frozen=True)
class StageWork:
    """What is left to do of a stage."""

    stage: Stage
    minutes: int


@dataclass(frozen=True)
class Span:
    """The days from the first to the last minute of a stage."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class Plan:
    """The hours of a piece in their order; it is ready at the end of `ready_by`. `spans` are by stage."""

    slots: tuple[Slot, ...]
    begins_on: date
    ready_by: date
    spans: Mapping[str, Span]

    @property
    def ready_by_p50(self) -> date:
        """The day by which half of all such pieces are ready (P50); in 90 of 100 cases it is `ready_by` (P90).

        A plan holds the offering's own hours and waits, without a buffer that could be taken out again. So both are the
        same day, until hours are measured and have a spread.
        """
        return self.ready_by


class Days(Protocol):
    """What has a first day of work, and a day on which it is ready."""

    @property
    def begins_on(self) -> date: ...

    @property
    def ready_by(self) -> date: ...


BusyMinutes = Mapping[date, Sequence[Stretch]]
"""What is promised already, by day."""


def without(taken: BusyMinutes, slots: Iterable[Slot]) -> BusyMinutes:
    """What is taken besides these."""
    own = {(slot.day, slot.stretch) for slot in slots}
    return {day: [each for each in held if (day, each) not in own] for day, held in taken.items()}


def first_day(last_day_to_decide: date, making: Making, calendar: WorkingCalendar) -> date:
    """The first day of work if the customer says yes on the last day: after it the materials come, then it begins."""
    materials_here = calendar.add_working_days(last_day_to_decide, making.lead_working_days)
    return calendar.working_day(materials_here + _DAY)


def all_work(making: Making) -> tuple[StageWork, ...]:
    """All the work of a piece that nobody has begun."""
    return tuple(StageWork(stage, stage.hands_on_minutes) for stage in making.stages)


def plan(work: Iterable[StageWork], calendar: WorkingCalendar, taken: BusyMinutes, begin: date) -> Plan:
    """Put each stage into the first free minutes after the one before it and its wait.

    Raises:
        BenchFullError: there is no room within ten years.
    """
    slots: list[Slot] = []
    spans: dict[str, Span] = {}
    day, minute = calendar.working_day(begin), 0
    ready = day
    for each in work:
        placed = tuple(_place(each, calendar, taken, day, minute))
        slots.extend(placed)
        if placed:
            day, minute = placed[-1].day, placed[-1].stretch.end
        spans[each.stage.id] = Span(placed[0].day if placed else day, day)
        ready = day
        if each.stage.wait:
            day, minute = end_of_wait(each.stage.wait, day, calendar), 0
            ready = day
    return Plan(tuple(slots), begins_on=slots[0].day if slots else ready, ready_by=ready, spans=spans)


def pull_forward(
    promised: Days, work: Iterable[StageWork], calendar: WorkingCalendar, taken: BusyMinutes, begin: date
) -> Plan | None:
    """The free hours from the day `begin` on, if they end sooner than promised, or begin sooner and end no later.

    `taken` is without the promised hours. Where what is free is in small pieces, a sooner beginning is no sooner end.
    """
    found = plan(work, calendar, taken, begin)
    sooner = (found.ready_by, found.begins_on) < (promised.ready_by, promised.begins_on)
    return found if sooner else None


def end_of_wait(wait: Wait, day: date, calendar: WorkingCalendar) -> date:
    """The first day on which work can go on after a wait that began on `day`."""
    if wait.counts is Counting.WORKING_DAYS:
        return calendar.add_working_days(day, wait.days)
    return day + timedelta(days=wait.days)


def _place(work: StageWork, calendar: WorkingCalendar, taken: BusyMinutes, day: date, minute: int) -> Iterator[Slot]:
    left = work.minutes
    last = day + timedelta(days=_HORIZON_DAYS)
    while left > 0:
        for free in _free(calendar.minutes(day), taken.get(day, ()), minute):
            used = min(left, free.minutes)
            if used < min(left, _SHORTEST):
                continue
            yield Slot(work.stage.id, day, Stretch(free.begin, free.begin + used))
            left -= used
            if not left:
                return
        day, minute = day + _DAY, 0
        if day > last:
            raise BenchFullError(f"no free hours until {last}")


def _free(minutes: int, taken: Iterable[Stretch], since: int) -> Iterator[Stretch]:
    """The free stretches of a day of so many minutes, from the minute `since` on."""
    for stretch in sorted(taken):
        if since < min(stretch.begin, minutes):
            yield Stretch(since, min(stretch.begin, minutes))
        since = max(since, stretch.end)
    if since < minutes:
        yield Stretch(since, minutes)
