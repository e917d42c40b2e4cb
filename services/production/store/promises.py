"""Promises and the hours that they hold."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from services.production.domain.plan import BusyMinutes, Slot, Stretch
from services.production.domain.promises import Promise, PromiseState
from shared.contracts.commands.production import HeldPromise
from shared.contracts.production import PromiseEnd
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parent.parent / "sql" / "queries.sql")


async def taken(tx: Tx, bench: int, since: date) -> BusyMinutes:
    days: dict[date, list[Stretch]] = defaultdict(list)
    for day, begin, end in await _QUERIES.taken.rows(tx, tuple[date, int, int], bench=bench, since=since):
        days[day].append(Stretch(begin, end))
    return days


async def current_promise(tx: Tx, commission: UUID) -> tuple[HeldPromise, PromiseState] | None:
    """The promise of a commission, unless it was released, with its state."""
    row = await _QUERIES.current_promise.row_or_none(tx, Row, commission=commission)
    return (made(HeldPromise, row), made(PromiseState, row["state"])) if row else None


async def add_promise(tx: Tx, promise: Promise, bench: int) -> None:
    """Add a held promise with its hours."""
    await _QUERIES.add_promise.run(
        tx,
        promise=promise.promise,
        commission=promise.commission,
        maker=promise.maker,
        craft=promise.craft,
        offering=promise.offering,
        offering_version=promise.offering_version,
        hands_on_minutes=promise.hands_on_minutes,
        begins_on=promise.begins_on,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
        needed_by=promise.needed_by,
        held_at=promise.held_at,
        held_until=promise.held_until,
    )
    await hold_hours(tx, promise.promise, bench, promise.slots)


async def lock_promise(tx: Tx, promise: UUID, commission: UUID) -> Promise | None:
    """A commission's promise with its hours, which nobody else changes until the commit."""
    found = await _QUERIES.lock_promise.row_or_none(tx, Promise, promise=promise, commission=commission)
    return replace(found, slots=(await _hours(tx, [promise]))[promise]) if found else None


async def promised(tx: Tx, commission: UUID) -> bool:
    return await _QUERIES.promised.value(tx, bool, commission=commission)


async def extend(tx: Tx, promise: UUID, held_until: datetime) -> bool:
    """Whether it is held for longer now."""
    return await _QUERIES.extend.value_or_none(tx, UUID, promise=promise, held_until=held_until) is not None


async def move(
    tx: Tx, promise: UUID, *, state: PromiseState, maker: UUID, begins_on: date, ready_by: date, ready_by_p50: date
) -> None:
    await _QUERIES.move.run(
        tx,
        promise=promise,
        state=state,
        maker=maker,
        begins_on=begins_on,
        ready_by=ready_by,
        ready_by_p50=ready_by_p50,
    )


async def finish(tx: Tx, promise: UUID, state: PromiseState) -> None:
    """The piece is made, or it is made no further."""
    await _QUERIES.finish.run(tx, promise=promise, state=state)


async def hold_hours(tx: Tx, promise: UUID, bench: int, slots: Sequence[Slot]) -> None:
    """Hold minutes of a bench. Raises asyncpg's ExclusionViolationError where they are taken."""
    await _QUERIES.hold_hours.run(
        tx,
        promise=promise,
        bench=bench,
        stages=[slot.stage for slot in slots],
        days=[slot.day for slot in slots],
        begins=[slot.stretch.begin for slot in slots],
        ends=[slot.stretch.end for slot in slots],
    )


async def free_hours(tx: Tx, promise: UUID, stages: Sequence[str], since: date | None = None) -> None:
    await _QUERIES.free_hours.run(tx, promise=promise, stages=stages, since=since)


async def free_all_hours(tx: Tx, promise: UUID) -> None:
    await _QUERIES.free_all_hours.run(tx, promise=promise)


async def slots(tx: Tx, promise: UUID) -> tuple[Slot, ...]:
    """The hours that a promise holds, in their order."""
    return (await _hours(tx, [promise]))[promise]


async def release(tx: Tx, promise: UUID, *, at: datetime, reason: PromiseEnd) -> bool:
    """Whether it was held until now; its hours are free."""
    return await _QUERIES.release.value_or_none(tx, UUID, promise=promise, at=at, reason=reason) is not None


async def record_withdrawal(tx: Tx, commission: UUID, withdrawn_at: datetime) -> None:
    await _QUERIES.record_withdrawal.run(tx, commission=commission, withdrawn_at=withdrawn_at)


async def promises(
    tx: Tx,
    *,
    maker: UUID | None,
    state: PromiseState | None,
    before: datetime | None = None,
    before_promise: UUID | None = None,
    at_most: int,
) -> list[Promise]:
    """Promises of this maker or of all, newest first, with their hours while they are held."""
    place = {"before": before, "before_promise": before_promise}
    found = await _QUERIES.promises.rows(tx, Promise, maker=maker, state=state, at_most=at_most, **place)
    hours = await _hours(tx, [each.promise for each in found])
    return [replace(each, slots=hours[each.promise]) for each in found]


async def revision(tx: Tx) -> str:
    return await _QUERIES.revision.value(tx, str)


class _HeldRow(NamedTuple):
    promise: UUID
    stage: str
    day: date
    begin_minute: int
    end_minute: int


async def _hours(tx: Tx, wanted: Sequence[UUID]) -> Mapping[UUID, tuple[Slot, ...]]:
    hours: dict[UUID, tuple[Slot, ...]] = defaultdict(tuple)
    for promise, stage, day, begin, end in await _QUERIES.hours.rows(tx, _HeldRow, promises=wanted):
        hours[promise] += (Slot(stage, day, Stretch(begin, end)),)
    return hours
