"""Photos from the bench, and whose commission they are of."""

from pathlib import Path
from uuid import UUID

from services.production.domain.photos import Photo, PhotoContent
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parents[1] / "sql" / "photos.sql")


async def record_customer(tx: Tx, commission: UUID, customer: UUID, country: str | None) -> None:
    await _QUERIES.record_customer.run(tx, commission=commission, customer=customer, country=country)


async def customer_of(tx: Tx, commission: UUID) -> UUID | None:
    return await _QUERIES.customer_of.value_or_none(tx, UUID, commission=commission)


async def add_photo(
    tx: Tx, photo: Photo, content: PhotoContent, *, piece: UUID, commission: UUID, task: UUID, taken_by: UUID
) -> None:
    await _QUERIES.add_photo.run(
        tx,
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
        shown_from=photo.shown_from,
        published_at=photo.published_at,
        mishap=photo.mishap,
    )


async def photo(tx: Tx, commission: UUID, photo: UUID) -> tuple[Photo, PhotoContent] | None:
    row = await _QUERIES.photo.row_or_none(tx, Row, commission=commission, photo=photo)
    return (made(Photo, row), made(PhotoContent, row)) if row else None


async def photos(tx: Tx, piece: UUID) -> tuple[Photo, ...]:
    return tuple(await _QUERIES.photos.rows(tx, Photo, piece=piece))


async def photo_digests(tx: Tx, piece: UUID) -> dict[UUID, str]:
    """SHA-256 in hex, computed from what is stored now."""
    return dict(await _QUERIES.photo_digests.rows(tx, tuple[UUID, str], piece=piece))
