"""Planning in the hours that makers have free: for a promise, and again when something changes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.production.actions.context import ProductionContext
from services.production.domain.makers import Maker
from services.production.domain.mishaps import PieceBefore
from services.production.domain.pieces import Piece, work_left
from services.production.domain.plan import Plan, StageWork, end_of_wait, plan, without
from services.production.domain.promises import PromiseState
from services.production.domain.tasks import TaskState
from services.production.store import makers as maker_store
from services.production.store import promises as store
from shared.contracts.production import PieceReplanned, Replanned
from shared.kernel.calendar import day_of
from shared.offerings.model import Offering
from shared.postgres.database import Tx


async def lock_maker(tx: Tx, maker: UUID) -> Maker:
    """One maker, whose hours nobody else plans until the commit."""
    await maker_store.lock_makers(tx, [maker])
    return next(each for each in await maker_store.makers(tx) if each.maker == maker)


async def plan_for(tx: Tx, context: ProductionContext, maker: Maker, work: tuple[StageWork, ...], begin: date) -> Plan:
    """Where this work fits into the hours that a maker has free."""
    taken = await store.taken(tx, maker.bench, begin)
    return plan(work, maker.calendar(context.settings.calendar), taken, begin)


async def replan(
    tx: Tx,
    context: ProductionContext,
    piece: Piece,
    offering: Offering,
    *,
    reason: Replanned,
    begin: date | None = None,
    maker: UUID | None = None,
    by: UUID | None = None,
) -> tuple[Piece, PieceReplanned]:
    """Free the hours of what is not finished and plan it again, from `begin` or the next working day on.

    `by` is the person of ops who wants it so. Work that was ahead of its plan keeps its days: an interruption never
    brings a promise forward.
    """
    bench = await lock_maker(tx, maker or piece.maker)
    left = work_left(piece, offering)
    await store.free_hours(tx, piece.promise, [work.stage.id for work in left])
    found = await plan_for(tx, context, bench, left, _earliest(context, piece, offering, bench, begin))
    await store.hold_hours(tx, piece.promise, bench.bench, found.slots)
    await store.move(
        tx,
        piece.promise,
        state=PromiseState.BOOKED,
        maker=bench.maker,
        begins_on=found.begins_on,
        ready_by=found.ready_by,
        ready_by_p50=found.ready_by_p50,
    )
    return piece.planned(found, bench.maker), PieceReplanned(
        commission=piece.commission,
        piece=piece.piece,
        promise=piece.promise,
        maker=bench.maker,
        ready_by=found.ready_by,
        ready_by_p50=found.ready_by_p50,
        before=piece.ready_by,
        reason=reason,
        by=by,
        at=context.now,
    )


async def foresee(
    tx: Tx, context: ProductionContext, piece: Piece, offering: Offering, *, begin: date | None = None
) -> Plan:
    """What `replan` would come to now; nothing is held, moved or locked."""
    bench = next(each for each in await maker_store.makers(tx) if each.maker == piece.maker)
    left = work_left(piece, offering)
    first = _earliest(context, piece, offering, bench, begin)
    stages = {work.stage.id for work in left}
    own = [slot for slot in await store.slots(tx, piece.promise) if slot.stage in stages]
    others = without(await store.taken(tx, bench.bench, first), own)
    return plan(left, bench.calendar(context.settings.calendar), others, first)


async def replan_as_before(
    tx: Tx, context: ProductionContext, piece: Piece, offering: Offering, before: PieceBefore
) -> tuple[Piece, PieceReplanned]:
    """Hold the hours that the piece held before a mishap, where they are still free; else plan it again."""
    bench = await lock_maker(tx, piece.maker)
    stages = [stage.id for stage in offering.making.stages]
    await store.free_hours(tx, piece.promise, stages, since=before.on)
    taken = await store.taken(tx, bench.bench, context.today)
    if not before.can_be_held(piece, taken, context.today):
        return await replan(tx, context, piece, offering, reason=Replanned.MISHAP)
    slots, was = before.hours_left(context.today), before.piece
    await store.hold_hours(tx, piece.promise, bench.bench, slots)
    begins_on = min([slot.day for slot in slots], default=was.ready_by_p50)
    await store.move(
        tx,
        piece.promise,
        state=PromiseState.BOOKED,
        maker=bench.maker,
        begins_on=min(begins_on, was.ready_by_p50),
        ready_by=was.ready_by,
        ready_by_p50=was.ready_by_p50,
    )
    return replace(piece, ready_by=was.ready_by, ready_by_p50=was.ready_by_p50), PieceReplanned(
        commission=piece.commission,
        piece=piece.piece,
        promise=piece.promise,
        maker=bench.maker,
        ready_by=was.ready_by,
        ready_by_p50=was.ready_by_p50,
        before=piece.ready_by,
        reason=Replanned.MISHAP,
        at=context.now,
    )


def waits_until(context: ProductionContext, piece: Piece, offering: Offering, maker: Maker) -> date | None:
    """The day on which the piece's next step can begin, if it dries or is away until then."""
    current = piece.current
    if current is None or current.state is not TaskState.READY:
        return None
    # What was to be done again was finished too, but the piece rests from the last time.
    done = (task for task in piece.tasks if task.state is TaskState.DONE)
    last = next((task for task in done if task.place == current.place - 1), None)
    wait = offering.making.stages[last.place].wait if last else None
    if last is None or last.finished_at is None or wait is None:
        return None
    return end_of_wait(wait, day_of(last.finished_at, context.zone), maker.calendar(context.settings.calendar))


def _earliest(context: ProductionContext, piece: Piece, offering: Offering, maker: Maker, begin: date | None) -> date:
    soonest = begin or maker.calendar(context.settings.calendar).working_day(context.today + timedelta(days=1))
    planned = piece.current.starts_on if piece.current else soonest
    return max(soonest, planned, waits_until(context, piece, offering, maker) or soonest)
