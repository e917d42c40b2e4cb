"""The entries that a story is made of."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.kernel.money import Money


class EntryState(StrEnum):
    """How a entry stands: it happened, it is what happens now, it is still ahead; or it went wrong."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    WRONG = "late"  # the look's own name for what is marked red


class Chapter(StrEnum):
    REQUEST = "request"
    QUOTE = "quote"
    BENCH = "bench"
    PARCEL = "parcel"


@dataclass(frozen=True)
class TimelineEntry:
    """One entry of the story. `at` is when it happened, in UTC; what is ahead has none.

    `words` are somebody's own, `by` says whose. `photo` is the address of a picture and `alt` what it shows. A entry
    that is `quiet` is told in passing.
    """

    what: str
    said: str
    state: EntryState = EntryState.DONE
    at: datetime | None = None
    amount: Money | None = None
    words: str = ""
    by: str = ""
    photo: str = ""
    alt: str = ""
    quiet: bool = False
    chapter: Chapter = Chapter.REQUEST


def in_words(day: date) -> str:
    """A day as British English writes it: Friday, 12 March 2027."""
    return f"{day:%A}, {day.day} {day:%B %Y}"
