"""Tasks and pieces: which state follows which, and where a piece goes back to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.production.domain.blockers import BlockerKind, find_blocker
from services.production.domain.gates import (
    PieceGate,
    SignOffGiven,
    before,
    customer_signs,
    in_order,
    missing,
    owed_percent,
)
from services.production.domain.pieces import Piece, PieceState, require_in_making, sent_back
from services.production.domain.tasks import Task, TaskState
from services.production.labels import LABELS
from shared import offerings
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from tests.support.words import reader

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
RING = offerings.load("jewellery", "engraved-ring").offering
STAGES = RING.making.stages


def task(state: TaskState = TaskState.READY, place: int = 0) -> Task:
    return Task(new_id(), STAGES[place].id, place, state, 60, TODAY, TODAY)


def piece(done: int = 0) -> Piece:
    """A piece with so many stages done; the next one is ready."""
    states = [TaskState.DONE] * done + [TaskState.READY] + [TaskState.PENDING] * (len(STAGES) - done - 1)
    tasks = tuple(task(state, place) for place, state in enumerate(states))
    return Piece(
        piece=new_id(),
        commission=new_id(),
        promise=new_id(),
        maker=new_id(),
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        state=PieceState.MAKING,
        brief_version=1,
        ready_by=TODAY,
        ready_by_p50=TODAY,
        needed_by=None,
        booked_at=NOW,
        tasks=tuple(replace(each, finished_at=NOW) if each.state is TaskState.DONE else each for each in tasks),
    )


def test_a_task_counts_only_the_time_that_hands_were_on_it() -> None:
    begun = task().begun(NOW)
    aside = begun.paused(NOW + timedelta(minutes=10))
    again = aside.begun(NOW + timedelta(hours=3))

    done = again.done(NOW + timedelta(hours=3, minutes=5, seconds=1))

    assert (done.state, done.minutes, done.begun_at) == (TaskState.DONE, 16, NOW)


@pytest.mark.parametrize("state", [TaskState.RUNNING, TaskState.PAUSED, TaskState.DONE])
def test_what_is_so_already_stays_as_it_is(state: TaskState) -> None:
    found = task(state)
    again = {TaskState.RUNNING: found.begun, TaskState.PAUSED: found.paused, TaskState.DONE: found.done}[state]

    assert again(NOW) is found


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (TaskState.PENDING, "begun"),
        (TaskState.PENDING, "paused"),
        (TaskState.PENDING, "done"),
        (TaskState.READY, "paused"),
        (TaskState.READY, "done"),
        (TaskState.DONE, "begun"),
        (TaskState.DONE, "paused"),
        *((state, step) for state in (TaskState.SUPERSEDED, TaskState.VOID) for step in ("begun", "paused", "done")),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_what_to_do(state: TaskState, step: str) -> None:
    with pytest.raises(Problem) as refused:
        getattr(task(state), step)(NOW)

    assert refused.value.type is ProblemType.CONFLICT
    assert reader(LABELS).remedy(refused.value.detail)


def test_what_is_left_is_never_planned_as_nothing() -> None:
    worked = replace(task(TaskState.PAUSED), worked_seconds=3 * 3600)

    assert worked.minutes_left == 15
    assert replace(worked, state=TaskState.DONE).minutes_left == 0
    assert task().minutes_left == 60


def test_a_piece_that_goes_back_does_again_what_was_done_and_keeps_what_was_not_begun() -> None:
    found = piece(done=3)

    back = sent_back(found, RING, "bend", NOW, iter(new_id, None))

    assert [(each.stage, each.state.value, each.rework) for each in back.tasks if each.valid] == [
        ("prepare", "done", False),
        ("bend", "ready", True),
        ("true", "pending", True),
        ("file", "pending", True),
        *((stage.id, "pending", False) for stage in STAGES[4:]),
    ]
    assert [each.state.value for each in back.tasks if not each.valid] == ["superseded", "superseded", "void"]


@pytest.mark.parametrize(("back_to", "kept"), [("prepare", False), ("assay", False), ("engrave", True)])
def test_a_piece_that_goes_back_before_a_gate_loses_what_the_bench_signed_there(back_to: str, *, kept: bool) -> None:
    size = SignOffGiven("cut", "size", 1, NOW, approval=new_id())
    band = SignOffGiven("hallmark", "band", 1, NOW, person=new_id())
    passed = tuple(PieceGate(gate, opened_at=NOW, passed_at=NOW) for gate in ("cut", "hallmark"))

    back = sent_back(replace(piece(done=6), signed=(size, band), gates=passed), RING, back_to, NOW, iter(new_id, None))

    assert back.signed == ((size, band) if kept else (size,))
    assert owed_percent(RING, back.passed) == 65


@pytest.mark.parametrize("stage", ["assay", "nowhere"])
def test_a_piece_cannot_go_back_to_where_it_has_not_been(stage: str) -> None:
    with pytest.raises(Problem) as refused:
        sent_back(piece(done=3), RING, stage, NOW, iter(new_id, None))

    assert [field.field for field in refused.value.fields] == ["back_to"]


@pytest.mark.parametrize("state", [state for state in PieceState if state is not PieceState.MAKING])
def test_a_piece_that_is_made_or_stopped_is_worked_on_no_more(state: PieceState) -> None:
    with pytest.raises(Problem, match="conflict"):
        require_in_making(replace(piece(), state=state))


def test_gates_come_in_the_order_of_their_stages() -> None:
    assert [gate.id for gate in in_order(RING)] == ["cut", "hallmark", "engraving"]
    assert [customer_signs(gate) for gate in in_order(RING)] == [True, False, True]


def test_a_gate_is_signed_when_nothing_is_missing() -> None:
    (gate,) = before(RING, "engrave")
    words = SignOffGiven("engraving", "words", 1, NOW, approval=new_id())

    assert [each.id for each in missing(gate, [words])] == ["layout"]
    assert missing(gate, [words, replace(words, sign_off="layout")]) == ()
    assert len(missing(gate, [replace(words, gate="cut")])) == 2


@pytest.mark.parametrize(
    ("passed", "percent"), [((), 0), (("cut",), 35), (("cut", "hallmark"), 65), (("engraving", "cut"), 95)]
)
def test_a_cancellation_costs_what_the_dearest_gate_behind_says(passed: tuple[str, ...], percent: int) -> None:
    assert owed_percent(RING, passed) == percent


def test_what_a_piece_waits_for_is_said_in_this_order() -> None:
    found = piece()

    def waits(piece: Piece, waits_until: date | None = None) -> BlockerKind | None:
        what = find_blocker(piece, RING, waits_until=waits_until, today=TODAY)
        return what.kind if what else None

    assert waits(found) is BlockerKind.SIGN_OFF
    assert waits(replace(found, paused_at=NOW)) is BlockerKind.STUDIO
    assert waits(piece(done=1)) is None
    assert waits(piece(done=4)) is None, "a maker's own sign-off keeps nobody"
    assert waits(piece(done=7), TODAY + timedelta(days=1)) is BlockerKind.REST
    assert waits(piece(done=7), TODAY) is None
    assert waits(replace(found, state=PieceState.PACKED)) is BlockerKind.PAYMENT
    assert waits(replace(found, state=PieceState.PACKED, paid_at=NOW)) is None
    assert waits(replace(found, state=PieceState.HANDED_OVER)) is BlockerKind.CARRIER


def test_a_piece_with_a_partner_is_away_and_may_come_back_early() -> None:
    signed = tuple(SignOffGiven("engraving", each, 1, NOW, approval=UUID(int=1)) for each in ("words", "layout"))

    what = find_blocker(replace(piece(done=5), signed=signed), RING, waits_until=TODAY + timedelta(days=9), today=TODAY)

    assert what is not None
    assert (what.kind, what.prevents_start, what.until) == (BlockerKind.PARTNER, False, TODAY + timedelta(days=9))
    assert "Assay office" in str(what.why.params["partner"])
