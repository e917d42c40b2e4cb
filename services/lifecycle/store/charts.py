"""What the charts are drawn from."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from services.lifecycle.domain.charts import ClockHolder, HolderTime, PhaseAge, Week
from services.lifecycle.domain.dashboard import Risk
from shared.contracts.lifecycle import Phase
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "charts.sql")


async def ages(tx: Tx, now: datetime, soon: datetime) -> Sequence[PhaseAge]:
    rows = _QUERIES.ages(tx.connection, now=now, soon=soon)
    return [PhaseAge(row["commission"], Phase(row["phase"]), row["since"], Risk(row["risk"])) async for row in rows]


async def throughput(tx: Tx, zone: str, first: datetime) -> Sequence[Week]:
    """The weeks in which something was asked for or ended."""
    return [Week(**row) async for row in _QUERIES.throughput(tx.connection, zone=zone, first=first)]


async def lead_times(tx: Tx, first: datetime) -> Sequence[HolderTime]:
    rows = _QUERIES.lead_times(tx.connection, first=first)
    return [HolderTime(**{**row, "holder": ClockHolder(row["holder"])}) async for row in rows]
