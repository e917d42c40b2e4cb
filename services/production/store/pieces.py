"""Pieces with their tasks, gates and sign-offs: read whole, saved by what changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from services.production.domain.gates import PieceGate, SignOffGiven
from services.production.domain.pieces import Piece
from services.production.domain.tasks import Task
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parent.parent / "sql" / "pieces.sql")
_SAVED = (
    *(
        "state",
        "brief_version",
        "paused_at",
        "made_at",
        "packed_at",
        "paid_at",
        "handed_over_at",
        "carrier",
        "tracking",
    ),
    *("delivered_at", "stopped_at", "cancel_percent", "packed_for", "address_asked_at", "missed_at", "claim"),
    *("frozen_by", "frozen_from", "changed_at"),
)

T = TypeVar("T")


async def of_commission(tx: Tx, commission: UUID) -> UUID | None:
    """The piece of a commission; there is one today."""
    return await _QUERIES.of_commission.value_or_none(tx, UUID, commission=commission)


async def commission_of(tx: Tx, piece: UUID) -> UUID | None:
    return await _QUERIES.commission_of.value_or_none(tx, UUID, piece=piece)


async def lock(tx: Tx, piece: UUID) -> Piece | None:
    """The piece, which nobody else changes until the commit."""
    if await _QUERIES.lock_piece.value_or_none(tx, UUID, piece=piece) is None:
        return None
    return await read(tx, piece)


async def read(tx: Tx, piece: UUID) -> Piece | None:
    return next(iter(await pieces(tx, [piece])), None)


async def piece_of_task(tx: Tx, task: UUID) -> UUID | None:
    return await _QUERIES.piece_of_task.value_or_none(tx, UUID, task=task)


async def board(tx: Tx, maker: UUID | None) -> list[Piece]:
    """The pieces of a maker, or of all, that need work, in the order in which it is due."""
    order = await _QUERIES.board.column(tx, UUID, maker=maker)
    found = {piece.piece: piece for piece in await pieces(tx, order)}
    return [found[piece] for piece in order]


async def pieces(tx: Tx, wanted: Sequence[UUID]) -> list[Piece]:
    """These pieces, in no order."""
    rows = await _QUERIES.pieces.rows(tx, Row, pieces=wanted)
    if not rows:
        return []
    tasks = _of_pieces(Task, await _QUERIES.tasks.rows(tx, Row, pieces=wanted))
    gates = _of_pieces(PieceGate, await _QUERIES.gates.rows(tx, Row, pieces=wanted))
    signed = _of_pieces(SignOffGiven, await _QUERIES.sign_offs.rows(tx, Row, pieces=wanted))
    found = [made(Piece, {**row, "gates": gates[row["piece"]], "signed": signed[row["piece"]]}) for row in rows]
    return [piece.with_tasks(tasks[piece.piece]) for piece in found]


async def add(tx: Tx, piece: Piece) -> None:
    await _QUERIES.add_piece.run(
        tx,
        piece=piece.piece,
        commission=piece.commission,
        promise=piece.promise,
        state=piece.state,
        brief_version=piece.brief_version,
        booked_at=piece.booked_at,
    )
    await _save_parts(tx, None, piece)


async def save(tx: Tx, before: Piece, piece: Piece) -> None:
    """Save what changed of a piece; its maker and days are the promise's."""
    values = {name: getattr(piece, name) for name in _SAVED}
    await _QUERIES.save_piece.run(tx, piece=piece.piece, **values)
    await _save_parts(tx, before, piece)


async def board_revision(tx: Tx, maker: UUID | None) -> str:
    return await _QUERIES.board_revision.value(tx, str, maker=maker)


async def piece_revision(tx: Tx, commission: UUID) -> str:
    text = await _QUERIES.piece_revision.value_or_none(tx, str, commission=commission)
    return text or ""


async def _save_parts(tx: Tx, before: Piece | None, piece: Piece) -> None:
    """Replaced tasks are saved before their replacements: a piece has one current task, and each sign-off once."""
    known = frozenset(before.tasks) if before else frozenset()
    for task in sorted(set(piece.tasks) - known, key=lambda task: (task.current, task.open, task.place)):
        await _QUERIES.save_task.run(tx, piece=piece.piece, **asdict(task))
    for marks in set(piece.gates) - set(before.gates if before else ()):
        await _QUERIES.save_gate.run(tx, piece=piece.piece, **asdict(marks))
    signed_before = frozenset(before.signed) if before else frozenset[SignOffGiven]()
    for gone in signed_before - set(piece.signed):
        await _QUERIES.remove_sign_off.run(tx, piece=piece.piece, gate=gone.gate, sign_off=gone.sign_off)
    for signed in set(piece.signed) - signed_before:
        await _QUERIES.save_sign_off.run(tx, piece=piece.piece, **asdict(signed))


def _of_pieces(kind: type[T], rows: Iterable[Row]) -> Mapping[object, list[T]]:
    """What these rows are, by piece."""
    found: dict[object, list[T]] = defaultdict(list)
    for row in rows:
        found[row["piece"]].append(made(kind, row))
    return found
