"""A piece, its tasks and gates as JSON. Days are in the studio's zone."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from services.production.actions.board import BoardPiece, JobTicket, PieceDetails
from services.production.domain.blockers import BlockerKind
from services.production.domain.gates import missing
from services.production.domain.makers import Maker, MakerState
from services.production.domain.pieces import PieceState
from services.production.domain.tasks import Task, TaskState
from shared.contracts.briefs import BriefAnswer
from shared.contracts.commissions import DeliveryWay
from shared.contracts.production import Mishap, MishapCause
from shared.i18n import Reader
from shared.offerings.spoken import named, spoken
from shared.web.responses import BriefAnswerRead, MessageRead, ResponseModel
from shared.web.tracking import tracking_page


class TaskRead(BaseModel):
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


class GateRead(BaseModel):
    gate: str
    title: str
    before: str
    missing: list[str] = Field(description="What is not signed off yet, by the offering's ids.")
    opened_at: datetime | None
    passed_at: datetime | None


class BlockerRead(BaseModel):
    kind: BlockerKind
    why: str
    until: date | None


class AddresseeRead(ResponseModel):
    """To whom a piece goes, as far as it is known; `country` is an ISO 3166 code.

    `way` is null until somebody has chosen; a piece that is collected has no address.
    """

    name: str | None
    country: str | None
    way: DeliveryWay | None
    street: str | None
    extra: str | None
    postcode: str | None
    city: str | None
    phone: str | None


class MeasureRead(BaseModel):
    title: str
    value: Decimal
    unit: str


class PieceRead(BaseModel):
    piece: UUID
    commission: UUID
    promise: UUID
    maker: UUID
    craft: str
    offering: str
    offering_version: int
    title: str
    named: str = Field(description="What is made, in a few words.")
    ordered: list[BriefAnswerRead] = Field(description="The answers that say what is made; nothing written freely.")
    measures: list[MeasureRead] = Field(description="What the maker goes by at the piece's next step.")
    customer_first_name: str | None = Field(description="Null until it is here, and once it was erased.")
    customer_erased: bool
    deliver_to: AddresseeRead | None = Field(description="From packing to delivery.")
    address_changed: bool = Field(description="It is packed for another address than was chosen last.")
    state: PieceState
    brief_version: int
    ready_by: date
    needed_by: date | None
    paused: bool
    blocker: BlockerRead | None
    tasks: list[TaskRead]
    gates: list[GateRead]
    paid: bool
    carrier: str | None
    tracking: str | None
    tracking_page: str | None = Field(description="Where the carrier shows the parcel, if it has such a page.")
    cancel_percent: int | None
    missed_at: datetime | None = Field(description="When it was said that the parcel has not come.")
    claim: str | None = Field(description="The carrier's reference of the claim for it.")
    images: list[UUID] = Field(
        description="Reference pictures: intake's, at `/commissions/{commission}/images/{image}`."
    )
    unread: int = Field(description="How many messages of others you have not read.")


class BoardRead(BaseModel):
    items: list[PieceRead]
    skilled: bool = Field(description="Whether you have any skills set, so that pieces can be promised.")


class SignOffRead(BaseModel):
    id: str
    title: str


class ChecklistItemRead(BaseModel):
    """`low` to `high` in `unit` is allowed; without them it is a matter of yes or no."""

    check: str
    title: str
    method: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None


class NoteRead(ResponseModel):
    """`body` is None once it was erased."""

    note: UUID
    body: str | None
    written_at: datetime
    shown_from: datetime = Field(description="When the customer begins to read it.")
    published_at: datetime | None = Field(description="Until then it can be withdrawn.")


class JobTicketRead(BaseModel):
    task: TaskRead
    piece: PieceRead
    brief: list[BriefAnswerRead]
    may_start: bool
    signs: list[SignOffRead] = Field(description="What is signed off by beginning.")
    checks: list[ChecklistItemRead] = Field(description="The quality checklist, for the last task.")
    notes: list[NoteRead]
    messages: list[MessageRead] = Field(description="The newest, oldest first; all are intake's.")


class CheckRead(BaseModel):
    check: str
    measured: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    met: bool
    checked_at: datetime


class MishapRead(ResponseModel):
    """`words` are for the bench and the studio; null once they were erased."""

    mishap: UUID
    stage: str
    kind: Mishap
    back_to: str | None
    cause: MishapCause | None
    words: str | None
    reported_at: datetime
    undone_at: datetime | None = Field(description="It was reported by mistake, and does not count.")


class MishapPreviewRead(BaseModel):
    """Days are in the studio's zone; `ready_by_now` is the day that is planned without the mishap."""

    next_stage: str
    ready_by: date
    ready_by_now: date
    needed_by: date | None


