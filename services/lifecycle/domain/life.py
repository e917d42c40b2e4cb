"""What a commission's workflow is told at its start, what it has brought about so far, and what it comes to."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.lifecycle.domain.heard import Heard
from shared.contracts.commands.production import HeldPromise
from shared.contracts.commands.quotes import QuoteDraft
from shared.contracts.lifecycle import Holder, Outcome, Stage
from shared.contracts.notifications import Intent


class Patience(BaseModel):
    """How long things may take: fixed when a commission starts, from its craft and the studio's settings."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: timedelta = Field(gt=timedelta(0))
    """How long a step that needs nobody may take before ops should look at it."""

    desk: timedelta = Field(gt=timedelta(0))
    """How long a drafted quote may wait on the studio's desk."""


class Trouble(BaseModel):
    """A step that its service refused for good: it waits for ops to put things right and have it tried again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    command: str
    problem: str
    since: datetime


class Standing(BaseModel):
    """Where a commission stands: its stage, whose move it is since when, and when somebody should have moved."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: Stage
    holder: Holder
    since: datetime
    due: datetime | None = None


class Progress(BaseModel):
    """All that a life has brought about so far: enough to go on in a fresh run with an empty history."""

    standing: Standing | None = None
    promise: HeldPromise | None = None
    quote: QuoteDraft | None = None
    told: set[Intent] = set()
    withdrawn: bool = False
    trouble: Trouble | None = None
    asked: dict[str, int] = {}
    """How many commands of each name were made: the ordinal in their ids."""
    heard: Heard = Field(default_factory=Heard)


class CommissionStart(BaseModel):
    """What starts a commission's workflow: the customer's request by ids and versions, and the patience it gets.

    `so_far` is empty for a commission that begins, and filled where a long history was continued as a new run.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    commission: UUID
    customer: UUID
    craft: str
    craft_version: int
    brief_version: int
    asked_at: datetime
    needed_by: date | None = None
    patience: Patience
    so_far: Progress = Field(default_factory=Progress)


class CommissionResult(BaseModel):
    """What a commission came to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    outcome: Outcome


def desk_due(now: datetime, patience: Patience, held_until: datetime) -> datetime:
    """When a draft on the desk lapses: after the studio's patience, and never later than the maker's hours are held."""
    return min(now + patience.desk, held_until)
