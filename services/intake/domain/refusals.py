"""The studio does not take a request: it says why, before any quote was sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from shared.contracts.commissions import RequestRefusal


class RefusalReason(StrEnum):
    """Why a request cannot be refused as it was sent."""

    TOO_LATE = auto()
    REASON_MISSING = auto()
    WORDS_MISSING = auto()


@dataclass(frozen=True)
class RefusedRequest:
    """Why the studio does not take a request; its words are the text `text`."""

    commission: UUID
    reason: RequestRefusal
    text: UUID
    refused_at: datetime
