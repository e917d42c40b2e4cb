"""The updates that ops send a workflow, and the reasons to refuse them.

Each update has an id of its own: sent twice, it is done once.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class OperationRefusal(StrEnum):
    """Why a workflow does not do what ops ask of it."""

    NOTHING_TO_TRY_AGAIN = "nothing_to_try_again"
    """No step was refused, and no approval."""
    NOBODY_TO_NUDGE = "nobody_to_nudge"
    """It waits for neither the customer nor the maker."""
    NOTHING_TO_EXTEND = "nothing_to_extend"
    """It waits for nobody: the process itself is at work."""
    PAUSED = "paused"
    """The clock is stopped: resume first."""
    PAUSED_ALREADY = "paused_already"
    NOT_PAUSED = "not_paused"
    CANCELLED_ALREADY = "cancelled_already"
    """A cancellation is being carried out."""
    HANDED_OVER = "handed_over"
    """The parcel is with the carrier, or has arrived: it cannot be cancelled any more."""
    OVER = "over"
    """It has ended, or is being closed."""
    GONE = "gone"
    """No workflow of the commission runs, and no end was recorded."""
    UNKNOWN = "unknown"
    """The workflow refused for a reason that this release does not know."""


def refusal_of(problem: str) -> OperationRefusal:
    """The refusal behind the slug in the audit log; UNKNOWN for one that this release does not have."""
    return OperationRefusal(problem) if problem in set(OperationRefusal) else OperationRefusal.UNKNOWN


class CancelCause(StrEnum):
    """Who cancels: what is owed depends on it."""

    CUSTOMER = "customer"
    """The customer asked for it outside of the page: what the gates that were passed say is owed."""
    STUDIO = "studio"
    """The studio cannot or will not make the piece: nothing is owed, all that was paid goes back."""


class Update(BaseModel):
    """Something that ops want of a workflow; `request` is the id under which it happens once."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    request: UUID


class Nudge(Update):
    """Remind the person that the commission waits for, now."""


class Extend(Update):
    """Give the person that the commission waits for more time."""

    by: Annotated[timedelta, Field(gt=timedelta(0))]


class Pause(Update):
    """Stop the clock; the bench stops work on the piece."""


class Resume(Update):
    """Let the clock run again: what was due is due later by the length of the pause."""


class Cancel(Update):
    """End the commission and undo what can be undone.

    For a customer it is only carried out if no more than `at_most_percent` of the price is owed by then; None: whatever
    is owed.
    """

    cause: CancelCause
    at_most_percent: Annotated[int, Field(ge=0, le=100)] | None = None


class TryAgain(Update):
    """Ask again for what was refused: a step, or the customer's approval."""
