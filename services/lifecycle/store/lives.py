"""What lifecycle itself knows of workflows, and what the bridge did."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.lifecycle.domain.passing import Life, Passing
from shared.contracts.lifecycle import Outcome
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "queries.sql")


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


async def life(tx: Tx, commission: UUID) -> Life | None:
    row = await _QUERIES.life(tx.connection, commission=commission)
    return _life(row) if row else None


def _life(row: Any) -> Life:
    counted = row["counted"]
    return Life(row["commission"], row["ended_at"], json.loads(counted) if counted else None, row["lost_at"])
