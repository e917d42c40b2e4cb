"""The ops room's view: where each commission stands, what happened, and whether somebody should look."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from services.lifecycle.domain.passing import Passed
from shared.contracts.fact import Fact
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.registry import FACTS
from shared.offerings.key import OfferingKey

NOT_DUE: Final = datetime(3998, 1, 1, tzinfo=UTC)
"""Where a commission without a due instant comes in the list: after all that have one. (A cursor ends in 4253.)"""

PAUSED: Final = datetime(3999, 1, 1, tzinfo=UTC)
ENDED: Final = datetime(4000, 1, 1, tzinfo=UTC)

LONGEST_SEARCH: Final = 100
_END_OF_A_NUMBER: Final = re.compile("[0-9a-f]{4,32}")


class Risk(StrEnum):
    """Whether somebody should look at a commission, and why."""

    LATE = "late"
    ESCALATED = "escalated"
    SOON = "soon"
    PAUSED = "paused"
    NONE = "none"


class Shelf(StrEnum):
    """The parts that the list of commissions falls into, in this order."""

    FIRST = "first"
    """Late or escalated."""
    SOON = "soon"
    IN_TIME = "in_time"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class Sought:
    """What somebody looks for by typing: a commission's number or its end, an invoice, a serial, or a piece's name."""

    text: str

    @property
    def ending(self) -> str | None:
        """The text as the end of a commission's number, if it can be one: at least four of its letters."""
        bare = self.text.strip().lstrip("…").replace("-", "").lower()
        return bare if _END_OF_A_NUMBER.fullmatch(bare) else None

    @property
    def name(self) -> str:
        return self.text.strip()

    def means(self, *words: str) -> bool:
        """Whether one of these words holds what was typed, however it is written."""
        sought = self.name.casefold()
        return len(sought) > 2 and any(sought in word.casefold() for word in words)  # noqa: PLR2004 (fewer is in most)


@dataclass(frozen=True)
class Kinds:
    """Which commissions are asked for; None is all. `offering` is a craft and a name: "jewellery/engraved-ring"."""

    stage: Phase | None = None
    holder: Holder | None = None
    offering: str | None = None
    risk: Risk | None = None
    sought: Sought | None = None

    @property
    def all(self) -> bool:
        return self == Kinds()


@dataclass(frozen=True)
class Commission:
    """One commission as the ops room lists it. What came with its request is None until that fact has arrived."""

    commission: UUID
    stage: Phase
    holder: Holder
    since: datetime
    due: datetime | None
    craft: str | None
    offering: str | None
    offering_version: int | None
    customer: UUID | None
    needed_by: date | None
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    outcome: Outcome | None
    ended_at: datetime | None
    paused: bool = False
    escalation: Escalation | None = None
    escalated_at: datetime | None = None
    ready_by: date | None = None

    @property
    def key(self) -> OfferingKey | None:
        """The offering in the version that the commission started with."""
        if self.craft is None or self.offering is None or self.offering_version is None:
            return None
        return OfferingKey(self.craft, self.offering, self.offering_version)

    @property
    def ended(self) -> bool:
        """Nothing more happens by itself; at the stage `ended` before that, things are still being undone."""
        return self.ended_at is not None

    @property
    def place(self) -> datetime:
        """What the list is ordered by: what is due or was escalated first comes first, so that it is at the head."""
        if self.ended:
            return ENDED
        if self.paused:
            return PAUSED
        return min(filter(None, (self.due, self.escalated_at)), default=NOT_DUE)

    def risk(self, now: datetime, soon: timedelta) -> Risk:
        """Late once it is due; soon for this long before. A clock that stands still makes nobody late."""
        if self.paused:
            return Risk.PAUSED
        if self.due is not None and self.due <= now:
            return Risk.LATE
        if self.escalation is not None:
            return Risk.ESCALATED
        return Risk.SOON if self.due is not None and self.due - now <= soon else Risk.NONE

    def shelf(self, risk: Risk) -> Shelf:
        """The part of the list that it lies in, given how it stands now."""
        if self.ended:
            return Shelf.ENDED
        by_risk = {Risk.SOON: Shelf.SOON, Risk.NONE: Shelf.IN_TIME, Risk.PAUSED: Shelf.PAUSED}
        return by_risk.get(risk, Shelf.FIRST)


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

    def fact(self, commission: UUID) -> Fact | None:
        """The fact itself; None for a type, or a form of it, that is not known here."""
        known = FACTS.get(self.type)
        try:
            return known.model_validate({**self.detail, "commission": commission, "at": self.at}) if known else None
        except ValidationError:
            return None


@dataclass(frozen=True)
class Counts:
    """How many commissions there are of each kind; those that are under way count as they stand, too."""

    late: int
    escalated: int
    soon: int
    paused: int
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

    @property
    def facts(self) -> Sequence[Fact]:
        """The facts that are known here, oldest first."""
        told = (happening.fact(self.commission.commission) for happening in self.happenings)
        return [fact for fact in told if fact is not None]
