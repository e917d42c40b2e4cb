"""What every fact has in common."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Topic(StrEnum):
    """The topics, one owner each (every service writes to `texts` and `failures`); the rest is in `topics.toml`."""

    COMMISSIONS = "touchmark.commissions"
    PEOPLE = "touchmark.people"
    ACCESS = "touchmark.access"
    SESSIONS = "touchmark.sessions"
    BRIEFS = "touchmark.briefs"
    TEXTS = "touchmark.texts"
    DOCUMENTS = "touchmark.documents"
    QUOTES = "touchmark.quotes"
    PAYMENTS = "touchmark.payments"
    PRODUCTION = "touchmark.production"
    NOTIFICATIONS = "touchmark.notifications"
    LIFECYCLE = "touchmark.lifecycle"
    FAILURES = "touchmark.failures"


class Fact(BaseModel):
    """Something that happened. Frozen; unknown fields are tolerated, so that old readers outlive new writers.

    `at` is the instant it happened, in UTC. The Kafka key is `key`: the commission, the person on `people` and
    `access`, the session on `sessions`, the text on `texts`, the document on `documents`, the service on `failures`.
    `by`, where a fact has one, is the person of ops who did it, for the audit log; None where somebody else did it, or
    nobody.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[Topic]

    at: datetime

    @property
    def key(self) -> UUID:
        raise NotImplementedError

    @classmethod
    def type(cls) -> str:
        """The CloudEvents `type`: the topic and the class, as in `touchmark.quotes.QuoteDrafted`."""
        return f"{cls.topic.value}.{cls.__name__}"


class CommissionFact(Fact):
    """A fact about one commission, which is its key."""

    commission: UUID

    @property
    def key(self) -> UUID:
        return self.commission
