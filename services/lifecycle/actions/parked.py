"""Failed events: records that this service's inboxes could not handle, and what ops decide about them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from services.lifecycle import store
from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.domain.operations import MAX_REASON
from services.lifecycle.domain.reasons import OpsReason
from shared.auth.roles import Caller, Role
from shared.contracts.fact import Topic
from shared.inbox import parked
from shared.inbox.parked import NotFirstError, NotParkedError, Parked
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.kernel.text import TextRefusedError, prose
from shared.postgres.database import Tx

_MAX_WAITING: Final = 1_000


class Decision(StrEnum):
    """What to do with a failed event."""

    REPLAY = "replay"
    """Handle it once more."""
    DROP = "drop"
    """Give it up; those behind it are handled."""


async def parked_here(tx: Tx, caller: Caller, *, at_most: int) -> Sequence[Parked]:
    """The records that wait for a decision, in the order they failed.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    return await parked.waiting(tx, at_most=at_most)


async def decide(tx: Tx, caller: Caller, record: int, decision: Decision, reason: str, *, now: datetime) -> None:
    """Replay or drop a record; who did so and why stays beside it.

    Raises:
        Problem: not-found, validation-failed without a reason, conflict where another of its key comes first.
    """
    _only_ops(caller)
    reason = _reason(reason)
    found = next((each for each in await parked.waiting(tx, at_most=_MAX_WAITING) if each.id == record), None)
    carry_out = {Decision.REPLAY: parked.replay, Decision.DROP: parked.drop}[decision]
    try:
        await carry_out(tx, record, by=str(caller.person), note=reason)
    except NotParkedError as error:
        raise not_found(OpsReason.NOT_WAITING) from error
    except NotFirstError as error:
        raise Problem(ProblemType.CONFLICT, Phrase(OpsReason.NOT_FIRST, first=error.first)) from error
    if found is None:
        return
    entry = _entry(caller, found, decision, reason=reason, now=now)
    await store.add_audit_entry(tx, entry)
    if entry.commission:
        tx.touch(entry.commission)


def _reason(said: str) -> str:
    try:
        return prose(said, longest=MAX_REASON, shortest=1)
    except TextRefusedError as error:
        raise invalid(FieldProblem(field="reason", message=error.message)) from error


def commission_of(record: Parked) -> UUID | None:
    """The commission that a failed event is about; None where it is about a person, or its key cannot be read."""
    if record.topic == Topic.ACCESS:
        return None
    try:
        return UUID(record.key)
    except ValueError:
        return None


def _entry(caller: Caller, record: Parked, decision: Decision, *, reason: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        id=uuid5(caller.person, f"parked {record.id} {decision} {now.isoformat()}"),
        commission=commission_of(record),
        action={Decision.REPLAY: AuditAction.REPLAY_PARKED, Decision.DROP: AuditAction.DROP_PARKED}[decision],
        person=caller.person,
        at=now,
        reason=reason,
        detail={"topic": record.topic, "version": record.version},
        outcome=AuditOutcome.DONE,
    )


def _only_ops(caller: Caller) -> None:
    if caller.role is not Role.OPS:
        raise not_found()
