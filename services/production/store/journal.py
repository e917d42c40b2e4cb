"""The journals and their entries."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from shared.certificates.journal import JournalEntry
from shared.contracts.commands.production import BenchActivity
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "journal.sql")


@dataclass(frozen=True)
class Journal:
    """The head of a piece's journal: its serial, how many entries it has, and the digest of the last one."""

    piece: UUID
    commission: UUID
    serial: str
    entries: int
    last_digest: str | None


async def open_journal(tx: Tx, piece: UUID, commission: UUID, serial: str) -> None:
    await _QUERIES.open_journal.run(tx, piece=piece, commission=commission, serial=serial)


async def add_entry(tx: Tx, piece: UUID, entry: JournalEntry) -> None:
    await _QUERIES.add_entry.run(
        tx,
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
    return await _QUERIES.journal_of.row_or_none(tx, Journal, piece=piece)


async def journal_under(tx: Tx, serial: str) -> Journal | None:
    return await _QUERIES.journal_under.row_or_none(tx, Journal, serial=serial)


async def entries(tx: Tx, piece: UUID) -> tuple[JournalEntry, ...]:
    """Every entry as it is stored now, intact or not."""
    return tuple(await _QUERIES.entries.rows(tx, JournalEntry, piece=piece))


async def lock(tx: Tx, piece: UUID) -> Journal | None:
    """The head, whose lock is held until the commit."""
    return await _QUERIES.lock_journal.row_or_none(tx, Journal, piece=piece)


async def activity(tx: Tx, commission: UUID) -> BenchActivity | None:
    return await _QUERIES.activity.row_or_none(tx, BenchActivity, commission=commission)


async def certificate(tx: Tx, piece: UUID) -> tuple[str, str] | None:
    """The certificate's text and its signature as they are stored now."""
    return await _QUERIES.certificate.row_or_none(tx, tuple[str, str], piece=piece)


async def certificates_of(tx: Tx, customer: UUID) -> list[str]:
    """The serials of the certificates of somebody's pieces."""
    return await _QUERIES.certificates_of.column(tx, str, customer=customer)


async def add_certificate(tx: Tx, piece: UUID, text: str, signature: str) -> None:
    await _QUERIES.add_certificate.run(tx, piece=piece, text=text, signature=signature)


async def piece_of_commission(tx: Tx, commission: UUID) -> UUID | None:
    """The commission's only piece that has a journal."""
    return await _QUERIES.piece_of_commission.value_or_none(tx, UUID, commission=commission)
