"""What is known of the maker's activity: written by the projection, looked up before a maker is reminded."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from shared.contracts.commands.lifecycle import BenchActivity
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def record_activity(tx: Tx, commission: UUID, at: datetime) -> None:
    await _QUERIES.record_activity.run(tx, commission=commission, at=at)


async def record_work(tx: Tx, commission: UUID, at: datetime, *, next_on: date | None) -> None:
    """The piece rests no more, and its next stage is planned for this day."""
    await _QUERIES.record_work.run(tx, commission=commission, at=at, next_on=next_on)


async def begin_rest(tx: Tx, commission: UUID, since: datetime, until: datetime) -> None:
    await _QUERIES.begin_rest.run(tx, commission=commission, since=since, until=until)


async def bench_activity(tx: Tx, commission: UUID) -> BenchActivity | None:
    return await _QUERIES.bench_activity.row_or_none(tx, BenchActivity, commission=commission)
