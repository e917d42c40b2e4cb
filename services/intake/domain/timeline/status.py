"""The status of a commission: what happens now, who it waits for, since and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from types import MappingProxyType

from services.intake.domain.changing import may_change
from services.intake.domain.commissions import State
from services.intake.domain.next_action import offered_change
from services.intake.domain.record import CommissionRecord
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase, PhaseEntered
from shared.contracts.production import (
    MakingStopped,
    MishapReported,
    MishapUndone,
    ParcelClaimed,
    ParcelHandedOver,
    PieceMade,
    QualityFailed,
    StageBegun,
    StageFinished,
)
from shared.contracts.quotes import QuoteSent
from shared.kernel.phrases import Param


class StatusCode(StrEnum):
    """What happens now."""

    UNCONFIRMED = auto()
    RECEIVED = auto()
    REQUESTED = auto()
    PROMISING = auto()
    QUOTING = auto()
    CHECKING = auto()
    OFFERED = auto()
    ANSWERING = auto()
    CHANGE_CONSIDERED = auto()
    REVISING = auto()
    DEPOSIT = auto()
    MAKING = auto()
    STAGE_RUNNING = auto()
    STAGE_NEXT = auto()
    RESTING = auto()
    CHANGE_TO_DECIDE = auto()
    WAITING_FOR_SIGN_OFF = auto()
    STUDIO_DECIDES = auto()
    BALANCE = auto()
    PACKING = auto()
    SAYING_WHERE = auto()
    COLLECTABLE = auto()
    MISSED = auto()
    CLAIMED = auto()
    SHIPPED = auto()
    SHIPPED_WITHOUT_NUMBER = auto()
    CERTIFYING = auto()
    PAUSED = auto()
    CANCELLING = auto()
    STOPPED = auto()
    ENDED = auto()
    ENDED_WITHDRAWN = auto()
    ENDED_LAPSED = auto()
    ENDED_UNSENT = auto()
    """The studio sent no quote, or not the next one, in time."""
    REFUSED = auto()
    ENDED_REFUSED = auto()
    ENDED_DECLINED = auto()
    ENDED_EXPIRED = auto()
    ENDED_CANCELLED = auto()
    ENDED_COMPLETED = auto()


@dataclass(frozen=True)
class Status:
    """`on_its_way` says that other services have published nothing yet: the page will change by itself.

    `paused` says that the studio has paused the commission, so that no deadline runs.
    """

    code: StatusCode
    holder: Holder
    since: datetime
    params: Mapping[str, Param] = field(default_factory=dict)
    due: datetime | None = None
    on_its_way: bool = False
    ended: bool = False
    paused: bool = False


_BY_PHASE: Mapping[Phase, StatusCode] = MappingProxyType(
    {
        Phase.REQUESTED: StatusCode.REQUESTED,
        Phase.PROMISING: StatusCode.PROMISING,
        Phase.QUOTING: StatusCode.QUOTING,
        Phase.DESK: StatusCode.CHECKING,
        Phase.OFFERED: StatusCode.OFFERED,
        Phase.DEPOSIT: StatusCode.DEPOSIT,
        Phase.MAKING: StatusCode.MAKING,
        Phase.BALANCE: StatusCode.BALANCE,
        Phase.SHIPPING: StatusCode.PACKING,
        Phase.CERTIFYING: StatusCode.CERTIFYING,
        Phase.ENDED: StatusCode.ENDED,
    }
)
_BY_HOLDER: Mapping[tuple[Phase, Holder], StatusCode] = MappingProxyType(
    {
        (Phase.OFFERED, Holder.STUDIO): StatusCode.ANSWERING,
        (Phase.MAKING, Holder.CUSTOMER): StatusCode.WAITING_FOR_SIGN_OFF,
        (Phase.MAKING, Holder.STUDIO): StatusCode.STUDIO_DECIDES,
        (Phase.SHIPPING, Holder.CUSTOMER): StatusCode.SAYING_WHERE,
    }
)
_BY_OUTCOME: Mapping[Outcome, StatusCode] = MappingProxyType(
    {
        Outcome.WITHDRAWN: StatusCode.ENDED_WITHDRAWN,
        Outcome.LAPSED: StatusCode.ENDED_LAPSED,
        Outcome.DECLINED: StatusCode.ENDED_DECLINED,
        Outcome.REFUSED: StatusCode.ENDED_REFUSED,
        Outcome.EXPIRED: StatusCode.ENDED_EXPIRED,
        Outcome.CANCELLED: StatusCode.ENDED_CANCELLED,
        Outcome.COMPLETED: StatusCode.ENDED_COMPLETED,
    }
)


def current_status(record: CommissionRecord) -> Status:
    """The status by how it ended, by our own state, else by the newest phase that lifecycle published."""
    if record.outcome is not None:
        return _ended(record, record.outcome)
    commission = record.commission
    if commission.state is State.WITHDRAWN:
        since = commission.withdrawn_at or commission.submitted_at
        return Status(StatusCode.CANCELLING, Holder.PROCESS, since, on_its_way=True)
    if commission.state is State.UNCONFIRMED:
        return Status(StatusCode.UNCONFIRMED, Holder.CUSTOMER, commission.submitted_at)
    if record.refusal is not None:
        return Status(StatusCode.REFUSED, Holder.PROCESS, record.refusal.refused_at, on_its_way=True)
    phase = record.newest_phase
    if phase is None:
        return Status(StatusCode.RECEIVED, Holder.STUDIO, commission.submitted_at, on_its_way=True)
    found = _in_phase(record, phase)
    holder = Holder.PROCESS if found.code in {StatusCode.RESTING, StatusCode.STOPPED} else phase.holder
    return Status(found.code, holder, phase.since, params=found.params, due=phase.due, paused=phase.paused)


def _ended(record: CommissionRecord, outcome: Outcome) -> Status:
    ended = record.last(CommissionEnded)
    at = ended.at if ended else record.commission.closed_at
    unsent = outcome is Outcome.LAPSED and record.accepted is None
    code = StatusCode.ENDED_UNSENT if unsent else _BY_OUTCOME[outcome]
    return Status(code, Holder.NOBODY, at or record.commission.submitted_at, ended=True)


@dataclass(frozen=True)
class _Said:
    code: StatusCode
    params: Mapping[str, Param] = field(default_factory=dict)


def _in_phase(record: CommissionRecord, phase: PhaseEntered) -> _Said:
    if record.last(MakingStopped):
        return _Said(StatusCode.STOPPED)
    if phase.paused:
        return _Said(StatusCode.PAUSED)
    if phase.phase is Phase.SHIPPING and record.handed_over:
        return _shipped(record)
    if phase.phase is Phase.SHIPPING and record.can_be_collected:
        return _Said(StatusCode.COLLECTABLE)
    if phase.phase is Phase.MAKING and phase.holder in {Holder.MAKER, Holder.PROCESS}:
        return _at_the_bench(record)
    found = _BY_HOLDER.get((phase.phase, phase.holder), _BY_PHASE[phase.phase])
    return _Said(_changed_code(record, phase.phase) or found)


def _changed_code(record: CommissionRecord, phase: Phase) -> StatusCode | None:
    """What happens where something else is wished than what was sent, or accepted."""
    if phase is Phase.MAKING and offered_change(record) is not None:
        return StatusCode.CHANGE_TO_DECIDE
    if phase is not Phase.OFFERED:
        return None
    if record.open_proposal:
        return StatusCode.CHANGE_CONSIDERED
    return StatusCode.REVISING if record.last(QuoteSent) and may_change(record) else None


def _shipped(record: CommissionRecord) -> _Said:
    parcel = record.last(ParcelHandedOver)
    if parcel is None:
        return _Said(StatusCode.SHIPPED_WITHOUT_NUMBER)
    followed = {"carrier": parcel.carrier, "tracking": parcel.tracking}
    if record.missed:
        return _Said(StatusCode.CLAIMED if record.last(ParcelClaimed) else StatusCode.MISSED, followed)
    return _Said(StatusCode.SHIPPED, followed)


def _at_the_bench(record: CommissionRecord) -> _Said:
    """What is being done just now, by the offering's stages: by the newest fact that says it."""
    undone = {fact.mishap for fact in record.all(MishapUndone)}
    counts = (f for f in reversed(record.facts) if not (isinstance(f, MishapReported) and f.mishap in undone))
    return next((said for fact in counts if (said := _step(fact))), _Said(StatusCode.MAKING))


def _step(fact: CommissionFact) -> _Said | None:
    """What a fact says of the step that is under way or next. A piece that rests does so until work begins again.

    A piece that goes back leaves the step that was begun: only the one that it goes back to is still to be done.
    """
    found: _Said | None = None
    match fact:
        case StageBegun():
            found = _Said(StatusCode.STAGE_RUNNING, {"stage": fact.stage})
        case StageFinished() if fact.waiting:
            found = _Said(StatusCode.RESTING, {"waiting_after": fact.stage})
        case StageFinished() if fact.next_stage:
            found = _Said(StatusCode.STAGE_NEXT, {"stage": fact.next_stage})
        case MishapReported():
            found = _Said(StatusCode.STAGE_NEXT, {"stage": fact.back_to or fact.stage})
        case QualityFailed():
            found = _Said(StatusCode.STAGE_NEXT, {"stage": fact.back_to})
        case StageFinished() | PieceMade():
            found = _Said(StatusCode.MAKING)
        case _:
            pass
    return found