class PieceDetailsRead(BaseModel):
    piece: PieceRead
    serial: str | None
    checks: list[CheckRead]
    notes: list[NoteRead]
    mishaps: list[MishapRead]
    messages: list[MessageRead]


class MakerRead(BaseModel):
    """`week` are the minutes of Monday to Sunday, None for the studio's usual hours."""

    maker: UUID
    bench: int
    name: str
    state: MakerState
    skills: list[str]
    week: list[int] | None
    days_off: list[date]


def piece_read(shown: BoardPiece, reader: Reader) -> PieceRead:
    piece, waits = shown.piece, shown.blocker
    return PieceRead(
        piece=piece.piece,
        commission=piece.commission,
        promise=piece.promise,
        maker=piece.maker,
        craft=piece.craft,
        offering=piece.offering,
        offering_version=piece.offering_version,
        title=shown.offering.title,
        named=named(shown.offering, shown.names.answers, reader),
        ordered=[_answer(shown, each, reader) for each in shown.ordered],
        measures=_measures(shown),
        customer_first_name=shown.names.first_name or None,
        customer_erased=shown.names.erased,
        address_changed=shown.address_changed,
        deliver_to=AddresseeRead.model_validate(shown.deliver_to) if shown.deliver_to else None,
        state=piece.state,
        brief_version=piece.brief_version,
        ready_by=piece.ready_by,
        needed_by=piece.needed_by,
        paused=piece.paused_at is not None,
        blocker=BlockerRead(kind=waits.kind, why=reader.label(waits.why), until=waits.until) if waits else None,
        tasks=[_task(shown, task) for task in piece.tasks],
        gates=_gates(shown),
        paid=piece.paid_at is not None,
        carrier=piece.carrier,
        tracking=piece.tracking,
        tracking_page=tracking_page(piece.carrier, piece.tracking),
        cancel_percent=piece.cancel_percent,
        missed_at=piece.missed_at,
        claim=piece.claim,
        images=list(shown.images),
        unread=shown.unread,
    )


def job_ticket_read(ticket: JobTicket, reader: Reader) -> JobTicketRead:
    answers = ticket.brief.answers if ticket.brief else ()
    return JobTicketRead(
        task=_task(ticket, ticket.task),
        piece=piece_read(ticket, reader),
        brief=[_answer(ticket, each, reader) for each in answers],
        may_start=ticket.may_start,
        signs=[SignOffRead(id=each.id, title=each.title) for each in ticket.signs],
        checks=_checks(ticket) if ticket.last(ticket.task) else [],
        notes=[NoteRead.model_validate(each) for each in ticket.notes],
        messages=[MessageRead.of(each) for each in ticket.conversation.messages],
    )


def piece_details_read(page: PieceDetails, reader: Reader) -> PieceDetailsRead:
    return PieceDetailsRead(
        piece=piece_read(page, reader),
        serial=page.serial,
        checks=[
            CheckRead(
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
        notes=[NoteRead.model_validate(each) for each in page.notes],
        mishaps=[MishapRead.model_validate(each) for each in page.mishaps],
        messages=[MessageRead.of(each) for each in page.conversation.messages],
    )


def maker_read(maker: Maker) -> MakerRead:
    return MakerRead(
        maker=maker.maker,
        bench=maker.bench,
        name=maker.name,
        state=maker.state,
        skills=sorted(maker.skills),
        week=list(maker.week) if maker.week else None,
        days_off=sorted(maker.days_off),
    )


def _answer(shown: BoardPiece, answer: BriefAnswer, reader: Reader) -> BriefAnswerRead:
    said = spoken(shown.offering, answer, reader)
    return BriefAnswerRead(field=answer.field, value=answer.value, label=shown.label(answer.field), shown=said)


def _measures(shown: BoardPiece) -> list[MeasureRead]:
    current = shown.piece.current
    found = shown.measures(current) if current else ()
    return [MeasureRead(title=title, value=each.value, unit=each.unit) for title, each in found]


def _task(shown: BoardPiece, task: Task) -> TaskRead:
    return TaskRead(
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


def _gates(shown: BoardPiece) -> list[GateRead]:
    return [
        GateRead(
            gate=gate.id,
            title=gate.title,
            before=gate.before,
            missing=[each.id for each in missing(gate, shown.piece.signed)],
            opened_at=None if missing(gate, shown.piece.signed) else shown.piece.marks(gate.id).opened_at,
            passed_at=shown.piece.marks(gate.id).passed_at,
        )
        for gate in shown.offering.gates
    ]


def _checks(ticket: JobTicket) -> list[ChecklistItemRead]:
    return [
        ChecklistItemRead(
            check=asked.check.id,
            title=asked.check.title,
            method=asked.check.method,
            low=asked.allowed.low if asked.allowed else None,
            high=asked.allowed.high if asked.allowed else None,
            unit=asked.allowed.unit if asked.allowed else None,
        )
        for asked in ticket.checks
    ]
