"""Failed events: what ops decided about a record that an inbox of lifecycle could not handle is in the audit log."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid5

from services.lifecycle import store
from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from shared.auth.roles import Caller, Role
from shared.inbox import parked
from shared.inbox.parked import Parked
from shared.kernel.problems import not_found
from shared.postgres.database import Tx
from shared.web.failed_events import Decision, FailedEventDecision, Recorded, commission_of


async def failed_here(tx: Tx, caller: Caller, *, at_most: int) -> int:
    """How many records wait for a decision, of at most so many that are counted. Raises `not-found` for all but ops."""
    if caller.role is not Role.OPS:
        raise not_found()
    return len(await parked.waiting(tx, at_most=at_most))


def recording(clock: Callable[[], datetime]) -> Recorded:
    """Writes each decision into the audit log."""

    async def record(tx: Tx, caller: Caller, found: Parked, decided: FailedEventDecision) -> None:
        entry = _entry(caller, found, decided, now=clock())
        await store.add_audit_entry(tx, entry)
        if entry.commission:
            tx.touch(entry.commission)

    return record


def _entry(caller: Caller, record: Parked, decided: FailedEventDecision, *, now: datetime) -> AuditEntry:
    return AuditEntry(
        id=uuid5(caller.person, f"parked {record.id} {decided.decision} {now.isoformat()}"),
        commission=commission_of(record),
        action={Decision.REPLAY: AuditAction.REPLAY_PARKED, Decision.DROP: AuditAction.DROP_PARKED}[decided.decision],
        person=caller.person,
        at=now,
        reason=decided.reason,
        detail={"topic": record.topic, "version": record.version},
        outcome=AuditOutcome.DONE,
    )
