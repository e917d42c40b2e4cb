"""Notes and photos reach the customer when they are due, and can be taken back until then.

What is published is marked, written into the journal and put into the outbox in one transaction, under the piece's
lock: a process that dies in between has published nothing, and the next one does it once.
"""

from datetime import datetime
from uuid import UUID

from services.production.actions import journal
from services.production.actions.context import ProductionContext, conclude, lock_piece, lock_task
from services.production.domain.pieces import Piece
from services.production.domain.publishing import Publication
from services.production.store import pieces
from services.production.store import publishing as store
from shared.auth.roles import Caller
from shared.certificates.journal import JournalEntryKind
from shared.contracts.production import NoteWritten, PhotoTaken
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.problems import not_found
from shared.postgres.database import Tx


async def due(tx: Tx, now: datetime) -> list[UUID]:
    """The commissions whose customers are to see something by now."""
    return await store.due(tx, now)


async def publish_due(tx: Tx, commission: UUID, context: ProductionContext) -> None:
    """Publish what is due of a commission; what somebody else published or took back meanwhile is left alone."""
    piece, _ = await lock_piece(tx, commission)
    await publish_due_of(tx, piece, context)


async def publish_due_of(tx: Tx, piece: Piece, context: ProductionContext) -> None:
    """The same for a piece whose lock is held."""
    for note in await store.publish_notes(tx, piece.piece, context.now):
        text = TextWritten(
            text=note.note,
            commission=piece.commission,
            author=note.author,
            author_role=note.author_role,
            subject=Subject.NOTE,
            body=note.body,
            at=context.now,
        )
        written = NoteWritten(
            commission=piece.commission, piece=piece.piece, note=note.note, stage=note.stage, at=context.now
        )
        await conclude(tx, piece, piece, [text, written], by=note.author)
    for photo in await store.publish_photos(tx, piece.piece, context.now):
        await _publish_photo(tx, piece, photo, context)


async def publish_for_certificate(tx: Tx, piece: UUID, context: ProductionContext) -> None:
    """Publish the public photos that still wait: a certificate is issued once, and would never show them.

    Nobody can take them back from here on. Holds the piece's lock until the commit.
    """
    if (locked := await pieces.lock(tx, piece)) is None:
        return
    for photo in await store.publish_public_photos(tx, piece, context.now):
        await _publish_photo(tx, locked, photo, context)


async def withdraw_note(tx: Tx, caller: Caller, task: UUID, note: UUID, context: ProductionContext) -> None:
    """Take a note back before the customer has read it; idempotent. Raises `not-found` and `conflict`."""
    piece, _ = await lock_task(tx, caller, task)
    if _still_there(await store.note_state(tx, note, task)):
        await store.withdraw_note(tx, note, context.now)
        await conclude(tx, piece, piece, [])


async def withdraw_photo(tx: Tx, caller: Caller, task: UUID, photo: UUID, context: ProductionContext) -> None:
    """Take a photo back before the customer has seen it; idempotent. Raises `not-found` and `conflict`."""
    piece, _ = await lock_task(tx, caller, task)
    if _still_there(await store.photo_state(tx, photo, piece.piece)):
        await store.withdraw_photo(tx, photo, context.now)
        await conclude(tx, piece, piece, [])


def _still_there(found: Publication | None) -> bool:
    """Whether it is to be taken back now, and was not before. Raises `not-found`; `conflict` when it is too late."""
    if found is None:
        raise not_found()
    found.check_withdrawable()
    return found.withdrawn_at is None


async def _publish_photo(tx: Tx, piece: Piece, photo: store.DuePhoto, context: ProductionContext) -> None:
    await journal.write(
        tx,
        piece.piece,
        JournalEntryKind.PHOTO_TAKEN,
        at=context.now,
        by=photo.taken_by,
        photo=photo.photo,
        sha256=photo.digest,
        stage=photo.stage,
        public=photo.public,
        taken_at=photo.at,
    )
    taken = PhotoTaken(
        commission=piece.commission, piece=piece.piece, photo=photo.photo, stage=photo.stage, at=context.now
    )
    await conclude(tx, piece, piece, [taken], by=photo.taken_by)
