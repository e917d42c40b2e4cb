"""What the bridge does with facts: whether a life begins, hears them, or is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

WORKFLOW: Final = "Commission"
"""The name of the workflow that a commission is."""

SIGNAL: Final = "facts"
"""The signal by which it hears facts."""

PROGRESS: Final = "progress"
"""The query for what it has come to so far."""


class Passed(StrEnum):
    """What became of a fact at the bridge."""

    STARTED = "started"
    """It began the commission's life."""
    SIGNALLED = "signalled"
    """The life heard it."""
    AFTER_THE_END = "after_the_end"
    """The life was over, or as good as over: nothing was done about it."""
    NOBODY_THERE = "nobody_there"
    """No life of this commission is known, and only a request begins one."""


@dataclass(frozen=True)
class Life:
    """What lifecycle's own table knows of a commission's workflow.

    `counted` is the newest version of each topic that its outcome took into account. `lost_at` is when Temporal turned
    out to know no running workflow although none was recorded as ended.
    """

    commission: UUID
    ended_at: datetime | None = None
    counted: Mapping[str, int] | None = None
    lost_at: datetime | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None or self.lost_at is not None

    def heard(self, topic: str, version: int) -> Passed:
        """What became of a fact that comes when the life is over: it may have been heard before a bridge died."""
        counted = (self.counted or {}).get(topic, 0)
        return Passed.SIGNALLED if version <= counted else Passed.AFTER_THE_END


@dataclass(frozen=True)
class Passing:
    """One fact, and what became of it."""

    commission: UUID
    topic: str
    version: int
    type: str
    at: datetime
    passed: Passed
