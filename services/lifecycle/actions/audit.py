"""Reads of the audit log."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.domain.audit import AuditEntry, AuditFilter
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.postgres.database import Tx


async def read_audit(
    tx: Tx, caller: Caller, only: AuditFilter, *, after: tuple[datetime, UUID] | None, at_most: int
) -> Sequence[AuditEntry]:
    """What ops did, newest first.

    Raises:
        Problem: not-found, for all but ops.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    return await store.audit_entries(tx, only, after=after, at_most=at_most)
