"""Guards: whether a workflow accepts what ops ask for; None, or why not."""

from typing import Final

from services.lifecycle.workflow.deadlines import reminder_of
from services.lifecycle.workflow.messages import OperationRefusal
from services.lifecycle.workflow.state import CommissionState
from shared.contracts.lifecycle import Holder, Phase

_WAITS_FOR_SOMEBODY: Final = {
    Phase.DESK,
    Phase.OFFERED,
    Phase.DEPOSIT,
    Phase.MAKING,
    Phase.BALANCE,
    Phase.SHIPPING,
}


def why_not_nudge(state: CommissionState) -> OperationRefusal | None:
    if state.paused_at is not None:
        return OperationRefusal.PAUSED
    current = state.current
    if current is None or state.trouble is not None or reminder_of(current) is None:
        return OperationRefusal.NOBODY_TO_NUDGE
    return None


def why_not_extend(state: CommissionState) -> OperationRefusal | None:
    if state.paused_at is not None:
        return OperationRefusal.PAUSED
    current = state.current
    if current is None or state.trouble is not None or current.phase not in _WAITS_FOR_SOMEBODY:
        return OperationRefusal.NOTHING_TO_EXTEND
    if current.holder is Holder.PROCESS and current.phase is not Phase.SHIPPING:
        return OperationRefusal.NOTHING_TO_EXTEND
    return None


def why_not_pause(state: CommissionState) -> OperationRefusal | None:
    return None if state.paused_at is None else OperationRefusal.PAUSED_ALREADY


def why_not_resume(state: CommissionState) -> OperationRefusal | None:
    return OperationRefusal.NOT_PAUSED if state.paused_at is None else None


def why_not_cancel(state: CommissionState) -> OperationRefusal | None:
    if state.end_requested:
        return OperationRefusal.CANCELLED_ALREADY
    return OperationRefusal.HANDED_OVER if state.parcel.tracking is not None else None


def why_not_try_again(state: CommissionState) -> OperationRefusal | None:
    """A step that was refused, or an approval that the customer refused, may be asked for again."""
    making = state.current is not None and state.current.phase is Phase.MAKING
    refused = making and any(gate.refused for gate in state.gates.values())
    return None if refused or state.trouble is not None else OperationRefusal.NOTHING_TO_TRY_AGAIN
