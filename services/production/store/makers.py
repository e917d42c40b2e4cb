"""Makers, their skills and hours."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from services.production.domain.makers import Bench, Maker, MakerState
from services.production.domain.plan import Stretch
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parent.parent / "sql" / "makers.sql")


async def makers(tx: Tx) -> list[Maker]:
    """Every maker, by bench."""
    return await _QUERIES.makers.rows(tx, Maker)


async def revisions(tx: Tx, skills: Collection[str]) -> dict[UUID, int]:
    """The active makers who have these skills, each with the revision of the bench; nothing is locked."""
    return dict(await _QUERIES.revisions.rows(tx, tuple[UUID, int], skills=sorted(skills)))


async def benches(
    tx: Tx, skills: Collection[str], makers: Collection[UUID], *, today: date, since: date
) -> list[Bench]:
    """The benches of those of these makers who are active and have these skills, in one reading; nothing is locked.

    Taken are the minutes from the day `since` on.
    """
    rows = await _QUERIES.benches.rows(tx, Row, skills=sorted(skills), today=today, since=since, makers=list(makers))
    return [_bench(made(Maker, row), made(_Held, row)) for row in rows]


@dataclass(frozen=True)
class _Held:
    revision: int
    minutes: int
    days: list[date]
    begins: list[int]
    ends: list[int]


def _bench(maker: Maker, held: _Held) -> Bench:
    taken: dict[date, list[Stretch]] = defaultdict(list)
    for day, begin, end in zip(held.days, held.begins, held.ends, strict=True):
        taken[day].append(Stretch(begin, end))
    return Bench(maker, held.revision, held.minutes, taken)


async def lock_makers(tx: Tx, makers: Collection[UUID]) -> dict[UUID, int]:
    """Nobody else plans hours of these makers until the commit; the revisions that their benches have now."""
    return dict(await _QUERIES.lock_makers.rows(tx, tuple[UUID, int], makers=list(makers)))


async def held_minutes(tx: Tx, since: date) -> dict[int, int]:
    """The promised minutes from a day on, by bench; a bench that has none is left out."""
    return dict(await _QUERIES.held_minutes.rows(tx, tuple[int, int], since=since))


async def record_maker(tx: Tx, maker: UUID, version: int, name: str) -> None:
    await _QUERIES.record_maker.run(tx, maker=maker, version=version, name=name)


async def erase_maker(tx: Tx, maker: UUID) -> None:
    await _QUERIES.erase_maker.run(tx, maker=maker)


async def change_maker(
    tx: Tx,
    maker: UUID,
    *,
    state: MakerState,
    week: tuple[int, ...] | None,
    skills: Iterable[str],
    days_off: Iterable[date],
) -> None:
    await _QUERIES.change_maker.run(tx, maker=maker, state=state, week=list(week) if week else None)
    await _QUERIES.forget_skills.run(tx, maker=maker)
    await add_skills(tx, maker, skills)
    await _QUERIES.forget_days_off.run(tx, maker=maker)
    await _QUERIES.add_days_off.run(tx, maker=maker, days=sorted(days_off))


async def add_skills(tx: Tx, maker: UUID, skills: Iterable[str]) -> None:
    """What a maker can do as well."""
    await _QUERIES.add_skills.run(tx, maker=maker, skills=sorted(skills))
