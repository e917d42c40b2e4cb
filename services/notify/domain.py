"""Mails: what one is, how long it is tried, and what may be shown of an address. No I/O."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from shared.contracts.notifications import Intent
from shared.contracts.people import Role
from shared.kernel.money import Money

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


class Reader(StrEnum):
    """Who a mail is for, seen from the commission."""

    CUSTOMER = "customer"
    MAKER = "maker"


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
class Newest:
    """Where the newest mail of some intent to a reader stands; `due_at` is when it was sent, once it is."""

    state: MailState
    due_at: datetime


@dataclass(frozen=True)
class Quiet:
    """How many messages become few mails.

    A mail that tells of a message waits for `gather`, and goes no sooner than `between` after the one before it; what
    is written until then is told of by the same mail.
    """

    gather: timedelta
    between: timedelta

    def held_until(self, written_at: datetime, now: datetime, newest: Newest | None) -> datetime | None:
        """Until when a mail about this message is held back; None if the newest mail tells of it already.

        It does if it has not left yet, or left after the message stood on its page: who follows its link reads both.
        """
        if newest is None:
            return now + self.gather
        match newest.state:
            case MailState.WAITING | MailState.TAKEN:
                return None
            case MailState.SENT if newest.due_at >= written_at:
                return None
            case _:
                return max(now + self.gather, newest.due_at + self.between)


@dataclass(frozen=True)
class Step:
    """Where a mail goes after an attempt; `due_at` is when it may be taken again."""

    state: MailState
    due_at: datetime


@dataclass(frozen=True)
class Said:
    """What a letter can say beyond its intent, as `shared.contracts.commands.notify.SendNow` explains it."""

    about: UUID | None = None
    day: date | None = None
    amount: Money | None = None
    code: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A mail that is asked for. `person` is None where it is for whoever turns out to be the commission's `reader`."""

    commission: UUID
    intent: Intent
    reader: Reader
    person: UUID | None = None
    said: Said = Said()
    held_until: datetime | None = None

    @property
    def mail(self) -> UUID:
        return mail_id(self.commission, self.intent, self.said.about)


@dataclass(frozen=True)
class Posting:
    """A mail that a mailer holds: all that its letter needs. `person` is to read it; `attempt` counts from 1.

    `dated` is when it was asked for, or until when it was held back. `traceparent` is the trace of whoever asked for
    it (W3C), if there was one.
    """

    mail: UUID
    attempt: int
    commission: UUID
    person: UUID
    intent: Intent
    dated: datetime
    name: str
    email: str
    requested_at: datetime | None
    needed_by: date | None
    reader: Reader = Reader.CUSTOMER
    said: Said = Said()
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
    """A mail as the log shows it; `due_at` is when it will be tried next, while it is waiting.

    `person` is None until it is known who the commission's `reader` is.
    """

    mail: UUID
    intent: Intent
    reader: Reader
    person: UUID | None
    state: MailState
    asked_at: datetime
    due_at: datetime
    address_known: bool
    said: Said = Said()
    held_until: datetime | None = None
    deliveries: tuple[Delivery, ...] = ()


def mail_id(commission: UUID, intent: Intent, about: UUID | None = None) -> UUID:
    """The id of the one mail of this commission, intent and matter, the same whoever asks for it and how often."""
    return uuid5(_MAILS, f"{commission}/{intent}" if about is None else f"{commission}/{intent}/{about}")


def reader_of(intent: Intent) -> Reader:
    """Who a mail is for that somebody else asks for."""
    return Reader.MAKER if intent is Intent.MAKER_REMINDER else Reader.CUSTOMER


def reader_of_message(author: Role) -> Reader:
    """The other side of the conversation: the studio speaks to the customer, as the maker does."""
    return Reader.MAKER if author is Role.CUSTOMER else Reader.CUSTOMER


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
        case _ if now - posting.dated >= patience.whole:
            return Step(MailState.GIVEN_UP, now)
        case _:
            return Step(MailState.WAITING, now + patience.wait(posting.attempt, jitter))


def mask(address: str) -> str:
    """As much of an address as helps to recognise it: its first letter and its domain, as in `a•••@example.org`."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}•••@{host}" if local else "•••"
