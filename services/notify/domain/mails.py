"""Mails: their states, how long they are tried, and what may be shown of an address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from services.notify.domain.attachments import AttachedPaper, Transfer
from shared.contracts.briefs import BriefAnswer
from shared.contracts.fact import Topic
from shared.contracts.failures import EventFailed
from shared.contracts.notifications import Intent
from shared.contracts.people import Role
from shared.kernel.money import Money
from shared.offerings.key import OfferingKey

_MAILS = UUID("0f5dd1c8-2f0c-5c1c-8a0e-6f5f6a1f7c55")

_REFUSED = 500
_POSTPONED = 400


class MailState(StrEnum):
    """The states of a mail; `schema.sql` says which follows which."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    REDACTED = "redacted"
    OVERTAKEN = "overtaken"
    INCOMPLETE = "incomplete"
    GATHERED = "gathered"
    NO_ADDRESS = "no_address"
    TOO_OLD = "too_old"


class MailStatus(StrEnum):
    """What ops need to know about a mail: its state, and while it waits what it waits for."""

    ABOUT_TO_BE_SENT = "about_to_be_sent"
    HELD_BACK = "held_back"
    WITHOUT_FACTS = "without_facts"
    BEHIND_FAILED_EVENT = "behind_failed_event"
    WITHOUT_MAKER = "without_maker"
    WITHOUT_ADDRESS = "without_address"
    TO_BE_RETRIED = "to_be_retried"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    REFUSED_FOR_MAKER = "refused_for_maker"
    GIVEN_UP = "given_up"
    GIVEN_UP_FOR_MAKER = "given_up_for_maker"
    UNDELIVERED_TO_STUDIO = "undelivered_to_studio"
    GATHERED = "gathered"
    NEVER_ASSIGNED = "never_assigned"
    REDACTED = "redacted"
    OVERTAKEN = "overtaken"
    INCOMPLETE = "incomplete"
    NO_ADDRESS = "no_address"
    TOO_OLD = "too_old"


class Addressee(StrEnum):
    """Who a mail is for, by their part in the commission."""

    CUSTOMER = "customer"
    MAKER = "maker"
    PERSON = "person"
    """The one that the fact names: the mail is about no commission, and its key is the person instead."""
    STUDIO = "studio"
    """Each of its people, as they wish (`domain/preferences.py`)."""


class AttemptOutcome(StrEnum):
    """How one attempt to deliver a mail ended."""

    UNDER_WAY = "under_way"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """The server refused it for good (5xx)."""
    UNWRITABLE = "unwritable"
    """The person's address is not one that a mail can be sent to."""
    POSTPONED = "postponed"
    """The server asked us to come back later (4xx)."""
    UNREACHABLE = "unreachable"
    """No answer, or none in time: nothing is known about the mail itself."""
    INTERRUPTED = "interrupted"
    """The mailer ended in the middle; the server may have taken the mail."""


@dataclass(frozen=True)
class AttemptResult:
    """What came of one attempt; `smtp_code` is the server's three-digit reply (RFC 5321, section 4.2)."""

    outcome: AttemptOutcome
    smtp_code: int | None = None


@dataclass(frozen=True)
class RetryPolicy:
    """How long a mail is tried.

    `first_wait` and `longest_wait` are between attempts; `give_up_after` counts from the first
    attempt: a mail may have been held for days before it, and a server may postpone whatever it sees first.
    """

    first_wait: timedelta
    longest_wait: timedelta
    give_up_after: timedelta

    def wait(self, attempts: int, jitter: float) -> timedelta:
        """The wait after so many attempts: doubling, bounded, and spread over its second half by `jitter` (0 to 1)."""
        doublings = min(attempts - 1, 30)
        return min(self.longest_wait, self.first_wait * (1 << doublings)) * (0.5 + jitter / 2)


@dataclass(frozen=True)
class Waits:
    """How long a mail waits: `for_words`, its brief and what it quotes, and is sent without them then; `for_facts`.

    If its facts are not complete then, it is ended, and ops see it. It holds those behind it for `in_order`.
    """

    for_words: timedelta
    for_facts: timedelta
    in_order: timedelta

    @property
    def for_papers(self) -> timedelta:
        """How long for the papers that go with it; its link leads to those that are late."""
        return min(self.for_words, self.for_facts)


@dataclass(frozen=True)
class NewestMail:
    """The state of the newest mail of some intent to an addressee; `due_at` is when it was sent, once it is."""

    state: MailState
    due_at: datetime


