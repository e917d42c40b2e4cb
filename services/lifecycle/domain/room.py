"""The ops room's view: where each commission stands, what happened, and whether somebody should look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.lifecycle.domain.passing import Passed
from shared.contracts.lifecycle import Holder, Outcome, Stage

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a commission without a due instant comes in the list: after all that have one."""


class Risk(StrEnum):
    """Whether somebody should look at a commission."""

    LATE = "late"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True)
class Commission:
    """One commission as the ops room lists it. What came with its request is None until that fact has arrived."""

    commission: UUID
    stage: Stage
    holder: Holder
    since: datetime
    due: datetime | None
    craft: str | None
    craft_version: int | None
    customer: UUID | None
    needed_by: date | None
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    outcome: Outcome | None
    ended_at: datetime | None

    @property
    def ended(self) -> bool:
        """Nothing more happens by itself; at the stage `ended` before that, things are still being undone."""
        return self.ended_at is not None

    @property
    def place(self) -> datetime:
        """What the list is ordered by: what is due first comes first, so that the late ones are at its head."""
        return self.due or NEVER

    def risk(self, now: datetime, soon: timedelta) -> Risk:
        """Late once it is due; soon for this long before."""
        if self.due is None:
            return Risk.NONE
        if self.due <= now:
            return Risk.LATE
        return Risk.SOON if self.due - now <= soon else Risk.NONE


@dataclass(frozen=True)
class Happening:
    """One fact about a commission: ids, enums, amounts, times. `passed` is what the bridge did with it, if anything."""

    topic: str
    version: int
    type: str
    at: datetime
    detail: Mapping[str, Any]
    passed: Passed | None = None

    @property
    def name(self) -> str:
        """The fact's class, as in `QuoteDrafted`."""
        return self.type.rpartition(".")[2]


@dataclass(frozen=True)
class Counts:
    """How many commissions there are: late ones, all under way, all that ended."""

    late: int
    under_way: int
    ended: int


@dataclass(frozen=True)
class Story:
    """One commission with all that happened, oldest first. `lost_at`: see `domain.passing.Life`."""

    commission: Commission
    happenings: Sequence[Happening]
    lost_at: datetime | None

    @property
    def after_the_end(self) -> Sequence[Happening]:
        """What came when nobody could act on it any more."""
        too_late = {Passed.AFTER_THE_END, Passed.NOBODY_THERE}
        return [happening for happening in self.happenings if happening.passed in too_late]
