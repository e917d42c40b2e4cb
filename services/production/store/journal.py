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

    commission: UUID
    serial: str
    entries: int
    last_digest: str | None


async def open_journal(tx: Tx, commission: UUID, serial: str) -> Journal:
    """The head, whose lock is held until the commit; opened under this serial if there was none."""
    row = await _QUERIES.open_journal(tx.connection, commission=commission, serial=serial)
    return Journal(commission, row["serial"], row["entries"], row["last_digest"])


async def add_entry(tx: Tx, commission: UUID, entry: JournalEntry) -> None:
    await _QUERIES.add_entry(
        tx.connection,
        commission=commission,
        sequence=entry.sequence,
        at=entry.at,
        entry=entry.entry,
        by_person=entry.by,
        said=entry.said,
        previous=entry.previous,
        digest=entry.digest,
    )


async def journal_of(tx: Tx, commission: UUID) -> Journal | None:
    row = await _QUERIES.journal_of(tx.connection, commission=commission)
    return Journal(**row) if row else None


async def journal_under(tx: Tx, serial: str) -> Journal | None:
    row = await _QUERIES.journal_under(tx.connection, serial=serial)
    return Journal(**row) if row else None


async def entries(tx: Tx, commission: UUID) -> tuple[JournalEntry, ...]:
    """Every entry as it is stored now, intact or not."""
    rows = [row async for row in _QUERIES.entries(tx.connection, commission=commission)]
    return tuple(
        JournalEntry(
            row["sequence"], row["at"], row["entry"], row["by_person"], row["said"], row["previous"], row["digest"]
        )
        for row in rows
    )


async def lock(tx: Tx, commission: UUID) -> Journal | None:
    """The head, whose lock is held until the commit."""
    row = await _QUERIES.lock_journal(tx.connection, commission=commission)
    return Journal(**row) if row else None


async def certificate(tx: Tx, commission: UUID) -> tuple[str, str] | None:
    """The certificate's text and its signature as they are stored now."""
    row = await _QUERIES.certificate(tx.connection, commission=commission)
    return (row["text"], row["signature"]) if row else None


async def add_certificate(tx: Tx, commission: UUID, text: str, signature: str) -> None:
    await _QUERIES.add_certificate(tx.connection, commission=commission, text=text, signature=signature)
