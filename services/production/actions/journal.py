"""The bench journal: written by whatever happens to a piece, in the transaction in which it happens."""

import secrets
from datetime import datetime
from uuid import UUID

from services.production.domain import serials
from services.production.domain.journal import Entry, first_link, linked
from services.production.store import journal as store
from shared.postgres.database import Tx


async def write(tx: Tx, commission: UUID, entry: Entry, *, at: datetime, by: UUID | None, **said: object) -> None:
    """Write the next entry of a piece's journal. `Entry` says what each one has to say for the certificate.

    `by` is the maker or the operator who did it, None where the customer or nobody did. Values are ids, enums, numbers,
    measures (`Decimal`), `Money`, instants and days, and lists and mappings of them.

    Raises:
        ValueError: it says a float, a naive instant, or words; all three are faults in whoever calls.
    """
    head = await store.open_journal(tx, commission, serials.draw(secrets.randbits))
    previous = head.last_digest or first_link(head.serial)
    await store.add_entry(
        tx, commission, linked(entry, said, sequence=head.entries + 1, at=at, by=by, previous=previous)
    )


async def serial_of(tx: Tx, commission: UUID) -> str | None:
    """The serial under which the certificate will be found, for the card in the box; None before anything is booked."""
    head = await store.journal_of(tx, commission)
    return head.serial if head else None
