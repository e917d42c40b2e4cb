"""The coordinates of the charts' marks, in units of each picture's view box. Words are beside them, in HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.lifecycle.domain.charts import ClockHolder, HolderTime, PhaseLane, Week
from services.lifecycle.domain.dashboard import Risk
from shared.i18n import N_, Label

BUCKETS: Final = (
    Label(N_("under a day")),
    Label(N_("1 to 3 days")),
    Label(N_("3 to 7 days")),
    Label(N_("1 to 2 weeks")),
    Label(N_("2 to 4 weeks")),
    Label(N_("longer")),
)
"""What `domain.charts.BUCKETS` are called."""

WIDTH: Final = 600
CELL: Final = WIDTH // len(BUCKETS)
STAMP: Final = 15
"""The width of one commission's stamp, with the room around it."""

IN_A_ROW, ROWS = 6, 2
RISKS: Final = (Risk.LATE, Risk.ESCALATED, Risk.AT_RISK, Risk.SOON, Risk.NONE, Risk.PAUSED)

HEIGHT: Final = 150


@dataclass(frozen=True)
class Stamp:
    """One commission in its lane."""

    x: float
    y: float
    risk: Risk


@dataclass(frozen=True)
class DrawnLane:
    """A lane with its stamps; `more` says where a cell holds more than are drawn, and how many more."""

    lane: PhaseLane
    stamps: Sequence[Stamp]
    more: Sequence[tuple[int, int]]

    @property
    def height(self) -> int:
        """A lane whose cells have one row, or nothing, is half as high."""
        most = max((stamp.y for stamp in self.stamps), default=0)
        return 36 if most > STAMP else 19

    @property
    def totals(self) -> Sequence[int]:
        """How many have been there for as long as each bucket says."""
        return [sum(counts.values()) for counts in self.lane.counts]


def lanes(found: Sequence[PhaseLane]) -> Sequence[DrawnLane]:
    return [_lane(lane) for lane in found]


def _lane(lane: PhaseLane) -> DrawnLane:
    stamps, more = [], []
    for column, counts in enumerate(lane.counts):
        risks = [risk for risk in RISKS for _ in range(counts.get(risk, 0))]
        room = IN_A_ROW * ROWS
        if len(risks) > room:
            room -= 2  # for the number
            more.append((column, len(risks) - room))
        stamps += [_stamp(column, number, risk) for number, risk in enumerate(risks[:room])]
    return DrawnLane(lane, stamps, more)


def _stamp(column: int, number: int, risk: Risk) -> Stamp:
    row, place = divmod(number, IN_A_ROW)
    return Stamp(column * CELL + 5 + place * STAMP, 3 + row * (STAMP + 1), risk)


@dataclass(frozen=True)
class Bar:
    """One bar of a week: `kind` is what it counts."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class DrawnWeeks:
    """Three bars a week; `most` is what the highest one counts."""

    bars: Sequence[Bar]
    most: int


def weeks(found: Sequence[Week]) -> DrawnWeeks:
    most = max((max(week.submitted, week.completed, week.ended_early) for week in found), default=0)
    each = WIDTH / len(found)
    bars = [
        _bar(kind, count, each * number + each * (0.16 + 0.23 * place), each * 0.2, most)
        for number, week in enumerate(found)
        for place, (kind, count) in enumerate(_counts(week))
        if count
    ]
    return DrawnWeeks(bars, most)


def _counts(week: Week) -> Sequence[tuple[str, int]]:
    return [("submitted", week.submitted), ("completed", week.completed), ("ended_early", week.ended_early)]


def _bar(kind: str, count: int, x: float, width: float, most: int) -> Bar:
    height = round(HEIGHT * count / most, 1)
    return Bar(kind, round(x, 1), HEIGHT - height, round(width, 1), height)


@dataclass(frozen=True)
class DrawnHeld:
    """One keeper's line from the shortest to the longest, the box of the middle half, and the median's mark."""

    held: HolderTime
    line: tuple[float, float]
    box: tuple[float, float]
    median: float


def held(found: Sequence[HolderTime]) -> Sequence[DrawnHeld]:
    """In the order of `Keeper`, all on one scale."""
    by_holder = {each.holder: each for each in found}
    longest = max((each.longest for each in found), default=0) or 1
    return [_held(by_holder[keeper], longest) for keeper in ClockHolder if keeper in by_holder]


def _held(each: HolderTime, longest: float) -> DrawnHeld:
    def place(seconds: float) -> float:
        return round(8 + (WIDTH - 16) * seconds / longest, 1)

    return DrawnHeld(
        each,
        (place(each.shortest), place(each.longest)),
        (place(each.lower), place(each.upper)),
        place(each.median),
    )
