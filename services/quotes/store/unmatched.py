"""Payments that match no commission."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from services.quotes.domain.unmatched import UnmatchedPayment
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parents[1] / "sql" / "unmatched.sql")


async def add(tx: Tx, found: UnmatchedPayment) -> None:
    """Keep that it came in."""
    await _QUERIES.add.run(
        tx,
        payment=found.payment,
        method=found.method,
        currency=found.amount.currency,
        amount=found.amount.minor,
        received_on=found.received_on,
        bank_reference=found.bank_reference,
        reference=found.reference,
        recorded_at=found.recorded_at,
        recorded_by=found.recorded_by,
    )


async def waiting(tx: Tx, at_most: int) -> list[UnmatchedPayment]:
    """Those that wait, oldest first."""
    return [_made(row) for row in await _QUERIES.waiting.rows(tx, Row, at_most=at_most)]


async def locked(tx: Tx, payment: UUID) -> UnmatchedPayment | None:
    """One of them, under its lock."""
    row = await _QUERIES.locked.row_or_none(tx, Row, payment=payment)
    return _made(row) if row else None


async def known(tx: Tx, bank_reference: str) -> UnmatchedPayment | None:
    """The one that the bank calls this, unless it is a commission's by now."""
    row = await _QUERIES.known.row_or_none(tx, Row, bank_reference=bank_reference)
    return _made(row) if row else None


async def settle(
    tx: Tx, payment: UUID, *, commission: UUID | None, sent_back_on: date | None, at: datetime, by: UUID
) -> None:
    """Keep whose it is, or that it was sent back."""
    await _QUERIES.settle.run(tx, payment=payment, commission=commission, sent_back_on=sent_back_on, at=at, by=by)


async def currency(tx: Tx) -> str | None:
    """What quotes are in; None where there is none yet."""
    return await _QUERIES.currency.value_or_none(tx, str)


def _made(row: Row) -> UnmatchedPayment:
    return made(UnmatchedPayment, {**row, "amount": {"minor": row["amount_minor"], "currency": row["currency"]}})
