"""A piece on the real database: from its booked hours to its parcel, with every fact that is published on the way."""

from datetime import timedelta

import pytest

from services.production.actions import journal, parcels, tasks
from services.production.domain.pieces import PieceState
from services.production.domain.promises import PromiseState
from services.production.domain.tasks import TaskState
from shared.certificates.journal import JournalEntryKind
from shared.contracts.commands.production import BenchActivity, LookAtBench
from shared.contracts.commissions import ReceiptConfirmed
from shared.kernel.ids import new_id
from shared.kernel.problems import NotYet
from tests.support.production import NOW, Production


async def test_booking_waits_for_the_brief(production: Production) -> None:
    commission = new_id()
    held = await production.hold(commission)

    with pytest.raises(NotYet):
        await production.book(commission, held.promise)

    await production.wish(commission, version=2)
    booked = await production.book(commission, held.promise, version=2)
    assert booked.ready_by < held.ready_by


async def test_booking_gives_the_bench_its_tasks_and_names_the_gates_in_their_order(production: Production) -> None:
    commission = new_id()
    held = await production.hold(commission)
    await production.wish(commission)

    booked = await production.book(commission, held.promise)

    assert [(gate.gate, gate.customer_signs) for gate in booked.gates] == [
        ("cut", True),
        ("hallmark", False),
        ("engraving", True),
    ]
    piece = await production.piece(commission)
    assert [task.state for task in piece.tasks] == [TaskState.READY, *[TaskState.PENDING] * 7]
    assert piece.tasks[0].starts_on == booked.begins_on
    assert await production.fact_names(commission) == ["PromiseHeld", "PromiseBooked", "GateReached"]
    assert (await production.promise(held.promise)).state is PromiseState.BOOKED


async def test_who_was_active_and_when_the_next_stage_is_planned_is_said_before_anybody_reminds(
    production: Production,
) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")

    async def seen() -> BenchActivity:
        async with production.database.transaction() as tx:
            return await journal.look_at_bench(tx, LookAtBench(id=new_id(), commission=commission))

    booked = await seen()
    production.later(hours=5)
    begun = (await production.start(commission)).starts_on, await seen()
    production.later(hours=1)
    await production.finish(commission)
    following = await production.current(commission)
    finished = await seen()
    production.later(hours=1)
    async with production.database.transaction() as tx:  # the studio's own entry
        piece = (await production.piece(commission)).piece
        await journal.write(tx, piece, JournalEntryKind.PAUSED, at=production.now, by=new_id())

    assert booked == BenchActivity(next_on=begun[0])
    assert begun[1] == BenchActivity(seen_at=NOW + timedelta(hours=5))
    assert finished == BenchActivity(seen_at=NOW + timedelta(hours=6), next_on=following.starts_on)
    assert await seen() == finished


async def test_a_whole_making_tells_every_step_in_its_order(production: Production) -> None:
    commission = await production.booked()

    await production.sent(commission)
    await production.handle(
        parcels.confirm_receipt,
        ReceiptConfirmed(at=NOW, commission=commission, customer=new_id()),
        production.context,
    )

    stage = ["StageBegun", "StageFinished"]
    assert await production.fact_names(commission) == [
        *("PromiseHeld", "PromiseBooked", "GateReached", "GateOpened", "GateOpened"),
        *("GatePassed", *stage, *stage, *stage, *stage),
        *("GateReached", "GateOpened", "GatePassed", *stage),
        *("GatePassed", *stage, *stage, *stage),
        *("PieceMade", "PiecePacked", "ParcelHandedOver", "ParcelDelivered"),
    ]
    piece = await production.piece(commission)
    assert piece.state is PieceState.DELIVERED
    assert {task.state for task in piece.tasks} == {TaskState.DONE}
    assert (await production.promise(piece.promise)).state is PromiseState.DONE


async def test_what_takes_longer_than_planned_is_planned_redo(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    before = (await production.piece(commission)).ready_by
    await production.start(commission)

    production.later(days=(before - production.now.date()).days + 1)
    task = await production.finish(commission)

    name, said = next(fact for fact in await production.facts(commission) if fact[0] == "PieceReplanned")
    piece = await production.piece(commission)
    assert (name, said["reason"], said["before"]) == ("PieceReplanned", "late_start", before.isoformat())
    assert piece.ready_by > before
    assert all(each.starts_on >= production.now.date() for each in piece.open_tasks)
    assert task.task not in {each.task for each in piece.open_tasks}


async def test_minutes_are_counted_from_begin_to_pause_and_from_there_to_the_end(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    task = await production.start(commission)

    production.later(minutes=20)
    await production.act(tasks.pause_task, task.task)
    production.later(hours=5)
    await production.start(commission)
    production.later(minutes=10, seconds=1)
    await production.finish(commission)

    said = (await production.facts(commission))[-1][1]
    assert (said["minutes"], said["next_stage"], said["waiting"]) == (31, "bend", False)


async def test_a_stage_with_a_wait_leaves_the_piece_to_rest(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "assay")
    production.now = NOW + timedelta(days=1)
    await production.start(commission)

    await production.finish(commission)

    finished = next(said for name, said in reversed(await production.facts(commission)) if name == "StageFinished")
    assert finished["waiting"] is True
