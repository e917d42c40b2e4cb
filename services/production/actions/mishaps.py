"""A mishap at the bench: what it would move, the report, and the second entry that undoes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.production.actions.context import ProductionContext, conclude, lock_task, read_piece
from services.production.actions.gates import reach_again
from services.production.actions.planning import foresee, lock_maker, replan, replan_as_before, waits_until
from services.production.actions.tasks import pause_current
from services.production.domain.mishaps import MishapSaid, PieceBefore, check_undoable, restored
from services.production.domain.pieces import STARTS_OVER, Piece, require_in_making, sent_back
from services.production.domain.plan import first_day
from services.production.domain.reasons import BenchRefusal
from services.production.domain.records import MishapRecord
from services.production.domain.tasks import Task, out_of_order, over
from services.production.store import pieces, promises, records
from shared.auth.roles import Caller
from shared.contracts.fact import Fact
from shared.contracts.production import Mishap, MishapReported, MishapUndone, Replanned
from shared.kernel.problems import not_found
from shared.offerings.making import Stage
from shared.offerings.model import Offering
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201
_NEEDS_NEW_MATERIAL = frozenset({Mishap.MATERIAL_SPOILT, Mishap.MATERIAL_LATE})


@dataclass(frozen=True)
class MishapPreview:
    """What a mishap would move: the step that comes next, and the day on which the piece is ready, before and after."""

    piece: Piece
    offering: Offering
    task: Task
    said: MishapSaid
    next_stage: Stage
    ready_by: date

    @property
    def too_late(self) -> bool:
        """Whether the piece would be ready after the day that it is needed by."""
        return self.piece.needed_by is not None and self.ready_by > self.piece.needed_by


async def preview_mishap(
    tx: Tx, caller: Caller, task: UUID, said: MishapSaid, context: ProductionContext
) -> MishapPreview:
    """What `report_mishap` would move if it were called now; nothing changes. Raises what that does."""
    found = await pieces.piece_of_task(tx, task)
    commission = await pieces.commission_of(tx, found) if found else None
    if commission is None:
        raise not_found(BenchRefusal.TASK_UNKNOWN)
    before, offering = await read_piece(tx, caller, commission)
    at = _current(before, task)
    said = _completed(said, offering)
    paused, _ = pause_current(before, context)
    piece = _back(paused, offering, said, context)
    plan = await foresee(tx, context, piece, offering, begin=_begin(said, offering, context))
    words = context.in_words(offering)
    following = words.making.stages[piece.current.place if piece.current else at.place]
    return MishapPreview(before, words, at, said, following, plan.ready_by)


async def report_mishap(
    tx: Tx, caller: Caller, task: UUID, said: MishapSaid, *, key: RequestKey, context: ProductionContext
) -> Answer:
    """Report a mishap, replan at once, and publish it, once for a key.

    A damaged piece and spoilt material send the piece back to its first stage, or to `back_to`.

    Raises:
        Problem: not-found; conflict, for a task that is not the piece's next one; validation-failed, for a stage at
            which the piece has not been.
    """

    async def act() -> Answer:
        return Answer(_CREATED, {"mishap": str(await _report(tx, caller, task, said, context))})

    return await once(tx, key.of(said.kind, said.back_to, said.cause, said.words), act)


async def undo_mishap(tx: Tx, caller: Caller, task: UUID, mishap: UUID, context: ProductionContext) -> Piece:
    """Undo a mishap that was reported by mistake, and publish it; idempotent.

    The piece has the tasks, the bench's sign-offs and, where they are still free, the hours that it had before.

    Raises:
        Problem: not-found; conflict, once somebody worked on the piece since, or it is paused, made or stopped.
    """
    before, offering = await lock_task(tx, caller, task)
    all_of_piece = await records.mishaps(tx, before.piece)
    found = next((each for each in all_of_piece if each.mishap == mishap), None)
    if found is None:
        raise not_found()
    if found.undone_at is not None:
        return before
    require_in_making(before)
    check_undoable(before, found, all_of_piece)
    earlier = await records.piece_before(tx, mishap)
    piece = restored(before, earlier, context.now)
    await records.undo_mishap(tx, mishap, context.now)
    piece, replanned = await replan_as_before(tx, context, piece, offering, earlier)
    until = waits_until(context, piece, offering, await lock_maker(tx, piece.maker))
    undone = _undone(piece, found, caller, until, context)
    piece, reached = reach_again(piece, offering, context)
    return await conclude(tx, before, piece, [undone, replanned, *reached], by=caller.person)


def _undone(
    piece: Piece, found: MishapRecord, caller: Caller, until: date | None, context: ProductionContext
) -> MishapUndone:
    return MishapUndone(
        commission=piece.commission,
        piece=piece.piece,
        mishap=found.mishap,
        kind=found.kind,
        stage=found.stage,
        waiting=until is not None and until > context.today,
        next_on=until,
        by=caller.ops,
        at=context.now,
    )


async def _report(tx: Tx, caller: Caller, task: UUID, said: MishapSaid, context: ProductionContext) -> UUID:
    before, offering = await lock_task(tx, caller, task)
    found = _current(before, task)
    said = _completed(said, offering)
    mishap = context.new_id()
    paused, facts = pause_current(before, context)
    held = PieceBefore(context.today, paused, await promises.slots(tx, before.promise))
    piece = _back(paused, offering, said, context)
    await records.add_mishap(tx, mishap, task, said=said, before=held, by=caller.person, at=context.now)
    reported = MishapReported(
        commission=piece.commission,
        piece=piece.piece,
        mishap=mishap,
        kind=said.kind,
        stage=found.stage,
        back_to=said.back_to,
        cause=said.cause,
        by=caller.ops,
        at=context.now,
    )
    begin = _begin(said, offering, context)
    piece, replanned = await replan(tx, context, piece, offering, reason=Replanned.MISHAP, begin=begin)
    piece, reached = reach_again(piece, offering, context)
    all_facts: Sequence[Fact] = [*facts, reported, replanned, *reached]
    await conclude(tx, before, piece, all_facts, by=caller.person)
    return mishap


def _current(piece: Piece, task: UUID) -> Task:
    """The task, which has to be the piece's next one. Raises `conflict`."""
    require_in_making(piece)
    found = piece.task(task)
    if not found.current:
        raise out_of_order() if found.open else over(found)
    return found


def _completed(said: MishapSaid, offering: Offering) -> MishapSaid:
    """With the stage that the piece goes back to, where nobody names one and it has to."""
    first = offering.making.stages[0].id if said.kind in STARTS_OVER else None
    return replace(said, back_to=said.back_to or first)


def _back(piece: Piece, offering: Offering, said: MishapSaid, context: ProductionContext) -> Piece:
    if said.back_to is None:
        return piece
    return sent_back(piece, offering, said.back_to, context.now, iter(context.new_id, None))


def _begin(said: MishapSaid, offering: Offering, context: ProductionContext) -> date | None:
    """The first day of what is left, where new material has to come."""
    if said.kind not in _NEEDS_NEW_MATERIAL:
        return None
    return first_day(context.today, offering.making, context.settings.calendar)
