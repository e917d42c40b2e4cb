"""Planning the hours of a bench."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.production.domain.plan import (
    BenchFullError,
    Plan,
    Stretch,
    all_work,
    first_day,
    plan,
    pull_forward,
    without,
)
from shared import offerings
from shared.kernel.calendar import WorkingCalendar
from shared.offerings.making import Counting, Making, Stage, Wait

MONDAY = date(2026, 11, 23)
SIX_HOURS = WorkingCalendar(week=(360, 360, 360, 360, 360, 0, 0))
RING = offerings.load("jewellery", "engraved-ring").offering.making


def making(*stages: Stage, lead: int = 0) -> Making:
    return Making(lead_working_days=lead, lead_why="Wire.", hold_days=14, stages=stages)


def stage(name: str, hours: str, wait: Wait | None = None) -> Stage:
    return Stage(id=name, title=name, hands_on_hours=Decimal(hours), wait=wait)


def wait(days: int, counts: Counting) -> Wait:
    return Wait(days=days, counts=counts, why="It rests.")


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def test_stages_follow_each_other_over_the_days() -> None:
    found = plan(all_work(making(stage("bend", "4"), stage("file", "5"))), SIX_HOURS, {}, MONDAY)

    assert [(slot.stage, slot.day, slot.stretch) for slot in found.slots] == [
        ("bend", day(0), Stretch(0, 240)),
        ("file", day(0), Stretch(240, 360)),
        ("file", day(1), Stretch(0, 180)),
    ]
    assert (found.begins_on, found.ready_by) == (day(0), day(1))


def test_what_is_promised_already_is_worked_around() -> None:
    taken = {day(0): [Stretch(60, 300)], day(1): [Stretch(0, 360)]}

    found = plan(all_work(making(stage("bend", "3"))), SIX_HOURS, taken, MONDAY)

    assert [(slot.day, slot.stretch) for slot in found.slots] == [
        (day(0), Stretch(0, 60)),
        (day(0), Stretch(300, 360)),
        (day(2), Stretch(0, 60)),
    ]


def test_no_tools_are_laid_out_for_five_minutes_unless_they_end_a_stage() -> None:
    taken = {day(0): [Stretch(5, 355)]}

    half_an_hour = plan(all_work(making(stage("bend", "0.5"))), SIX_HOURS, taken, MONDAY)
    three_minutes = plan(all_work(making(stage("mark", "0.05"))), SIX_HOURS, taken, MONDAY)

    assert [(slot.day, slot.stretch) for slot in half_an_hour.slots] == [(day(1), Stretch(0, 30))]
    assert [(slot.day, slot.stretch) for slot in three_minutes.slots] == [(day(0), Stretch(0, 3))]


def test_drying_goes_on_over_the_weekend_and_an_office_does_not() -> None:
    friday = day(4)
    drying = making(stage("coat", "1", wait(2, Counting.EVERY_DAY)), stage("polish", "1"))
    office = making(stage("send", "1", wait(2, Counting.WORKING_DAYS)), stage("polish", "1"))

    assert plan(all_work(drying), SIX_HOURS, {}, friday).ready_by == day(7)
    assert plan(all_work(office), SIX_HOURS, {}, friday).ready_by == day(8)


def test_a_piece_is_ready_after_its_last_wait() -> None:
    found = plan(all_work(making(stage("oil", "1", wait(3, Counting.EVERY_DAY)))), SIX_HOURS, {}, MONDAY)

    assert found.ready_by == day(3)


def test_work_begins_when_the_materials_have_come_after_the_last_day_to_decide() -> None:
    friday = day(-3)

    assert first_day(friday, making(stage("bend", "1"), lead=0), SIX_HOURS) == day(0)
    assert first_day(friday, making(stage("bend", "1"), lead=2), SIX_HOURS) == day(2)


def test_a_bench_that_is_full_for_ten_years_says_so() -> None:
    class Always:
        def __contains__(self, found: object) -> bool:
            return found != MONDAY

    calendar = WorkingCalendar(week=SIX_HOURS.week, holidays=Always())

    with pytest.raises(BenchFullError):
        plan(all_work(making(stage("bend", "7"))), calendar, {}, MONDAY)


def test_the_ring_takes_ten_days_on_an_empty_bench() -> None:
    found = plan(all_work(RING), SIX_HOURS, {}, MONDAY)

    assert sum(slot.stretch.minutes for slot in found.slots) == 495
    assert found.ready_by == day(10)


def test_a_piece_is_pulled_forward_to_the_first_free_hour() -> None:
    work = all_work(making(stage("bend", "4")))
    promised = plan(work, SIX_HOURS, {}, day(14))
    taken = {day(0): [Stretch(0, 180)], day(14): [Stretch(0, 240)]}

    found = pull_forward(promised, work, SIX_HOURS, without(taken, promised.slots), day(0))

    assert found is not None
    assert [(slot.day, slot.stretch) for slot in found.slots] == [
        (day(0), Stretch(180, 360)),
        (day(1), Stretch(0, 60)),
    ]


def test_what_cannot_be_sooner_stays_as_promised() -> None:
    work = all_work(making(stage("bend", "4")))
    promised = plan(work, SIX_HOURS, {}, day(2))
    taken = {day(0): [Stretch(0, 360)], day(1): [Stretch(0, 360)], day(2): [Stretch(0, 240)]}

    assert pull_forward(promised, work, SIX_HOURS, without(taken, promised.slots), day(0)) is None


weeks = st.tuples(*[st.integers(0, 480)] * 7).filter(lambda week: max(week) >= 60)
calendars = weeks.map(lambda week: WorkingCalendar(week=week))
waits = st.none() | st.builds(wait, st.integers(1, 5), st.sampled_from(Counting))


@st.composite
def pieces(draw: st.DrawFn) -> Making:
    drawn = draw(st.lists(st.tuples(st.integers(1, 600), waits), min_size=1, max_size=5))
    return making(*(stage(f"s{n}", str(Decimal(minutes) / 60), rest) for n, (minutes, rest) in enumerate(drawn)))


@settings(deadline=None)
@given(calendar=calendars, wanted=st.lists(st.tuples(pieces(), st.integers(0, 20)), min_size=1, max_size=6))
def test_however_many_are_planned_no_minute_is_given_twice(
    calendar: WorkingCalendar, wanted: list[tuple[Making, int]]
) -> None:
    taken: dict[date, list[Stretch]] = defaultdict(list)
    for piece, offset in wanted:
        found = plan(all_work(piece), calendar, taken, day(offset))
        _is_in_order(found, piece, calendar)
        for slot in found.slots:
            assert all(slot.stretch.end <= other.begin or other.end <= slot.stretch.begin for other in taken[slot.day])
            taken[slot.day].append(slot.stretch)


@settings(deadline=None)
@given(
    calendar=calendars,
    wanted=st.lists(st.tuples(pieces(), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_pulling_forward_never_makes_later_and_breaks_no_other_promise(
    calendar: WorkingCalendar, wanted: list[tuple[Making, int, int]], order: random.Random
) -> None:
    bench = _Bench(calendar)
    for piece, offset, _ in wanted:
        bench.promise(piece, day(offset))
    promised = dict(bench.plans)

    paid = list(enumerate(wanted))
    order.shuffle(paid)
    for number, (piece, _, sooner) in paid:
        others = {each: found for each, found in bench.plans.items() if each != number}
        bench.book(number, piece, day(sooner))
        assert {each: found for each, found in bench.plans.items() if each != number} == others
        bench.promise(piece, day(sooner))  # a later one, in the hours that became free

    for number, before in promised.items():
        assert bench.plans[number].ready_by <= before.ready_by
    bench.no_minute_is_given_twice()


class _Bench:
    """What one bench has promised, by number."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self.plans: dict[int, Plan] = {}

    def promise(self, piece: Making, begin: date) -> None:
        self.plans[len(self.plans)] = plan(all_work(piece), self.calendar, self.taken(), begin)

    def book(self, number: int, piece: Making, begin: date) -> None:
        promised, others = self.plans[number], without(self.taken(), self.plans[number].slots)
        self.plans[number] = pull_forward(promised, all_work(piece), self.calendar, others, begin) or promised
        _is_in_order(self.plans[number], piece, self.calendar)

    def taken(self) -> dict[date, list[Stretch]]:
        taken: dict[date, list[Stretch]] = defaultdict(list)
        for found in self.plans.values():
            for slot in found.slots:
                taken[slot.day].append(slot.stretch)
        return taken

    def no_minute_is_given_twice(self) -> None:
        for stretches in self.taken().values():
            for one, other in pairwise(sorted(stretches)):
                assert one.end <= other.begin


def _is_in_order(found: Plan, piece: Making, calendar: WorkingCalendar) -> None:
    """Every stage has its minutes, inside working hours, after the stage before it."""
    places = [(slot.day, slot.stretch.begin) for slot in found.slots]
    assert places == sorted(places)
    assert all(0 <= slot.stretch.begin < slot.stretch.end <= calendar.minutes(slot.day) for slot in found.slots)
    for each in piece.stages:
        given_minutes = sum(slot.stretch.minutes for slot in found.slots if slot.stage == each.id)
        assert given_minutes == each.hands_on_minutes
    assert found.begins_on == found.slots[0].day
    assert found.ready_by >= found.slots[-1].day