@dataclass(frozen=True)
class QuietRules:
    """How many messages become few mails.

    A mail about a message waits for `gather`, and goes no sooner than `between` after the one before it. Messages that
    are written until then are announced by the same mail.
    """

    gather: timedelta
    between: timedelta

    def held_until(self, written_at: datetime, now: datetime, newest: NewestMail | None) -> datetime | None:
        """Until when a mail about this message is held back; None if the newest mail announces it already.

        It does if it has not left yet, or left after the message was on its page: its link leads to both.
        """
        if newest is None:
            return now + self.gather
        match newest.state:
            case MailState.WAITING | MailState.SENDING:
                return None
            case MailState.SENT if newest.due_at >= written_at:
                return None
            case _:
                return max(now + self.gather, newest.due_at + self.between)


def look_again_at(requested_at: datetime, now: datetime) -> datetime:
    """When to look again whether an incomplete mail is complete: soon at first, each minute later."""
    return now + min(max((now - requested_at) / 2, timedelta(seconds=0.5)), timedelta(minutes=1))


@dataclass(frozen=True)
class Transition:
    """The state of a mail after an attempt; `due_at` is when it may be sent again."""

    state: MailState
    due_at: datetime


@dataclass(frozen=True)
class MailDetails:
    """What a mail says beyond its intent, as `shared.contracts.notifications.Intent` explains it.

    `papers` are the documents that go with it, `invoice` is the one that it asks to pay.
    """

    about: UUID | None = None
    day: date | None = None
    amount: Money | None = None
    code: str | None = None
    left: Money | None = None
    reason: str | None = None
    carrier: str | None = None
    ready_by: date | None = None
    papers: tuple[UUID, ...] = ()
    invoice: UUID | None = None


@dataclass(frozen=True)
class BriefAnswers:
    """What is to be made: a version of an offering, and the answers to its form."""

    offering: OfferingKey
    answers: tuple[BriefAnswer, ...]


@dataclass(frozen=True)
class MailRequest:
    """A mail that a fact asks for. `person` is None until it is known who the commission's `addressee` is.

    `topic` and `version` are the fact's, `happened_at` is when it happened. `text` is what the mail quotes, on
    `touchmark.texts`. Mails to one addressee leave in the order of their facts, if they are `in_order`. One that
    `names_piece` waits a while for the brief. `good_until` is when its link is over; None if it stays good.
    `failed` is the event that it says has failed.
    """

    commission: UUID
    intent: Intent
    addressee: Addressee
    topic: Topic
    version: int
    happened_at: datetime
    about: UUID | None = None
    person: UUID | None = None
    text: UUID | None = None
    held_until: datetime | None = None
    good_until: datetime | None = None
    in_order: bool = True
    names_piece: bool = True
    daily: bool = False
    failed: EventFailed | None = None

    @property
    def mail(self) -> UUID:
        return mail_id(self.commission, self.intent, self.about)


@dataclass(frozen=True)
class DailyItem:
    """One thing that a daily mail tells of."""

    intent: Intent
    commission: UUID
    happened_at: datetime
    failed: EventFailed | None = None


@dataclass(frozen=True)
class OutgoingMail:
    """A mail that a mailer sends, with all that is needed to write it. `person` reads it; `attempt` counts from 1.

    `dated` is when it was requested, or until when it was held back; `tried_since` is when its first attempt began, if
    this one is not the first. `good_until` is when its link is over, if it ever is. `version` is that of the fact that
    it comes from, `happened_at` when that happened. `language` is the person's (ISO 639), if it is known. `email` is
    empty where they have none. `brief` is what is to be made, `gate` what an approval is about, `question` and `answer`
    are what people wrote. `traceparent` is the trace of the request for it (W3C), if there was one. A `daily` one tells
    of its `items`. It `may_be_read` unless its reader, if not a commission's customer, has no access any more; or, in
    the studio, had none when it happened. One that is `too_old`, of before the cut-over, is omitted.
    """

    mail: UUID
    attempt: int
    commission: UUID
    person: UUID
    intent: Intent
    dated: datetime
    name: str
    email: str
    submitted_at: datetime | None
    needed_by: date | None
    addressee: Addressee = Addressee.CUSTOMER
    version: int = 1
    details: MailDetails = MailDetails()
    language: str | None = None
    brief: BriefAnswers | None = None
    gate: str = ""
    question: str = ""
    answer: str = ""
    tried_since: datetime | None = None
    good_until: datetime | None = None
    happened_at: datetime | None = None
    traceparent: str | None = None
    daily: bool = False
    may_be_read: bool = True
    too_old: bool = False
    failed: EventFailed | None = None
    items: tuple[DailyItem, ...] = ()
    attached: tuple[AttachedPaper, ...] = ()
    transfer: Transfer | None = None


