"""What is wished, as the bench reads it; and what of it, and of the bench's own notes, is to be forgotten."""

from uuid import UUID

from services.production.actions.workshop import BENCH
from services.production.store import records
from shared.contracts.briefs import BriefWritten
from shared.postgres.database import Tx


async def record_brief(tx: Tx, brief: BriefWritten) -> None:
    """Keep what is wished now; the bench's pages show it at once."""
    await records.record_brief(tx, brief)
    tx.touch(BENCH)
    tx.touch(brief.commission)


async def erase_brief(tx: Tx, commission: UUID) -> None:
    """Forget what was wished."""
    await records.erase_brief(tx, commission)
    tx.touch(commission)


async def erase_note(tx: Tx, note: UUID) -> None:
    """Forget what a note of the bench said; other texts are not kept here."""
    await records.erase_note(tx, note)
