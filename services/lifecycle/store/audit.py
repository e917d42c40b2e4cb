"""The audit log: what ops had done, and why."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.lifecycle.domain.deeds import Action, ActionOutcome, Logged, What
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "audit.sql")


async def add_ops_action(tx: Tx, action: Action) -> None:
    """The first account of an action stays."""
    await _QUERIES.add_ops_action(
        tx.connection,
        action=action.action,
        commission=action.commission,
        what=action.what,
        person=action.person,
        at=action.at,
        reason=action.reason,
        detail=json.dumps(action.detail),
        outcome=action.outcome,
        together=action.together,
    )


async def conclude_ops_action(
    tx: Tx, action: UUID, *, outcome: ActionOutcome, problem: str | None, at: datetime
) -> None:
    await _QUERIES.conclude_ops_action(tx.connection, action=action, outcome=outcome, problem=problem, at=at)


async def ops_action(tx: Tx, action: UUID) -> Action | None:
    row = await _QUERIES.ops_action(tx.connection, action=action)
    return _action(row) if row else None


async def ops_actions_of(tx: Tx, commission: UUID) -> list[Action]:
    return [_action(row) async for row in _QUERIES.ops_actions_of(tx.connection, commission=commission)]


async def ops_actions(tx: Tx, only: Logged, *, after: tuple[datetime, UUID] | None, at_most: int) -> Sequence[Action]:
    """Newest first; `after` is the instant and the id of the last one read."""
    instant, before = after or (None, None)
    asked = {"what": only.what, "outcome": only.outcome, "commission": only.commission, "together": only.together}
    rows = _QUERIES.ops_actions(tx.connection, **asked, instant=instant, before=before, at_most=at_most)
    return [_action(row) async for row in rows]


def _action(row: Any) -> Action:
    read = {
        "what": What(row["what"]),
        "outcome": ActionOutcome(row["outcome"]),
        "detail": json.loads(row["detail"]),
    }
    return Action(**{**row, **read})
