"""`touchmark.commissions`, owned by intake: what customers did with a commission. Ids, enums and dates only."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic


class WithdrawalReason(StrEnum):
    CHANGED_MIND = "changed_mind"
    TOO_SLOW = "too_slow"
    FOUND_ELSEWHERE = "found_elsewhere"
    OTHER = "other"


class CommissionSubmitted(CommissionFact):
    """A customer asked for one piece. The wish itself is the brief of that version on `touchmark.briefs`.

    `needed_by` is a day in the studio's zone; `craft_sha256` is of the craft document's canonical JSON.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    craft: str
    craft_version: int
    craft_sha256: str
    brief_version: int
    needed_by: date | None = None


class CommissionWithdrawn(CommissionFact):
    """The customer took the commission back before any quote was accepted."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    reason: WithdrawalReason
