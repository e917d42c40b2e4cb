"""Why something was not done, in a sentence for ops, and what to do instead."""

from collections.abc import Mapping
from typing import Final

from services.lifecycle.workflow.messages import Refusal

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    Refusal.NOTHING_TO_TRY_AGAIN: (
        "Nothing of this commission waits to be tried again.",
        "Load its page again: it has gone on by itself, or somebody was quicker.",
    ),
    Refusal.NOBODY_TO_NUDGE: (
        "It is neither the customer's move nor the maker's, so there is nobody to remind.",
        "If it is the studio's move, make it; what the process does goes by itself.",
    ),
    Refusal.NOTHING_TO_EXTEND: (
        "Nobody is awaited just now: the process itself is at work, and nothing can be extended.",
        "Wait until it is somebody's move.",
    ),
    Refusal.PAUSED: ("Its clock stands still.", "Let it go on first."),
    Refusal.PAUSED_ALREADY: ("It is paused already.", "Nothing more is to be done."),
    Refusal.NOT_PAUSED: ("It is not paused.", "Nothing more is to be done: its clock runs."),
    Refusal.CANCELLED_ALREADY: (
        "A cancellation of it is being carried out already.",
        "Wait for what comes of that one.",
    ),
    Refusal.HANDED_OVER: (
        "The parcel is with the carrier, or has arrived: it cannot be cancelled any more.",
        "Talk to the customer about a return.",
    ),
    Refusal.OVER: ("It has ended, or is being brought to its end.", "Nothing of it can be changed any more."),
    Refusal.GONE: (
        "No workflow of this commission is running, so nobody is there to do it.",
        "Look at its page: reach the customer, and see what is still held.",
    ),
}
_UNKNOWN: Final = (
    "Its workflow did not take it, and gave no reason that is known here.",
    "Look at its page, and into Temporal.",
)


def sentence(problem: str) -> str:
    """What is in the way."""
    return _WORDS.get(problem, _UNKNOWN)[0]


def remedy(problem: str) -> str:
    """What to do instead."""
    return _WORDS.get(problem, _UNKNOWN)[1]
