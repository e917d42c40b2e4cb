"""Promises and tasks, driven every which way by Hypothesis against PostgreSQL.

Whatever happens in whatever order: no minute is promised twice, no state follows that may not, no gate is passed
unsigned, nothing is sent unpaid, and what is stopped or given back holds no hours.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from services.production.actions import change_orders, making, mishaps, parcels, tasks
from services.production.domain.change_orders import CHANGE_HOURS
from services.production.domain.gates import before, missing
from services.production.domain.mishaps import MishapSaid
from services.production.domain.pieces import Piece, PieceState
from services.production.domain.promises import Promise, PromiseState
from services.production.domain.tasks import Task, TaskState
from services.production.store import pieces, records
from services.production.store import pieces as piece_store
from services.production.store import promises as promise_store
from shared import offerings
from shared.auth.roles import Caller
from shared.contracts.commands.production import (
    ApplyChangeOrder,
    FreezeStages,
    PauseMaking,
    ResumeMaking,
    ThawStages,
)
from shared.contracts.commissions import ReceiptConfirmed
from shared.contracts.production import Mishap
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from shared.web.idempotency import request_key
from tests.support.machines import Counted, Loop, dropped, explore, made
from tests.support.production import GOOD, MAKER, NOW, OPS, Production, opened

PROMISES, TASKS = 15, 48
"""Lives of each machine."""
LONG = 45
RING = offerings.load("jewellery", "engraved-ring").offering
STAGES = [stage.id for stage in RING.making.stages]
REFUSED = {ProblemType.CONFLICT, ProblemType.NOT_FOUND, ProblemType.NOT_YET, ProblemType.VALIDATION_FAILED}
PROMISE_FOLLOWS = {
    PromiseState.HELD: {PromiseState.HELD, PromiseState.BOOKED, PromiseState.RELEASED, PromiseState.STOPPED},
    PromiseState.BOOKED: {PromiseState.BOOKED, PromiseState.DONE, PromiseState.STOPPED},
    PromiseState.DONE: {PromiseState.DONE, PromiseState.STOPPED},
    PromiseState.STOPPED: {PromiseState.STOPPED},
    PromiseState.RELEASED: {PromiseState.RELEASED},
}
PIECE_FOLLOWS = {
    PieceState.MAKING: {PieceState.MAKING, PieceState.MADE, PieceState.STOPPED},
    PieceState.MADE: {PieceState.MADE, PieceState.PACKED, PieceState.STOPPED},
    PieceState.PACKED: {PieceState.PACKED, PieceState.HANDED_OVER, PieceState.STOPPED},
    PieceState.HANDED_OVER: {PieceState.HANDED_OVER, PieceState.DELIVERED},
    PieceState.DELIVERED: {PieceState.DELIVERED},
    PieceState.STOPPED: {PieceState.STOPPED},
}
TASK_FOLLOWS = {
    TaskState.PENDING: {TaskState.PENDING, TaskState.READY, TaskState.VOID},
    TaskState.READY: {TaskState.READY, TaskState.RUNNING, TaskState.VOID},
    TaskState.RUNNING: {TaskState.RUNNING, TaskState.PAUSED, TaskState.DONE, TaskState.VOID},
    TaskState.PAUSED: {TaskState.PAUSED, TaskState.RUNNING, TaskState.DONE, TaskState.VOID},
    TaskState.DONE: {TaskState.DONE, TaskState.SUPERSEDED},
    TaskState.SUPERSEDED: {TaskState.SUPERSEDED},
    TaskState.VOID: {TaskState.VOID},
}
"""Which state may be seen one step after which."""

_DOUBLED = """
    SELECT count(*) FROM held_hours AS a
    INNER JOIN held_hours AS b
        ON a.bench = b.bench AND a.day = b.day AND a.minutes && b.minutes
        AND (a.promise, a.minutes) <> (b.promise, b.minutes)
    WHERE a.promise = any($1)
