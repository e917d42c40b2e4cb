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
    """What the workflow knows of the bench: when it last heard, the next stage's day, whether the piece rests.

    Each fact that is signalled changes it as it changes the workflow (`workflow/reducer.py`). It is stored with the
    workflow: a fact that is read again is decided on alike.
    """

    seen_at: datetime | None = None
    next_on: date | None = None
    rests: bool = False

    def after(self, fact: CommissionFact) -> "BenchWatch | None":
        """The watch with this fact signalled; None if the workflow can do without it.

        A stage that is begun, paused or finished mostly shows that the maker is active: once an hour is enough.
        """
        match fact:
            case StageFinished():
                is_needed = fact.waiting or self.rests or self._is_another_day(fact) or self._is_due(fact.at)
                return BenchWatch(fact.at, fact.next_on, rests=fact.waiting) if is_needed else None
            case StageBegun():
                return BenchWatch(fact.at) if self.rests or self._is_due(fact.at) else None
            case StagePaused() | PiecePacked():
                return replace(self, seen_at=fact.at) if self._is_due(fact.at) else None
            case GateReached() | GatePassed():
                return replace(self, seen_at=fact.at)
            case MishapReported() | QualityFailed():
                return BenchWatch(fact.at)
            case _:
                return self

    def _is_due(self, at: datetime) -> bool:
        return self.seen_at is None or at - self.seen_at >= SIGN_OF_LIFE_EVERY

    def _is_another_day(self, fact: StageFinished) -> bool:
        """A day more or less does not matter: it only says from when a maker counts as inactive. Else it is now."""
        known = self.next_on or fact.at.date()
        return fact.next_on is not None and abs(fact.next_on - known) > timedelta(days=1)


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
