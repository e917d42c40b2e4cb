"""What customer, maker and studio write to each other, as the bench has read it: intake owns it."""

from uuid import UUID

from services.production.actions.context import BENCH
from shared.contracts.commissions import MessagesRead
from shared.contracts.texts import TextWritten
from shared.conversation import store
from shared.postgres.database import Tx


async def record_text(tx: Tx, written: TextWritten) -> None:
    """Keep a message; other texts are not shown here."""
    if await store.record_message(tx, written):
        _wake(tx, written.commission)


async def record_read(tx: Tx, read: MessagesRead) -> None:
    """Keep up to when somebody has read, for their badges."""
    await store.record_read(tx, read)
    _wake(tx, read.commission)


async def erase_text(tx: Tx, text: UUID) -> None:
    """Obey the tombstone of a message."""
    if commission := await store.erase_message(tx, text):
        _wake(tx, commission)


def _wake(tx: Tx, commission: UUID) -> None:
    tx.touch(BENCH)
    tx.touch(commission)
