"""What is forgotten of somebody who left, and what is sealed until the law lets it go."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "leaving.sql")


async def texts_of(tx: Tx, person: UUID) -> tuple[UUID, ...]:
    """The texts that this person wrote here, or that are about their commissions."""
    return tuple(await _QUERIES.texts_of.column(tx, UUID, person=person))


async def commissions_of(tx: Tx, person: UUID) -> list[UUID]:
    return await _QUERIES.commissions_of.column(tx, UUID, person=person)


async def erase_reasons(tx: Tx, person: UUID) -> None:
    await _QUERIES.allow_erasing.run(tx)
    await _QUERIES.erase_reasons.run(tx, person=person)


async def contracts_of(tx: Tx, person: UUID) -> list[tuple[UUID, date]]:
    """The contracts of this person, each with the day on which the last of its papers was issued."""
    return await _QUERIES.contracts_of.rows(tx, tuple[UUID, date], person=person)


async def seal_contract(tx: Tx, commission: UUID, *, until: date, at: datetime) -> None:
    await _QUERIES.seal_contract.run(tx, commission=commission, sealed_at=at, until_day=until)


async def erase_released(tx: Tx, *, today: date, at: datetime) -> list[UUID]:
    """Erase what was sealed and need not be kept any longer; the commissions."""
    released = await _QUERIES.released.column(tx, UUID, today=today)
    if released:
        await _QUERIES.allow_erasing.run(tx)
    for commission in released:
        await _QUERIES.erase_sealed.run(tx, commission=commission, at=at)
    return released
