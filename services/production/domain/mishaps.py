"""Mishaps: what is said about one, and the way back where it was reported by mistake."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import TypeAdapter

from services.production.domain.gates import SignOffGiven
from services.production.domain.pieces import Piece
from services.production.domain.plan import BusyMinutes, Slot
from services.production.domain.reasons import BenchRefusal
from services.production.domain.records import MishapRecord
from services.production.domain.tasks import Task, TaskState
from shared.contracts.production import Mishap, MishapCause
from shared.kernel.problems import Problem, ProblemType

_UNTOUCHED = frozenset({TaskState.PENDING, TaskState.READY})
_REPLACED = frozenset({TaskState.SUPERSEDED, TaskState.VOID})


@dataclass(frozen=True)
class MishapSaid:
    """What somebody at the bench says. `back_to` is the stage that the piece goes back to, if not the usual one.

    `words` are for the bench and the studio.
    """

    kind: Mishap
    back_to: str | None = None
    cause: MishapCause | None = None
    words: str | None = None


@dataclass(frozen=True)
class PieceBefore:
    """A piece as it was before a mishap, paused if it was under way, with the hours that it held on `on` and later."""

    on: date
    piece: Piece
    slots: tuple[Slot, ...]

    def written(self) -> str:
        return _BEFORE.dump_json(self).decode()

    @classmethod
    def read(cls, written: str) -> "PieceBefore":
        return _BEFORE.validate_json(written)

    def hours_left(self, today: date) -> tuple[Slot, ...]:
        """The hours of what was still to be done, as far as they are not over."""
        stages = {task.stage for task in self.piece.open_tasks}
        return tuple(slot for slot in self.slots if slot.day >= today and slot.stage in stages)

    def can_be_held(self, piece: Piece, taken: BusyMinutes, today: date) -> bool:
        """Whether the same hours can be held again: none of them is over, or taken, and the maker is the same."""
        left = self.hours_left(today)
        gone = len(left) < len(self.hours_left(self.on))
        return piece.maker == self.piece.maker and not gone and not any(_taken(slot, taken) for slot in left)


_BEFORE = TypeAdapter(PieceBefore)


def restored(piece: Piece, before: PieceBefore, now: datetime) -> Piece:
    """The piece with the tasks and the bench's sign-offs that it had before the mishap.

    What a customer signed since is kept.

    Raises:
        Problem: conflict, where something was done since.
    """
    known = {task.task: task for task in before.piece.tasks}
    if not all(_untouched(task, known.get(task.task)) for task in piece.tasks):
        raise gone_on()
    fresh = [task.dropped(now) for task in piece.tasks if task.task not in known]
    given = {(each.gate, each.sign_off) for each in piece.signed}
    signed: Sequence[SignOffGiven] = [each for each in before.piece.signed if (each.gate, each.sign_off) not in given]
    back = replace(piece, signed=(*piece.signed, *signed))
    return back.with_tasks([*fresh, *known.values()])


def check_undoable(piece: Piece, mishap: MishapRecord, all_of_piece: Sequence[MishapRecord]) -> None:
    """Raises `conflict` unless this is the piece's newest mishap that counts; they come newest first.

    What was agreed otherwise since is not undone with it.
    """
    if piece.changed_at is not None and piece.changed_at >= mishap.reported_at:
        raise gone_on()
    newest = next((each for each in all_of_piece if each.undone_at is None), None)
    if newest is None or newest.mishap != mishap.mishap:
        raise gone_on()


def gone_on() -> Problem:
    return Problem(ProblemType.CONFLICT, BenchRefusal.MISHAP_GONE_ON)


def _untouched(task: Task, before: Task | None) -> bool:
    """Whether nobody has worked on a task since the mishap."""
    if before is None:
        return task.state in _UNTOUCHED and task.begun_at is None
    if task.worked_seconds != before.worked_seconds:
        return False  # it was paused before, and is again: what was worked in between would be lost
    return task.state is before.state or (task.state in _REPLACED and before.state not in _REPLACED)


def _taken(slot: Slot, taken: BusyMinutes) -> bool:
    stretches = taken.get(slot.day, ())
    return any(each.begin < slot.stretch.end and slot.stretch.begin < each.end for each in stretches)
