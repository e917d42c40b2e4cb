"""A cancellation that the customer asked for after the acceptance, and its answer."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commissions import WithdrawalReason


class CancellationState(StrEnum):
    ASKED = "asked"
    REFUSED = "refused"
    CLOSED = "closed"


class CancellationReason(StrEnum):
    """Why a cancellation cannot be asked for as it was sent."""

    UNKNOWN = auto()
    TERMS_CHANGED = auto()
    REASON_MISSING = auto()
    NOT_AGREED = auto()
    TERMS_MISSING = auto()


@dataclass(frozen=True)
class Cancellation:
    """The customer agreed that `owed_percent` of the price is owed. `refused_percent` is what it would cost now."""

    cancellation: UUID
    commission: UUID
    owed_percent: int
    reason: WithdrawalReason
    state: CancellationState
    asked_at: datetime
    refusal: CancellationRefusal | None = None
    refused_percent: int | None = None
    ended_at: datetime | None = None


def refuse(cancellation: Cancellation, refusal: CancellationRefusal, percent: int | None, at: datetime) -> Cancellation:
    """The cancellation, overtaken; the same one if it was answered before."""
    if cancellation.state is not CancellationState.ASKED:
        return cancellation
    return replace(cancellation, state=CancellationState.REFUSED, refusal=refusal, refused_percent=percent, ended_at=at)
