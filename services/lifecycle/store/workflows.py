"""What lifecycle itself knows of workflows, and what the bridge did."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.lifecycle.domain.delivery import BenchWatch, FactDelivery, WorkflowRecord
from shared.contracts.lifecycle import Outcome
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def workflows(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, WorkflowRecord]:
    """The workflows that are known, by commission."""
    return {row["commission"]: _record(row) async for row in _QUERIES.workflows(tx.connection, commissions=commissions)}


async def lock_workflows(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, WorkflowRecord]:
    """The workflows that are known, by commission; none of them can end before the commit."""
    return {
        row["commission"]: _record(row) async for row in _QUERIES.lock_workflows(tx.connection, commissions=commissions)
    }


async def add_workflows(tx: Tx, commissions: Sequence[UUID]) -> None:
    await _QUERIES.add_workflows(tx.connection, commissions=commissions)


async def mark_workflows_lost(tx: Tx, commissions: Sequence[UUID], at: datetime) -> None:
    await _QUERIES.mark_workflows_lost(tx.connection, commissions=commissions, at=at)


async def end_workflow(tx: Tx, commission: UUID, outcome: Outcome, counted: Mapping[str, int], at: datetime) -> None:
    await _QUERIES.end_workflow(
        tx.connection, commission=commission, outcome=outcome, counted=json.dumps(counted), at=at
    )


async def mark_too_late(tx: Tx, commission: UUID) -> None:
    await _QUERIES.mark_too_late(tx.connection, commission=commission)


async def last_delivered(tx: Tx, commissions: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    """The newest version that was delivered, by commission and topic."""
    rows = _QUERIES.last_delivered(tx.connection, commissions=commissions)
    return {(row["commission"], row["topic"]): row["version"] async for row in rows}


async def add_deliveries(tx: Tx, deliveries: Sequence[FactDelivery]) -> None:
    await _QUERIES.add_deliveries(
        tx.connection,
        commissions=[each.commission for each in deliveries],
        topics=[each.topic for each in deliveries],
        versions=[each.version for each in deliveries],
        types=[each.type for each in deliveries],
        instants=[each.at for each in deliveries],
        outcomes=[each.outcome.value for each in deliveries],
    )


async def workflow(tx: Tx, commission: UUID) -> WorkflowRecord | None:
    row = await _QUERIES.workflow(tx.connection, commission=commission)
    return _record(row) if row else None


async def watch_benches(tx: Tx, watches: Mapping[UUID, BenchWatch]) -> None:
    """Remember what was signalled of the bench; for workflows that are known."""
    commissions = sorted(watches)
    await _QUERIES.watch_benches(
        tx.connection,
        commissions=commissions,
        seen=[watches[each].seen_at for each in commissions],
        days=[watches[each].next_on for each in commissions],
        rests=[watches[each].rests for each in commissions],
    )


def _record(row: Any) -> WorkflowRecord:
    counted = json.loads(row["counted"]) if row["counted"] else None
    watch = BenchWatch(row["bench_seen_at"], row["bench_next_on"], row["bench_rests"])
    return WorkflowRecord(row["commission"], row["ended_at"], counted, row["lost_at"], watch)
