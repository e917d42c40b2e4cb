"""Sending a quote: the studio asks for it, then a maker's hours are held, and only then is it with the customer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.quotes import SendRefusal

SLOW_AFTER: Final = timedelta(seconds=10)
"""For so long nobody wonders; then the page says that the hours are not held yet, and what can be done."""


class SendingState(StrEnum):
    """The states of an asking; `schema.sql` says which follows which."""

    ASKED = "asked"
    SENT = "sent"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Sending:
    """What the studio asked to send last; `number` counts its askings. `refusal` is why it stays a draft.

    `until` is the last instant to accept, where that is to be sooner than usual.
    """

    number: int
    version: int
    state: SendingState
    asked_at: datetime
    asked_by: UUID | None = None
    until: datetime | None = None
    refusal: SendRefusal | None = None

    def is_asked(self, version: int) -> bool:
        """Whether this version is to be sent as soon as hours are held."""
        return self.state is SendingState.ASKED and self.version == version

    def slow_at(self, now: datetime) -> bool:
        """Whether it takes longer than anybody expects."""
        return self.state is SendingState.ASKED and now - self.asked_at >= SLOW_AFTER

    def refused(self, version: int) -> SendRefusal | None:
        """Why this version stays a draft, if that was the answer."""
        return self.refusal if self.version == version else None
