"""Kafka in: makers, briefs, withdrawals, receipts, and erasures.

One inbox for each topic: a failure that pauses a partition of one holds up no other.
"""

from services.production.actions import briefs as wishes
from services.production.actions import conversations, deliveries, leaving, makers, parcels, photos, promises
from services.production.actions.context import ProductionContext
from services.production.settings import ProductionSettings
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import (
    CommissionConfirmed,
    CommissionWithdrawn,
    DeliveryChosen,
    MessagesRead,
    ParcelMissed,
    ReceiptConfirmed,
)
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded, RecipientRecorded
from shared.contracts.texts import TextWritten
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

commissions = Inbox("commissions", Topic.COMMISSIONS)
people = Inbox("people", Topic.PEOPLE)
briefs = Inbox("briefs", Topic.BRIEFS)
texts = Inbox("texts", Topic.TEXTS)


@commissions.handler
async def commission_confirmed(confirmed: CommissionConfirmed, tx: Tx) -> None:
    await photos.record_customer(tx, confirmed)


@commissions.handler
async def commission_withdrawn(withdrawn: CommissionWithdrawn, tx: Tx) -> None:
    await promises.record_withdrawal(tx, withdrawn)


@commissions.handler
async def messages_read(read: MessagesRead, tx: Tx) -> None:
    await conversations.record_read(tx, read)


@commissions.handler
async def receipt_confirmed(confirmed: ReceiptConfirmed, tx: Tx, kernel: Kernel[ProductionSettings]) -> None:
    await parcels.confirm_receipt(tx, confirmed, ProductionContext(kernel.clock(), kernel.ids, kernel.settings))


@commissions.handler
async def delivery_chosen(chosen: DeliveryChosen, tx: Tx, kernel: Kernel[ProductionSettings]) -> None:
    await deliveries.record_choice(tx, chosen, ProductionContext(kernel.clock(), kernel.ids, kernel.settings))


@commissions.handler
async def parcel_missed(missed: ParcelMissed, tx: Tx, kernel: Kernel[ProductionSettings]) -> None:
    await parcels.record_missed(tx, missed, ProductionContext(kernel.clock(), kernel.ids, kernel.settings))


@people.handler
async def recipient_recorded(recorded: RecipientRecorded, record: Record, tx: Tx) -> None:
    await deliveries.record_address(tx, recorded, record.version)


@people.handler
async def person_recorded(person: PersonRecorded, record: Record, tx: Tx) -> None:
    await makers.record_person(tx, person, record.version)


@people.tombstone
async def person_erased(record: Record, tx: Tx) -> None:
    await leaving.erase_person(tx, record.key, record.version)


@briefs.handler
async def brief_written(brief: BriefWritten, tx: Tx) -> None:
    await wishes.record_brief(tx, brief)


@briefs.tombstone
async def brief_erased(record: Record, tx: Tx) -> None:
    await wishes.erase_brief(tx, record.key)


@texts.handler
async def text_written(written: TextWritten, tx: Tx) -> None:
    await conversations.record_text(tx, written)


@texts.tombstone
async def text_erased(record: Record, tx: Tx) -> None:
    await wishes.erase_note(tx, record.key)
    await conversations.erase_text(tx, record.key)
