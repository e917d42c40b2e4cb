"""Until when it may be said where a piece goes, and what is done once the piece is ready."""

from services.intake.domain.commissions import State
from services.intake.domain.delivery import DeliveryReason
from services.intake.domain.record import CommissionRecord
from shared.contracts.people import Role
from shared.contracts.production import ParcelDelivered, ParcelHandedOver, PiecePacked
from shared.kernel.problems import Problem, ProblemType


def why_fixed(record: CommissionRecord, role: Role) -> DeliveryReason | None:
    """Why nobody can choose now, or not any more; None if this role can.

    The customer chooses until the piece is packed, the studio for them until the carrier has it.
    """
    if record.commission.state is not State.OPEN or record.outcome is not None:
        return DeliveryReason.OVER
    if record.accepted is None:
        return DeliveryReason.NOT_ACCEPTED
    if record.handed_over or record.last(ParcelDelivered) or record.commission.receipt_confirmed_at:
        return DeliveryReason.SENT
    if record.last(PiecePacked) and role is not Role.OPS:
        return DeliveryReason.PACKED
    return None


def check_missing(record: CommissionRecord) -> None:
    """Whether it can be said that the parcel has not come. Raises `conflict`."""
    if record.commission.state is not State.OPEN or record.outcome is not None:
        raise Problem(ProblemType.CONFLICT, DeliveryReason.OVER)
    if record.last(ParcelDelivered) or record.commission.receipt_confirmed_at:
        raise Problem(ProblemType.CONFLICT, DeliveryReason.ARRIVED)
    if not record.last(ParcelHandedOver):
        raise Problem(ProblemType.CONFLICT, DeliveryReason.NOT_SENT)


def check_changeable(record: CommissionRecord, role: Role) -> None:
    """Raises `conflict`."""
    if (reason := why_fixed(record, role)) is not None:
        raise Problem(ProblemType.CONFLICT, reason)
