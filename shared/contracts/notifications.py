"""`touchmark.notifications`, owned by notify: every delivery and its outcome, without addresses."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic


class Intent(StrEnum):
    """Why a mail is sent. There is one mail per commission and intent."""

    REQUEST_RECEIVED = "request_received"
    QUOTE_DRAFTED = "quote_drafted"
    COMMISSION_ENDED = "commission_ended"


class MailSent(CommissionFact):
    """The mail server took a mail. It may be received twice under one Message-ID: SMTP has no exactly-once."""

    topic: ClassVar[Topic] = Topic.NOTIFICATIONS

    mail: UUID
    person: UUID
    intent: Intent


class MailFailed(CommissionFact):
    """A mail was given up: refused for good, or refused for too long."""

    topic: ClassVar[Topic] = Topic.NOTIFICATIONS

    mail: UUID
    person: UUID
    intent: Intent
    smtp_code: int | None = None
