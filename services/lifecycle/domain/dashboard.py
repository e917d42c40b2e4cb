"""The ops dashboard: each commission's phase, the facts about it, and whether it needs attention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from services.lifecycle.domain.delivery import WITHOUT_EFFECT, DeliveryOutcome
from services.lifecycle.domain.search import Search
from shared.contracts.fact import Fact
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.registry import FACTS
from shared.offerings.key import OfferingKey

MOST_COUNTED: Final = 100_000
"""So many of those that have ended are counted, and no more: it would take longer than the rest of the page."""


class Risk(StrEnum):
    """Whether a commission needs attention, and why."""

    LATE = "late"
    ESCALATED = "escalated"
    AT_RISK = "at_risk"
    """It is planned too late: see `DayAtRisk`."""
    SOON = "soon"
    PAUSED = "paused"
    NONE = "none"


class DayAtRisk(StrEnum):
    """Which day a piece would miss as it is planned now, before it is late; `schema.sql` says when."""

    NEEDED = "needed"
    PROMISED = "promised"


class DashboardSection(StrEnum):
    """The sections of the list of commissions, in this order."""

    FIRST = "first"
    """Late, escalated, at risk, or with somebody who waits for an answer."""
    SOON = "soon"
    IN_TIME = "in_time"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class CommissionFilter:
    """Which commissions are asked for; None is all. `offering` is a craft and a name: "jewellery/engraved-ring"."""

    phase: Phase | None = None
    holder: Holder | None = None
    offering: str | None = None
    risk: Risk | None = None
    search: Search | None = None

    @property
    def all(self) -> bool:
        return self == CommissionFilter()


@dataclass(frozen=True)
class CommissionRow:
    """One commission on the dashboard. What comes with its request is None until that fact has arrived.

    The list is ordered by `place`: the view says which. While a piece `rests`, it waits for nobody.
    """

    commission: UUID
    phase: Phase
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
    place: datetime
    paused: bool = False
    escalation: Escalation | None = None
    escalated_at: datetime | None = None
    ready_by: date | None = None
    written_since: datetime | None = None
    """The customer waits for an answer, and nobody of the studio has taken it."""
    rests: bool = False
    promised_by: date | None = None
    """The day that the quote says that was sent last."""
    at_risk: DayAtRisk | None = None

    @property
    def days_missed(self) -> int:
        """By how many days it would miss the day that is at risk, as it is planned now."""
        day = self.needed_by if self.at_risk is DayAtRisk.NEEDED else self.promised_by
        return (self.ready_by - day).days if self.at_risk and self.ready_by and day else 0

    @property
    def key(self) -> OfferingKey | None:
        """The offering in the version that the commission started with."""
        if self.craft is None or self.offering is None or self.offering_version is None:
            return None
        return OfferingKey(self.craft, self.offering, self.offering_version)

    @property
    def ended(self) -> bool:
        """Nothing more happens. In the phase `ended`, before that, it is still being closed."""
        return self.ended_at is not None

    @property
    def workflow_holder(self) -> Holder:
        """Whom the workflow waits for: a piece that rests is its maker's."""
        return Holder.MAKER if self.rests else self.holder

    def risk(self, now: datetime, soon: timedelta) -> Risk:
        """Late once it is due; soon for this long before. A paused commission is never late.

        Somebody who waits for an answer needs attention in any case: paused, and after the end.
        """
        if self.paused:
            return Risk.ESCALATED if self.written_since else Risk.PAUSED
        if self.due is not None and self.due <= now:
            return Risk.LATE
        if self.escalation is not None or self.written_since is not None:
            return Risk.ESCALATED
        if self.at_risk is not None:
            return Risk.AT_RISK
        return Risk.SOON if self.due is not None and self.due - now <= soon else Risk.NONE

    def section(self, risk: Risk) -> DashboardSection:
        """The section of the list that it belongs to."""
        if self.ended and self.written_since is None:
            return DashboardSection.ENDED
        by_risk = {
            Risk.SOON: DashboardSection.SOON,
            Risk.NONE: DashboardSection.IN_TIME,
            Risk.PAUSED: DashboardSection.PAUSED,
        }
        return by_risk.get(risk, DashboardSection.FIRST)


@dataclass(frozen=True)
class OfferingTitles:
    """What an offering calls its stages and gates, and the lines of its price, by id."""

    steps: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordedFact:
    """One fact about a commission: ids, enums, amounts, times. `delivery` is what the bridge did with it."""

    topic: str
    version: int
    type: str
    at: datetime
    detail: Mapping[str, Any]
    delivery: DeliveryOutcome | None = None

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
class CommissionCounts:
    """How many commissions there are of each kind; those that are in progress count under their risk, too."""

    late: int
    escalated: int
    at_risk: int
    soon: int
    paused: int
    under_way: int
    ended: int

    @property
    def more_ended(self) -> bool:
        """Whether there may be more that have ended."""
        return self.ended >= MOST_COUNTED


@dataclass(frozen=True)
class FactLog:
    """The facts about one commission, oldest first. `lost_at`: see `domain.delivery.WorkflowRecord`."""

    commission: UUID
    recorded: Sequence[RecordedFact]
    lost_at: datetime | None

    @property
    def without_effect(self) -> Sequence[RecordedFact]:
        """The facts that came when no workflow could handle them any more."""
        return [each for each in self.recorded if each.delivery in WITHOUT_EFFECT]

    @property
    def facts(self) -> Sequence[Fact]:
        """The facts that are known here, oldest first."""
        facts = (each.fact(self.commission) for each in self.recorded)
        return [fact for fact in facts if fact is not None]
