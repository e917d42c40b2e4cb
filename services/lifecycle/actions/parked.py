"""What ops see and decide about records that could not be taken in: this service's inboxes only."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from services.lifecycle import store
from services.lifecycle.domain.deeds import LONGEST_REASON, Action, ActionOutcome, What
from shared.auth.roles import Caller, Role
from shared.inbox import parked
from shared.inbox.parked import NotFirstError, NotParkedError, Parked
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.kernel.text import TextRefusedError, prose
from shared.postgres.database import Tx

_MOST_WAITING: Final = 1_000


class Decision(StrEnum):
    """What becomes of a parked record."""

    REPLAY = "replay"
    """It is tried once more."""
    DROP = "drop"
    """It never takes effect; those behind it go on."""


async def parked_here(tx: Tx, caller: Caller, *, at_most: int) -> Sequence[Parked]:
    """The records that wait, in the order they were parked.

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
    found = next((each for each in await parked.waiting(tx, at_most=_MOST_WAITING) if each.id == record), None)
    carry_out = {Decision.REPLAY: parked.replay, Decision.DROP: parked.drop}[decision]
    try:
        await carry_out(tx, record, by=str(caller.person), note=reason)
    except NotParkedError as error:
        raise not_found("No such record waits here.") from error
    except NotFirstError as error:
        raise Problem(
            ProblemType.CONFLICT,
            f"Record {error.first} of the same key comes first.",
            remedy="Decide on that one first.",
        ) from error
    action = _action(caller, found, decision, reason=reason, now=now) if found else None
    if action is not None:
        await store.add_ops_action(tx, action)
        tx.touch(action.commission)


def _reason(said: str) -> str:
    try:
        return prose(said, longest=LONGEST_REASON, shortest=1)
    except TextRefusedError as error:
        raise invalid(
            FieldProblem(
                field="reason",
                message=f"A decision needs a reason of at most {LONGEST_REASON} characters. {error.message}",
                remedy="Say in a sentence why, for whoever looks at it later.",
            )
        ) from error


def _commission_of(record: Parked) -> UUID | None:
    try:
        return UUID(record.key)
    except ValueError:
        return None


def _action(caller: Caller, record: Parked, decision: Decision, *, reason: str, now: datetime) -> Action | None:
    """A line of the audit log, where the record is about a commission that can be named."""
    commission = _commission_of(record)
    if commission is None:
        return None
    return Action(
        action=uuid5(commission, f"parked {record.id} {decision} {now.isoformat()}"),
        commission=commission,
        what={Decision.REPLAY: What.REPLAY_PARKED, Decision.DROP: What.DROP_PARKED}[decision],
        person=caller.person,
        at=now,
        reason=reason,
        detail={"topic": record.topic, "version": record.version},
        outcome=ActionOutcome.DONE,
    )


def _only_ops(caller: Caller) -> None:
    if caller.role is not Role.OPS:
        raise not_found()
