"""What the studio asked to send."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from services.quotes.domain.sending import Sending, SendingState
from shared.contracts.quotes import SendRefusal
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "sending.sql")


async def sending(tx: Tx, quote: UUID) -> Sending | None:
    """The last asking, if there was any."""
    return await _QUERIES.sending.row_or_none(tx, Sending, quote=quote)


async def ask_to_send(
    tx: Tx, quote: UUID, version: int, *, at: datetime, by: UUID | None, until: datetime | None
) -> int:
    """How often the studio has asked now."""
    return await _QUERIES.ask_to_send.value(
        tx, int, quote=quote, version=version, asked_at=at, asked_by=by, until=until
    )


async def end_sending(tx: Tx, quote: UUID, state: SendingState, refusal: SendRefusal | None = None) -> None:
    """Nothing, where none is under way."""
    await _QUERIES.end_sending.run(tx, quote=quote, state=state, refusal=refusal)


async def preview(tx: Tx, quote: UUID, ready_by: date, ready_by_p50: date) -> None:
    """The days that are possible now."""
    await _QUERIES.preview.run(tx, quote=quote, ready_by=ready_by, ready_by_p50=ready_by_p50)
