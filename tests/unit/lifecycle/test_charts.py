"""The charts' figures, and where their marks lie."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.lifecycle.domain import charts
from services.lifecycle.domain.charts import BUCKETS, LANES, WEEKS, ClockHolder, HolderTime, PhaseAge, Week
from services.lifecycle.domain.dashboard import Risk
from services.lifecycle.pages import drawing
from shared.contracts.lifecycle import Phase
from shared.kernel.ids import new_id

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def age(span: timedelta, risk: Risk = Risk.NONE, phase: Phase = Phase.DESK) -> PhaseAge:
    return PhaseAge(new_id(), phase, NOW - span, risk)


@pytest.mark.parametrize(
    ("span", "bucket"),
    [(0 * DAY, 0), (DAY, 1), (3 * DAY, 2), (7 * DAY, 3), (27 * DAY, 4), (28 * DAY, 5), (999 * DAY, 5)],
)
def test_a_commission_lies_where_its_age_says(span: timedelta, bucket: int) -> None:
    lane = next(lane for lane in charts.lanes([age(span)], NOW) if lane.phase is Phase.DESK)

    assert [sum(counts.values()) for counts in lane.counts] == [int(number == bucket) for number in range(len(BUCKETS))]


def test_every_stage_has_a_lane_and_what_is_being_undone_has_none() -> None:
    lanes = charts.lanes([age(DAY, phase=Phase.ENDED)], NOW)

    assert [lane.phase for lane in lanes] == list(LANES)
    assert sum(lane.total for lane in lanes) == 0


def test_the_weeks_begin_on_mondays_and_leave_none_out() -> None:
    found = charts.weeks([Week(date(2026, 11, 16), submitted=3)], date(2026, 11, 22))

    assert len(found) == WEEKS
    assert {week.week.weekday() for week in found} == {0}
    assert found[-1] == Week(date(2026, 11, 16), submitted=3)


def test_a_full_cell_says_how_many_more_there_are() -> None:
    lanes = charts.lanes([age(DAY, Risk.LATE if number < 2 else Risk.NONE) for number in range(30)], NOW)

    drawn = drawing.lanes(lanes)[LANES.index(Phase.DESK)]

    ((column, more),) = drawn.more
    assert (column, more + len(drawn.stamps)) == (1, 30)
    assert [stamp.risk for stamp in drawn.stamps][:3] == [Risk.LATE, Risk.LATE, Risk.NONE]
    assert drawn.totals[1] == 30


def test_no_mark_lies_outside_of_its_picture() -> None:
    lanes = drawing.lanes(charts.lanes([age(number * DAY) for number in range(90)], NOW))
    bars = drawing.weeks(charts.weeks([Week(date(2026, 11, 16), 9, 4, 1)], NOW.date())).bars
    (held,) = drawing.held([HolderTime(ClockHolder.MAKER, 3, 10.0, 20.0, 30.0, 40.0, 50.0)])

    assert all(
        0 <= stamp.x <= drawing.WIDTH - drawing.STAMP and stamp.y <= lane.height
        for lane in lanes
        for stamp in lane.stamps
    )
    assert all(bar.x >= 0 and bar.x + bar.width <= drawing.WIDTH and bar.y >= 0 for bar in bars)
    assert 0 <= held.line[0] <= held.box[0] <= held.median <= held.box[1] <= held.line[1] <= drawing.WIDTH


def test_nothing_at_all_can_be_drawn() -> None:
    assert drawing.weeks(charts.weeks([], NOW.date())).bars == []
    assert drawing.held([]) == []
