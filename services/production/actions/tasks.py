"""The maker's own steps: begin, lay aside, finish, write a note, say that something went wrong."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from services.production.actions.gates import go_through, reach, reach_again
from services.production.actions.measuring import check_piece
from services.production.actions.planning import lock_maker, replan, rests_until
from services.production.actions.workshop import Workshop, conclude, lock_task
from services.production.domain.pieces import STARTS_OVER, Piece, in_making, sent_back
from services.production.domain.plan import first_day
from services.production.domain.tasks import Task, TaskState, out_of_order, over
from services.production.store import promises, records
from shared.auth.roles import Caller
from shared.contracts.fact import Fact
from shared.contracts.production import (
    Mishap,
    MishapReported,
    NoteWritten,
    Replanned,
    StageBegun,
    StageFinished,
    StagePaused,
)
from shared.contracts.texts import Subject, TextWritten
from shared.offerings.model import Offering
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201
_MATERIAL_ANEW = frozenset({Mishap.MATERIAL_SPOILT, Mishap.MATERIAL_LATE})


async def start_task(tx: Tx, caller: Caller, task: UUID, signs: Collection[str], shop: Workshop) -> Piece:
    """Begin a task, or go on with it, and tell; beginning what runs changes nothing.

    `signs` are the sign-offs of the gate before it that the maker gives by beginning.

    Raises:
        Problem: not-found; conflict, out of order, while the piece is left alone, when the piece is over, or before the
            gate is signed off; validation-failed, for a sign-off that is the maker's and was not given.
    """
    before, craft = await lock_task(tx, caller, task)
    found = before.task(task)
    if found.state is TaskState.RUNNING:
        return before
    in_making(before)
    begun = found.begun(shop.now)
    piece, told = go_through(before, craft, found.stage, caller=caller, signs=signs, shop=shop)
    told.append(
        StageBegun(
            commission=piece.commission,
            task=task,
            stage=found.stage,
            maker=piece.maker,
            rework=found.rework,
            at=shop.now,
        )
    )
    return await conclude(tx, before, piece.with_tasks([begun]), told, by=caller.person)


async def pause_task(tx: Tx, caller: Caller, task: UUID, shop: Workshop) -> Piece:
    """Lay a task aside, and tell; laying aside what lies there changes nothing. Raises `not-found` and `conflict`."""
    before, _ = await lock_task(tx, caller, task)
    aside = before.task(task).laid_aside(shop.now)
    if aside is before.task(task):
        return before
    told = [StagePaused(commission=before.commission, task=task, stage=aside.stage, at=shop.now)]
    return await conclude(tx, before, before.with_tasks([aside]), told, by=caller.person)


async def finish_task(tx: Tx, caller: Caller, task: UUID, answers: Mapping[str, str], shop: Workshop) -> Piece:
    """Finish a task, and tell; finishing what is done changes nothing. The last one ends with the quality checklist.

    `answers` are the checklist's, by its inputs, and `back_to` where a check is not met. A plan that this leaves no
    time for is made anew.

    Raises:
        Problem: not-found; conflict, when it was not begun or the piece is over or left alone; validation-failed, for
            the checklist.
    """
    before, craft = await lock_task(tx, caller, task)
    found = before.task(task)
    if found.state is TaskState.DONE:
        return before
    in_making(before)
    done = found.done(shop.now)
    await promises.free_hours(tx, before.promise, [done.stage], since=shop.today + timedelta(days=1))
    following = next((each for each in before.tasks if each.place == done.place + 1 and each.open), None)
    if following is None:
        piece, told = await check_piece(tx, caller, before, craft, done=done, answers=answers, shop=shop)
    else:
        piece, told = await _go_on(
            tx, before.with_tasks([done, following.ready()]), craft, done=done, following=following, shop=shop
        )
    return await conclude(tx, before, piece, told, by=caller.person)


async def write_note(tx: Tx, caller: Caller, task: UUID, *, body: str, key: RequestKey, shop: Workshop) -> Answer:
    """Write a note for the customer, and tell, once for a key. Raises `not-found`, and `conflict` for what is over."""

    async def act() -> Answer:
        return Answer(_CREATED, {"note": str(await _write_note(tx, caller, task, body, shop))})

    return await once(tx, key.of(body), act)


async def _write_note(tx: Tx, caller: Caller, task: UUID, body: str, shop: Workshop) -> UUID:
    piece, _ = await lock_task(tx, caller, task)
    found = piece.task(task)
    if not found.counts:
        raise over(found)
    note = shop.new_id()
    await records.add_note(tx, note, task, author=caller.person, body=body, at=shop.now)
    told = [
        TextWritten(
            text=note,
            commission=piece.commission,
            author=caller.person,
            author_role=caller.role,
            subject=Subject.NOTE,
            body=body,
            at=shop.now,
        ),
        NoteWritten(commission=piece.commission, note=note, stage=found.stage, at=shop.now),
    ]
    await conclude(tx, piece, piece, told, by=caller.person)
    return note


async def report_mishap(
    tx: Tx, caller: Caller, task: UUID, *, kind: Mishap, back_to: str | None, key: RequestKey, shop: Workshop
) -> Answer:
    """Say that something went wrong, plan anew at once, and tell, once for a key.

    A damaged piece and spoilt material send the piece back to its first stage, or to `back_to`.

    Raises:
        Problem: not-found; conflict, for a task that the piece does not stand at; validation-failed, for a stage at
            which the piece has not been.
    """

    async def act() -> Answer:
        mishap = await _report_mishap(tx, caller, task, kind=kind, back_to=back_to, shop=shop)
        return Answer(_CREATED, {"mishap": str(mishap)})

    return await once(tx, key.of(kind, back_to), act)


async def _report_mishap(
    tx: Tx, caller: Caller, task: UUID, *, kind: Mishap, back_to: str | None, shop: Workshop
) -> UUID:
    before, craft = await lock_task(tx, caller, task)
    in_making(before)
    found = before.task(task)
    if not found.at_hand:
        raise out_of_order() if found.open else over(found)
    mishap = shop.new_id()
    back_to = back_to or (craft.making.stages[0].id if kind in STARTS_OVER else None)
    piece, told = lay_aside(before, shop)
    if back_to:
        piece = sent_back(piece, craft, back_to, shop.now, iter(shop.new_id, None))
    await records.add_mishap(tx, mishap, task, kind=kind, back_to=back_to, by=caller.person, at=shop.now)
    told.append(
        MishapReported(
            commission=piece.commission, mishap=mishap, kind=kind, stage=found.stage, back_to=back_to, at=shop.now
        )
    )
    begin = first_day(shop.today, craft.making, shop.settings.calendar) if kind in _MATERIAL_ANEW else None
    piece, replanned = await replan(tx, shop, piece, craft, reason=Replanned.MISHAP, begin=begin)
    piece, reached = reach_again(piece, craft, shop)
    await conclude(tx, before, piece, [*told, replanned, *reached], by=caller.person)
    return mishap


def lay_aside(piece: Piece, shop: Workshop) -> tuple[Piece, list[Fact]]:
    """The piece with nobody's hands on it."""
    running = piece.current
    if running is None or running.state is not TaskState.RUNNING:
        return piece, []
    aside = running.laid_aside(shop.now)
    told = StagePaused(commission=piece.commission, task=aside.task, stage=aside.stage, at=shop.now)
    return piece.with_tasks([aside]), [told]


async def _go_on(
    tx: Tx, piece: Piece, craft: Offering, *, done: Task, following: Task, shop: Workshop
) -> tuple[Piece, Sequence[Fact]]:
    """The next task is ready; later than planned, where this one was."""
    maker = await lock_maker(tx, piece.maker)
    rests = rests_until(shop, piece, craft, maker)
    told: list[Fact] = []
    if following.starts_on < (rests or shop.today):
        piece, replanned = await replan(tx, shop, piece, craft, reason=Replanned.LATE_START, begin=rests or shop.today)
        told.append(replanned)
    finished = StageFinished(
        commission=piece.commission,
        task=done.task,
        stage=done.stage,
        maker=piece.maker,
        minutes=done.minutes,
        next_stage=following.stage,
        next_on=piece.task(following.task).starts_on,
        waiting=rests is not None and rests > shop.today,
        at=shop.now,
    )
    piece, reached = reach(piece, craft, shop)
    return piece, [finished, *told, *reached]
