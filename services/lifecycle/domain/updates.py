"""What ops ask of a commission's workflow, and why it may say no.

Each request has an id of its own: asked twice, it is done once.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

NUDGE: Final = "nudge"
EXTEND: Final = "extend"
PAUSE: Final = "pause"
RESUME: Final = "resume"
CANCEL: Final = "cancel"
TRY_AGAIN: Final = "try_again"


class Refusal(StrEnum):
    """Why a workflow does not do what ops ask of it."""

    NOTHING_TO_TRY_AGAIN = "nothing_to_try_again"
    """No step was refused, and no approval."""
    NOBODY_TO_NUDGE = "nobody_to_nudge"
    """It is neither the customer's move nor the maker's."""
    NOTHING_TO_EXTEND = "nothing_to_extend"
    """Nobody is awaited: the process itself is at work."""
    PAUSED = "paused"
    """The clock stands still: resume first."""
    PAUSED_ALREADY = "paused_already"
    NOT_PAUSED = "not_paused"
    CANCELLED_ALREADY = "cancelled_already"
    """A cancellation is being carried out."""
    HANDED_OVER = "handed_over"
    """The parcel is with the carrier, or has arrived: it cannot be cancelled any more."""
    OVER = "over"
    """It has ended, or is being brought to its end."""
    UNKNOWN = "unknown"
    """The workflow said no for a reason that this release does not know."""


class CancelCause(StrEnum):
    """Who brings the cancellation about: what is owed depends on it."""

    CUSTOMER = "customer"
    """The customer asked for it outside of the page: what the gates that were passed say is owed."""
    STUDIO = "studio"
    """The studio cannot or will not make the piece: nothing is owed, all that was paid goes back."""


class Update(BaseModel):
    """Something that ops want of a workflow; `request` is the id under which it happens once."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    request: UUID


class Nudge(Update):
    """Remind whoever holds the clock, now."""


class Extend(Update):
    """Let whoever holds the clock have so much longer."""

    by: Annotated[timedelta, Field(gt=timedelta(0))]


class Pause(Update):
    """Let the clock stand still; the bench leaves the piece alone."""


class Resume(Update):
    """Go on: what was due is due later by as long as the pause was."""


class Cancel(Update):
    """Bring the commission to its end and undo what can be undone.

    For a customer it is only carried out if no more than `at_most_percent` of the price is owed by then; None: whatever
    is owed.
    """

    cause: CancelCause
    at_most_percent: Annotated[int, Field(ge=0, le=100)] | None = None


class TryAgain(Update):
    """Ask again for what was refused: a step, or the customer's approval."""
