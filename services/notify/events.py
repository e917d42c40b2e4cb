"""Kafka in: who people are, and that a commission was submitted."""

from collections.abc import Sequence

from services.notify import actions
from services.notify.settings import Settings
from shared.contracts.commissions import CommissionSubmitted
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel


def inboxes(kernel: Kernel[Settings]) -> Sequence[Inbox]:
    """One inbox for people and one for commissions: neither waits for the other."""

    async def person_recorded(tx: Tx, person: PersonRecorded, _record: Record) -> None:
        await actions.record_person(tx, person, kernel.clock())

    async def person_erased(tx: Tx, record: Record) -> None:
        await actions.erase_person(tx, record.key, kernel.clock())

    async def commission_submitted(tx: Tx, submitted: CommissionSubmitted, _record: Record) -> None:
        await actions.receive_commission(tx, submitted, kernel.clock())

    return [
        Inbox(
            name="people",
            topics=[Topic.PEOPLE],
            handlers={PersonRecorded: person_recorded},
            tombstones={Topic.PEOPLE: person_erased},
        ),
        Inbox(
            name="commissions",
            topics=[Topic.COMMISSIONS],
            handlers={CommissionSubmitted: commission_submitted},
        ),
    ]
