"""The charts' figures: who lies where and for how long, what came and went each week, and who held the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.lifecycle.domain.room import Risk
from shared.contracts.lifecycle import Phase

_DAY: Final = timedelta(days=1)

BUCKETS: Final[Sequence[timedelta | None]] = (_DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 28 * _DAY, None)
"""How long a commission may have been at its stage to be counted here (exclusive); None: longer."""

WEEKS: Final = 12
"""How many weeks the throughput shows, the one that is under way included."""

LEAD: Final = 365 * _DAY
"""Of how long a time the completed commissions count."""

LANES: Final = tuple(stage for stage in Phase if stage is not Phase.ENDED)


class Keeper(StrEnum):
    """Who held the clock; while it was paused, nobody did."""

    CUSTOMER = "customer"
    MAKER = "maker"
    STUDIO = "studio"
    PROCESS = "process"
    PAUSED = "paused"


@dataclass(frozen=True)
class Age:
    """One commission that is under way, and since when it has been at its stage."""

    commission: UUID
    stage: Phase
    since: datetime
    risk: Risk


@dataclass(frozen=True)
class Lane:
    """One stage: for each of `BUCKETS`, how many commissions of each risk have been there that long."""

    stage: Phase
    counts: Sequence[Mapping[Risk, int]]

    @property
    def total(self) -> int:
        return sum(sum(bucket.values()) for bucket in self.counts)


@dataclass(frozen=True)
class Week:
    """What was asked for, completed, and ended otherwise, in the week that begins on this Monday."""

    week: date
    submitted: int = 0
    completed: int = 0
    otherwise: int = 0


@dataclass(frozen=True)
class Held:
    """For how many seconds one keeper held the clock of each completed commission: extremes and quartiles."""

    holder: Keeper
    commissions: int
    shortest: float
    lower: float
    median: float
    upper: float
    longest: float


@dataclass(frozen=True)
class Charts:
    """All that is drawn."""

    lanes: Sequence[Lane]
    weeks: Sequence[Week]
    held: Sequence[Held]

    @property
    def under_way(self) -> int:
        return sum(lane.total for lane in self.lanes)


def lanes(ages: Sequence[Age], now: datetime) -> Sequence[Lane]:
    """Every stage's lane, also those where nothing lies. What is being undone is at no stage any more."""
    counts: dict[Phase, list[dict[Risk, int]]] = {stage: [{} for _ in BUCKETS] for stage in LANES}
    for age in ages:
        if age.stage in counts:
            bucket = counts[age.stage][_bucket(now - age.since)]
            bucket[age.risk] = bucket.get(age.risk, 0) + 1
    return [Lane(stage, buckets) for stage, buckets in counts.items()]


def _bucket(age: timedelta) -> int:
    return next(number for number, end in enumerate(BUCKETS) if end is None or age < end)


def first_week(today: date) -> date:
    """The Monday with which the throughput begins."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def weeks(found: Sequence[Week], today: date) -> Sequence[Week]:
    """Every week of the throughput, also those in which nothing happened."""
    known = {week.week: week for week in found}
    mondays = (first_week(today) + timedelta(weeks=number) for number in range(WEEKS))
    return [known.get(monday, Week(monday)) for monday in mondays]
