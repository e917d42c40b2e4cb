"""Booking: held hours become the commission's for good, and the bench gets its tasks."""

from dataclasses import replace
from uuid import UUID

from services.production.actions import journal
from services.production.actions.context import BENCH, ProductionContext, chosen, offering_of
from services.production.actions.gates import reach
from services.production.actions.planning import lock_maker
from services.production.domain.gates import customer_signs, in_order
from services.production.domain.pieces import Piece, PieceState
from services.production.domain.plan import Slot, Span, all_work, first_day, plan, pull_forward, without
from services.production.domain.promises import Promise, PromiseState
from services.production.domain.reasons import BenchRefusal
from services.production.domain.tasks import Task, TaskState, performer
from services.production.store import pieces, records
from services.production.store import promises as store
from shared.certificates.journal import JournalEntryKind
from shared.contracts.commands.production import BookedPromise, BookPromise, PlannedGate
from shared.contracts.fact import Fact
from shared.contracts.production import PieceReplanned, PromiseBooked, Replanned
from shared.kernel.problems import NotYet, Problem, ProblemType, not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.postgres.database import Tx


async def book_promise(tx: Tx, command: BookPromise, context: ProductionContext) -> BookedPromise:
    """Book held hours and publish it, pulled forward to the first free ones from when the material can be here.

    A promise whose first day is before that is planned again, and may be later than promised.

    Booking what is booked changes nothing.

    Raises:
        NotYet: the brief of that version is not here yet.
        Problem: not-found; conflict, if the promise is over.
    """
    promise = await store.lock_promise(tx, command.promise, command.commission)
    if promise is None:
        raise not_found(BenchRefusal.PROMISE_UNKNOWN)
    offering = await offering_of(tx, OfferingKey.of(promise))
    if promise.state in {PromiseState.BOOKED, PromiseState.DONE}:
        return _booked(await _piece_of(tx, command.commission), promise, offering)
    if promise.state is not PromiseState.HELD:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.HOURS_RELEASED)
    await brief_known(tx, command.commission, command.brief_version)
    piece_id = context.new_id()
    booked, late = await _in_time(tx, promise, piece_id, offering, context)
    await _book(tx, booked)
    piece, reached = reach(_piece(piece_id, booked, command.brief_version, offering, context), offering, context)
    await pieces.add(tx, piece)
    await journal.open_journal(tx, piece.piece, piece.commission)
    await journal.write(
        tx,
        piece.piece,
        JournalEntryKind.PROMISE_BOOKED,
        at=context.now,
        by=None,
        maker=piece.maker,
        craft=piece.craft,
        offering=piece.offering,
        offering_version=piece.offering_version,
        choices=await chosen(tx, piece),
    )
    tx.touch(BENCH)
    tx.touch(command.commission)
    await publish(tx, [_booked_fact(piece_id, booked, context), *late, *reached])
    return _booked(piece_id, booked, offering)


async def _piece_of(tx: Tx, commission: UUID) -> UUID:
    """The piece of a commission whose hours are booked."""
    found = await pieces.of_commission(tx, commission)
    if found is None:
        raise LookupError(f"the booked commission {commission} has no piece")
    return found


async def brief_known(tx: Tx, commission: UUID, brief_version: int) -> None:
    """Raises NotYet until this version of the brief, or a later one, is here."""
    brief = await records.brief(tx, commission)
    if brief is None or brief.brief_version < brief_version:
        raise NotYet(BenchRefusal.BRIEF_ON_ITS_WAY)


async def _in_time(
    tx: Tx, promise: Promise, piece_id: UUID, offering: Offering, context: ProductionContext
) -> tuple[Promise, list[Fact]]:
    """The promise with the first hours that are free from the day on which the material can be here.

    They are never later than promised, unless its own first day has passed.
    """
    begin = first_day(context.today, offering.making, context.settings.calendar)
    maker = await lock_maker(tx, promise.maker)
    calendar, work = maker.calendar(context.settings.calendar), all_work(offering.making)
    taken = without(await store.taken(tx, maker.bench, begin), promise.slots)
    late = promise.begins_on < begin
    found = plan(work, calendar, taken, begin) if late else pull_forward(promise, work, calendar, taken, begin)
    if found is None:
        return promise, []
    await store.free_all_hours(tx, promise.promise)
    await store.hold_hours(tx, promise.promise, maker.bench, found.slots)
    booked = replace(
        promise, begins_on=found.begins_on, ready_by=found.ready_by, ready_by_p50=found.ready_by_p50, slots=found.slots
    )
    return booked, [_late(promise, booked, piece_id, context)] if late else []


def _late(promise: Promise, booked: Promise, piece_id: UUID, context: ProductionContext) -> PieceReplanned:
    return PieceReplanned(
        commission=promise.commission,
        piece=piece_id,
        promise=promise.promise,
        maker=promise.maker,
        ready_by=booked.ready_by,
        ready_by_p50=booked.ready_by_p50,
        before=promise.ready_by,
        reason=Replanned.LATE_START,
        at=context.now,
    )


async def _book(tx: Tx, promise: Promise) -> None:
    await store.move(
        tx,
        promise.promise,
        state=PromiseState.BOOKED,
        maker=promise.maker,
        begins_on=promise.begins_on,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
    )


def _piece(
    piece_id: UUID, promise: Promise, brief_version: int, offering: Offering, context: ProductionContext
) -> Piece:
    piece = Piece(
        piece=piece_id,
        commission=promise.commission,
        promise=promise.promise,
        maker=promise.maker,
        craft=promise.craft,
        offering=promise.offering,
        offering_version=promise.offering_version,
        state=PieceState.MAKING,
        brief_version=brief_version,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
        needed_by=promise.needed_by,
        booked_at=context.now,
    )
    return piece.with_tasks(_tasks(promise, offering, context))


def _tasks(promise: Promise, offering: Offering, context: ProductionContext) -> list[Task]:
    """One task for each stage; the first one is ready, whatever has to be signed off before it."""
    tasks: list[Task] = []
    span = Span(promise.begins_on, promise.begins_on)
    for place, each in enumerate(offering.making.stages):
        span = _span(promise.slots, each.id) or Span(span.ends_on, span.ends_on)
        state = TaskState.PENDING if place else TaskState.READY
        tasks.append(
            Task(
                task=context.new_id(),
                stage=each.id,
                place=place,
                state=state,
                planned_minutes=each.hands_on_minutes,
                starts_on=span.begins_on,
                due_on=span.ends_on,
                after=offering.making.predecessors(each.id),
                performer=performer(each),
            )
        )
    return tasks


def _span(slots: tuple[Slot, ...], stage_id: str) -> Span | None:
    days = [slot.day for slot in slots if slot.stage == stage_id]
    return Span(min(days), max(days)) if days else None


def _booked_fact(piece_id: UUID, promise: Promise, context: ProductionContext) -> PromiseBooked:
    return PromiseBooked(
        commission=promise.commission,
        piece=piece_id,
        promise=promise.promise,
        maker=promise.maker,
        begins_on=promise.begins_on,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
        at=context.now,
    )


def _booked(piece_id: UUID, promise: Promise, offering: Offering) -> BookedPromise:
    gates = tuple(
        PlannedGate(gate=gate.id, before=gate.before, customer_signs=customer_signs(gate))
        for gate in in_order(offering)
    )
    return BookedPromise(
        piece=piece_id,
        maker=promise.maker,
        begins_on=promise.begins_on,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
        gates=gates,
    )
