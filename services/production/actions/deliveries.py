"""Where a piece goes: chosen by the customer or the studio, asked for where nobody has said it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from services.production.actions.context import BENCH, ProductionContext, conclude, lock_piece, only_workers
from services.production.domain.deliveries import PieceDelivery
from services.production.domain.pieces import Piece, PieceState
from services.production.domain.reasons import BenchRefusal
from services.production.store import deliveries as store
from services.production.store import pieces
from shared.auth.roles import Caller
from shared.contracts.commissions import DeliveryChosen
from shared.contracts.fact import CommissionFact
from shared.contracts.people import RecipientRecorded
from shared.contracts.production import AddressAsked, ReadyForPickup
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Tx

ASKED_AGAIN_AFTER: Final = timedelta(hours=20)
"""Once a day: who was asked this morning is not asked again this afternoon."""


async def record_choice(tx: Tx, chosen: DeliveryChosen, context: ProductionContext) -> None:
    """Keep how a piece is delivered. One that is packed and paid, and is collected after all, can be collected now."""
    await store.record_delivery(tx, chosen)
    tx.touch(BENCH)
    tx.touch(chosen.commission)
    found = await pieces.of_commission(tx, chosen.commission)
    piece = await pieces.lock(tx, found) if found else None
    if piece and (facts := ready(piece, await store.delivery(tx, chosen.commission), context)):
        await conclude(tx, piece, piece, facts)


async def record_address(tx: Tx, recorded: RecipientRecorded, version: int) -> None:
    await store.record_recipient(tx, recorded, version)
    tx.touch(BENCH)
    tx.touch(recorded.commission)


async def ask(tx: Tx, caller: Caller, commission: UUID, context: ProductionContext) -> Piece:
    """Ask the customer where the piece goes, once a day at most.

    Raises:
        Problem: not-found; conflict, before the piece is made, and where it is known.
    """
    piece, _ = await lock_piece(tx, commission)
    only_workers(caller, piece)
    if piece.state is not PieceState.MADE:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.NOT_MADE)
    found = await store.delivery(tx, commission)
    if found and found.is_known:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.ADDRESS_KNOWN)
    if piece.address_asked_at and context.now - piece.address_asked_at < ASKED_AGAIN_AFTER:
        return piece
    asked = replace(piece, address_asked_at=context.now)
    return await conclude(tx, piece, asked, [_asked(commission, context, by=caller.ops)], by=caller.person)


async def ask_if_unknown(tx: Tx, piece: Piece, context: ProductionContext) -> tuple[Piece, list[CommissionFact]]:
    """All is paid: the piece, and what is published where nobody has said yet where it goes."""
    if await store.delivery(tx, piece.commission) or piece.state not in {PieceState.MAKING, PieceState.MADE}:
        return piece, []
    return replace(piece, address_asked_at=context.now), [_asked(piece.commission, context)]


def ready(piece: Piece, delivery: PieceDelivery | None, context: ProductionContext) -> list[CommissionFact]:
    """That the customer can collect the piece, once it is packed and paid."""
    packed = piece.state is PieceState.PACKED and piece.paid_at is not None
    if not packed or delivery is None or not delivery.is_pickup:
        return []
    return [ReadyForPickup(commission=piece.commission, at=context.now)]


def _asked(commission: UUID, context: ProductionContext, *, by: UUID | None = None) -> AddressAsked:
    return AddressAsked(commission=commission, ask=context.new_id(), by=by, at=context.now)
