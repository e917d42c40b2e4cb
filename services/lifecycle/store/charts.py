"""What the charts are drawn from."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from services.lifecycle.domain.charts import HolderTime, PhaseAge, Week
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "charts.sql")


async def ages(tx: Tx, now: datetime, soon: datetime) -> Sequence[PhaseAge]:
    return await _QUERIES.ages.rows(tx, PhaseAge, now=now, soon=soon)


async def throughput(tx: Tx, zone: str, first: datetime) -> Sequence[Week]:
    """The weeks in which something was asked for or ended."""
    return await _QUERIES.throughput.rows(tx, Week, zone=zone, first=first)


async def lead_times(tx: Tx, first: datetime) -> Sequence[HolderTime]:
    return await _QUERIES.lead_times.rows(tx, HolderTime, first=first)
