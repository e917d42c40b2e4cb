"""The parcel: packed once the piece is made, handed over once all is paid, and arrived."""

from dataclasses import replace
from uuid import UUID

from services.production.actions.context import ProductionContext, conclude, lock_piece, only_workers
from services.production.actions.deliveries import ready
from services.production.domain.parcels import read_tracking
from services.production.domain.pieces import WITH_THE_CARRIER, Piece, PieceState, require_not_paused
from services.production.domain.reasons import BenchRefusal
from services.production.store import deliveries, pieces
from shared.auth.roles import Caller
from shared.contracts.carriers import CarrierCode
from shared.contracts.commissions import ParcelMissed, ReceiptConfirmed
from shared.contracts.production import ParcelClaimed, ParcelDelivered, ParcelHandedOver, PiecePacked
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Tx


async def pack(tx: Tx, caller: Caller, commission: UUID, context: ProductionContext) -> Piece:
    """Pack the piece, and publish it; idempotent.

    Raises:
        Problem: not-found; conflict, before the piece is made, when it is stopped or paused, and while nobody has said
            where it goes.
    """
    before = await _lock(tx, caller, commission)
    if before.state in {PieceState.PACKED, *WITH_THE_CARRIER}:
        return before
    _only(before, PieceState.MADE, BenchRefusal.NOT_MADE)
    delivery = await deliveries.delivery(tx, commission)
    if delivery is None or not delivery.is_known:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.NO_ADDRESS)
    number = delivery.number
    packed = replace(before, state=PieceState.PACKED, packed_at=context.now, packed_for=number)
    fact = PiecePacked(commission=commission, piece=before.piece, delivery=number, by=caller.ops, at=context.now)
    facts = [fact, *ready(packed, delivery, context)]
    return await conclude(tx, before, packed, facts, by=caller.person)


async def hand_over(
    tx: Tx, caller: Caller, commission: UUID, *, carrier: CarrierCode, tracking: str, context: ProductionContext
) -> Piece:
    """Hand the parcel to its carrier, and publish it; from now on it cannot be cancelled. Idempotent.

    Raises:
        Problem: not-found; validation-failed, for a number that is not the carrier's; conflict, before it is packed or
            paid, when it is stopped, paused or to be collected, and for another number than the one that it was
            handed over with.
    """
    before = await _lock(tx, caller, commission)
    tracking = read_tracking(carrier, tracking)
    if before.state in WITH_THE_CARRIER:
        return _with_the_same_number(before, carrier, tracking)
    _only(before, PieceState.PACKED, BenchRefusal.NOT_PACKED)
    if before.paid_at is None:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.UNPAID)
    delivery = await deliveries.delivery(tx, commission)
    if delivery and delivery.is_pickup:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.COLLECTED_HERE)
    sent = replace(before, state=PieceState.HANDED_OVER, handed_over_at=context.now, carrier=carrier, tracking=tracking)
    fact = ParcelHandedOver(
        commission=commission,
        carrier=carrier,
        tracking=tracking,
        delivery=delivery.number if delivery else None,
        by=caller.ops,
        at=context.now,
    )
    return await conclude(tx, before, sent, [fact], by=caller.person)


async def note_delivery(tx: Tx, caller: Caller, commission: UUID, context: ProductionContext) -> Piece:
    """Record that the parcel has arrived, and publish it; idempotent.

    Raises:
        Problem: not-found; conflict, before the parcel was handed over.
    """
    before = await _lock(tx, caller, commission)
    if before.state is PieceState.DELIVERED:
        return before
    if await _can_be_collected(tx, before):
        raise Problem(ProblemType.CONFLICT, BenchRefusal.SIGNED_FOR_HERE)
    if before.state is not PieceState.HANDED_OVER:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.NOT_HANDED_OVER)
    return await _delivered(tx, before, context, caller)


async def confirm_receipt(tx: Tx, confirmed: ReceiptConfirmed, context: ProductionContext) -> None:
    """The customer confirms receipt: the parcel is delivered, if it was on its way.

    A piece that is collected is theirs once they have said so on the studio's tablet.
    """
    found = await pieces.of_commission(tx, confirmed.commission)
    before = await pieces.lock(tx, found) if found else None
    signed = confirmed.by is not None and before is not None and await _can_be_collected(tx, before)
    if before and (signed or before.state is PieceState.HANDED_OVER):
        await _delivered(tx, before, context, None)


async def record_missed(tx: Tx, missed: ParcelMissed, context: ProductionContext) -> None:
    """The customer says that the parcel has not come: from now on it can be claimed, and the money given back."""
    found = await pieces.of_commission(tx, missed.commission)
    before = await pieces.lock(tx, found) if found else None
    if before and before.state is PieceState.HANDED_OVER and before.missed_at is None:
        await conclude(tx, before, replace(before, missed_at=context.now), [])


async def claim(tx: Tx, caller: Caller, commission: UUID, reference: str, context: ProductionContext) -> Piece:
    """Note the claim for a missing parcel with its carrier, and publish it; the same again changes nothing. For ops.

    Raises:
        Problem: not-found; conflict, unless the parcel is missing.
    """
    before, _ = await lock_piece(tx, commission)
    if not before.missing or before.carrier is None:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.NOT_MISSED)
    if before.claim == reference:
        return before
    fact = ParcelClaimed(
        commission=commission, carrier=before.carrier, reference=reference, by=caller.ops, at=context.now
    )
    return await conclude(tx, before, replace(before, claim=reference), [fact], by=caller.person)


async def _can_be_collected(tx: Tx, piece: Piece) -> bool:
    delivery = await deliveries.delivery(tx, piece.commission)
    return piece.state is PieceState.PACKED and piece.paid_at is not None and bool(delivery and delivery.is_pickup)


async def _delivered(tx: Tx, before: Piece, context: ProductionContext, caller: Caller | None) -> Piece:
    """`caller` is None where the customer says so."""
    delivered = replace(before, state=PieceState.DELIVERED, delivered_at=context.now)
    fact = ParcelDelivered(commission=before.commission, by=caller.ops if caller else None, at=context.now)
    return await conclude(tx, before, delivered, [fact], by=caller.person if caller else None)


async def _lock(tx: Tx, caller: Caller, commission: UUID) -> Piece:
    piece, _ = await lock_piece(tx, commission)
    only_workers(caller, piece)
    return piece


def _only(piece: Piece, state: PieceState, refusal: BenchRefusal) -> None:
    if piece.state is PieceState.STOPPED:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.CANCELLED_PARCEL)
    require_not_paused(piece)
    if piece.state is not state:
        raise Problem(ProblemType.CONFLICT, refusal)


def _with_the_same_number(piece: Piece, carrier: str, tracking: str) -> Piece:
    if (piece.carrier, piece.tracking) != (carrier, tracking):
        raise Problem(ProblemType.CONFLICT, BenchRefusal.OTHER_TRACKING)
    return piece
