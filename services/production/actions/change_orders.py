"""Change orders at the bench, by the life cycle's commands: freeze what it touches, apply it, and go on.

The piece's lock decides between a change order and a gate that is passed, a piece that is made, or hours that are taken
at this moment.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from services.production.actions import journal
from services.production.actions.booking import brief_known
from services.production.actions.context import ProductionContext, chosen, conclude, offering_of
from services.production.actions.gates import reach, reach_again
from services.production.actions.planning import foresee, lock_maker, replan
from services.production.actions.tasks import pause_current
from services.production.domain.change_orders import (
    CHANGE_HOURS,
    beyond,
    changed,
    current_is_touched,
    signed_again,
    voided,
    why_not,
)
from services.production.domain.pieces import Piece
from services.production.domain.plan import BenchFullError, Plan
from services.production.domain.reasons import BenchRefusal
from services.production.store import pieces, promises
from shared.certificates.journal import JournalEntryKind
from shared.contracts.commands.production import (
    ApplyChangeOrder,
    ChangedPiece,
    FreezeStages,
    FrozenStages,
    ThawedStages,
    ThawStages,
)
from shared.contracts.fact import Fact
from shared.contracts.production import GateVoided, Replanned
from shared.contracts.quotes import ChangeRefusal
from shared.kernel.calendar import day_of
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.postgres.database import Tx


async def freeze(tx: Tx, command: FreezeStages, context: ProductionContext) -> FrozenStages:
    """Freeze the stages that a change order touches, hold the hours that it would take, and say the day; idempotent.

    Raises:
        Problem: not-found, where the offering has no such stage.
    """
    found = await _lock(tx, command.commission)
    if found is None:
        return FrozenStages(refusal=ChangeRefusal.NOT_BOOKED)
    before, offering = found
    _check_stage(offering, command.from_stage)
    if refusal := why_not(before):
        return FrozenStages(refusal=refusal)
    await promises.free_hours(tx, before.promise, [CHANGE_HOURS])
    with_change = changed(before, offering, command.from_stage, context.now, iter(context.new_id, None))
    try:
        plan = await _foreseen(tx, context, before, with_change, offering, until=command.until, command=command)
    except BenchFullError:
        return FrozenStages(refusal=ChangeRefusal.NO_HOURS)
    piece, facts = before, list[Fact]()
    if current_is_touched(before, offering, command.from_stage):
        piece, facts = pause_current(before, context)
    if plan is not None:
        await _hold_extra(tx, piece, plan)
    piece = replace(piece, frozen_by=command.change_order, frozen_from=command.from_stage)
    await conclude(tx, before, piece, facts)
    return FrozenStages(
        ready_by=max(plan.ready_by, before.ready_by) if plan else before.ready_by,
        before=before.ready_by,
        gates=voided(before, with_change),
    )


async def apply(tx: Tx, command: ApplyChangeOrder, context: ProductionContext) -> ChangedPiece:
    """Make the piece as the change order wants it, and publish what that undoes; or answer why not.

    The stages stay frozen until the bench has the brief (`thaw`).
    """
    found = await _lock(tx, command.commission)
    if found is None:
        return ChangedPiece(applied=False, refusal=ChangeRefusal.NOT_BOOKED)
    before, offering = found
    if refusal := why_not(before):
        return ChangedPiece(applied=False, refusal=refusal)
    await promises.free_hours(tx, before.promise, [CHANGE_HOURS])
    paused, facts = before, list[Fact]()
    if current_is_touched(before, offering, command.from_stage):
        paused, facts = pause_current(before, context)
    piece = changed(paused, offering, command.from_stage, context.now, iter(context.new_id, None))
    replanned: list[Fact] = []
    if _has_to_move(before, piece, context.today):
        plan = await foresee(tx, context, piece, offering)
        if plan.ready_by > command.at_latest:
            return ChangedPiece(applied=False, refusal=ChangeRefusal.LATER_DAY)
        piece, moved = await replan(tx, context, piece, offering, reason=Replanned.CHANGE_ORDER)
        replanned.append(moved)
    piece = replace(piece, frozen_by=command.change_order, frozen_from=command.from_stage, changed_at=context.now)
    undone = [
        GateVoided(
            commission=piece.commission,
            piece=piece.piece,
            gate=gate,
            change_order=command.change_order,
            at=context.now,
        )
        for gate in voided(before, piece)
    ]
    piece, reached = reach_again(piece, offering, context)
    await conclude(tx, before, piece, [*facts, *undone, *replanned, *reached])
    return ChangedPiece(applied=True, ready_by=piece.ready_by, gates=signed_again(offering, command.from_stage))


async def thaw(tx: Tx, command: ThawStages, context: ProductionContext) -> ThawedStages:
    """Let the bench go on, by the new brief or as before; what was planned for days that have passed is replanned.

    Raises:
        NotYet: the brief of that version is not here yet.
    """
    found = await _lock(tx, command.commission)
    if found is None:
        return ThawedStages()
    before, offering = found
    if command.brief_version is not None:
        await brief_known(tx, command.commission, command.brief_version)
    if before.frozen_by != command.change_order:
        return ThawedStages(ready_by=before.ready_by)
    piece, facts = replace(before, frozen_by=None, frozen_from=None), list[Fact]()
    await promises.free_hours(tx, piece.promise, [CHANGE_HOURS])
    if command.brief_version is not None:
        piece = replace(piece, brief_version=max(piece.brief_version, command.brief_version))
        await _write_down(tx, piece, command.brief_version, context)
    if why_not(piece) is None and _went_by(piece, context.today):
        piece, replanned = await replan(tx, context, piece, offering, reason=Replanned.CHANGE_ORDER)
        facts.append(replanned)
    piece, reached = reach(piece, offering, context)
    await conclude(tx, before, piece, [*facts, *reached])
    return ThawedStages(ready_by=piece.ready_by)


async def _lock(tx: Tx, commission: UUID) -> tuple[Piece, Offering] | None:
    """The piece under its lock; None where its hours are not booked."""
    found = await pieces.of_commission(tx, commission)
    piece = await pieces.lock(tx, found) if found else None
    return (piece, await offering_of(tx, OfferingKey.of(piece))) if piece else None


def _check_stage(offering: Offering, stage: str) -> None:
    if offering.making.stage(stage) is None:
        raise not_found(BenchRefusal.STAGE_UNKNOWN)


async def _foreseen(
    tx: Tx,
    context: ProductionContext,
    before: Piece,
    with_change: Piece,
    offering: Offering,
    *,
    until: datetime,
    command: FreezeStages,
) -> Plan | None:
    """The plan if the customer says yes at the last moment; None where nothing would have to move."""
    last = day_of(until - timedelta(microseconds=1), context.zone)
    planned = next((task.starts_on for task in with_change.open_tasks if task.stage == command.from_stage), None)
    if with_change.tasks == before.tasks and planned is not None and planned > last:
        return None
    await lock_maker(tx, before.maker)
    begin = last + timedelta(days=1)
    return await foresee(tx, context, with_change, offering, begin=begin)


async def _hold_extra(tx: Tx, piece: Piece, plan: Plan) -> None:
    """Hold the minutes of the plan that are not the piece's own already."""
    bench = await lock_maker(tx, piece.maker)
    own = await promises.slots(tx, piece.promise)
    await promises.hold_hours(tx, piece.promise, bench.bench, beyond(plan.slots, own))


async def _write_down(tx: Tx, piece: Piece, brief_version: int, context: ProductionContext) -> None:
    choices = await chosen(tx, piece)
    await journal.write(
        tx,
        piece.piece,
        JournalEntryKind.CHANGED,
        at=context.now,
        by=None,
        brief_version=brief_version,
        choices=choices,
    )


def _has_to_move(before: Piece, piece: Piece, today: date) -> bool:
    return piece.tasks != before.tasks or _went_by(piece, today)


def _went_by(piece: Piece, today: date) -> bool:
    """Whether a day on which something was to be done has gone by; a task that was started has until its due day."""
    return any((task.due_on if task.begun_at else task.starts_on) < today for task in piece.open_tasks)
