"""Kafka in: makers, briefs, withdrawals, receipts, and erasures."""

from collections.abc import Sequence

from services.production.actions import briefs, makers, parcels, photos, promises
from services.production.actions.context import ProductionContext
from services.production.settings import ProductionSettings
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import CommissionSubmitted, CommissionWithdrawn, ReceiptConfirmed
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel


def inboxes(kernel: Kernel[ProductionSettings]) -> Sequence[Inbox]:
    """One inbox a topic: none waits for another."""

    async def commission_submitted(tx: Tx, submitted: CommissionSubmitted, _record: Record) -> None:
        await photos.record_customer(tx, submitted)

    async def commission_withdrawn(tx: Tx, withdrawn: CommissionWithdrawn, _record: Record) -> None:
        await promises.record_withdrawal(tx, withdrawn)

    async def receipt_confirmed(tx: Tx, confirmed: ReceiptConfirmed, _record: Record) -> None:
        await parcels.confirm_receipt(tx, confirmed, ProductionContext(kernel.clock(), kernel.ids, kernel.settings))

    async def person_recorded(tx: Tx, person: PersonRecorded, _record: Record) -> None:
        await makers.record_person(tx, person)

    async def person_erased(tx: Tx, record: Record) -> None:
        await makers.erase_person(tx, record.key)

    async def brief_written(tx: Tx, brief: BriefWritten, _record: Record) -> None:
        await briefs.record_brief(tx, brief)

    async def brief_erased(tx: Tx, record: Record) -> None:
        await briefs.erase_brief(tx, record.key)

    async def text_erased(tx: Tx, record: Record) -> None:
        await briefs.erase_note(tx, record.key)

    return [
        Inbox(
            name="commissions",
            topics=[Topic.COMMISSIONS],
            handlers={
                CommissionSubmitted: commission_submitted,
                CommissionWithdrawn: commission_withdrawn,
                ReceiptConfirmed: receipt_confirmed,
            },
        ),
        Inbox(
            name="people",
            topics=[Topic.PEOPLE],
            handlers={PersonRecorded: person_recorded},
            tombstones={Topic.PEOPLE: person_erased},
        ),
        Inbox(
            name="briefs",
            topics=[Topic.BRIEFS],
            handlers={BriefWritten: brief_written},
            tombstones={Topic.BRIEFS: brief_erased},
        ),
        Inbox(name="texts", topics=[Topic.TEXTS], tombstones={Topic.TEXTS: text_erased}),
    ]
