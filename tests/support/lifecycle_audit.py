"""What the audit log says, as if ops had done it."""

from uuid import UUID

from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.store import add_audit_entry, conclude_audit_entry
from shared.kernel.ids import new_id
from tests.support.lifecycle import NOW, Room
from tests.support.lifecycle_stories import HOUR

REASON = "She rang: her mother is in hospital, and the ring can wait."


async def log(
    room: Room, commission: UUID, action: AuditAction, outcome: AuditOutcome, problem: str | None = None
) -> None:
    """An entry of two hours ago that has come to this."""
    entry = AuditEntry(
        id=new_id(),
        commission=commission,
        action=action,
        person=new_id(),
        at=NOW - 2 * HOUR,
        reason=REASON,
        detail={"days": 3} if action is AuditAction.EXTEND else {},
        outcome=AuditOutcome.ASKED,
    )
    async with room.database.transaction() as tx:
        await add_audit_entry(tx, entry)
        if outcome is not AuditOutcome.ASKED:
            await conclude_audit_entry(tx, entry.id, outcome=outcome, problem=problem, at=NOW - 2 * HOUR)
