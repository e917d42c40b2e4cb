"""The journals and their entries."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.certificates.journal import JournalEntry
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "journal.sql")


@dataclass(frozen=True)
class Journal:
    """The head of a piece's journal: its serial, how many entries it has, and the digest of the last one."""

    piece: UUID
    commission: UUID
    serial: str
    entries: int
    last_digest: str | None


async def open_journal(tx: Tx, piece: UUID, commission: UUID, serial: str) -> None:
    await _QUERIES.open_journal(tx.connection, piece=piece, commission=commission, serial=serial)


async def add_entry(tx: Tx, piece: UUID, entry: JournalEntry) -> None:
    await _QUERIES.add_entry(
        tx.connection,
        piece=piece,
        sequence=entry.sequence,
        at=entry.at,
        entry=entry.entry,
        by_person=entry.by,
        said=entry.said,
        previous=entry.previous,
        digest=entry.digest,
    )


async def journal_of(tx: Tx, piece: UUID) -> Journal | None:
    row = await _QUERIES.journal_of(tx.connection, piece=piece)
    return Journal(**row) if row else None


async def journal_under(tx: Tx, serial: str) -> Journal | None:
    row = await _QUERIES.journal_under(tx.connection, serial=serial)
    return Journal(**row) if row else None


async def entries(tx: Tx, piece: UUID) -> tuple[JournalEntry, ...]:
    """Every entry as it is stored now, intact or not."""
    rows = [row async for row in _QUERIES.entries(tx.connection, piece=piece)]
    return tuple(
        JournalEntry(
            row["sequence"], row["at"], row["entry"], row["by_person"], row["said"], row["previous"], row["digest"]
        )
        for row in rows
    )


async def lock(tx: Tx, piece: UUID) -> Journal | None:
    """The head, whose lock is held until the commit."""
    row = await _QUERIES.lock_journal(tx.connection, piece=piece)
    return Journal(**row) if row else None


async def certificate(tx: Tx, piece: UUID) -> tuple[str, str] | None:
    """The certificate's text and its signature as they are stored now."""
    row = await _QUERIES.certificate(tx.connection, piece=piece)
    return (row["text"], row["signature"]) if row else None


async def add_certificate(tx: Tx, piece: UUID, text: str, signature: str) -> None:
    await _QUERIES.add_certificate(tx.connection, piece=piece, text=text, signature=signature)


async def piece_of_commission(tx: Tx, commission: UUID) -> UUID | None:
    """The commission's only piece that has a journal."""
    found: UUID | None = await _QUERIES.piece_of_commission(tx.connection, commission=commission)
    return found
