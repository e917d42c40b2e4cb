"""What the bridge does with facts: deliver them to the commission's workflow, or not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.fact import CommissionFact
from shared.contracts.production import (
    GatePassed,
    GateReached,
    MishapReported,
    PiecePacked,
    QualityFailed,
    StageBegun,
    StageFinished,
    StagePaused,
)

SIGN_OF_LIFE_EVERY: Final = timedelta(hours=1)


class DeliveryOutcome(StrEnum):
    """What the bridge did with a fact."""

    STARTED = "started"
    """It started the commission's workflow."""
    SIGNALLED = "signalled"
    """The workflow received it."""
    AFTER_THE_END = "after_the_end"
    """The workflow had ended, or its outcome was decided: the fact has no effect."""
    NO_WORKFLOW = "no_workflow"
    """No workflow of this commission is known, and only a request starts one."""


WITHOUT_EFFECT = frozenset({DeliveryOutcome.AFTER_THE_END, DeliveryOutcome.NO_WORKFLOW})


@dataclass(frozen=True)
class BenchWatch:
    """What the bridge last signalled of the bench: when, the next stage's day, and whether the piece rests or waits.

    It is stored with the workflow: a fact that is read again is decided on alike.
    """

    seen_at: datetime | None = None
    next_on: date | None = None
    rests: bool = False

    def after(self, fact: CommissionFact) -> "BenchWatch | None":
        """The watch with this fact signalled; None if the workflow can do without it.

        A stage that is begun, paused or finished mostly shows that the maker is active: once an hour is enough.
        """
        match fact:
            case StageFinished() if fact.waiting or self._is_later(fact.next_on):
                return BenchWatch(fact.at, fact.next_on or self.next_on, rests=fact.waiting)
            case StageBegun() if self.rests:
                return BenchWatch(fact.at, self.next_on)
            case StageBegun() | StagePaused() | StageFinished() | PiecePacked():
                return replace(self, seen_at=fact.at) if self._is_due(fact.at) else None
            case GateReached():
                return BenchWatch(fact.at, self.next_on, rests=True)
            case GatePassed() | MishapReported() | QualityFailed():
                return BenchWatch(fact.at, self.next_on)
            case _:
                return self

    def _is_due(self, at: datetime) -> bool:
        return self.seen_at is None or at - self.seen_at >= SIGN_OF_LIFE_EVERY

    def _is_later(self, day: date | None) -> bool:
        """A day more or less does not matter: it only sets from when a maker counts as inactive."""
        return day is not None and (self.next_on is None or day > self.next_on + timedelta(days=1))


@dataclass(frozen=True)
class WorkflowRecord:
    """What lifecycle's own table knows of a commission's workflow.

    `counted` is the newest version of each topic that its outcome took into account. `lost_at` is when Temporal turned
    out to know no running workflow although no end was recorded.
    """

    commission: UUID
    ended_at: datetime | None = None
    counted: Mapping[str, int] | None = None
    lost_at: datetime | None = None
    watch: BenchWatch = BenchWatch()

    @property
    def over(self) -> bool:
        return self.ended_at is not None or self.lost_at is not None

    def outcome_of(self, topic: str, version: int) -> DeliveryOutcome:
        """The outcome of a fact that arrives after the end: a bridge may have died after it had signalled it."""
        counted = (self.counted or {}).get(topic, 0)
        return DeliveryOutcome.SIGNALLED if version <= counted else DeliveryOutcome.AFTER_THE_END


@dataclass(frozen=True)
class FactDelivery:
    """One fact, and what the bridge did with it."""

    commission: UUID
    topic: str
    version: int
    type: str
    at: datetime
    outcome: DeliveryOutcome
