"""The maker's own steps: start, pause or finish a task, write a note."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from services.production.actions.context import ProductionContext, conclude, lock_task
from services.production.actions.gates import go_through, reach
from services.production.actions.planning import lock_maker, replan, waits_until
from services.production.actions.publishing import publish_due_of
from services.production.actions.quality import check_piece
from services.production.domain.change_orders import require_not_frozen
from services.production.domain.pieces import Piece, require_in_making
from services.production.domain.tasks import Task, TaskState, over
from services.production.store import promises, records
from shared.auth.roles import Caller
from shared.contracts.fact import Fact
from shared.contracts.production import (
    Replanned,
    StageBegun,
    StageFinished,
    StagePaused,
)
from shared.offerings.model import Offering
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201


async def start_task(tx: Tx, caller: Caller, task: UUID, signs: Collection[str], context: ProductionContext) -> Piece:
    """Start a task or resume it, and publish it; idempotent.

    `signs` are the sign-offs of the gate before it that the maker gives by beginning.

    Raises:
        Problem: not-found; conflict, out of order, while the piece is paused, when it is finished, or before the
            gate is signed off; validation-failed, for a sign-off that is the maker's and was not given.
    """
    before, offering = await lock_task(tx, caller, task)
    found = before.task(task)
    if found.state is TaskState.RUNNING:
        return before
    require_in_making(before)
    require_not_frozen(before, offering, found.stage)
    begun = found.begun(context.now)
    piece, facts = go_through(
        before, context.in_words(offering), found.stage, caller=caller, signs=signs, context=context
    )
    facts.append(
        StageBegun(
            commission=piece.commission,
            piece=piece.piece,
            task=task,
            stage=found.stage,
            maker=piece.maker,
            performer=found.performer,
            rework=found.rework,
            at=context.now,
        )
    )
    return await conclude(tx, before, piece.with_tasks([begun]), facts, by=caller.person)


async def pause_task(tx: Tx, caller: Caller, task: UUID, context: ProductionContext) -> Piece:
    """Pause a task, and publish it; idempotent. Raises `not-found` and `conflict`."""
    before, _ = await lock_task(tx, caller, task)
    aside = before.task(task).paused(context.now)
    if aside is before.task(task):
        return before
    facts = [
        StagePaused(commission=before.commission, piece=before.piece, task=task, stage=aside.stage, at=context.now)
    ]
    return await conclude(tx, before, before.with_tasks([aside]), facts, by=caller.person)


async def finish_task(
    tx: Tx, caller: Caller, task: UUID, answers: Mapping[str, str], context: ProductionContext
) -> Piece:
    """Finish a task, and publish it; idempotent. The last one ends with the quality checklist.

    `answers` are the checklist's, by its inputs, and `back_to` where a check is not met. What no longer fits its
    planned days is replanned.

    Raises:
        Problem: not-found; conflict, when it was not started or the piece is finished or paused; validation-failed, for
            the checklist.
    """
    before, offering = await lock_task(tx, caller, task)
    found = before.task(task)
    if found.state is TaskState.DONE:
        return before
    require_in_making(before)
    require_not_frozen(before, offering, found.stage)
    done = found.done(context.now)
    await promises.free_hours(tx, before.promise, [done.stage], since=context.today + timedelta(days=1))
    following = next((each for each in before.tasks if each.place == done.place + 1 and each.open), None)
    if following is None:
        piece, facts = await check_piece(tx, caller, before, offering, done=done, answers=answers, context=context)
    else:
        piece, facts = await _go_on(
            tx, before.with_tasks([done, following.ready()]), offering, done=done, following=following, context=context
        )
    return await conclude(tx, before, piece, facts, by=caller.person)


async def write_note(
    tx: Tx, caller: Caller, task: UUID, *, body: str, key: RequestKey, context: ProductionContext
) -> Answer:
    """Write a note for the customer, published when it is due, once for a key. Raises `not-found` and `conflict`."""

    async def act() -> Answer:
        return Answer(_CREATED, {"note": str(await _write_note(tx, caller, task, body, context))})

    return await once(tx, key.of(body), act)


async def _write_note(tx: Tx, caller: Caller, task: UUID, body: str, context: ProductionContext) -> UUID:
    piece, _ = await lock_task(tx, caller, task)
    found = piece.task(task)
    if not found.valid:
        raise over(found)
    note = context.new_id()
    await records.add_note(
        tx,
        note,
        task,
        author=caller.person,
        author_role=caller.role,
        body=body,
        at=context.now,
        shown_from=context.shown_from,
    )
    await conclude(tx, piece, piece, [])
    await publish_due_of(tx, piece, context)
    return note


def pause_current(piece: Piece, context: ProductionContext) -> tuple[Piece, list[Fact]]:
    """The piece with its running task paused."""
    running = piece.current
    if running is None or running.state is not TaskState.RUNNING:
        return piece, []
    aside = running.paused(context.now)
    facts = StagePaused(
        commission=piece.commission, piece=piece.piece, task=aside.task, stage=aside.stage, at=context.now
    )
    return piece.with_tasks([aside]), [facts]


async def _go_on(
    tx: Tx, piece: Piece, offering: Offering, *, done: Task, following: Task, context: ProductionContext
) -> tuple[Piece, Sequence[Fact]]:
    """The next task is ready; later than planned, where this one was."""
    maker = await lock_maker(tx, piece.maker)
    until = waits_until(context, piece, offering, maker)
    facts: list[Fact] = []
    if following.starts_on < (until or context.today):
        piece, replanned = await replan(
            tx, context, piece, offering, reason=Replanned.LATE_START, begin=until or context.today
        )
        facts.append(replanned)
    finished = StageFinished(
        commission=piece.commission,
        piece=piece.piece,
        task=done.task,
        stage=done.stage,
        maker=piece.maker,
        performer=done.performer,
        minutes=done.minutes,
        next_stage=following.stage,
        next_on=piece.task(following.task).starts_on,
        waiting=until is not None and until > context.today,
        at=context.now,
    )
    piece, reached = reach(piece, offering, context)
    return piece, [finished, *facts, *reached]
