"""Twice, out of order, too late, by somebody else, and two at once: one defined answer each, on the real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.production.actions import making, mishaps, parcels, tasks
from services.production.domain.mishaps import MishapSaid
from services.production.domain.pieces import PieceState
from services.production.domain.reasons import BenchRefusal
from services.production.domain.tasks import TaskState
from services.production.main import web
from shared.auth.roles import Role
from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commands.production import PauseMaking, ResumeMaking
from shared.contracts.production import Mishap
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from shared.web.idempotency import request_key
from tests.support.production import MAKER, OPS, Production, kernel_of
from tests.support.web import bearer, client_of, cookie

EMPTY = {"then": ""}
"""A form without answers, which a browser still sends as one."""


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def test_a_task_that_is_finished_twice_is_finished_once(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    await production.start(commission)
    task = await production.finish(commission)
    facts = await production.fact_names(commission)

    await production.act(tasks.finish_task, task.task, {})

    assert await production.fact_names(commission) == facts


async def test_a_task_that_is_begun_twice_is_begun_once(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    task = await production.start(commission)
    facts = await production.fact_names(commission)

    await production.act(tasks.start_task, task.task, set())

    assert await production.fact_names(commission) == facts


async def test_a_task_out_of_order_says_what_comes_first(production: Production, client: httpx.AsyncClient) -> None:
    commission = await production.booked()
    later = (await production.piece(commission)).tasks[3]

    page = await client.post(f"/bench/tasks/{later.task}/start", data=EMPTY, headers=_maker())
    answer = await client.post(
        f"/api/v1/production/tasks/{later.task}/start", json={}, headers=bearer(Role.MAKER, MAKER.person)
    )

    assert page.status_code == answer.status_code == 409
    assert "an earlier one is not finished" in page.text
    assert "start with the step that is marked as next" in page.text
    assert answer.json()["type"].endswith("conflict")


async def test_a_task_of_another_maker_answers_as_a_missing_one(
    production: Production, client: httpx.AsyncClient
) -> None:
    task = await production.current(await production.booked())

    for path in (f"/bench/tasks/{task.task}", f"/bench/tasks/{new_id()}"):
        page = await client.get(path, headers=cookie(Role.MAKER, new_id()))
        assert page.status_code == 404
    with pytest.raises(Problem) as refused:
        await production.act(tasks.start_task, task.task, set(), by=await production.another_maker("goldsmith"))

    assert refused.value.type is ProblemType.NOT_FOUND
    assert refused.value.detail is BenchRefusal.PIECE_ELSEWHERE


async def test_a_gate_keeps_its_stage_until_the_customer_has_signed(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    task = await production.current(commission)

    page = await client.post(f"/bench/tasks/{task.task}/start", data=EMPTY, headers=_maker())

    assert page.status_code == 409
    assert "The customer has not signed off" in page.text
    assert (await production.current(commission)).state is TaskState.READY
    assert "GatePassed" not in await production.fact_names(commission)


async def test_what_the_maker_signs_has_to_be_ticked(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "assay")
    task = await production.current(commission)

    with pytest.raises(Problem) as refused:
        await production.act(tasks.start_task, task.task, set())

    assert refused.value.type is ProblemType.VALIDATION_FAILED
    assert [field.field for field in refused.value.fields] == ["sign_band"]


async def test_nothing_of_a_piece_is_begun_while_it_is_paused(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    task = await production.start(commission)
    await _pause(production, commission)

    page = await client.post(f"/bench/tasks/{task.task}/start", data=EMPTY, headers=_maker())

    assert page.status_code == 409
    assert "has paused this piece" in page.text
    assert (await production.current(commission)).state is TaskState.PAUSED
    assert (await production.fact_names(commission))[-2:] == ["StagePaused", "MakingPaused"]


async def test_a_piece_that_may_go_on_keeps_its_days_if_they_are_still_ahead(production: Production) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    before = (await production.piece(commission)).ready_by
    await _pause(production, commission)
    await _pause(production, commission)

    resumed = await production.command(making.resume_making, ResumeMaking(id=new_id(), commission=commission))
    await production.start(commission)

    assert resumed.ready_by == before
    assert (await production.fact_names(commission)).count("MakingPaused") == 1
    assert "PieceReplanned" not in await production.fact_names(commission)


async def test_days_that_went_by_during_a_pause_are_planned_redo(production: Production) -> None:
    commission = await production.booked()
    before = (await production.piece(commission)).ready_by
    await _pause(production, commission)

    production.later(days=90)
    resumed = await production.command(making.resume_making, ResumeMaking(id=new_id(), commission=commission))

    assert resumed.ready_by > before
    assert (await production.facts(commission))[-1][1]["reason"] == "pause"


async def test_two_who_take_the_last_free_hours_at_once_get_different_ones(production: Production) -> None:
    commissions = [await production.booked() for _ in range(2)]
    for commission in commissions:
        await production.open_gate(commission, "cut")

    async def spoil(commission: UUID) -> None:
        task = await production.current(commission)
        key = request_key(MAKER, f"test {commission}", "1")
        await production.act(mishaps.report_mishap, task.task, MishapSaid(Mishap.MATERIAL_SPOILT), key=key)

    held = await asyncio.gather(*(production.hold(new_id()) for _ in range(2)), *map(spoil, commissions))

    async with production.database.transaction() as tx:
        doubled = await tx.connection.fetchval(
            "SELECT count(*) FROM held_hours AS a JOIN held_hours AS b"
            " ON a.bench = b.bench AND a.day = b.day AND a.minutes && b.minutes AND a.promise < b.promise"
        )
    assert len(set(held[:2])) == 2
    assert doubled == 0


async def test_a_cancellation_while_the_parcel_is_handed_over_has_one_end(production: Production) -> None:
    for _ in range(4):
        commission = await production.booked()
        await production.make_until(commission)
        await production.act(parcels.pack, commission)
        await production.paid(commission)

        sent, stopped = await asyncio.gather(_sent(production, commission), production.stop(commission))

        state = (await production.piece(commission)).state
        facts = await production.fact_names(commission)
        if stopped.stopped:
            assert "cancelled" in sent
            assert (state, "ParcelHandedOver" in facts) == (PieceState.STOPPED, False)
        else:
            assert stopped.refusal is CancellationRefusal.HANDED_OVER
            assert (state, "MakingStopped" in facts) == (PieceState.HANDED_OVER, False)


async def test_a_stop_is_refused_when_it_would_cost_more_than_was_agreed(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "bend")

    refused = await production.stop(commission, at_most=0)
    agreed = await production.stop(commission, at_most=35)
    again = await production.stop(commission, at_most=0)

    assert (refused.stopped, refused.refusal, refused.owed_percent) == (False, CancellationRefusal.GATE_PASSED, 35)
    assert (agreed.stopped, agreed.owed_percent) == (True, 35)
    assert again == agreed
    assert (await production.fact_names(commission)).count("MakingStopped") == 1


async def test_a_stop_frees_every_hour_and_voids_what_was_left(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "bend")
    await production.start(commission)

    await production.stop(commission)

    piece = await production.piece(commission)
    assert (await production.promise(piece.promise)).slots == ()
    assert {task.state for task in piece.tasks[1:]} == {TaskState.VOID}
    with pytest.raises(Problem, match="conflict"):
        await production.act(tasks.start_task, piece.tasks[1].task, set())


async def test_a_parcel_that_is_on_its_way_cannot_be_stopped(production: Production) -> None:
    commission = await production.booked()
    await production.sent(commission)

    stopped = await production.stop(commission)

    assert (stopped.stopped, stopped.refusal) == (False, CancellationRefusal.HANDED_OVER)


async def test_a_parcel_stays_until_all_is_paid(production: Production, client: httpx.AsyncClient) -> None:
    commission = await production.booked()
    await production.make_until(commission)
    path = f"/bench/pieces/{(await production.piece(commission)).piece}"
    sent = {"carrier": "other", "tracking": "A-1234"}

    early = await client.post(f"{path}/hand-over", data=sent, headers=_maker())
    await client.post(f"{path}/pack", data=EMPTY, headers=_maker())
    unpaid = await client.post(f"{path}/hand-over", data=sent, headers=_maker())
    await production.paid(commission)
    paid = await client.post(f"{path}/hand-over", data=sent, headers=_maker())
    again = await client.post(f"{path}/hand-over", data=sent, headers=_maker())
    other = await client.post(f"{path}/hand-over", data={**sent, "tracking": "B-1"}, headers=_maker())

    assert [each.status_code for each in (early, unpaid, paid, again, other)] == [409, 409, 303, 303, 409]
    assert "is not packed yet" in early.text
    assert "The balance is not paid yet" in unpaid.text
    assert (await production.fact_names(commission)).count("ParcelHandedOver") == 1


async def test_a_piece_whose_hours_are_only_held_says_so(production: Production, client: httpx.AsyncClient) -> None:
    commission = new_id()
    await production.hold(commission)

    held = await client.get(f"/bench/commissions/{commission}", headers=cookie(Role.OPS))
    unknown = await client.get(f"/bench/commissions/{new_id()}", headers=cookie(Role.OPS))

    assert (held.status_code, unknown.status_code) == (200, 404)
    assert "its hours are only held" in held.text


async def test_a_mishap_sends_the_piece_back_and_is_published_once(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = await production.start(commission)
    key = request_key(MAKER, "test mishap", str(commission))

    for _ in range(2):
        await production.act(mishaps.report_mishap, task.task, MishapSaid(Mishap.PIECE_DAMAGED, "bend"), key=key)

    piece = await production.piece(commission)
    assert (await production.fact_names(commission))[-3:] == ["StagePaused", "MishapReported", "PieceReplanned"]
    assert [(each.stage, each.state, each.rework) for each in piece.open_tasks[:3]] == [
        ("bend", TaskState.READY, True),
        ("true", TaskState.PENDING, True),
        ("file", TaskState.PENDING, True),
    ]
    held = (await production.promise(piece.promise)).slots
    assert {slot.stage for slot in held if slot.day > production.now.date()} >= {"bend", "true", "file"}


async def test_a_mishap_that_hurts_nothing_only_plans_redo(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = await production.start(commission)
    key = request_key(MAKER, "test mishap", str(commission))
    ahead_of_its_days = await production.piece(commission)

    await production.act(mishaps.report_mishap, task.task, MishapSaid(Mishap.TOOL_BROKEN), key=key)

    current = await production.current(commission)
    assert production.now.date() < task.starts_on
    assert (await production.piece(commission)).ready_by == ahead_of_its_days.ready_by
    assert (current.task, current.state) == (task.task, TaskState.PAUSED)
    said = dict(await production.facts(commission))["MishapReported"]
    assert (said["stage"], said["back_to"]) == ("file", None)


async def test_a_check_that_is_not_met_sends_the_piece_back_into_free_hours(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "check")
    await production.start(commission)

    with pytest.raises(Problem) as asked:
        await production.finish(commission, weight="9")
    await production.finish(commission, weight="9", back_to="finish")

    assert [field.field for field in asked.value.fields] == ["back_to"]
    facts = dict(await production.facts(commission))
    assert facts["QualityFailed"] == {"checks": ["weight"], "back_to": "finish"}
    assert facts["PieceReplanned"]["reason"] == "rework"
    await production.make_until(commission)
    assert (await production.piece(commission)).state is PieceState.MADE


async def test_a_piece_that_is_given_away_is_planned_in_the_others_hours(production: Production) -> None:
    commission = await production.booked()
    other = await production.another_maker("goldsmith", "hand_engraver")
    unable = await production.another_maker("goldsmith")

    with pytest.raises(Problem) as refused:
        await production.act(making.give_to_another_maker, commission, unable.person, by=OPS)
    await production.act(making.give_to_another_maker, commission, other.person, by=OPS)
    await production.act(making.give_to_another_maker, commission, other.person, by=OPS)

    assert refused.value.type is ProblemType.VALIDATION_FAILED
    assert (await production.piece(commission)).maker == other.person
    assert [said["reason"] for name, said in await production.facts(commission) if name == "PieceReplanned"] == [
        "another_maker"
    ]
    with pytest.raises(Problem, match="not-found"):
        await production.act(tasks.start_task, (await production.current(commission)).task, set())
    await production.stop(commission)


async def test_a_hold_is_extended_and_never_shortened(production: Production) -> None:
    commission = new_id()
    held = await production.hold(commission)

    await production.extend(commission, held.promise, held.held_until + timedelta(days=7))
    await production.extend(commission, held.promise, held.held_until)

    assert (await production.promise(held.promise)).held_until == held.held_until + timedelta(days=7)
    assert await production.fact_names(commission) == ["PromiseHeld", "PromiseHeld"]


async def test_hours_that_are_booked_are_not_released(production: Production) -> None:
    commission = await production.booked()
    piece = await production.piece(commission)

    await production.release(commission, piece.promise)

    assert (await production.promise(piece.promise)).slots != ()
    assert "PromiseReleased" not in await production.fact_names(commission)


async def test_a_promise_that_is_taken_up_late_is_planned_redo(production: Production) -> None:
    commission = new_id()
    held = await production.hold(commission)
    await production.wish(commission)

    production.later(days=60)
    booked = await production.book(commission, held.promise)
    again = await production.book(commission, held.promise)

    assert booked.ready_by > held.ready_by
    assert again == booked
    facts = await production.facts(commission)
    assert [name for name, _ in facts] == ["PromiseHeld", "PromiseBooked", "PieceReplanned", "GateReached"]
    assert facts[2][1]["reason"] == "late_start"


async def _sent(production: Production, commission: UUID) -> str:
    """What prevented handing it over; empty if nothing."""
    try:
        await production.act(parcels.hand_over, commission, carrier="other", tracking="A-1234")
    except Problem as problem:
        return str(problem.detail)
    return ""


async def _pause(production: Production, commission: object) -> None:
    asked = PauseMaking.model_validate({"id": new_id(), "commission": commission})
    await production.command(making.pause_making, asked)


def _maker() -> dict[str, str]:
    return {**cookie(Role.MAKER, MAKER.person), "Sec-Fetch-Site": "same-origin"}
