"""Briefs as the bench reads them, and the erasure of briefs and notes."""

from uuid import UUID

from services.production.actions.context import BENCH
from services.production.store import records
from shared.contracts.briefs import BriefWritten
from shared.postgres.database import Tx


async def record_brief(tx: Tx, brief: BriefWritten) -> None:
    """Keep the newest brief; the bench's pages show it at once."""
    await records.record_brief(tx, brief)
    tx.touch(BENCH)
    tx.touch(brief.commission)


async def erase_brief(tx: Tx, commission: UUID) -> None:
    """Erase a brief's answers."""
    await records.erase_brief(tx, commission)
    tx.touch(commission)


async def erase_note(tx: Tx, note: UUID) -> None:
    """Erase the text of a maker's note; other texts are not kept here."""
    await records.erase_note(tx, note)
