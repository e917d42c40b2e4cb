"""Pieces with their tasks, gates and sign-offs: read whole, saved by what changed."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from asyncpg import Record

from services.production.domain.gates import PieceGate, SignOffGiven
from services.production.domain.pieces import Piece, PieceState
from services.production.domain.tasks import Task, TaskState
from shared.contracts.production import Performer
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parent.parent / "sql" / "pieces.sql")
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
    *("delivered_at", "stopped_at", "cancel_percent"),
)

T = TypeVar("T")


async def of_commission(tx: Tx, commission: UUID) -> UUID | None:
    """The piece of a commission; there is one today."""
    found: UUID | None = await _QUERIES.of_commission(tx.connection, commission=commission)
    return found


async def commission_of(tx: Tx, piece: UUID) -> UUID | None:
    found: UUID | None = await _QUERIES.commission_of(tx.connection, piece=piece)
    return found


async def lock(tx: Tx, piece: UUID) -> Piece | None:
    """The piece, which nobody else changes until the commit."""
    if await _QUERIES.lock_piece(tx.connection, piece=piece) is None:
        return None
    return await read(tx, piece)


async def read(tx: Tx, piece: UUID) -> Piece | None:
    return next(iter(await pieces(tx, [piece])), None)


async def piece_of_task(tx: Tx, task: UUID) -> UUID | None:
    found: UUID | None = await _QUERIES.piece_of_task(tx.connection, task=task)
    return found


async def board(tx: Tx, maker: UUID | None) -> list[Piece]:
    """The pieces of a maker, or of all, that need work, in the order in which it is due."""
    order = [row["piece"] async for row in _QUERIES.board(tx.connection, maker=maker)]
    found = {piece.piece: piece for piece in await pieces(tx, order)}
    return [found[piece] for piece in order]


async def pieces(tx: Tx, wanted: Sequence[UUID]) -> list[Piece]:
    """These pieces, in no order."""
    rows = [row async for row in _QUERIES.pieces(tx.connection, pieces=wanted)]
    if not rows:
        return []
    tasks = await _of_pieces(_QUERIES.tasks(tx.connection, pieces=wanted), _task)
    gates = await _of_pieces(_QUERIES.gates(tx.connection, pieces=wanted), _gate)
    signed = await _of_pieces(_QUERIES.sign_offs(tx.connection, pieces=wanted), _signed)
    return [_piece(row, tasks, gates, signed) for row in rows]


async def add(tx: Tx, piece: Piece) -> None:
    await _QUERIES.add_piece(
        tx.connection,
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
    await _QUERIES.save_piece(tx.connection, piece=piece.piece, **values)
    await _save_parts(tx, before, piece)


async def board_revision(tx: Tx, maker: UUID | None) -> str:
    text: str = await _QUERIES.board_revision(tx.connection, maker=maker)
    return text


async def piece_revision(tx: Tx, commission: UUID) -> str:
    text: str | None = await _QUERIES.piece_revision(tx.connection, commission=commission)
    return text or ""


async def _save_parts(tx: Tx, before: Piece | None, piece: Piece) -> None:
    """Replaced tasks are saved before their replacements: a piece has one current task, and each sign-off once."""
    known = frozenset(before.tasks) if before else frozenset()
    for task in sorted(set(piece.tasks) - known, key=lambda task: (task.current, task.open, task.place)):
        await _QUERIES.save_task(tx.connection, piece=piece.piece, **asdict(task))
    for marks in set(piece.gates) - set(before.gates if before else ()):
        await _QUERIES.save_gate(tx.connection, piece=piece.piece, **asdict(marks))
    signed_before = frozenset(before.signed) if before else frozenset[SignOffGiven]()
    for gone in signed_before - set(piece.signed):
        await _QUERIES.remove_sign_off(tx.connection, piece=piece.piece, gate=gone.gate, sign_off=gone.sign_off)
    for signed in set(piece.signed) - signed_before:
        await _QUERIES.save_sign_off(tx.connection, piece=piece.piece, **asdict(signed))


async def _of_pieces(rows: AsyncIterator[Record], make: Callable[[Record], T]) -> Mapping[UUID, list[T]]:
    """What was made of these rows, by piece."""
    found: dict[UUID, list[T]] = defaultdict(list)
    async for row in rows:
        found[row["piece"]].append(make(row))
    return found


def _task(row: Record) -> Task:
    return Task(
        **{
            **_own(row),
            "state": TaskState(row["state"]),
            "after": tuple(row["after"]),
            "performer": Performer(row["performer"]),
        }
    )


def _gate(row: Record) -> PieceGate:
    return PieceGate(**_own(row))


def _signed(row: Record) -> SignOffGiven:
    return SignOffGiven(**_own(row))


def _own(row: Record) -> dict[str, Any]:
    """A row's columns without the piece that it is of."""
    return {name: value for name, value in row.items() if name != "piece"}


def _piece(
    row: Record,
    tasks: Mapping[UUID, list[Task]],
    gates: Mapping[UUID, list[PieceGate]],
    signed: Mapping[UUID, list[SignOffGiven]],
) -> Piece:
    piece_id = row["piece"]
    piece = Piece(
        **{**row, "state": PieceState(row["state"])},
        gates=tuple(gates[piece_id]),
        signed=tuple(signed[piece_id]),
    )
    return piece.with_tasks(tasks[piece_id])
