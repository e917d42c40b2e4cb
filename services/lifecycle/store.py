"""One typed function per query of `sql/queries.sql`."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.lifecycle.domain.passing import Life, Passed, Passing
from services.lifecycle.domain.room import Commission, Counts, Happening
from shared.contracts.lifecycle import Holder, Outcome, Stage
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parent / "sql" / "queries.sql")


async def lock_lives(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, Life]:
    """The lives that are known, by commission; none of them can end before the commit."""
    return {row["commission"]: _life(row) async for row in _QUERIES.lock_lives(tx.connection, commissions=commissions)}


async def add_lives(tx: Tx, commissions: Sequence[UUID]) -> None:
    await _QUERIES.add_lives(tx.connection, commissions=commissions)


async def lose_lives(tx: Tx, commissions: Sequence[UUID], at: datetime) -> None:
    await _QUERIES.lose_lives(tx.connection, commissions=commissions, at=at)


async def end_life(tx: Tx, commission: UUID, outcome: Outcome, counted: Mapping[str, int], at: datetime) -> None:
    await _QUERIES.end_life(tx.connection, commission=commission, outcome=outcome, counted=json.dumps(counted), at=at)


async def mark_too_late(tx: Tx, commission: UUID) -> None:
    await _QUERIES.mark_too_late(tx.connection, commission=commission)


async def last_passed(tx: Tx, commissions: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    """The newest version that was passed on, by commission and topic."""
    rows = _QUERIES.last_passed(tx.connection, commissions=commissions)
    return {(row["commission"], row["topic"]): row["version"] async for row in rows}


async def add_passings(tx: Tx, passings: Sequence[Passing]) -> None:
    await _QUERIES.add_passings(
        tx.connection,
        commissions=[each.commission for each in passings],
        topics=[each.topic for each in passings],
        versions=[each.version for each in passings],
        types=[each.type for each in passings],
        instants=[each.at for each in passings],
        passed=[each.passed.value for each in passings],
    )


async def note_request(
    tx: Tx,
    commission: UUID,
    *,
    stage: Stage,
    holder: Holder,
    due: datetime,
    craft: str,
    craft_version: int,
    customer: UUID,
    needed_by: date | None,
    submitted_at: datetime,
) -> None:
    await _QUERIES.note_request(
        tx.connection,
        commission=commission,
        stage=stage,
        holder=holder,
        due=due,
        craft=craft,
        craft_version=craft_version,
        customer=customer,
        needed_by=needed_by,
        submitted_at=submitted_at,
    )


async def note_stage(
    tx: Tx, commission: UUID, *, stage: Stage, holder: Holder, since: datetime, due: datetime | None
) -> None:
    await _QUERIES.note_stage(tx.connection, commission=commission, stage=stage, holder=holder, since=since, due=due)


async def note_withdrawal(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.note_withdrawal(tx.connection, commission=commission, at=at)


async def note_end(tx: Tx, commission: UUID, *, outcome: Outcome, at: datetime) -> None:
    await _QUERIES.note_end(
        tx.connection, commission=commission, stage=Stage.ENDED, holder=Holder.NOBODY, outcome=outcome, at=at
    )


async def add_happenings(tx: Tx, happenings: Sequence[tuple[UUID, Happening]]) -> None:
    """Facts by their commission."""
    await _QUERIES.add_happenings(
        tx.connection,
        commissions=[commission for commission, _ in happenings],
        topics=[each.topic for _, each in happenings],
        versions=[each.version for _, each in happenings],
        types=[each.type for _, each in happenings],
        instants=[each.at for _, each in happenings],
        details=[json.dumps(each.detail) for _, each in happenings],
    )


async def turn_revision(tx: Tx) -> None:
    await _QUERIES.turn_revision(tx.connection)


async def room_revision(tx: Tx, now: datetime) -> str:
    text: str = await _QUERIES.room_revision(tx.connection, now=now)
    return text


async def story_revision(tx: Tx, commission: UUID, now: datetime) -> str:
    text: str = await _QUERIES.story_revision(tx.connection, commission=commission, now=now)
    return text


async def commissions(
    tx: Tx,
    *,
    stage: Stage | None,
    holder: Holder | None,
    after: tuple[datetime, UUID] | None,
    at_most: int,
) -> list[Commission]:
    """What is due first comes first; `after` is the place (`Commission.place`) and id of the last one read."""
    place, before = after or (None, None)
    rows = _QUERIES.commissions(tx.connection, stage=stage, holder=holder, place=place, before=before, at_most=at_most)
    return [_commission(row) async for row in rows]


async def commission(tx: Tx, commission: UUID) -> Commission | None:
    row = await _QUERIES.commission(tx.connection, commission=commission)
    return _commission(row) if row else None


async def counts(tx: Tx, now: datetime) -> Counts:
    return Counts(**await _QUERIES.counts(tx.connection, now=now))


async def happenings(tx: Tx, commission: UUID) -> list[Happening]:
    return [_happening(row) async for row in _QUERIES.happenings(tx.connection, commission=commission)]


async def life(tx: Tx, commission: UUID) -> Life | None:
    row = await _QUERIES.life(tx.connection, commission=commission)
    return _life(row) if row else None


async def add_ops_action(tx: Tx, action: UUID, *, commission: UUID, what: str, person: UUID, at: datetime) -> None:
    await _QUERIES.add_ops_action(tx.connection, action=action, commission=commission, what=what, person=person, at=at)


def _life(row: Any) -> Life:
    counted = row["counted"]
    return Life(row["commission"], row["ended_at"], json.loads(counted) if counted else None, row["lost_at"])


def _commission(row: Any) -> Commission:
    outcome = row["outcome"]
    return Commission(
        **{
            **row,
            "stage": Stage(row["stage"]),
            "holder": Holder(row["holder"]),
            "outcome": Outcome(outcome) if outcome else None,
        }
    )


def _happening(row: Any) -> Happening:
    passed = row["passed"]
    return Happening(**{**row, "detail": json.loads(row["detail"]), "passed": Passed(passed) if passed else None})
