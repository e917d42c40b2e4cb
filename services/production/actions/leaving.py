"""Somebody left: a maker's name and profile go, and of a customer's pieces notes, photos and words of mishaps."""

from uuid import UUID

from services.production.actions import makers
from services.production.store import deliveries, leaving
from shared.contracts.fact import Topic
from shared.erasure.store import forget_answers
from shared.outbox import Tombstone, publish
from shared.postgres.database import Tx


async def erase_person(tx: Tx, person: UUID, version: int) -> None:
    """Obey the tombstone, of a person or of a parcel's address.

    Photos that a certificate shows to everybody stay with it: they were published.
    """
    await makers.erase_person(tx, person, version)
    await deliveries.erase_recipient(tx, person)
    await leaving.erase_photos(tx, person)
    await leaving.erase_mishap_words(tx, person)
    await leaving.erase_read_marks(tx, person)
    notes = await leaving.erase_notes(tx, person)
    commissions = await leaving.commissions_of(tx, person)
    await forget_answers(tx, [person, *notes, *commissions])
    for commission in commissions:
        tx.touch(commission)
    await publish(tx, [Tombstone(Topic.TEXTS, note) for note in notes])
