"""Undoing a mishap gives nobody's work away."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.production.domain.mishaps import PieceBefore, restored
from services.production.domain.pieces import Piece, PieceState
from services.production.domain.tasks import Task, TaskState
from shared.kernel.problems import Problem, ProblemType

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
PAUSED = Task(UUID(int=1), "file", 0, TaskState.PAUSED, 120, TODAY, TODAY, worked_seconds=1200, begun_at=NOW)
BEFORE = Piece(
    piece=UUID(int=2),
    commission=UUID(int=3),
    promise=UUID(int=4),
    maker=UUID(int=5),
    craft="jewellery",
    offering="engraved-ring",
    offering_version=1,
    state=PieceState.MAKING,
    brief_version=1,
    ready_by=TODAY,
    ready_by_p50=TODAY,
    needed_by=None,
    booked_at=NOW,
    tasks=(PAUSED,),
)


def test_time_worked_on_a_step_that_is_paused_again_is_not_undone() -> None:
    since = replace(BEFORE, tasks=(replace(PAUSED, worked_seconds=4800),))

    with pytest.raises(Problem) as refused:
        restored(since, PieceBefore(TODAY, BEFORE, ()), NOW)

    assert refused.value.type is ProblemType.CONFLICT


def test_a_step_that_nobody_touched_is_as_it_was() -> None:
    assert restored(BEFORE, PieceBefore(TODAY, BEFORE, ()), NOW) == BEFORE
