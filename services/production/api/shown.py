"""A piece, its tasks and gates as programs see them. Days are in the studio's zone."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from services.production.actions.board import OnBoard, PiecePage, Ticket
from services.production.domain.gates import missing
from services.production.domain.makers import Maker, MakerState
from services.production.domain.pieces import PieceState
from services.production.domain.tasks import Task, TaskState
from services.production.domain.waiting import WaitsFor
from shared.contracts.production import Mishap


class TaskShown(BaseModel):
    task: UUID
    stage: str
    title: str
    state: TaskState
    rework: bool
    planned_minutes: int
    minutes: int = Field(description="At the bench so far.")
    starts_on: date
    due_on: date
    begun_at: datetime | None
    finished_at: datetime | None


class GateShown(BaseModel):
    gate: str
    title: str
    before: str
    missing: list[str] = Field(description="What is not signed off yet, by the craft's ids.")
    opened_at: datetime | None
    passed_at: datetime | None


class WaitingShown(BaseModel):
    waits_for: WaitsFor
    why: str
    until: date | None


class PieceShown(BaseModel):
    commission: UUID
    promise: UUID
    maker: UUID
    craft: str
    craft_version: int
    title: str
    state: PieceState
    brief_version: int
    ready_by: date
    needed_by: date | None
    paused: bool
    waiting: WaitingShown | None
    tasks: list[TaskShown]
    gates: list[GateShown]
    paid: bool
    carrier: str | None
    tracking: str | None
    cancel_percent: int | None


class BoardShown(BaseModel):
    items: list[PieceShown]


class SignOffShown(BaseModel):
    id: str
    title: str


class CheckAsked(BaseModel):
    """`low` to `high` in `unit` is allowed; without them it is a matter of yes or no."""

    check: str
    title: str
    method: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None


class AnswerShown(BaseModel):
    field: str
    label: str
    shown: str


class NoteShown(BaseModel):
    """`body` is None once it was erased."""

    note: UUID
    body: str | None
    written_at: datetime


class TicketShown(BaseModel):
    task: TaskShown
    piece: PieceShown
    brief: list[AnswerShown]
    may_begin: bool
    signs: list[SignOffShown] = Field(description="What is signed off by beginning.")
    checks: list[CheckAsked] = Field(description="The quality checklist, for the last task.")
    notes: list[NoteShown]


class CheckShown(BaseModel):
    check: str
    measured: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    met: bool
    checked_at: datetime


class MishapShown(BaseModel):
    mishap: UUID
    kind: Mishap
    back_to: str | None
    reported_at: datetime


class WholePieceShown(BaseModel):
    piece: PieceShown
    serial: str | None
    checks: list[CheckShown]
    notes: list[NoteShown]
    mishaps: list[MishapShown]


class MakerShown(BaseModel):
    """`week` are the minutes of Monday to Sunday, None for the studio's usual hours."""

    maker: UUID
    bench: int
    name: str
    state: MakerState
    skills: list[str]
    week: list[int] | None
    days_off: list[date]


def show_piece(shown: OnBoard) -> PieceShown:
    piece, waits = shown.piece, shown.waiting
    return PieceShown(
        commission=piece.commission,
        promise=piece.promise,
        maker=piece.maker,
        craft=piece.craft,
        craft_version=piece.craft_version,
        title=shown.craft.title,
        state=piece.state,
        brief_version=piece.brief_version,
        ready_by=piece.ready_by,
        needed_by=piece.needed_by,
        paused=piece.paused_at is not None,
        waiting=WaitingShown(waits_for=waits.waits_for, why=waits.why, until=waits.until) if waits else None,
        tasks=[_task(shown, task) for task in piece.tasks],
        gates=_gates(shown),
        paid=piece.paid_at is not None,
        carrier=piece.carrier,
        tracking=piece.tracking,
        cancel_percent=piece.cancel_percent,
    )


def show_ticket(ticket: Ticket) -> TicketShown:
    answers = ticket.brief.answers if ticket.brief else ()
    return TicketShown(
        task=_task(ticket, ticket.task),
        piece=show_piece(ticket),
        brief=[AnswerShown(field=each.field, label=ticket.label(each.field), shown=each.shown) for each in answers],
        may_begin=ticket.may_begin,
        signs=[SignOffShown(id=each.id, title=each.title) for each in ticket.signs],
        checks=_checks(ticket) if ticket.last(ticket.task) else [],
        notes=[NoteShown(note=each.note, body=each.body, written_at=each.written_at) for each in ticket.notes],
    )


def show_whole_piece(page: PiecePage) -> WholePieceShown:
    return WholePieceShown(
        piece=show_piece(page),
        serial=page.serial,
        checks=[
            CheckShown(
                check=each.check_id,
                measured=each.measured,
                low=each.low,
                high=each.high,
                unit=each.unit,
                met=each.met,
                checked_at=each.checked_at,
            )
            for each in page.checks
        ],
        notes=[NoteShown(note=each.note, body=each.body, written_at=each.written_at) for each in page.notes],
        mishaps=[
            MishapShown(mishap=each.mishap, kind=each.kind, back_to=each.back_to, reported_at=each.reported_at)
            for each in page.mishaps
        ],
    )


def show_maker(maker: Maker) -> MakerShown:
    return MakerShown(
        maker=maker.maker,
        bench=maker.bench,
        name=maker.name,
        state=maker.state,
        skills=sorted(maker.skills),
        week=list(maker.week) if maker.week else None,
        days_off=sorted(maker.days_off),
    )


def _task(shown: OnBoard, task: Task) -> TaskShown:
    return TaskShown(
        task=task.task,
        stage=task.stage,
        title=shown.stage(task).title,
        state=task.state,
        rework=task.rework,
        planned_minutes=task.planned_minutes,
        minutes=task.minutes,
        starts_on=task.starts_on,
        due_on=task.due_on,
        begun_at=task.begun_at,
        finished_at=task.finished_at,
    )


def _gates(shown: OnBoard) -> list[GateShown]:
    return [
        GateShown(
            gate=gate.id,
            title=gate.title,
            before=gate.before,
            missing=[each.id for each in missing(gate, shown.piece.signed)],
            opened_at=None if missing(gate, shown.piece.signed) else shown.piece.marks(gate.id).opened_at,
            passed_at=shown.piece.marks(gate.id).passed_at,
        )
        for gate in shown.craft.gates
    ]


def _checks(ticket: Ticket) -> list[CheckAsked]:
    return [
        CheckAsked(
            check=asked.check.id,
            title=asked.check.title,
            method=asked.check.method,
            low=asked.allowed.low if asked.allowed else None,
            high=asked.allowed.high if asked.allowed else None,
            unit=asked.allowed.unit if asked.allowed else None,
        )
        for asked in ticket.checks
    ]
