"""Promises on the real database: hours are held once, never twice the same, and given back."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import asyncpg
import pytest

from services.production.actions import makers
from services.production.actions import promises as actions
from services.production.actions.holding import hold_promise
from services.production.actions.makers import change_maker
from services.production.domain.known_plans import KnownPlans
from services.production.domain.promises import PromiseState
from services.production.store.makers import lock_makers
from shared import offerings
from shared.contracts.commands.production import HoldPromise, PreviewedPromise
from shared.contracts.commissions import CommissionWithdrawn, WithdrawalReason
from shared.contracts.production import PromiseEnd
from shared.kernel.ids import new_id
from shared.kernel.problems import NotYet, Problem, ProblemType
from shared.postgres.database import Database
from tests.support.production import MAKER, NOW, OPS, Production


class _GivenUpError(Exception):
    """A transaction that is rolled back."""


RING = offerings.load("jewellery", "engraved-ring").offering


async def test_a_promise_is_held_and_published(production: Production) -> None:
    commission = new_id()

    held = await production.hold(commission, needed_by=date(2027, 1, 1))

    assert held.held_until == datetime(2026, 12, 7, 23, tzinfo=UTC), "fourteen days, to midnight in Berlin"
    found = await production.promise(held.promise)
    assert found.state is PromiseState.HELD
    assert found.begins_on >= date(2026, 12, 14), "the customer decides until the 7th, and the wire takes four days"
    assert found.hands_on_minutes == 495 == sum(slot.stretch.minutes for slot in found.slots)
    assert await production.facts(commission) == [
        (
            "PromiseHeld",
            {
                "promise": str(held.promise),
                "maker": str(held.maker),
                "ready_by": held.ready_by.isoformat(),
                "ready_by_p50": held.ready_by_p50.isoformat(),
                "held_until": "2026-12-07T23:00:00Z",
            },
        )
    ]


async def test_a_promise_waits_for_the_release_that_brings_its_craft(production: Production) -> None:
    with pytest.raises(NotYet):
        await production.hold(new_id(), offering_version=99)


async def test_the_same_command_twice_has_one_result_and_one_fact(production: Production) -> None:
    commission, command = new_id(), new_id()

    first = await production.hold(commission, command=command)
    second = await production.hold(commission, command=command)

    assert first == second
    assert len(await production.facts(commission)) == 1


async def test_a_commission_that_holds_a_promise_keeps_it(production: Production) -> None:
    commission = new_id()

    first = await production.hold(commission)
    second = await production.hold(commission)

    assert first == second
    assert len(await production.facts(commission)) == 1


async def test_promises_held_at_once_never_share_a_minute(production: Production, database: Database) -> None:
    held = await asyncio.gather(*(production.hold(new_id()) for _ in range(20)))

    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT bench, day, lower(minutes) AS begin_minute, upper(minutes) AS end_minute"
            " FROM held_hours ORDER BY bench, day, lower(minutes)"
        )
    assert len({each.promise for each in held}) == 20
    for one, next_one in pairwise(rows):
        if (one["bench"], one["day"]) == (next_one["bench"], next_one["day"]):
            assert one["end_minute"] <= next_one["begin_minute"]


async def test_later_promises_are_ready_later(production: Production) -> None:
    first, *_, last = [await production.hold(new_id()) for _ in range(6)]

    assert last.ready_by > first.ready_by


async def test_the_database_itself_refuses_a_minute_that_is_held(production: Production, database: Database) -> None:
    one, other = await production.hold(new_id()), await production.hold(new_id())
    slot = (await production.promise(one.promise)).slots[0]

    with pytest.raises(asyncpg.ExclusionViolationError, match="held_hours_overlap"):
        async with database.transaction() as tx:
            await tx.connection.execute(
                "INSERT INTO held_hours (promise, bench, stage, day, minutes) VALUES ($1, 1, 'bend', $2, $3)",
                other.promise,
                slot.day,
                asyncpg.Range(slot.stretch.begin + 1, slot.stretch.end + 1),
            )


async def test_hours_that_are_given_back_are_free_for_the_next(production: Production) -> None:
    commission = new_id()
    held = await production.hold(commission)
    slots = (await production.promise(held.promise)).slots

    await production.release(commission, held.promise)
    next_one = await production.hold(new_id())

    assert (await production.promise(held.promise)).slots == ()
    assert (await production.promise(next_one.promise)).slots[0].day <= slots[0].day


async def test_a_promise_is_released_once_however_often_it_is_asked_to(production: Production) -> None:
    commission = new_id()
    held = await production.hold(commission)

    await production.release(commission, held.promise, PromiseEnd.WITHDRAWN)
    await production.release(commission, held.promise, PromiseEnd.LAPSED)

    found = await production.promise(held.promise)
    assert (found.state, found.release_reason) == (PromiseState.RELEASED, PromiseEnd.WITHDRAWN)
    assert await production.facts(commission) == [
        ("PromiseHeld", (await production.facts(commission))[0][1]),
        ("PromiseReleased", {"promise": str(held.promise), "reason": "withdrawn"}),
    ]


async def test_a_commission_whose_promise_was_released_can_hold_another(production: Production) -> None:
    commission = new_id()
    first = await production.hold(commission)
    await production.release(commission, first.promise)

    second = await production.hold(commission)

    assert second.promise != first.promise


async def test_a_promise_of_another_commission_cannot_be_released(production: Production) -> None:
    held = await production.hold(new_id())

    with pytest.raises(Problem) as refused:
        await production.release(new_id(), held.promise)

    assert refused.value.type is ProblemType.NOT_FOUND


async def test_the_bench_sees_a_withdrawal_before_its_hours_are_free(
    production: Production, database: Database
) -> None:
    commission = new_id()
    held = await production.hold(commission)
    withdrawn = CommissionWithdrawn(
        at=NOW, commission=commission, customer=new_id(), reason=WithdrawalReason.CHANGED_MIND
    )

    for _ in range(2):
        async with database.transaction() as tx:
            await actions.record_withdrawal(tx, withdrawn)

    found = await production.promise(held.promise)
    assert (found.state, found.withdrawn_at) == (PromiseState.HELD, NOW)


async def test_promises_come_in_pages(production: Production, database: Database) -> None:
    for _ in range(3):
        await production.hold(new_id())

    seen = []
    before = None
    async with database.transaction() as tx:
        while found := await actions.read_promises(tx, MAKER, state=None, before=before, at_most=2):
            seen += [each.promise.promise for each in found]
            before = (found[-1].promise.held_at, found[-1].promise.promise)
        everything = await actions.read_promises(tx, MAKER, state=None, at_most=10_000)

    assert seen == [each.promise.promise for each in everything]


async def test_a_piece_whose_deposit_is_paid_early_begins_at_the_first_free_hour(production: Production) -> None:
    before, commission = await production.hold(new_id()), new_id()
    held = await production.hold(commission)
    other = (await production.promise(before.promise)).slots
    await production.wish(commission)

    booked = await production.book(commission, held.promise)

    assert booked.begins_on == date(2026, 11, 30), "the wire takes four working days"
    assert booked.ready_by < before.ready_by < held.ready_by
    assert (await production.promise(before.promise)).slots == other
    assert [name for name, _ in await production.facts(commission)] == ["PromiseHeld", "PromiseBooked", "GateReached"]
    task = await production.current(commission)
    assert task.starts_on == date(2026, 11, 30)


async def test_hours_that_nobody_is_sooner_in_stay_as_promised(production: Production) -> None:
    for _ in range(3):
        await production.booked()
    commission = new_id()
    held = await production.hold(commission)
    slots = (await production.promise(held.promise)).slots
    await production.wish(commission)

    production.now = held.held_until - timedelta(hours=1)
    booked = await production.book(commission, held.promise)

    assert (booked.ready_by, (await production.promise(held.promise)).slots) == (held.ready_by, slots)


async def test_hours_of_a_bench_that_others_take_meanwhile_go_to_the_next_maker(production: Production) -> None:
    """Nobody locks all benches: who is overtaken looks again, and the backlog is spread over both makers."""
    skills = [each for stage in RING.making.stages for each in stage.skills]
    other = await production.another_maker(*skills)

    held = await asyncio.gather(*(production.hold(new_id()) for _ in range(12)))

    makers = [each.maker for each in held]
    assert (makers.count(MAKER.person), makers.count(other.person)) == (6, 6)
    one_by_one = sorted(each.ready_by for each in held)
    assert all(last - first <= timedelta(days=14) for first, last in pairwise(one_by_one))


async def test_holding_hours_waits_for_nobody_who_plans_on_another_bench(production: Production) -> None:
    skills = [each for stage in RING.making.stages for each in stage.skills]
    other = await production.another_maker(*skills)
    await production.hold(new_id())  # so the other bench is the better one

    async with production.database.transaction() as tx:
        await lock_makers(tx, [MAKER.person])
        held = await asyncio.wait_for(production.hold(new_id()), 3)

    assert held.maker == other.person


async def test_what_was_planned_on_a_bench_is_forgotten_as_soon_as_the_bench_changes(production: Production) -> None:
    async def as_if_never_planned() -> PreviewedPromise:
        remembered, production.known = production.known, KnownPlans()
        found = await production.preview()
        production.known = remembered
        return found

    async def given_up() -> None:
        async with production.database.transaction() as tx:
            asked = HoldPromise(
                id=new_id(),
                commission=new_id(),
                asked_at=NOW,
                craft="jewellery",
                offering="engraved-ring",
                offering_version=1,
            )
            await hold_promise(tx, asked, production.context)
            raise _GivenUpError

    before = await production.preview()
    with pytest.raises(_GivenUpError):
        await given_up()
    assert await production.preview() == before

    commission = new_id()
    held = await production.hold(commission)
    while (held_for := await production.preview()) == before:
        await production.hold(new_id())
    assert held_for == await as_if_never_planned()

    await production.release(commission, held.promise)
    assert await production.preview() == before

    away = f"{before.ready_by - timedelta(days=30)} to {before.ready_by + timedelta(days=30)}"
    skills = [each for stage in RING.making.stages for each in stage.skills]
    async with production.database.transaction() as tx:
        await change_maker(tx, OPS, MAKER.person, state="active", skills=skills, week=[""] * 7, days_off=away)
    assert await production.preview() == await as_if_never_planned()
    assert (await production.preview()).ready_by > before.ready_by + timedelta(days=30)


async def test_a_preview_holds_nothing_and_says_the_day_that_a_hold_would_have(
    production: Production, database: Database
) -> None:
    await production.hold(new_id())

    first, second = await production.preview(), await production.preview()
    held = await production.hold(new_id())

    assert first == second
    assert (first.ready_by, first.ready_by_p50) == (held.ready_by, held.ready_by_p50)
    async with database.statement() as tx:
        assert await tx.connection.fetchval("SELECT count(*) FROM promise") == 2


async def test_hours_taken_between_preview_and_sending_are_not_held_for_a_later_day(production: Production) -> None:
    """What the studio saw is what it sends: it is told the day that is possible, and asks again."""
    seen, commission = await production.preview(), new_id()
    while (possible := await production.preview()) == seen:
        await production.hold(new_id())

    refused = await production.hold_by(commission, at_latest=seen.ready_by)
    held = await production.hold_by(commission, at_latest=possible.ready_by)

    assert (refused.held, refused.possible) == (None, possible)
    assert held.held is not None
    assert held.held.ready_by == possible.ready_by
    assert await production.fact_names(commission) == ["PromiseHeld"]


async def test_what_nobody_can_make_is_held_by_nobody(production: Production) -> None:
    async with production.database.transaction() as tx:
        await makers.change_maker(tx, OPS, MAKER.person, state="resting", skills=(), week=[""] * 7, days_off="")

    outcome = await production.hold_by(new_id())

    assert (outcome.held, outcome.possible) == (None, None)
    with pytest.raises(Problem, match="no_maker"):
        await production.preview()
