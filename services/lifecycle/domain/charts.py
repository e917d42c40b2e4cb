"""The charts' figures: phase and age, what came and went each week, and who was waited for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.lifecycle.domain.dashboard import Risk
from shared.contracts.lifecycle import Phase

_DAY: Final = timedelta(days=1)

BUCKETS: Final[Sequence[timedelta | None]] = (_DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 28 * _DAY, None)
"""How long a commission may have been in its phase to be counted here (exclusive); None: longer."""

WEEKS: Final = 12
"""How many weeks the throughput shows, the one that is under way included."""

LEAD: Final = 365 * _DAY
"""Of how long a time the completed commissions count."""

LANES: Final = tuple(phase for phase in Phase if phase is not Phase.ENDED)


class ClockHolder(StrEnum):
    """Who we waited for; nobody while it was paused."""

    CUSTOMER = "customer"
    MAKER = "maker"
    STUDIO = "studio"
    PROCESS = "process"
    PAUSED = "paused"


@dataclass(frozen=True)
class PhaseAge:
    """One commission in progress, and since when it has been in its phase."""

    commission: UUID
    phase: Phase
    since: datetime
    risk: Risk


@dataclass(frozen=True)
class PhaseLane:
    """One phase: for each of `BUCKETS`, how many commissions of each risk have been there that long."""

    phase: Phase
    counts: Sequence[Mapping[Risk, int]]

    @property
    def total(self) -> int:
        return sum(sum(bucket.values()) for bucket in self.counts)


@dataclass(frozen=True)
class Week:
    """What was requested, completed, and ended without completion, in the week that begins on this Monday."""

    week: date
    submitted: int = 0
    completed: int = 0
    ended_early: int = 0


@dataclass(frozen=True)
class HolderTime:
    """For how many seconds one holder was waited for in each completed commission: extremes and quartiles."""

    holder: ClockHolder
    commissions: int
    shortest: float
    lower: float
    median: float
    upper: float
    longest: float


@dataclass(frozen=True)
class Charts:
    """All that is drawn."""

    lanes: Sequence[PhaseLane]
    weeks: Sequence[Week]
    held: Sequence[HolderTime]

    @property
    def under_way(self) -> int:
        return sum(lane.total for lane in self.lanes)


def lanes(ages: Sequence[PhaseAge], now: datetime) -> Sequence[PhaseLane]:
    """Every phase's lane, empty ones too. What is being closed is in no lane."""
    counts: dict[Phase, list[dict[Risk, int]]] = {phase: [{} for _ in BUCKETS] for phase in LANES}
    for age in ages:
        if age.phase in counts:
            bucket = counts[age.phase][_bucket(now - age.since)]
            bucket[age.risk] = bucket.get(age.risk, 0) + 1
    return [PhaseLane(phase, buckets) for phase, buckets in counts.items()]


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
