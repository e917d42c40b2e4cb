"""The journal on the real database: numbered without gaps under concurrent writes, and never rewritten."""

import asyncio
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from services.production.actions import journal
from services.production.domain import serials
from services.production.store import journal as store
from shared.certificates.canonical import NotCanonicalError
from shared.certificates.journal import JournalEntry, JournalEntryKind, broken_links
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.production import MAKER, NOW


async def opened(database: Database) -> UUID:
    """A piece whose journal is empty."""
    piece = new_id()
    async with database.transaction() as tx:
        await journal.open_journal(tx, piece, new_id())
    return piece


async def write(
    database: Database, piece: UUID, entry: JournalEntryKind = JournalEntryKind.STAGE_BEGUN, **said: object
) -> None:
    async with database.transaction() as tx:
        await journal.write(tx, piece, entry, at=NOW, by=MAKER.person, **said)


async def packed_and_then_a_fault(database: Database, piece: UUID) -> None:
    async with database.transaction() as tx:
        await journal.write(tx, piece, JournalEntryKind.PACKED, at=NOW, by=None)
        await journal.write(tx, piece, JournalEntryKind.MEASURED, at=NOW, by=None, value=0.1)


async def kept(database: Database, piece: UUID) -> tuple[str, tuple[JournalEntry, ...]]:
    """The serial and the entries of a journal."""
    async with database.transaction() as tx:
        serial = await journal.serial_of(tx, piece)
        return serial or "", await store.entries(tx, piece)


async def test_entries_follow_from_each_other(database: Database) -> None:
    piece = await opened(database)

    for minutes in range(3):
        await write(database, piece, JournalEntryKind.STAGE_FINISHED, stage="bend", minutes=minutes)

    serial, entries = await kept(database, piece)
    assert serials.read(serial) == serial
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert list(broken_links(serial, entries)) == []
    assert entries[1] == replace(entries[1], at=NOW, by=MAKER.person, said='{"minutes":1,"stage":"bend"}')


async def test_who_writes_at_once_leaves_no_gap(database: Database) -> None:
    piece = await opened(database)

    await asyncio.gather(*(write(database, piece, minutes=number) for number in range(40)))

    serial, entries = await kept(database, piece)
    assert [entry.sequence for entry in entries] == list(range(1, 41))
    assert list(broken_links(serial, entries)) == []
    assert len({entry.said for entry in entries}) == 40


async def test_what_is_rolled_back_was_never_written(database: Database) -> None:
    piece = await opened(database)
    await write(database, piece)

    with pytest.raises(NotCanonicalError):
        await packed_and_then_a_fault(database, piece)
    await write(database, piece, JournalEntryKind.PIECE_MADE)

    serial, entries = await kept(database, piece)
    assert [entry.entry for entry in entries] == ["stage_begun", "piece_made"]
    assert list(broken_links(serial, entries)) == []


async def test_a_piece_without_a_journal_has_no_serial(database: Database) -> None:
    async with database.transaction() as tx:
        assert await journal.serial_of(tx, new_id()) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET said = '{}' WHERE piece = $1",
        "DELETE FROM journal_entry WHERE piece = $1",
        "DELETE FROM journal WHERE piece = $1",
        "TRUNCATE journal_entry",
        "TRUNCATE journal CASCADE",
    ],
)
async def test_the_database_refuses_to_rewrite_it(database: Database, statement: str) -> None:
    piece = await opened(database)
    await write(database, piece)

    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="cannot be changed"):
        async with database.transaction() as tx:
            await tx.connection.execute(statement, *([piece] if "$1" in statement else []))

    assert len((await kept(database, piece))[1]) == 1
