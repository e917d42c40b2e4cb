"""`touchmark.notifications`, owned by notify: every delivery and its outcome, without addresses."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic


class Intent(StrEnum):
    """Why a mail is sent. There is one mail per commission, intent, and what it is about (`SendNow.about`)."""

    REQUEST_RECEIVED = "request_received"
    QUOTE_DRAFTED = "quote_drafted"
    QUOTE_READY = "quote_ready"
    QUOTE_REMINDER = "quote_reminder"
    QUESTION_ANSWERED = "question_answered"
    QUOTE_ACCEPTED = "quote_accepted"
    """Thanks, and how the deposit is paid."""
    DEPOSIT_REMINDER = "deposit_reminder"
    MAKING_BEGINS = "making_begins"
    """The deposit is here and the hours are booked."""
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_REMINDER = "approval_reminder"
    PIECE_DELAYED = "piece_delayed"
    BALANCE_DUE = "balance_due"
    """The piece is made; how the balance is paid."""
    BALANCE_REMINDER = "balance_reminder"
    PARCEL_SENT = "parcel_sent"
    CERTIFICATE_READY = "certificate_ready"
    """The piece has arrived and its certificate can be read: the last mail of a commission that was completed."""
    MESSAGE_RECEIVED = "message_received"
    """There is a message on the commission's page: to the customer, or to the maker."""
    SIGN_IN_ASKED = "sign_in_asked"
    """A link by which the commission's customer signs in, once, in the browser that opens it."""
    MAKER_REMINDER = "maker_reminder"
    """To the maker: a piece is waiting for them."""
    CANCELLATION_REFUSED = "cancellation_refused"
    """A gate was passed, or the parcel was handed over, before the cancellation arrived."""
    COMMISSION_CANCELLED = "commission_cancelled"
    """With what is owed and what goes back."""
    COMMISSION_ENDED = "commission_ended"


class MailSent(CommissionFact):
    """The mail server took a mail. It may be received twice under one Message-ID: SMTP has no exactly-once."""

    topic: ClassVar[Topic] = Topic.NOTIFICATIONS

    mail: UUID
    person: UUID
    intent: Intent
    about: UUID | None = None


class MailFailed(CommissionFact):
    """A mail will not be sent: refused for good, tried for too long, or its person was erased."""

    topic: ClassVar[Topic] = Topic.NOTIFICATIONS

    mail: UUID
    person: UUID
    intent: Intent
    smtp_code: int | None = None
    about: UUID | None = None
