"""What the bridge does with facts: deliver them to the commission's workflow, or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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
class WorkflowRecord:
    """What lifecycle's own table knows of a commission's workflow.

    `counted` is the newest version of each topic that its outcome took into account. `lost_at` is when Temporal turned
    out to know no running workflow although no end was recorded.
    """

    commission: UUID
    ended_at: datetime | None = None
    counted: Mapping[str, int] | None = None
    lost_at: datetime | None = None

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
