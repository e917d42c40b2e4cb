"""Notes and photos that wait to be shown to the customer."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.production.domain.publishing import Publication
from shared.contracts.people import Role
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "publishing.sql")


@dataclass(frozen=True)
class DueNote:
    """`at` is when it was written."""

    note: UUID
    author: UUID
    author_role: Role
    body: str
    at: datetime
    stage: str


@dataclass(frozen=True)
class DuePhoto:
    """`at` is when it was taken; `digest` the SHA-256 of its content in hex."""

    photo: UUID
    taken_by: UUID
    at: datetime
    stage: str
    public: bool
    digest: str


async def due(tx: Tx, now: datetime) -> list[UUID]:
    """The commissions of what is due."""
    return await _QUERIES.due.column(tx, UUID, now=now)


async def publish_notes(tx: Tx, piece: UUID, now: datetime) -> list[DueNote]:
    """What is due of a piece whose lock is held, in the order in which it was written; published from here on."""
    found = await _QUERIES.publish_notes.rows(tx, DueNote, piece=piece, now=now)
    return sorted(found, key=lambda each: (each.at, each.note))


async def publish_photos(tx: Tx, piece: UUID, now: datetime) -> list[DuePhoto]:
    found = await _QUERIES.publish_photos.rows(tx, DuePhoto, piece=piece, now=now)
    return sorted(found, key=lambda each: (each.at, each.photo))


async def publish_public_photos(tx: Tx, piece: UUID, now: datetime) -> list[DuePhoto]:
    """Those that the certificate may show, due or not, in the order in which they were taken."""
    found = await _QUERIES.publish_public_photos.rows(tx, DuePhoto, piece=piece, now=now)
    return sorted(found, key=lambda each: (each.at, each.photo))


async def note_state(tx: Tx, note: UUID, task: UUID) -> Publication | None:
    return await _QUERIES.note_state.row_or_none(tx, Publication, note=note, task=task)


async def photo_state(tx: Tx, photo: UUID, piece: UUID) -> Publication | None:
    return await _QUERIES.photo_state.row_or_none(tx, Publication, photo=photo, piece=piece)


async def withdraw_note(tx: Tx, note: UUID, now: datetime) -> None:
    await _QUERIES.withdraw_note.run(tx, note=note, now=now)


async def withdraw_photo(tx: Tx, photo: UUID, now: datetime) -> None:
    await _QUERIES.withdraw_photo.run(tx, photo=photo, now=now)
