"""`touchmark.production`, owned by production: promises, and later the making itself."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic


class PromiseEnd(StrEnum):
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class PromiseHeld(CommissionFact):
    """A maker's hours are held for a commission. `ready_by` is a day in the studio's zone."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    promise: UUID
    maker: UUID
    ready_by: date
    held_until: datetime


class PromiseReleased(CommissionFact):
    """The held hours are free again."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    promise: UUID
    reason: PromiseEnd
