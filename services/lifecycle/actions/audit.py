"""The audit log: what ops had done, and why."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.domain.deeds import Action, Logged
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.postgres.database import Tx


async def read_audit(
    tx: Tx, caller: Caller, only: Logged, *, after: tuple[datetime, UUID] | None, at_most: int
) -> Sequence[Action]:
    """What ops did, newest first.

    Raises:
        Problem: not-found, for all but ops.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    return await store.ops_actions(tx, only, after=after, at_most=at_most)
