"""Tasks: one stage of one piece, and which state may follow which."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.production.domain.reasons import BenchRefusal
from shared.contracts.production import Performer
from shared.kernel.problems import Problem, ProblemType
from shared.offerings.making import Stage

_SHORTEST = 15
"""Minutes that are planned for what is nearly done, or took longer than was thought."""


class TaskState(StrEnum):
    """The states of a task; `schema.sql` says which follows which."""

    PENDING = "pending"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    SUPERSEDED = "superseded"
    VOID = "void"


OPEN = frozenset({TaskState.PENDING, TaskState.READY, TaskState.RUNNING, TaskState.PAUSED})
CURRENT = frozenset({TaskState.READY, TaskState.RUNNING, TaskState.PAUSED})


@dataclass(frozen=True)
class Task:
    """`place` is the stage's place in the offering, `after` the stages that must be done first.

    `starts_on` and `due_on` are days in the studio's zone.
    """

    task: UUID
    stage: str
    place: int
    state: TaskState
    planned_minutes: int
    starts_on: date
    due_on: date
    rework: bool = False
    worked_seconds: int = 0
    begun_at: datetime | None = None
    running_since: datetime | None = None
    finished_at: datetime | None = None
    after: tuple[str, ...] = ()
    performer: Performer = Performer.MAKER

    @property
    def open(self) -> bool:
        """Whether it is still to be finished."""
        return self.state in OPEN

    @property
    def valid(self) -> bool:
        """Whether it is done or still to be done: no other task replaced it."""
        return self.open or self.state is TaskState.DONE

    @property
    def current(self) -> bool:
        """Whether it is the piece's next task or under way."""
        return self.state in CURRENT

    @property
    def minutes(self) -> int:
        """Whole minutes at the bench, measured between start, pause and finish."""
        return -(-self.worked_seconds // 60)

    @property
    def minutes_left(self) -> int:
        """What is still to be planned of it."""
        if not self.planned_minutes or not self.open:
            return 0
        return max(self.planned_minutes - self.minutes, min(_SHORTEST, self.planned_minutes))

    def ready(self) -> "Task":
        """The one before it is done."""
        return replace(self, state=TaskState.READY) if self.state is TaskState.PENDING else self

    def begun(self, now: datetime) -> "Task":
        """Started or resumed; idempotent. Raises `conflict`."""
        match self.state:
            case TaskState.RUNNING:
                return self
            case TaskState.READY | TaskState.PAUSED:
                return replace(self, state=TaskState.RUNNING, running_since=now, begun_at=self.begun_at or now)
            case TaskState.PENDING:
                raise out_of_order()
            case _:
                raise over(self)

    def paused(self, now: datetime) -> "Task":
        """Paused; idempotent. Raises `conflict`."""
        match self.state:
            case TaskState.PAUSED:
                return self
            case TaskState.RUNNING:
                return replace(self._clocked(now), state=TaskState.PAUSED)
            case TaskState.PENDING | TaskState.READY:
                raise not_begun()
            case _:
                raise over(self)

    def done(self, now: datetime) -> "Task":
        """Finished; idempotent. Raises `conflict`."""
        match self.state:
            case TaskState.DONE:
                return self
            case TaskState.RUNNING | TaskState.PAUSED:
                return replace(self._clocked(now), state=TaskState.DONE, finished_at=now)
            case TaskState.PENDING:
                raise out_of_order()
            case TaskState.READY:
                raise not_begun()
            case TaskState.SUPERSEDED | TaskState.VOID:
                raise over(self)

    def dropped(self, now: datetime) -> "Task":
        """The piece went back or is stopped: a finished task is superseded, an unfinished one is void."""
        if self.state is TaskState.DONE:
            return replace(self, state=TaskState.SUPERSEDED)
        return replace(self._clocked(now), state=TaskState.VOID) if self.open else self

    def planned(self, starts_on: date, due_on: date) -> "Task":
        return replace(self, starts_on=starts_on, due_on=due_on)

    def _clocked(self, now: datetime) -> "Task":
        """With the time since it was started or resumed."""
        if self.running_since is None:
            return self
        seconds = max(0, round((now - self.running_since).total_seconds()))
        return replace(self, worked_seconds=self.worked_seconds + seconds, running_since=None)


def performer(stage: Stage) -> Performer:
    """What a stage keeps busy: a partner outside, equipment, or the maker alone."""
    if stage.partner:
        return Performer.PARTNER
    return Performer.EQUIPMENT if stage.equipment else Performer.MAKER


def out_of_order() -> Problem:
    return Problem(ProblemType.CONFLICT, BenchRefusal.OUT_OF_ORDER)


def not_begun() -> Problem:
    return Problem(ProblemType.CONFLICT, BenchRefusal.NOT_STARTED)


def over(task: Task) -> Problem:
    done = task.state is TaskState.DONE
    return Problem(ProblemType.CONFLICT, BenchRefusal.FINISHED_ALREADY if done else BenchRefusal.SUPERSEDED)
