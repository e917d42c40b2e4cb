"""What the life cycle has the bench do: open a gate, pause, go on or stop, and let a parcel go."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.production.actions.booking import brief_known
from services.production.actions.gates import reach, sign
from services.production.actions.planning import replan
from services.production.actions.tasks import lay_aside
from services.production.actions.workshop import Workshop, conclude, lock_piece
from services.production.domain.gates import Signed, owed_percent
from services.production.domain.makers import able
from services.production.domain.pieces import WITH_THE_CARRIER, Piece, PieceState, in_making
from services.production.domain.promise import PromiseState
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


async def open_gate(tx: Tx, command: OpenGate, shop: Workshop) -> Done:
    """Write down that the customer signed a gate off, and tell once all is signed; doing so twice is the same as once.

    Raises:
        NotYet: the brief of that version is not here yet.
        Problem: not-found, where the craft has no such gate.
    """
    before, craft = await lock_piece(tx, command.commission)
    gate = next((gate for gate in craft.gates if gate.id == command.gate), None)
    if gate is None:
        raise not_found("This craft has no such gate.")
    await brief_known(tx, command.commission, command.brief_version)
    signed = [
        Signed(gate.id, each.id, command.brief_version, shop.now, approval=command.approval)
        for each in gate.sign_offs
        if each.by == "customer"
    ]
    piece, told = sign(before, gate, signed, shop)
    piece = replace(piece, brief_version=max(piece.brief_version, command.brief_version))
    if piece != before:
        await conclude(tx, before, piece, told)
    return Done()


async def pause_making(tx: Tx, command: PauseMaking, shop: Workshop) -> Done:
    """Have the piece left alone, and tell; what runs is laid aside. Its hours stay its own."""
    before, _ = await lock_piece(tx, command.commission)
    if before.paused_at is None and before.state is not PieceState.STOPPED:
        piece, told = lay_aside(before, shop)
        told.append(MakingPaused(commission=piece.commission, at=shop.now))
        await conclude(tx, before, replace(piece, paused_at=shop.now), told)
    return Done()


async def resume_making(tx: Tx, command: ResumeMaking, shop: Workshop) -> ResumedMaking:
    """Let the bench go on, and tell; days that have gone by meanwhile are planned anew."""
    before, craft = await lock_piece(tx, command.commission)
    if before.paused_at is None:
        return ResumedMaking(ready_by=before.ready_by)
    piece, told = replace(before, paused_at=None), list[Fact]()
    told.append(MakingResumed(commission=piece.commission, at=shop.now))
    if _went_by(piece, day_of(before.paused_at, shop.zone), shop.today):
        piece, replanned = await replan(tx, shop, piece, craft, reason=Replanned.PAUSE)
        told.append(replanned)
    await conclude(tx, before, piece, told)
    return ResumedMaking(ready_by=piece.ready_by)


def _went_by(piece: Piece, paused_on: date, today: date) -> bool:
    """Whether a day on which something was to be done has gone by during a pause.

    What is begun has until the day that it is due: planning it anew would cost it the hours that it still has today.
    """
    days = (task.due_on if task.begun_at else task.starts_on for task in piece.open_tasks)
    return paused_on < today and any(day < today for day in days)


async def stop_making(tx: Tx, command: StopMaking, shop: Workshop) -> StoppedMaking:
    """Make the piece no further and free its hours, and tell; or say why not, and what it would cost now.

    The piece's lock decides between this and a gate that is passed, or a parcel that is handed over, at this moment.
    """
    before, craft = await lock_piece(tx, command.commission)
    if before.state is PieceState.STOPPED:
        return StoppedMaking(stopped=True, owed_percent=before.cancel_percent or 0)
    owed = owed_percent(craft, before.passed) if command.owes else 0
    if before.state in WITH_THE_CARRIER:
        return StoppedMaking(stopped=False, owed_percent=owed, refusal=CancellationRefusal.HANDED_OVER)
    if command.at_most_percent is not None and owed > command.at_most_percent:
        return StoppedMaking(stopped=False, owed_percent=owed, refusal=CancellationRefusal.GATE_PASSED)
    await _stop(tx, before, owed, shop)
    return StoppedMaking(stopped=True, owed_percent=owed)


async def release_parcel(tx: Tx, command: ReleaseParcel, shop: Workshop) -> Done:
    """All is paid: the parcel may be handed over."""
    before, _ = await lock_piece(tx, command.commission)
    if before.paid_at is None:
        await conclude(tx, before, replace(before, paid_at=shop.now), [])
    return Done()


async def give_to_another_maker(tx: Tx, caller: Caller, commission: UUID, maker: UUID, shop: Workshop) -> Piece:
    """Give a piece to another maker, who has the skills, and plan it anew in their hours; for ops.

    Raises:
        Problem: not-found; conflict, for a piece that is over or left alone; validation-failed, for a maker who cannot.
    """
    before, craft = await lock_piece(tx, commission)
    in_making(before)
    if maker == before.maker:
        return before
    await _can_make(tx, maker, craft)
    await maker_store.lock_makers(tx, [before.maker, maker])
    piece, told = lay_aside(before, shop)
    piece, replanned = await replan(tx, shop, piece, craft, reason=Replanned.ANOTHER_MAKER, maker=maker)
    piece, reached = reach(piece, craft, shop)
    return await conclude(tx, before, piece, [*told, replanned, *reached], by=caller.person)


async def _can_make(tx: Tx, maker: UUID, craft: Offering) -> None:
    if maker not in {each.maker for each in able(await maker_store.makers(tx), craft)}:
        raise invalid(
            FieldProblem(
                field="maker",
                message="This maker cannot take the piece: it needs skills that they do not have, or they rest.",
                remedy="Choose one of those who are offered.",
            )
        )


async def _stop(tx: Tx, before: Piece, owed: int, shop: Workshop) -> None:
    await promises.free_all_hours(tx, before.promise)
    await promises.finish(tx, before.promise, PromiseState.STOPPED)
    voided = before.with_tasks(task.given_up(shop.now) for task in before.open_tasks)
    stopped = replace(voided, state=PieceState.STOPPED, stopped_at=shop.now, cancel_percent=owed, paused_at=None)
    told = MakingStopped(commission=before.commission, cancel_percent=owed, at=shop.now)
    await conclude(tx, before, stopped, [told])
