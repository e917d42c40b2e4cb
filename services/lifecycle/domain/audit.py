"""The audit log: who did what, when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class AuditAction(StrEnum):
    """What somebody of ops did."""

    NUDGE = "nudge"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    TRY_AGAIN = "try_again"
    REPLAY_PARKED = "replay_parked"
    DROP_PARKED = "drop_parked"


class AuditOutcome(StrEnum):
    """What came of it."""

    ASKED = "asked"
    """It was requested, and nobody knows yet whether it was done."""
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit log. `bulk` is common to the entries of one bulk operation."""

    id: UUID
    commission: UUID
    action: AuditAction
    person: UUID
    at: datetime
    reason: str | None
    detail: Mapping[str, Any]
    outcome: AuditOutcome
    problem: str | None = None
    bulk: UUID | None = None


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are asked for; None is all."""

    action: AuditAction | None = None
    outcome: AuditOutcome | None = None
    commission: UUID | None = None
    bulk: UUID | None = None

    @property
    def all(self) -> bool:
        return self == AuditFilter()
