"""Kafka in: makers, briefs, withdrawals, receipts, and erasures. One inbox a topic: none waits for another."""

from services.production.actions import briefs as wishes
from services.production.actions import makers, parcels, photos, promises
from services.production.actions.context import ProductionContext
from services.production.settings import ProductionSettings
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import CommissionConfirmed, CommissionWithdrawn, ReceiptConfirmed
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded
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
async def receipt_confirmed(confirmed: ReceiptConfirmed, tx: Tx, kernel: Kernel[ProductionSettings]) -> None:
    await parcels.confirm_receipt(tx, confirmed, ProductionContext(kernel.clock(), kernel.ids, kernel.settings))


@people.handler
async def person_recorded(person: PersonRecorded, tx: Tx) -> None:
    await makers.record_person(tx, person)


@people.tombstone
async def person_erased(record: Record, tx: Tx) -> None:
    await makers.erase_person(tx, record.key)


@briefs.handler
async def brief_written(brief: BriefWritten, tx: Tx) -> None:
    await wishes.record_brief(tx, brief)


@briefs.tombstone
async def brief_erased(record: Record, tx: Tx) -> None:
    await wishes.erase_brief(tx, record.key)


@texts.tombstone
async def text_erased(record: Record, tx: Tx) -> None:
    await wishes.erase_note(tx, record.key)
