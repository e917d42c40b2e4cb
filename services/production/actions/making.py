"""The life cycle's commands: open a gate, pause, resume or stop the making, release a parcel."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.production.actions import deliveries
from services.production.actions.booking import brief_known
from services.production.actions.context import ProductionContext, conclude, lock_piece
from services.production.actions.gates import reach, sign
from services.production.actions.planning import replan
from services.production.actions.tasks import pause_current
from services.production.domain.gates import SignOffGiven, owed_percent
from services.production.domain.makers import able
from services.production.domain.pieces import WITH_THE_CARRIER, Piece, PieceState, require_in_making
from services.production.domain.promises import PromiseState
from services.production.domain.reasons import BenchInput, BenchRefusal
from services.production.store import deliveries as delivery_store
from services.production.store import makers as maker_store
from services.production.store import promises
from shared.auth.roles import Caller
from shared.contracts.commands.command import Done
from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commands.production import (
    OpenGate,
    PauseMaking,
    ReleaseParcel,
    ResumedMaking,
    ResumeMaking,
    StopMaking,
    StoppedMaking,
)
from shared.contracts.fact import Fact
from shared.contracts.production import MakingPaused, MakingResumed, MakingStopped, Replanned
from shared.kernel.calendar import day_of
from shared.kernel.problems import FieldProblem, invalid, not_found
from shared.offerings.model import Offering
from shared.postgres.database import Tx


async def open_gate(tx: Tx, command: OpenGate, context: ProductionContext) -> Done:
    """Record that the customer signed a gate off, and publish it once all is signed; idempotent.

    Raises:
        NotYet: the brief of that version is not here yet.
        Problem: not-found, where the offering has no such gate.
    """
    before, offering = await lock_piece(tx, command.commission)
    gate = next((gate for gate in offering.gates if gate.id == command.gate), None)
    if gate is None:
        raise not_found(BenchRefusal.GATE_UNKNOWN)
    await brief_known(tx, command.commission, command.brief_version)
    signed = [
        SignOffGiven(gate.id, each.id, command.brief_version, context.now, approval=command.approval)
        for each in gate.sign_offs
        if each.by == "customer"
    ]
    piece, facts = sign(before, gate, signed, context)
    piece = replace(piece, brief_version=max(piece.brief_version, command.brief_version))
    if piece != before:
        await conclude(tx, before, piece, facts)
    return Done()


async def pause_making(tx: Tx, command: PauseMaking, context: ProductionContext) -> Done:
    """Pause the making, and publish it; a running task is paused. The piece keeps its hours."""
    before, _ = await lock_piece(tx, command.commission)
    if before.paused_at is None and before.state is not PieceState.STOPPED:
        piece, facts = pause_current(before, context)
        facts.append(MakingPaused(commission=piece.commission, at=context.now))
        await conclude(tx, before, replace(piece, paused_at=context.now), facts)
    return Done()


async def resume_making(tx: Tx, command: ResumeMaking, context: ProductionContext) -> ResumedMaking:
    """Resume the making, and publish it; what was planned for days that have passed is replanned."""
    before, offering = await lock_piece(tx, command.commission)
    if before.paused_at is None:
        return ResumedMaking(ready_by=before.ready_by)
    piece, facts = replace(before, paused_at=None), list[Fact]()
    facts.append(MakingResumed(commission=piece.commission, at=context.now))
    if _went_by(piece, day_of(before.paused_at, context.zone), context.today):
        piece, replanned = await replan(tx, context, piece, offering, reason=Replanned.PAUSE)
        facts.append(replanned)
    await conclude(tx, before, piece, facts)
    return ResumedMaking(ready_by=piece.ready_by)


def _went_by(piece: Piece, paused_on: date, today: date) -> bool:
    """Whether a day on which something was to be done has gone by during a pause.

    A task that was started has until its due day: replanning it would lose the hours that are left today.
    """
    days = (task.due_on if task.begun_at else task.starts_on for task in piece.open_tasks)
    return paused_on < today and any(day < today for day in days)


async def stop_making(tx: Tx, command: StopMaking, context: ProductionContext) -> StoppedMaking:
    """Stop the making, free its hours, and publish it; or answer why not, and what it would cost now.

    The piece's lock decides between this and a gate that is passed, or a parcel that is handed over, at this moment.
    """
    before, offering = await lock_piece(tx, command.commission)
    if before.state is PieceState.STOPPED:
        return StoppedMaking(stopped=True, owed_percent=before.cancel_percent or 0)
    owed = owed_percent(offering, before.passed) if command.owes and not before.missing else 0
    if before.state in WITH_THE_CARRIER and not before.missing:
        return StoppedMaking(stopped=False, owed_percent=owed, refusal=CancellationRefusal.HANDED_OVER)
    if command.at_most_percent is not None and owed > command.at_most_percent:
        return StoppedMaking(stopped=False, owed_percent=owed, refusal=CancellationRefusal.GATE_PASSED)
    await _stop(tx, before, owed, context)
    return StoppedMaking(stopped=True, owed_percent=owed)


async def release_parcel(tx: Tx, command: ReleaseParcel, context: ProductionContext) -> Done:
    """All is paid: the piece may be handed over, or collected; the customer is asked where nobody knows which."""
    before, _ = await lock_piece(tx, command.commission)
    if before.paid_at is None:
        paid, facts = await deliveries.ask_if_unknown(tx, replace(before, paid_at=context.now), context)
        facts += deliveries.ready(paid, await delivery_store.delivery(tx, command.commission), context)
        await conclude(tx, before, paid, facts)
    return Done()


async def give_to_another_maker(
    tx: Tx, caller: Caller, commission: UUID, maker: UUID, context: ProductionContext
) -> Piece:
    """Give a piece to another maker who has the skills, and replan it in their hours; for ops.

    Raises:
        Problem: not-found; conflict, for a piece that is finished or paused; validation-failed, for a maker who cannot.
    """
    before, offering = await lock_piece(tx, commission)
    require_in_making(before)
    if maker == before.maker:
        return before
    await _can_make(tx, maker, offering)
    await maker_store.lock_makers(tx, [before.maker, maker])
    piece, facts = pause_current(before, context)
    piece, replanned = await replan(
        tx, context, piece, offering, reason=Replanned.ANOTHER_MAKER, maker=maker, by=caller.ops
    )
    piece, reached = reach(piece, offering, context)
    return await conclude(tx, before, piece, [*facts, replanned, *reached], by=caller.person)


async def _can_make(tx: Tx, maker: UUID, offering: Offering) -> None:
    if maker not in {each.maker for each in able(await maker_store.makers(tx), offering)}:
        raise invalid(FieldProblem("maker", BenchInput.MAKER_UNABLE))


async def _stop(tx: Tx, before: Piece, owed: int, context: ProductionContext) -> None:
    await promises.free_all_hours(tx, before.promise)
    await promises.finish(tx, before.promise, PromiseState.STOPPED)
    voided = before.with_tasks(task.dropped(context.now) for task in before.open_tasks)
    stopped = replace(voided, state=PieceState.STOPPED, stopped_at=context.now, cancel_percent=owed, paused_at=None)
    facts = MakingStopped(commission=before.commission, cancel_percent=owed, at=context.now)
    await conclude(tx, before, stopped, [facts])
