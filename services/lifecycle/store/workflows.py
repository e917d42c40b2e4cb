"""What lifecycle itself knows of workflows, and what the bridge did."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.lifecycle.domain.delivery import FactDelivery, WorkflowRecord
from shared.contracts.lifecycle import Outcome
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def workflows(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, WorkflowRecord]:
    """The workflows that are known, by commission."""
    rows = await _QUERIES.workflows.rows(tx, Row, commissions=commissions)
    return {record.commission: record for record in map(_record, rows)}


async def lock_workflows(tx: Tx, commissions: Sequence[UUID]) -> dict[UUID, WorkflowRecord]:
    """The workflows that are known, by commission; none of them can end before the commit."""
    rows = await _QUERIES.lock_workflows.rows(tx, Row, commissions=commissions)
    return {record.commission: record for record in map(_record, rows)}


async def add_workflows(tx: Tx, commissions: Sequence[UUID]) -> None:
    await _QUERIES.add_workflows.run(tx, commissions=commissions)


async def mark_workflows_lost(tx: Tx, commissions: Sequence[UUID], at: datetime) -> None:
    await _QUERIES.mark_workflows_lost.run(tx, commissions=commissions, at=at)


async def end_workflow(tx: Tx, commission: UUID, outcome: Outcome, counted: Mapping[str, int], at: datetime) -> None:
    await _QUERIES.end_workflow.run(tx, commission=commission, outcome=outcome, counted=json.dumps(counted), at=at)


async def mark_too_late(tx: Tx, commission: UUID) -> None:
    await _QUERIES.mark_too_late.run(tx, commission=commission)


async def last_delivered(tx: Tx, commissions: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    """The newest version that was delivered, by commission and topic."""
    rows = await _QUERIES.last_delivered.rows(tx, tuple[UUID, str, int], commissions=commissions)
    return {(commission, topic): version for commission, topic, version in rows}


async def add_deliveries(tx: Tx, deliveries: Sequence[FactDelivery]) -> None:
    await _QUERIES.add_deliveries.run(
        tx,
        commissions=[each.commission for each in deliveries],
        topics=[each.topic for each in deliveries],
        versions=[each.version for each in deliveries],
        types=[each.type for each in deliveries],
        instants=[each.at for each in deliveries],
        outcomes=[each.outcome.value for each in deliveries],
    )


def _record(row: Row) -> WorkflowRecord:
    return made(WorkflowRecord, opened(row, "counted"))
