"""Tasks: one stage of the craft for one piece, and what may follow what. Refusals are problems that say what to do."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.problems import Problem, ProblemType

_SHORTEST = 15
"""Minutes that are planned for what is nearly done, or took longer than was thought."""


class TaskState(StrEnum):
    """The states of a task; `schema.sql` says which follows which."""

    AHEAD = "ahead"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    REDONE = "redone"
    VOID = "void"


OPEN = frozenset({TaskState.AHEAD, TaskState.READY, TaskState.RUNNING, TaskState.PAUSED})
AT_HAND = frozenset({TaskState.READY, TaskState.RUNNING, TaskState.PAUSED})


@dataclass(frozen=True)
class Task:
    """`place` is the stage's place in the craft; `starts_on` and `due_on` are days in the studio's zone."""

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

    @property
    def open(self) -> bool:
        """Whether it is still to be finished."""
        return self.state in OPEN

    @property
    def counts(self) -> bool:
        """Whether it is done, or is to be: no other one took its place."""
        return self.open or self.state is TaskState.DONE

    @property
    def at_hand(self) -> bool:
        """Whether it is what the piece stands at."""
        return self.state in AT_HAND

    @property
    def minutes(self) -> int:
        """Whole minutes at the bench, as far as begun, paused and finished tell."""
        return -(-self.worked_seconds // 60)

    @property
    def minutes_left(self) -> int:
        """What is still to be planned of it."""
        if not self.planned_minutes or not self.open:
            return 0
        return max(self.planned_minutes - self.minutes, min(_SHORTEST, self.planned_minutes))

    def ready(self) -> "Task":
        """The one before it is done."""
        return replace(self, state=TaskState.READY) if self.state is TaskState.AHEAD else self

    def begun(self, now: datetime) -> "Task":
        """A maker's hands are on it. Beginning what runs changes nothing. Raises `conflict`."""
        match self.state:
            case TaskState.RUNNING:
                return self
            case TaskState.READY | TaskState.PAUSED:
                return replace(self, state=TaskState.RUNNING, running_since=now, begun_at=self.begun_at or now)
            case TaskState.AHEAD:
                raise out_of_order()
            case _:
                raise over(self)

    def laid_aside(self, now: datetime) -> "Task":
        """Paused; pausing what is paused changes nothing. Raises `conflict`."""
        match self.state:
            case TaskState.PAUSED:
                return self
            case TaskState.RUNNING:
                return replace(self._clocked(now), state=TaskState.PAUSED)
            case TaskState.AHEAD | TaskState.READY:
                raise not_begun()
            case _:
                raise over(self)

    def done(self, now: datetime) -> "Task":
        """Finished; finishing what is done changes nothing. Raises `conflict`."""
        match self.state:
            case TaskState.DONE:
                return self
            case TaskState.RUNNING | TaskState.PAUSED:
                return replace(self._clocked(now), state=TaskState.DONE, finished_at=now)
            case TaskState.AHEAD:
                raise out_of_order()
            case TaskState.READY:
                raise not_begun()
            case TaskState.REDONE | TaskState.VOID:
                raise over(self)

    def given_up(self, now: datetime) -> "Task":
        """The piece went back, or is not made any more: what was done is to be done again, what was not is void."""
        if self.state is TaskState.DONE:
            return replace(self, state=TaskState.REDONE)
        return replace(self._clocked(now), state=TaskState.VOID) if self.open else self

    def planned(self, starts_on: date, due_on: date) -> "Task":
        return replace(self, starts_on=starts_on, due_on=due_on)

    def _clocked(self, now: datetime) -> "Task":
        """With the time since it was begun or gone on with."""
        if self.running_since is None:
            return self
        seconds = max(0, round((now - self.running_since).total_seconds()))
        return replace(self, worked_seconds=self.worked_seconds + seconds, running_since=None)


def out_of_order() -> Problem:
    return Problem(
        ProblemType.CONFLICT,
        "This is not the piece's next step: an earlier one is not finished.",
        remedy="Open the piece's page and begin with the step that is marked as next.",
    )


def not_begun() -> Problem:
    return Problem(ProblemType.CONFLICT, "This step has not been begun.", remedy="Start it first.")


def over(task: Task) -> Problem:
    if task.state is TaskState.DONE:
        return Problem(
            ProblemType.CONFLICT, "This step is finished already.", remedy="Go on with the piece's next one."
        )
    return Problem(
        ProblemType.CONFLICT,
        "This step does not count any more: the piece went back, or is not made any further.",
        remedy="Open the piece's page: it shows what is next.",
    )
