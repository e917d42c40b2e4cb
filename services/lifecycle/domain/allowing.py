"""Whether ops may have a workflow do what they ask: None, or why not."""

from typing import Final

from services.lifecycle.domain.life import Progress
from services.lifecycle.domain.standing import reminder_of
from services.lifecycle.domain.updates import Refusal
from shared.contracts.lifecycle import Holder, Phase

_SOMEBODY_IS_AWAITED: Final = {
    Phase.DESK,
    Phase.OFFERED,
    Phase.DEPOSIT,
    Phase.MAKING,
    Phase.BALANCE,
    Phase.SHIPPING,
}


def why_not_nudge(progress: Progress) -> Refusal | None:
    if progress.paused_at is not None:
        return Refusal.PAUSED
    standing = progress.standing
    if standing is None or progress.trouble is not None or reminder_of(standing) is None:
        return Refusal.NOBODY_TO_NUDGE
    return None


def why_not_extend(progress: Progress) -> Refusal | None:
    if progress.paused_at is not None:
        return Refusal.PAUSED
    standing = progress.standing
    if standing is None or progress.trouble is not None or standing.phase not in _SOMEBODY_IS_AWAITED:
        return Refusal.NOTHING_TO_EXTEND
    if standing.holder is Holder.PROCESS and standing.phase is not Phase.SHIPPING:
        return Refusal.NOTHING_TO_EXTEND
    return None


def why_not_pause(progress: Progress) -> Refusal | None:
    return None if progress.paused_at is None else Refusal.PAUSED_ALREADY


def why_not_resume(progress: Progress) -> Refusal | None:
    return Refusal.NOT_PAUSED if progress.paused_at is None else None


def why_not_cancel(progress: Progress) -> Refusal | None:
    if progress.taken_back:
        return Refusal.CANCELLED_ALREADY
    return Refusal.HANDED_OVER if progress.parcel.tracking is not None else None


def why_not_try_again(progress: Progress) -> Refusal | None:
    """A step that was refused, or an approval that the customer refused, may be asked for again."""
    making = progress.standing is not None and progress.standing.phase is Phase.MAKING
    refused = making and any(gate.refused for gate in progress.gates.values())
    return None if refused or progress.trouble is not None else Refusal.NOTHING_TO_TRY_AGAIN
