"""`touchmark.failures`, written by every service: what goes wrong about no commission, so that the studio is told.

Names of services, inboxes, topics and kinds of events, and ids only.
"""

from typing import ClassVar, Final
from uuid import UUID, uuid5

from shared.contracts.fact import Fact, Topic

_SERVICES: Final = UUID("0d9c4c8e-3f53-5f0e-9f1b-6c7a3f0a2b41")


class EventFailed(Fact):
    """An inbox of a service has parked an event, the first one within an hour. Keyed by the service.

    `event_topic` is where the event came from, `event_type` its CloudEvents type: None where that cannot be read, or is
    none of ours.
    """

    topic: ClassVar[Topic] = Topic.FAILURES

    service: str
    inbox: str
    event_topic: Topic | None = None
    event_type: str | None = None

    @property
    def key(self) -> UUID:
        return uuid5(_SERVICES, self.service)


class PaymentUnmatched(Fact):
    """Money came in that matches no commission: it waits until it is assigned to one, or sent back."""

    topic: ClassVar[Topic] = Topic.FAILURES

    payment: UUID

    @property
    def key(self) -> UUID:
        return self.payment
