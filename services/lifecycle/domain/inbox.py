"""The studio's inbox: commissions with something that waits for an answer, or that nobody of the studio has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.commissions import ClaimKind
from shared.conversation.model import Message

SHOWN_AT_MOST = 100
"""The oldest first; with more than these, the newer ones come up as the older ones are answered."""


@dataclass(frozen=True)
class OpenQuestion:
    """A question on a quote that nobody has answered; it is answered there. `body` is None once it was erased."""

    question: UUID
    commission: UUID
    body: str | None
    asked_at: datetime


@dataclass(frozen=True)
class OpenClaim:
    """Something that is wrong with a piece, and that nobody has answered; it is answered at quotes."""

    claim: UUID
    commission: UUID
    kind: ClaimKind
    made_at: datetime
    answer_by: datetime

    @property
    def last_day(self) -> datetime:
        """An instant of the last day for an answer."""
        return self.answer_by - timedelta(seconds=1)


@dataclass(frozen=True)
class InboxEntry:
    """What waits about one commission.

    `unanswered_since`: the customer wrote, and neither maker nor studio has written since. `unread_since`: somebody
    else wrote, and nobody of the studio has read it. `question_since`: the oldest open question. `claim_since`:
    something is wrong with the piece, and was not answered. `taken_by`: who sees to it.
    """

    commission: UUID
    waits_since: datetime
    unanswered_since: datetime | None
    unread_since: datetime | None
    question_since: datetime | None
    claim_since: datetime | None
    taken_by: UUID | None
    taken_at: datetime | None


@dataclass(frozen=True)
class InboxItem:
    """An entry with the newest of what was written, oldest first, and the questions that are open."""

    entry: InboxEntry
    messages: Sequence[Message] = ()
    questions: Sequence[OpenQuestion] = ()
    claims: Sequence[OpenClaim] = ()
