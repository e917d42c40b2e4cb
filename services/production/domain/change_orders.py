"""What a change order does to a piece: the stages that it freezes, the work that is done again, the gates it voids."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.production.domain.pieces import Piece, PieceState, sent_back
from services.production.domain.plan import Slot, Stretch
from services.production.domain.reasons import BenchRefusal
from services.production.domain.tasks import Task
from shared.contracts.quotes import ChangeRefusal
from shared.kernel.problems import Problem, ProblemType
from shared.offerings.making import Gate
from shared.offerings.model import Offering

CHANGE_HOURS: Final = "change_order"
"""The stage of the hours that are held for a change order, besides those of the piece."""


def why_not(piece: Piece) -> ChangeRefusal | None:
    """Why nothing of the piece can be changed any more."""
    return None if piece.state is PieceState.MAKING else ChangeRefusal.MADE


def touched(piece: Piece, offering: Offering, stage: str) -> bool:
    """Whether this stage is frozen."""
    if piece.frozen_from is None:
        return False
    return _place(offering, stage) >= _place(offering, piece.frozen_from)


def require_not_frozen(piece: Piece, offering: Offering, stage: str) -> None:
    """Raises `conflict` where a change order is open that would change what is done at this stage."""
    if touched(piece, offering, stage):
        raise Problem(ProblemType.CONFLICT, BenchRefusal.FROZEN)


def current_is_touched(piece: Piece, offering: Offering, from_stage: str) -> bool:
    """Whether the piece has come to the first stage that a change order changes, or beyond it."""
    return piece.current is not None and piece.current.place >= _place(offering, from_stage)


def changed(piece: Piece, offering: Offering, from_stage: str, now: datetime, ids: Iterable[UUID]) -> Piece:
    """The piece with the change: back at the stage, if it has begun it, and nothing from there on is signed off.

    The customer signed what the brief said before; what a cancellation costs for gates that were passed stays.
    """
    place = _place(offering, from_stage)
    back = sent_back(piece, offering, from_stage, now, ids) if _has_begun(piece, place) else piece
    undone = {gate.id for gate in _from(offering, place)}
    signed = tuple(each for each in back.signed if each.gate not in undone)
    return _voided(replace(back, signed=signed), undone, now)


def voided(before: Piece, after: Piece) -> tuple[str, ...]:
    """The gates that the piece had passed and has not any more."""
    return tuple(mark.gate for mark in after.gates if mark.voided_at and before.marks(mark.gate).behind)


def signed_again(offering: Offering, from_stage: str) -> tuple[str, ...]:
    """The gates from a stage on, whatever was signed of them."""
    return tuple(gate.id for gate in _from(offering, _place(offering, from_stage)))


def beyond(slots: Iterable[Slot], own: Iterable[Slot]) -> tuple[Slot, ...]:
    """The minutes of these that are not held already, as hours of the change order."""
    held = tuple(own)
    return tuple(
        Slot(CHANGE_HOURS, slot.day, rest)
        for slot in slots
        for rest in _rest(slot.stretch, sorted(each.stretch for each in held if each.day == slot.day))
    )


def _rest(stretch: Stretch, held: Iterable[Stretch]) -> Iterator[Stretch]:
    begin = stretch.begin
    for each in held:
        if begin < min(each.begin, stretch.end):
            yield Stretch(begin, min(each.begin, stretch.end))
        begin = max(begin, each.end)
    if begin < stretch.end:
        yield Stretch(begin, stretch.end)


def _has_begun(piece: Piece, place: int) -> bool:
    current: Task | None = piece.current
    if current is None:
        return False
    return current.place > place or (current.place == place and current.begun_at is not None)


def _voided(piece: Piece, undone: Iterable[str], now: datetime) -> Piece:
    for gate in undone:
        marks = piece.marks(gate)
        if marks.behind:
            piece = piece.with_gate(replace(marks, reached_at=None, voided_at=now))
        elif marks.reached_at:
            piece = piece.with_gate(replace(marks, reached_at=None))
    return piece


def _from(offering: Offering, place: int) -> Iterator[Gate]:
    return (gate for gate in offering.gates if _place(offering, gate.before) >= place)


def _place(offering: Offering, stage: str) -> int:
    return next(place for place, each in enumerate(offering.making.stages) if each.id == stage)
