"""What ops see and decide about records that could not be taken in: this service's inboxes only."""

from collections.abc import Sequence
from enum import StrEnum

from shared.auth.roles import Caller, Role
from shared.inbox import parked
from shared.inbox.parked import NotFirstError, NotParkedError, Parked
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.postgres.database import Tx

LONGEST_REASON = 500


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


async def decide(tx: Tx, caller: Caller, record: int, decision: Decision, reason: str) -> None:
    """Replay or drop a record; who did so and why stays beside it.

    Raises:
        Problem: not-found, validation-failed without a reason, conflict where another of its key comes first.
    """
    _only_ops(caller)
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise invalid(
            FieldProblem(
                field="reason",
                message=f"A decision needs a reason of at most {LONGEST_REASON} characters.",
                remedy="Say in a sentence why, for whoever looks at it later.",
            )
        )
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


def _only_ops(caller: Caller) -> None:
    if caller.role is not Role.OPS:
        raise not_found()
