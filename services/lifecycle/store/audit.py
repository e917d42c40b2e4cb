"""The audit log."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.lifecycle.domain.audit import AuditEntry, AuditFilter, AuditOutcome
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made, opened

_QUERIES = load(Path(__file__).parents[1] / "sql" / "audit.sql")


async def add_audit_entry(tx: Tx, entry: AuditEntry) -> bool:
    """Whether it is new. An entry that exists stays as it is."""
    added = await _QUERIES.add_audit_entry.value_or_none(
        tx,
        UUID,
        id=entry.id,
        commission=entry.commission,
        action=entry.action,
        person=entry.person,
        at=entry.at,
        reason=entry.reason,
        detail=json.dumps(entry.detail),
        outcome=entry.outcome,
        bulk=entry.bulk,
    )
    return added is not None


async def conclude_audit_entry(
    tx: Tx, entry: UUID, *, outcome: AuditOutcome, problem: str | None, at: datetime
) -> None:
    await _QUERIES.conclude_audit_entry.run(tx, id=entry, outcome=outcome, problem=problem, at=at)


async def audit_entry(tx: Tx, entry: UUID) -> AuditEntry | None:
    row = await _QUERIES.audit_entry.row_or_none(tx, Row, id=entry)
    return _entry(row) if row else None


async def audit_entries_of(tx: Tx, commissions: Sequence[UUID]) -> list[AuditEntry]:
    """Oldest first."""
    return [_entry(row) for row in await _QUERIES.audit_entries_of.rows(tx, Row, commissions=commissions)]


async def audit_entries(
    tx: Tx, only: AuditFilter, *, after: tuple[datetime, UUID] | None, at_most: int
) -> Sequence[AuditEntry]:
    """Newest first; `after` is the instant and the id of the last one read."""
    instant, before = after or (None, None)
    asked = {"action": only.action, "outcome": only.outcome, "commission": only.commission, "bulk": only.bulk}
    rows = await _QUERIES.audit_entries.rows(tx, Row, **asked, instant=instant, before=before, at_most=at_most)
    return [_entry(row) for row in rows]


def _entry(row: Row) -> AuditEntry:
    return made(AuditEntry, opened(row, "detail"))
