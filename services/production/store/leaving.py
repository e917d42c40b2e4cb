"""What is forgotten of a customer who left."""

from pathlib import Path
from uuid import UUID

from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "leaving.sql")


async def erase_notes(tx: Tx, customer: UUID) -> list[UUID]:
    """The notes that had words."""
    return await _QUERIES.erase_notes.column(tx, UUID, customer=customer)


async def erase_photos(tx: Tx, customer: UUID) -> None:
    await _QUERIES.erase_photos.run(tx, customer=customer)


async def erase_mishap_words(tx: Tx, customer: UUID) -> None:
    await _QUERIES.erase_mishap_words.run(tx, customer=customer)


async def erase_read_marks(tx: Tx, person: UUID) -> None:
    await _QUERIES.erase_read_marks.run(tx, person=person)


async def commissions_of(tx: Tx, customer: UUID) -> list[UUID]:
    return await _QUERIES.commissions_of.column(tx, UUID, customer=customer)
