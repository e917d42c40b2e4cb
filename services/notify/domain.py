"""Mails: what one is, how long it is tried, and what may be shown of an address. No I/O."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from shared.contracts.notifications import Intent

_MAILS = UUID("0f5dd1c8-2f0c-5c1c-8a0e-6f5f6a1f7c55")

_REFUSED = 500
_POSTPONED = 400


class MailState(StrEnum):
    """The states of a mail; `schema.sql` says which follows which."""

    WAITING = "waiting"
    TAKEN = "taken"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    REDACTED = "redacted"


class Ending(StrEnum):
    """How one attempt to deliver a mail ended."""

    UNDER_WAY = "under_way"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """The server said no for good (5xx)."""
    UNWRITABLE = "unwritable"
    """No mail can be addressed to what stands as the address."""
    POSTPONED = "postponed"
    """The server asked to come back later (4xx)."""
    UNREACHABLE = "unreachable"
    """No answer, or none in time: nothing is known about the mail itself."""
    INTERRUPTED = "interrupted"
    """The mailer ended in the middle; the server may have taken the mail."""


@dataclass(frozen=True)
class Attempt:
    """What came of one attempt; `smtp_code` is the server's three-digit reply (RFC 5321, section 4.2)."""

    ending: Ending
    smtp_code: int | None = None


@dataclass(frozen=True)
class Patience:
    """How long a mail is tried. `first` and `longest` are the waits between attempts, `whole` is from the asking on."""

    first: timedelta
    longest: timedelta
    whole: timedelta

    def wait(self, attempts: int, jitter: float) -> timedelta:
        """The wait after so many attempts: doubling, bounded, and spread over its second half by `jitter` (0 to 1)."""
        doublings = min(attempts - 1, 30)
        return min(self.longest, self.first * (1 << doublings)) * (0.5 + jitter / 2)


@dataclass(frozen=True)
class Step:
    """Where a mail goes after an attempt; `due_at` is when it may be taken again."""

    state: MailState
    due_at: datetime


@dataclass(frozen=True)
class Posting:
    """A mail that a mailer holds: all that its letter needs. `person` is to read it; `attempt` counts from 1.

    `traceparent` is the trace of whoever asked for it (W3C), if there was one.
    """

    mail: UUID
    attempt: int
    commission: UUID
    person: UUID
    intent: Intent
    asked_at: datetime
    name: str
    email: str
    requested_at: datetime | None
    needed_by: date | None
    traceparent: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One attempt as the log shows it; `address` is masked, and gone once the person is erased."""

    attempt: int
    begun_at: datetime
    ended_at: datetime | None
    ending: Ending
    smtp_code: int | None
    address: str | None


@dataclass(frozen=True)
class Mail:
    """A mail as the log shows it; `due_at` is when it will be tried next, while it is waiting."""

    mail: UUID
    intent: Intent
    person: UUID
    state: MailState
    asked_at: datetime
    due_at: datetime
    address_known: bool
    deliveries: tuple[Delivery, ...] = ()


def mail_id(commission: UUID, intent: Intent) -> UUID:
    """The id of the one mail of this commission and intent, the same whoever asks for it and how often."""
    return uuid5(_MAILS, f"{commission}/{intent}")


def message_id(mail: UUID, sender: str) -> str:
    """The Message-ID (RFC 5322, section 3.6.4) of every copy of this mail: mail programs show one of them."""
    return f"<{mail}@{sender.rpartition('@')[2]}>"


def answered(code: int) -> Attempt:
    """An attempt that the server answered with this reply code (RFC 5321, section 4.2.1)."""
    if code >= _REFUSED:
        return Attempt(Ending.REFUSED, code)
    if code >= _POSTPONED:
        return Attempt(Ending.POSTPONED, code)
    return Attempt(Ending.ACCEPTED, code)


def step(attempt: Attempt, posting: Posting, patience: Patience, now: datetime, jitter: float) -> Step:
    """What follows an attempt: sent, refused, tried again later, or given up because patience is over."""
    match attempt.ending:
        case Ending.ACCEPTED:
            return Step(MailState.SENT, now)
        case Ending.REFUSED | Ending.UNWRITABLE:
            return Step(MailState.REFUSED, now)
        case _ if now - posting.asked_at >= patience.whole:
            return Step(MailState.GIVEN_UP, now)
        case _:
            return Step(MailState.WAITING, now + patience.wait(posting.attempt, jitter))


def mask(address: str) -> str:
    """As much of an address as helps to recognise it: its first letter and its domain, as in `a•••@example.org`."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}•••@{host}" if local else "•••"
