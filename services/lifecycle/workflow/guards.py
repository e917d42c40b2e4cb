"""Guards: whether a workflow accepts what ops ask for; None, or why not.

The workflow's validators ask them with all that it knows, the ops room's preview with what it has heard.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from services.lifecycle.workflow.deadlines import may_be_reminded
from services.lifecycle.workflow.messages import (
    Cancel,
    Extend,
    Nudge,
    OperationRefusal,
    Pause,
    Resume,
    TryAgain,
    Update,
)
from services.lifecycle.workflow.state import CommissionState, CurrentPhase
from shared.contracts.lifecycle import Holder, Phase

_WAITS_FOR_SOMEBODY: Final = frozenset(
    {Phase.DESK, Phase.OFFERED, Phase.DEPOSIT, Phase.MAKING, Phase.BALANCE, Phase.SHIPPING}
)


@dataclass(frozen=True)
class Situation:
    """What a guard has to know of a commission."""

    current: CurrentPhase | None
    paused: bool = False
    closing: bool = False
    """Its end is being decided or carried out."""
    ended: bool = False
    end_requested: bool = False
    handed_over: bool = False
    stuck: bool = False
    """A step was refused; ops have to put it right."""
    can_try_again: bool = True
    """A step or an approval was refused, or nobody knows."""


def situation_of(state: CommissionState, *, closing: bool) -> Situation:
    """The situation as the workflow itself knows it."""
    making = state.current is not None and state.current.phase is Phase.MAKING
    refused = making and any(gate.refused for gate in state.gates.values())
    return Situation(
        current=state.current,
        paused=state.paused_at is not None,
        closing=closing,
        end_requested=state.end_requested,
        handed_over=state.parcel.tracking is not None and (state.parcel.delivered or not state.parcel.missed),
        stuck=state.trouble is not None,
        can_try_again=refused or state.trouble is not None,
    )


def why_not(update: type[Update], here: Situation) -> OperationRefusal | None:
    """While a commission is being closed, only a refused step can be tried again."""
    if here.ended or (here.closing and update is not TryAgain):
        return OperationRefusal.OVER
    return _GUARDS[update](here)


def bench_follows(*, booked: bool, handed_over: bool) -> bool:
    """Whether a pause stops the bench, too: from the booking until the parcel is handed over."""
    return booked and not handed_over


def _nudge(here: Situation) -> OperationRefusal | None:
    if here.paused:
        return OperationRefusal.PAUSED
    if here.current is None or here.stuck or not may_be_reminded(here.current):
        return OperationRefusal.NOBODY_TO_NUDGE
    return None


def _extend(here: Situation) -> OperationRefusal | None:
    if here.paused:
        return OperationRefusal.PAUSED
    current = here.current
    if current is None or here.stuck or current.due is None or current.phase not in _WAITS_FOR_SOMEBODY:
        return OperationRefusal.NOTHING_TO_EXTEND
    if current.holder is Holder.PROCESS and current.phase is not Phase.SHIPPING:
        return OperationRefusal.NOTHING_TO_EXTEND
    return None


def _pause(here: Situation) -> OperationRefusal | None:
    return OperationRefusal.PAUSED_ALREADY if here.paused else None


def _resume(here: Situation) -> OperationRefusal | None:
    return None if here.paused else OperationRefusal.NOT_PAUSED


def _cancel(here: Situation) -> OperationRefusal | None:
    if here.end_requested:
        return OperationRefusal.CANCELLED_ALREADY
    return OperationRefusal.HANDED_OVER if here.handed_over else None


def _try_again(here: Situation) -> OperationRefusal | None:
    return None if here.can_try_again else OperationRefusal.NOTHING_TO_TRY_AGAIN


_GUARDS: Final[Mapping[type[Update], Callable[[Situation], OperationRefusal | None]]] = MappingProxyType(
    {Nudge: _nudge, Extend: _extend, Pause: _pause, Resume: _resume, Cancel: _cancel, TryAgain: _try_again}
)
