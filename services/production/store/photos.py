"""Photos from the bench, and whose commission they are of."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.production.domain.photos import Photo, PhotoContent
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "photos.sql")


async def record_customer(tx: Tx, commission: UUID, customer: UUID) -> None:
    await _QUERIES.record_customer(tx.connection, commission=commission, customer=customer)


async def customer_of(tx: Tx, commission: UUID) -> UUID | None:
    found: UUID | None = await _QUERIES.customer_of(tx.connection, commission=commission)
    return found


async def add_photo(
    tx: Tx, photo: Photo, content: PhotoContent, *, piece: UUID, commission: UUID, task: UUID, taken_by: UUID
) -> None:
    await _QUERIES.add_photo(
        tx.connection,
        photo=photo.photo,
        piece=piece,
        commission=commission,
        task=task,
        stage=photo.stage,
        public=photo.public,
        taken_by=taken_by,
        taken_at=photo.taken_at,
        media_type=content.media_type,
        width=photo.width,
        height=photo.height,
        content=content.content,
    )


async def photo(tx: Tx, commission: UUID, photo: UUID) -> tuple[Photo, PhotoContent] | None:
    row = await _QUERIES.photo(tx.connection, commission=commission, photo=photo)
    return (_photo(row), PhotoContent(row["media_type"], row["content"])) if row else None


async def photos(tx: Tx, piece: UUID) -> tuple[Photo, ...]:
    return tuple([_photo(row) async for row in _QUERIES.photos(tx.connection, piece=piece)])


async def photo_digests(tx: Tx, piece: UUID) -> dict[UUID, str]:
    """SHA-256 in hex, computed from what is stored now."""
    rows = _QUERIES.photo_digests(tx.connection, piece=piece)
    return {row["photo"]: row["digest"] async for row in rows}


def _photo(row: Record) -> Photo:
    taken_at: datetime = row["taken_at"]
    return Photo(row["photo"], row["stage"], row["public"], taken_at, row["width"], row["height"])