"""

which = st.integers(0, 1)


class Ground:
    """The loop, the database and the second maker that all lives share."""

    loop: Loop
    database: Database
    other: Caller


@pytest.fixture(scope="module")
def ground(postgres: str) -> Iterator[None]:
    """A database of their own, on a loop of their own: machines are ordinary functions."""
    with Loop() as loop:
        dsn = loop.run(made(postgres, "production_machines"))
        holder = opened(dsn)
        Ground.loop, Ground.database = loop, loop.run(holder.__aenter__())
        Ground.other = loop.run(Production(Ground.database).another_maker("goldsmith", "hand_engraver"))
        yield
        loop.run(holder.__aexit__(None, None, None))
        loop.run(dropped(postgres, dsn))


class Life(Counted):
    """Two commissions at two benches, and what people and the life cycle may do with them."""

    def __init__(self) -> None:
        super().__init__()
        self.production = Production(Ground.database)
        self.commissions = [new_id(), new_id()]
        self.promised: dict[UUID, UUID] = {}
        self.seen: dict[UUID, Promise | Piece | Task] = {}
        self.pieces: dict[UUID, Piece] = {}
        self.begin()

    def begin(self) -> None:
        """Where a life starts."""

    def run(self, coroutine: Any) -> Any:
        return Ground.loop.run(coroutine)

    def try_to(self, act: Callable[[], Awaitable[object]]) -> Any:
        """Do it, or be refused in one of the ways that are defined; anything else fails."""
        try:
            return self.run(act())
        except Problem as problem:
            if problem.type not in REFUSED:
                raise
            return None
        finally:
            self.look()

    def look(self) -> None:
        """What holds after whatever happened."""
        self.every_state_follows_the_one_before()
        self.a_piece_in_the_making_has_one_next_task()
        self.no_gate_is_passed_unsigned_and_nothing_is_sent_unpaid()

    @invariant()
    def no_minute_is_promised_twice(self) -> None:
        assert not self.run(_one(_DOUBLED, list(self.promised.values())))

    def every_state_follows_the_one_before(self) -> None:
        promises, pieces = self.run(_standing(self.promised))
        self.pieces = {piece.commission: piece for piece in pieces}
        self._follows({each.promise: each for each in promises}, PROMISE_FOLLOWS)
        self._follows(self.pieces, PIECE_FOLLOWS)
        self._follows({task.task: task for piece in pieces for task in piece.tasks}, TASK_FOLLOWS)
        for promise in promises:
            self._hours_are_right(promise)

    def a_piece_in_the_making_has_one_next_task(self) -> None:
        for piece in self.pieces.values():
            current = [task for task in piece.tasks if task.current]
            assert len(current) == (piece.state is PieceState.MAKING)
            assert len({task.stage for task in piece.open_tasks}) == len(piece.open_tasks)
            if piece.state is PieceState.MADE:
                assert sum(task.state is TaskState.DONE for task in piece.tasks) == len(STAGES)

    def no_gate_is_passed_unsigned_and_nothing_is_sent_unpaid(self) -> None:
        for piece in self.pieces.values():
            for task in piece.tasks:
                for gate in before(RING, task.stage) if task.begun_at else ():
                    assert not (task.valid and missing(gate, piece.signed)), (
                        "a sign-off that no longer counts may be given again"
                    )
                    assert gate.id in piece.passed
            assert piece.handed_over_at is None or (piece.paid_at and piece.packed_at and piece.made_at)

    def _follows(self, now: dict[UUID, Any], rules: Any) -> None:
        for key, each in now.items():
            was = self.seen.get(key)
            assert was is None or each.state in rules[was.state], f"{was.state} then {each.state}"
            self.seen[key] = each

    def _hours_are_right(self, promise: Promise) -> None:
        """Nothing for what is over, and for each task that nobody has begun, all that it needs."""
        if promise.state in {PromiseState.STOPPED, PromiseState.RELEASED}:
            assert promise.slots == ()
        piece = self.pieces.get(promise.commission)
        held: dict[str, int] = defaultdict(int)
        for slot in promise.slots:
            held[slot.stage] += slot.stretch.minutes
        for task in piece.open_tasks if piece else ():
            assert task.begun_at or held[task.stage] == task.planned_minutes
        if piece is None or piece.frozen_by is None:
            assert not held[CHANGE_HOURS]


class PromiseLife(Life):
    """Hours, from the first promise to whatever comes of it."""

    @rule(of=which)
    def held(self, of: int) -> None:
        commission = self.commissions[of]
        if found := self.try_to(lambda: self.production.hold(commission)):
            self.promised[commission] = found.promise

    @rule(of=which, stranger=st.booleans())
    def released(self, of: int, stranger: bool) -> None:  # noqa: FBT001 (Hypothesis names it)
        commission = self.commissions[of]
        promise = new_id() if stranger else self.promised.get(commission, new_id())
        self.try_to(lambda: self.production.release(commission, promise))

    @rule(of=which, days=st.integers(-3, 30))
    def extended(self, of: int, days: int) -> None:
        commission = self.commissions[of]
        until = self.production.now.replace(microsecond=0)
        until = until.replace(year=until.year + (days > 0))
        self.try_to(lambda: self.production.extend(commission, self.promised.get(commission, new_id()), until))

    @rule(of=which, version=st.integers(1, 2))
    def wished(self, of: int, version: int) -> None:
        self.try_to(lambda: self.production.wish(self.commissions[of], version=version))

    @rule(of=which, version=st.integers(1, 2))
    def booked(self, of: int, version: int) -> None:
        commission = self.commissions[of]
        promise = self.promised.get(commission, new_id())
        self.try_to(lambda: self.production.book(commission, promise, version=version))

    @rule(of=which, at_most=st.sampled_from((None, 0, 35)))
    def stopped(self, of: int, at_most: int | None) -> None:
        self.try_to(lambda: self.production.stop(self.commissions[of], at_most))

    @rule(days=st.integers(1, 40))
    def time_went_by(self, days: int) -> None:
        self.try_to(self._later(days * 24))

    def _later(self, hours: int) -> Callable[[], Awaitable[None]]:
        async def move() -> None:
            self.production.later(hours=hours)

        return move


class TaskLife(PromiseLife):
    """The making, begun with both pieces booked."""

    def begin(self) -> None:
        for commission in self.commissions:
            self.run(self.production.booked(commission))
            self.promised[commission] = self.run(self.production.piece(commission)).promise

    def some_task(self, of: int, place: int) -> UUID:
        """Mostly the piece's next one."""
        piece = self.pieces.get(self.commissions[of])
        if piece is None or not piece.tasks:
            return new_id()
        current = piece.current
        return current.task if current and place < 0 else piece.tasks[place % len(piece.tasks)].task

    @rule(of=which, place=st.integers(-12, 8), ticked=st.sampled_from((True, True, True, False)), by=st.integers(0, 5))
    def begun(self, of: int, place: int, ticked: bool, by: int) -> None:  # noqa: FBT001 (Hypothesis names it)
        task, signs = self.some_task(of, place), {"band"} if ticked else set[str]()
        self.try_to(lambda: self.production.act(tasks.start_task, task, signs, by=_somebody(by)))

    @rule(of=which, place=st.integers(-8, 8))
    def paused(self, of: int, place: int) -> None:
        task = self.some_task(of, place)
        self.try_to(lambda: self.production.act(tasks.pause_task, task, by=OPS))

    @rule(
        of=which, place=st.integers(-20, 8), width=st.sampled_from(("4.0", "4.0", "4.3", "?")), back=st.integers(-1, 7)
    )
    def finished(self, of: int, place: int, width: str, back: int) -> None:
        task = self.some_task(of, place)
        answers = {**GOOD, "check_width": width, "back_to": STAGES[back] if back >= 0 else ""}
        self.production.later(minutes=25)
        self.try_to(lambda: self.production.act(tasks.finish_task, task, answers, by=OPS))

    @rule(of=which)
    def made_further(self, of: int) -> None:
        """The next two steps, from their signatures to their ends: so that lives come far."""
        commission, production = self.commissions[of], self.production
        for gate in ("cut", "engraving"):
            self.try_to(lambda gate=gate: production.open_gate(commission, gate))  # type: ignore[misc]  # bound now
        for _ in range(2):
            task = self.some_task(of, -1)
            self.try_to(lambda task=task: production.act(tasks.start_task, task, {"band"}, by=OPS))  # type: ignore[misc]
            production.later(minutes=40)
            self.try_to(lambda task=task: production.act(tasks.finish_task, task, GOOD, by=OPS))  # type: ignore[misc]

    @rule(of=which, gate=st.sampled_from(("cut", "hallmark", "engraving")), version=st.integers(1, 2))
    def signed(self, of: int, gate: str, version: int) -> None:
        self.try_to(lambda: self.production.open_gate(self.commissions[of], gate, version=version))

    @rule(of=which, kind=st.sampled_from(Mishap), back=st.integers(-4, 7))
    def went_wrong(self, of: int, kind: Mishap, back: int) -> None:
        task, back_to = self.some_task(of, -1), STAGES[back] if back >= 0 else None
        key = request_key(MAKER, "machine", str(new_id()))
        act, production, said = mishaps.report_mishap, self.production, MishapSaid(kind, back_to)
        self.try_to(lambda: production.act(act, task, said, key=key, by=OPS))

    @rule(of=which)
    def nothing_went_wrong_after_all(self, of: int) -> None:
        self.try_to(lambda: self.undo_newest(of))

    async def undo_newest(self, of: int) -> None:
        """The newest mishap of a piece is undone, if there is one."""
        async with self.production.database.transaction() as tx:
            piece = await pieces.of_commission(tx, self.commissions[of])
            found = await records.mishaps(tx, piece) if piece else []
        if found:
            await self.production.act(mishaps.undo_mishap, found[0].task, found[0].mishap, by=OPS)

    @rule(of=which, stage=st.integers(0, 7), does=st.sampled_from(("freeze", "freeze", "apply", "thaw")))
    def changed_by_agreement(self, of: int, stage: int, does: str) -> None:
        commission, production = self.commissions[of], self.production
        about: dict[str, Any] = {
            "id": new_id(),
            "commission": commission,
            "change_order": commission,
            "from_stage": STAGES[stage],
        }
        day = production.now.date() + timedelta(days=400 if stage else 0)
        asked: dict[str, tuple[Any, Any]] = {
            "freeze": (change_orders.freeze, FreezeStages(**about, until=production.now + timedelta(days=7))),
            "apply": (change_orders.apply, ApplyChangeOrder(**about, at_latest=day)),
            "thaw": (change_orders.thaw, ThawStages(**about, brief_version=1 if stage % 2 else None)),
        }
        self.try_to(lambda: production.command(*asked[does]))

    @rule(of=which)
    def left_alone(self, of: int) -> None:
        asked = PauseMaking(id=new_id(), commission=self.commissions[of])
        self.try_to(lambda: self.production.command(making.pause_making, asked))

    @rule(of=which)
    def gone_on_with(self, of: int) -> None:
        asked = ResumeMaking(id=new_id(), commission=self.commissions[of])
        self.try_to(lambda: self.production.command(making.resume_making, asked))

    @rule(of=which, to=which)
    def given_away(self, of: int, to: int) -> None:
        maker = (MAKER, Ground.other)[to].person
        act = making.give_to_another_maker
        self.try_to(lambda: self.production.act(act, self.commissions[of], maker, by=OPS))

    @precondition(lambda self: any(piece.made_at for piece in self.pieces.values()))
    @rule(of=which, paid=st.booleans())
    def sent(self, of: int, paid: bool) -> None:  # noqa: FBT001 (Hypothesis names it)
        commission, production = self.commissions[of], self.production
        self.try_to(lambda: production.act(parcels.pack, commission, by=OPS))
        if paid:
            self.try_to(lambda: production.paid(commission))
        given = {"carrier": "other", "tracking": "A-1234"}
        self.try_to(lambda: production.act(parcels.hand_over, commission, by=OPS, **given))

    @precondition(lambda self: any(piece.made_at for piece in self.pieces.values()))
    @rule(of=which)
    def received(self, of: int) -> None:
        confirmed = ReceiptConfirmed(at=NOW, commission=self.commissions[of], customer=new_id())
        self.try_to(lambda: self.production.handle(parcels.confirm_receipt, confirmed, self.production.context))


def _somebody(number: int) -> Caller:
    """Ops mostly, sometimes one of the makers, who may be the wrong one."""
    return (MAKER, Ground.other, *[OPS] * 4)[number]


async def _one(query: str, *values: object) -> Any:
    async with Ground.database.statement() as tx:
        return await tx.connection.fetchval(query, *values)


async def _standing(promised: dict[UUID, UUID]) -> tuple[list[Promise], list[Piece]]:
    async with Ground.database.transaction() as tx:
        found = [await promise_store.lock_promise(tx, promise, commission) for commission, promise in promised.items()]
        booked = [await piece_store.of_commission(tx, commission) for commission in promised]
        return [each for each in found if each], await piece_store.pieces(tx, [each for each in booked if each])


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("ground")
def test_promises_hold_whatever_happens() -> None:
    assert explore(PromiseLife, lives=PROMISES, steps=LONG) >= 600


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("ground")
def test_tasks_keep_their_rules_whatever_happens() -> None:
    assert explore(TaskLife, lives=TASKS, steps=LONG) >= 1800
