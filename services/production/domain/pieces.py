"""A piece: its tasks in their order, its gates, and its way into the parcel."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.production.domain.gates import PieceGate, SignOffGiven
from services.production.domain.plan import Plan, StageWork
from services.production.domain.reasons import BenchInput, BenchRefusal
from services.production.domain.tasks import Task, TaskState
from shared.contracts.production import Mishap
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.offerings.model import Offering


class PieceState(StrEnum):
    """The states of a piece; `schema.sql` says which follows which."""

    MAKING = "making"
    MADE = "made"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    STOPPED = "stopped"


WITH_THE_CARRIER = frozenset({PieceState.HANDED_OVER, PieceState.DELIVERED})
ADDRESSED = frozenset({PieceState.MADE, PieceState.PACKED, PieceState.HANDED_OVER})
"""From packing to delivery: then the bench sees to whom the parcel goes."""
STARTS_OVER = frozenset({Mishap.PIECE_DAMAGED, Mishap.MATERIAL_SPOILT})
"""After these the piece goes back to a stage: to the first one, unless the maker knows better."""


@dataclass(frozen=True)
class Piece:
    """`tasks` are in the offering's order, those that were done again before those that did it."""

    piece: UUID
    commission: UUID
    promise: UUID
    maker: UUID
    craft: str
    offering: str
    offering_version: int
    state: PieceState
    brief_version: int
    ready_by: date
    ready_by_p50: date
    needed_by: date | None
    booked_at: datetime
    paused_at: datetime | None = None
    made_at: datetime | None = None
    packed_at: datetime | None = None
    paid_at: datetime | None = None
    handed_over_at: datetime | None = None
    carrier: str | None = None
    tracking: str | None = None
    delivered_at: datetime | None = None
    stopped_at: datetime | None = None
    cancel_percent: int | None = None
    packed_for: int | None = None
    """The number of the delivery that it was packed for."""
    address_asked_at: datetime | None = None
    missed_at: datetime | None = None
    """When it was said that the parcel has not come."""
    claim: str | None = None
    """The carrier's reference of the claim for it."""
    frozen_by: UUID | None = None
    """The change order that is open, or whose brief is on its way."""
    frozen_from: str | None = None
    """Nothing is begun from this stage on meanwhile."""
    changed_at: datetime | None = None
    """When a change order was applied last."""
    tasks: tuple[Task, ...] = ()
    gates: tuple[PieceGate, ...] = ()
    signed: tuple[SignOffGiven, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether the parcel is with its carrier, and was said not to have come."""
        return self.state is PieceState.HANDED_OVER and self.missed_at is not None

    @property
    def current(self) -> Task | None:
        """The task that is next or under way."""
        return next((task for task in self.tasks if task.current), None)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.open)

    @property
    def passed(self) -> frozenset[str]:
        """The gates that it has gone through once."""
        return frozenset(mark.gate for mark in self.gates if mark.passed_at)

    def task(self, task: UUID) -> Task:
        return next(each for each in self.tasks if each.task == task)

    def marks(self, gate: str) -> PieceGate:
        return next((mark for mark in self.gates if mark.gate == gate), PieceGate(gate))

    def with_tasks(self, changed: Iterable[Task]) -> "Piece":
        """With these tasks in place of the ones of the same id, or added."""
        by_id = {task.task: task for task in self.tasks} | {task.task: task for task in changed}
        return replace(self, tasks=tuple(sorted(by_id.values(), key=lambda task: (task.place, task.open))))

    def with_gate(self, marks: PieceGate) -> "Piece":
        return replace(self, gates=(*(each for each in self.gates if each.gate != marks.gate), marks))

    def planned(self, plan: Plan, maker: UUID) -> "Piece":
        """With the days of a new plan for what is still to be done, at this maker's bench."""
        spans = plan.spans
        tasks = (task.planned(spans[task.stage].begins_on, spans[task.stage].ends_on) for task in self.open_tasks)
        return replace(self.with_tasks(tasks), ready_by=plan.ready_by, ready_by_p50=plan.ready_by_p50, maker=maker)


def work_left(piece: Piece, offering: Offering) -> tuple[StageWork, ...]:
    """What is still to be done, stage by stage."""
    stages = {stage.id: stage for stage in offering.making.stages}
    return tuple(StageWork(stages[task.stage], task.minutes_left) for task in piece.open_tasks)


def require_in_making(piece: Piece) -> None:
    """Raises `conflict` unless the piece is being made."""
    if piece.state is PieceState.STOPPED:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.CANCELLED)
    if piece.state is not PieceState.MAKING:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.MADE_ALREADY)
    require_not_paused(piece)


def require_not_paused(piece: Piece) -> None:
    """Raises `conflict` while the making is paused."""
    if piece.paused_at:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.PAUSED)


def sent_back(piece: Piece, offering: Offering, back_to: str, now: datetime, ids: Iterable[UUID]) -> Piece:
    """The piece back at a stage: what was done or begun from there on is to be done again, as rework.

    Sign-offs that the bench gave before those stages were about the earlier work, so they are needed again. The
    customer's stay, since the brief is the same; so does what a cancellation costs for the gates that were passed.

    Raises:
        Problem: validation-failed, if the piece has never been at that stage.
    """
    places = {stage.id: place for place, stage in enumerate(offering.making.stages)}
    place, current = places.get(back_to), piece.current
    if place is None or current is None or place > current.place:
        raise _never_there()
    again = [task for task in piece.tasks if place <= task.place <= current.place and task.valid]
    fresh = [_redo(task, offering, new) for task, new in zip(again, ids, strict=False)]
    first = next(task for task in fresh if task.place == place)
    guards = {gate.id for gate in offering.gates if places[gate.before] >= place}
    signed = tuple(each for each in piece.signed if each.approval or each.gate not in guards)
    back = replace(piece, signed=signed)
    return back.with_tasks([*(task.dropped(now) for task in again), *fresh, first.ready()])


def _redo(task: Task, offering: Offering, new: UUID) -> Task:
    return Task(
        task=new,
        stage=task.stage,
        place=task.place,
        state=TaskState.PENDING,
        planned_minutes=offering.making.stages[task.place].hands_on_minutes,
        starts_on=task.starts_on,
        due_on=task.due_on,
        rework=True,
        after=task.after,
        performer=task.performer,
    )


def _never_there() -> Problem:
    return invalid(FieldProblem("back_to", BenchInput.STAGE_NOT_REACHED))
