"""Change orders at the bench: what they freeze, hold, undo, and why the bench does not apply one."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.production.actions import change_orders, mishaps
from services.production.domain.change_orders import CHANGE_HOURS
from services.production.domain.mishaps import MishapSaid
from services.production.domain.plan import Slot
from services.production.store import promises
from shared.contracts.commands.production import (
    ApplyChangeOrder,
    ChangedPiece,
    FreezeStages,
    FrozenStages,
    ThawedStages,
    ThawStages,
)
from shared.contracts.production import Mishap
from shared.contracts.quotes import ChangeRefusal
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.web.idempotency import request_key
from tests.support.production import MAKER, Production

FAR = date(2040, 1, 1)


async def test_while_it_is_open_nothing_is_begun_from_its_stage_on(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "true")
    order = new_id()

    frozen = await freeze(production, commission, order, "file")
    await production.start(commission)
    await production.finish(commission)

    assert (frozen.refusal, frozen.gates) == (None, ())
    with pytest.raises(Problem) as refused:
        await production.start(commission)
    assert refused.value.type is ProblemType.CONFLICT
    await thaw(production, commission, order)
    await production.start(commission)


async def test_what_is_open_holds_the_hours_it_would_take_and_gives_them_back(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "engrave")
    before, order = await hours(production, commission), new_id()

    frozen = await freeze(production, commission, order, "prepare")
    meanwhile = await hours(production, commission)
    await thaw(production, commission, order)

    assert frozen.before is not None
    assert frozen.ready_by is not None
    assert frozen.ready_by > frozen.before
    assert set(frozen.gates) == {"cut", "hallmark"}
    assert set(meanwhile) - set(before) == {each for each in meanwhile if each.stage == CHANGE_HOURS}
    redone = 45 + 60 + 45 + 90 + 30  # the stages before the engraving
    assert minutes(meanwhile) - minutes(before) >= redone
    assert await hours(production, commission) == before


async def test_applied_it_takes_the_piece_back_and_voids_the_gates_it_had_passed(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "engrave")
    order = new_id()
    frozen = await freeze(production, commission, order, "prepare")

    applied = await apply(production, commission, order, "prepare", frozen.ready_by or FAR)

    piece = await production.piece(commission)
    assert (applied.applied, applied.gates) == (True, ("cut", "hallmark", "engraving"))
    assert applied.ready_by == piece.ready_by <= (frozen.ready_by or FAR)
    assert piece.current is not None
    assert (piece.current.stage, piece.signed) == ("prepare", ())
    assert piece.passed == {"cut", "hallmark"}  # what a cancellation costs stays
    assert {mark.gate for mark in piece.gates if mark.behind} == set()
    assert not [each for each in await hours(production, commission) if each.stage == CHANGE_HOURS]
    names = await production.fact_names(commission)
    assert names[-4:] == ["GateVoided", "GateVoided", "PieceReplanned", "GateReached"]


async def test_the_bench_goes_on_once_it_has_the_new_brief_and_the_gate_is_signed_again(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "bend")
    order = new_id()
    await freeze(production, commission, order, "prepare")
    await apply(production, commission, order, "prepare", FAR)

    with pytest.raises(Problem) as early:
        await thaw(production, commission, order, brief_version=2)
    await production.wish(commission, {"size": "55.00"}, version=2)
    await thaw(production, commission, order, brief_version=2)

    assert early.value.type is ProblemType.NOT_YET
    with pytest.raises(Problem):
        await production.start(commission)
    await production.open_gate(commission, "cut", version=2)
    await production.start(commission)
    await production.open_gate(commission, "engraving", version=2)
    names = await production.fact_names(commission)
    assert (names.count("GatePassed"), (await production.piece(commission)).brief_version) == (2, 2)


async def test_it_is_refused_for_a_piece_that_is_made_and_where_there_is_none(production: Production) -> None:
    made, held = await production.booked(), new_id()
    await production.hold(held)
    await production.make_until(made)

    assert (await freeze(production, made, new_id(), "prepare")).refusal is ChangeRefusal.MADE
    assert (await apply(production, made, new_id(), "prepare", FAR)).refusal is ChangeRefusal.MADE
    assert (await freeze(production, held, new_id(), "prepare")).refusal is ChangeRefusal.NOT_BOOKED
    assert (await thaw(production, held, new_id())).ready_by is None


async def test_it_is_refused_where_it_would_be_ready_later_than_was_agreed(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "engrave")
    order, piece = new_id(), await production.piece(commission)
    await freeze(production, commission, order, "prepare")

    refused = await apply(production, commission, order, "prepare", production.now.date())
    await thaw(production, commission, order)

    after = await production.piece(commission)
    assert refused.refusal is ChangeRefusal.LATER_DAY
    assert (after.tasks, after.signed, after.ready_by) == (piece.tasks, piece.signed, piece.ready_by)


async def test_days_that_went_by_while_its_customer_thought_are_planned_again(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    order, before = new_id(), await production.piece(commission)
    await freeze(production, commission, order, "prepare")
    production.now += timedelta(days=(before.tasks[0].due_on - production.now.date()).days + 2)

    thawed = await thaw(production, commission, order)

    assert thawed.ready_by is not None
    assert thawed.ready_by > before.ready_by
    [moved] = [said for name, said in await production.facts(commission) if name == "PieceReplanned"]
    assert moved["reason"] == "change_order"


async def test_a_mishap_before_it_is_not_undone_after_it(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = (await production.start(commission)).task
    said, key = MishapSaid(Mishap.PIECE_DAMAGED), request_key(MAKER, "mishap", str(new_id()))
    reported = await production.act(mishaps.report_mishap, task, said, key=key)
    await freeze(production, commission, order := new_id(), "true")
    await apply(production, commission, order, "true", FAR)

    with pytest.raises(Problem) as refused:
        await production.act(mishaps.undo_mishap, task, UUID(reported.body["mishap"]))

    assert refused.value.type is ProblemType.CONFLICT


async def freeze(production: Production, commission: UUID, order: UUID, stage: str) -> FrozenStages:
    until = production.now + timedelta(days=7)
    asked = FreezeStages(id=new_id(), commission=commission, change_order=order, from_stage=stage, until=until)
    result = await production.command(change_orders.freeze, asked)
    assert isinstance(result, FrozenStages)
    return result


async def apply(production: Production, commission: UUID, order: UUID, stage: str, at_latest: date) -> ChangedPiece:
    asked = ApplyChangeOrder(
        id=new_id(), commission=commission, change_order=order, from_stage=stage, at_latest=at_latest
    )
    result = await production.command(change_orders.apply, asked)
    assert isinstance(result, ChangedPiece)
    return result


async def thaw(production: Production, commission: UUID, order: UUID, brief_version: int | None = None) -> ThawedStages:
    asked = ThawStages(id=new_id(), commission=commission, change_order=order, brief_version=brief_version)
    result = await production.command(change_orders.thaw, asked)
    assert isinstance(result, ThawedStages)
    return result


async def hours(production: Production, commission: UUID) -> tuple[Slot, ...]:
    piece = await production.piece(commission)
    async with production.database.transaction() as tx:
        return await promises.slots(tx, piece.promise)


def minutes(slots: Iterable[Slot]) -> int:
    return sum(each.stretch.minutes for each in slots)
