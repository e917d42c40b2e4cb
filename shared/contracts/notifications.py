"""`touchmark.notifications`, owned by notify: every delivery and its outcome, without addresses."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic


class Intent(StrEnum):
    """Why a mail is sent. There is one mail per commission, intent, and what it is about (`SendNow.about`).

    `about` is the approval, question, message or cancellation; of a reminder, the command's own id. `day`, `amount` and
    `code` are what `SendNow` brings for the mail to say; each intent names those that it has.
    """

    REQUEST_RECEIVED = "request_received"
    QUOTE_DRAFTED = "quote_drafted"
    QUOTE_READY = "quote_ready"
    """day: the last to accept; amount: the total."""
    QUOTE_REMINDER = "quote_reminder"
    """day: the last to accept; amount: the total."""
    QUESTION_ANSWERED = "question_answered"
    QUOTE_ACCEPTED = "quote_accepted"
    """Thanks, and how the deposit is paid. day: the last to pay; amount: what is left of it; code: the invoice."""
    DEPOSIT_REMINDER = "deposit_reminder"
    """day: the last to pay; amount: what is left of the deposit; code: the invoice."""
    MAKING_BEGINS = "making_begins"
    """The deposit is settled and the hours are booked. day: ready by."""
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_REMINDER = "approval_reminder"
    PIECE_DELAYED = "piece_delayed"
    """day: ready by, as planned now."""
    BALANCE_DUE = "balance_due"
    """The piece is made; how the balance is paid. amount: what is left of it; code: the transfer's reference."""
    BALANCE_REMINDER = "balance_reminder"
    """amount: what is left of the balance; code: the transfer's reference."""
    PARCEL_SENT = "parcel_sent"
    """code: the tracking number."""
    CERTIFICATE_READY = "certificate_ready"
    """The piece has arrived: the last mail of a commission that was completed. code: the certificate's serial."""
    MESSAGE_RECEIVED = "message_received"
    """There is a message on the commission's page: to the customer, or to the maker."""
    SIGN_IN_ASKED = "sign_in_asked"
    """A link by which the commission's customer signs in, once, in the browser that opens it."""
    MAKER_REMINDER = "maker_reminder"
    """To the maker: a piece is waiting for them."""
    CANCELLATION_REFUSED = "cancellation_refused"
    """A gate was passed, or the parcel was handed over, before the cancellation arrived."""
    COMMISSION_CANCELLED = "commission_cancelled"
    """amount: the refund."""
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
