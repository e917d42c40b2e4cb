"""A promise: a maker's hours, held for one commission while the customer decides."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from services.production.domain.plan import Slot
from shared.contracts.production import PromiseEnd
from shared.kernel.calendar import day_of, end_of_day


class PromiseState(StrEnum):
    """The states of a promise; `schema.sql` says which follows which."""

    HELD = "held"
    BOOKED = "booked"
    DONE = "done"
    STOPPED = "stopped"
    RELEASED = "released"


@dataclass(frozen=True)
class Promise:
    """Hours of one maker for one commission. `begins_on` and `ready_by` are days in the studio's zone."""

    promise: UUID
    commission: UUID
    maker: UUID
    craft: str
    offering: str
    offering_version: int
    state: PromiseState
    hands_on_minutes: int
    begins_on: date
    ready_by: date
    ready_by_p50: date
    needed_by: date | None
    held_at: datetime
    held_until: datetime
    released_at: datetime | None = None
    release_reason: PromiseEnd | None = None
    withdrawn_at: datetime | None = None
    """When the customer took the commission back, if production has heard of it; its hours are free soon."""
    slots: tuple[Slot, ...] = ()
    """Its hours, while they are held."""

    @property
    def days_late(self) -> int:
        """By how many days the honest date misses the day the piece is needed by; 0 if it does not."""
        return max(0, (self.ready_by - self.needed_by).days) if self.needed_by else 0


def held_until(held_at: datetime, *, days: int, instead: timedelta | None, zone: ZoneInfo) -> datetime:
    """Until when hours are held: the midnight, in the studio's zone, that ends the last of so many days from now.

    `instead` replaces the days by an exact time.
    """
    if instead is not None:
        return held_at + instead
    return end_of_day(day_of(held_at, zone) + timedelta(days=days), zone)


def last_day_to_decide(until: datetime, zone: ZoneInfo) -> date:
    """The last day on which a held promise can be taken up."""
    return day_of(until - timedelta(microseconds=1), zone)