@dataclass(frozen=True)
class Delivery:
    """One attempt as the log shows it; `address` is masked, and gone once the person is erased."""

    attempt: int
    begun_at: datetime
    ended_at: datetime | None
    outcome: AttemptOutcome
    smtp_code: int | None
    address: str | None


@dataclass(frozen=True)
class Mail:
    """A mail as the log shows it; `due_at` is when it will be tried next, while it is waiting.

    `person` is None until it is known who the commission's `addressee` is. While it waits, it is incomplete if a fact
    is missing that it needs, and behind a failed event if one of its commission has failed.
    """

    mail: UUID
    intent: Intent
    addressee: Addressee
    person: UUID | None
    state: MailState
    requested_at: datetime
    due_at: datetime
    address_known: bool
    details: MailDetails = MailDetails()
    held_until: datetime | None = None
    is_incomplete: bool = False
    is_behind_failed_event: bool = False
    deliveries: tuple[Delivery, ...] = ()

    @property
    def status(self) -> MailStatus:
        match self.state:
            case MailState.WAITING:
                return self._waits_for
            case MailState.REFUSED | MailState.GIVEN_UP if self.addressee is Addressee.STUDIO:
                return MailStatus.UNDELIVERED_TO_STUDIO
            case MailState.REFUSED if self.addressee is Addressee.MAKER:
                return MailStatus.REFUSED_FOR_MAKER
            case MailState.GIVEN_UP if self.addressee is Addressee.MAKER:
                return MailStatus.GIVEN_UP_FOR_MAKER if self.person else MailStatus.NEVER_ASSIGNED
            case state:
                return MailStatus(state.value)

    @property
    def next_at(self) -> datetime | None:
        """When it will be sent, if it has to wait for that."""
        return self.due_at if self.status in (MailStatus.TO_BE_RETRIED, MailStatus.HELD_BACK) else None

    @property
    def _waits_for(self) -> MailStatus:
        if self.is_behind_failed_event:
            return MailStatus.BEHIND_FAILED_EVENT
        if self.person is None and self.addressee is Addressee.MAKER:
            return MailStatus.WITHOUT_MAKER
        if not self.address_known:
            return MailStatus.WITHOUT_ADDRESS
        if self.is_incomplete:
            return MailStatus.WITHOUT_FACTS
        if self.deliveries:
            return MailStatus.TO_BE_RETRIED
        return MailStatus.HELD_BACK if self.held_until else MailStatus.ABOUT_TO_BE_SENT


def mail_id(commission: UUID, intent: Intent, about: UUID | None = None) -> UUID:
    """The id of the one mail of this commission, intent and subject: the same however often its fact is read."""
    return uuid5(_MAILS, f"{commission}/{intent}" if about is None else f"{commission}/{intent}/{about}")


def addressee_of_message(author: Role) -> Addressee:
    """The other side of the conversation: the studio and the maker write to the customer, the customer to the maker."""
    return Addressee.MAKER if author is Role.CUSTOMER else Addressee.CUSTOMER


def message_id(mail: UUID, sender: str) -> str:
    """The Message-ID (RFC 5322, section 3.6.4) of every copy of this mail: mail programs show one of them."""
    return f"<{mail}@{sender.rpartition('@')[2]}>"


def result_of_reply(code: int) -> AttemptResult:
    """The result of an attempt that the server answered with this reply code (RFC 5321, section 4.2.1)."""
    if code >= _REFUSED:
        return AttemptResult(AttemptOutcome.REFUSED, code)
    if code >= _POSTPONED:
        return AttemptResult(AttemptOutcome.POSTPONED, code)
    return AttemptResult(AttemptOutcome.ACCEPTED, code)


def transition_after(
    result: AttemptResult, outgoing: OutgoingMail, policy: RetryPolicy, now: datetime, jitter: float
) -> Transition:
    """What follows an attempt: sent, refused, tried again later, or given up when the policy's time is over."""
    match result.outcome:
        case AttemptOutcome.ACCEPTED:
            return Transition(MailState.SENT, now)
        case AttemptOutcome.REFUSED | AttemptOutcome.UNWRITABLE:
            return Transition(MailState.REFUSED, now)
        case _ if outgoing.tried_since and now - outgoing.tried_since >= policy.give_up_after:
            return Transition(MailState.GIVEN_UP, now)
        case _:
            return Transition(MailState.WAITING, now + policy.wait(outgoing.attempt, jitter))
