"""Makers, their skills and hours."""

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.production.domain.makers import Maker, MakerState
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parent.parent / "sql" / "makers.sql")


async def makers(tx: Tx) -> list[Maker]:
    """Every maker, by bench."""
    return [_maker(row) async for row in _QUERIES.makers(tx.connection)]


async def lock_makers(tx: Tx, makers: Collection[UUID]) -> None:
    """Nobody else plans hours of these makers until the commit."""
    async for _ in _QUERIES.lock_makers(tx.connection, makers=list(makers)):
        pass


async def held_minutes(tx: Tx, since: date) -> dict[int, int]:
    """The promised minutes from a day on, by bench; a bench that has none is left out."""
    return {row["bench"]: int(row["minutes"]) async for row in _QUERIES.held_minutes(tx.connection, since=since)}


async def record_maker(tx: Tx, maker: UUID, name: str) -> None:
    await _QUERIES.record_maker(tx.connection, maker=maker, name=name)


async def erase_maker(tx: Tx, maker: UUID) -> None:
    await _QUERIES.erase_maker(tx.connection, maker=maker)


async def change_maker(
    tx: Tx,
    maker: UUID,
    *,
    state: MakerState,
    week: tuple[int, ...] | None,
    skills: Iterable[str],
    days_off: Iterable[date],
) -> None:
    await _QUERIES.change_maker(tx.connection, maker=maker, state=state, week=list(week) if week else None)
    await _QUERIES.forget_skills(tx.connection, maker=maker)
    await add_skills(tx, maker, skills)
    await _QUERIES.forget_days_off(tx.connection, maker=maker)
    await _QUERIES.add_days_off(tx.connection, maker=maker, days=sorted(days_off))


async def add_skills(tx: Tx, maker: UUID, skills: Iterable[str]) -> None:
    """What a maker can do as well."""
    await _QUERIES.add_skills(tx.connection, maker=maker, skills=sorted(skills))


def _maker(row: Record) -> Maker:
    return Maker(
        maker=row["maker"],
        bench=row["bench"],
        name=row["name"],
        state=MakerState(row["state"]),
        week=tuple(row["week"]) if row["week"] else None,
        skills=frozenset(row["skills"]),
        days_off=frozenset(row["days_off"]),
    )
