"""Promises: a maker's hours are held, given back, and shown to the bench."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.production.domain.plan import first_day, plan
from services.production.domain.promise import Bench, Promise, PromiseState, held_until, last_day_to_decide
from services.production.settings import Settings
from services.production.store import promises as store
from shared.auth.roles import Caller, Role
from shared.contracts.commands.command import Done
from shared.contracts.commands.production import HeldPromise, HoldPromise, ReleasePromise
from shared.contracts.commissions import CommissionWithdrawn
from shared.contracts.production import PromiseHeld, PromiseReleased
from shared.crafts.model import Craft
from shared.crafts.store import kept
from shared.kernel.ids import Ids
from shared.kernel.problems import NotYet, not_found
from shared.outbox import stage
from shared.postgres.database import Tx

BENCH = "bench"
"""The key that is touched whenever a promise changes: it wakes the bench's page."""


async def hold_promise(tx: Tx, command: HoldPromise, *, new_id: Ids, now: datetime, settings: Settings) -> HeldPromise:
    """Hold the first free hours for a piece of this craft, and tell; a commission that holds a promise keeps it.

    Raises:
        NotYet: the document of the craft is not here yet.
    """
    craft = await kept(tx, command.craft, command.craft_version)
    if craft is None:
        raise NotYet(f"{command.craft} version {command.craft_version} comes with a newer release", retry_after=10)
    bench = await store.lock_bench(tx)
    if held := await store.held_promise(tx, command.commission):
        return held
    promise = await _promise(tx, command, bench, craft, new_id=new_id, now=now, settings=settings)
    await store.add_promise(tx, promise, bench.bench)
    tx.touch(BENCH)
    await stage(tx, [_held(promise)])
    return HeldPromise(
        promise=promise.promise, maker=promise.maker, ready_by=promise.ready_by, held_until=promise.held_until
    )


async def release_promise(tx: Tx, command: ReleasePromise, *, now: datetime) -> Done:
    """Give the hours back for good, and tell; a promise that was released stays so.

    Raises:
        Problem: not-found, if the commission has no such promise.
    """
    if not await store.promise_known(tx, command.promise, command.commission):
        raise not_found("This commission has no such promise.")
    if await store.release(tx, command.promise, at=now, reason=command.reason):
        tx.touch(BENCH)
        fact = PromiseReleased(commission=command.commission, promise=command.promise, reason=command.reason, at=now)
        await stage(tx, [fact])
    return Done()


async def hear_of_withdrawal(tx: Tx, withdrawn: CommissionWithdrawn) -> None:
    """Let the bench see it at once; the hours are freed by the life cycle's command."""
    await store.record_withdrawal(tx, withdrawn.commission, withdrawn.at)
    tx.touch(BENCH)


@dataclass(frozen=True)
class BenchPage:
    """Some promises, and the titles of their crafts and stages, by (craft, version) and stage."""

    promises: Sequence[Promise]
    crafts: Mapping[tuple[str, int], Craft]

    def craft(self, promise: Promise) -> str:
        found = self.crafts.get((promise.craft, promise.craft_version))
        return found.title if found else promise.craft

    def stage(self, promise: Promise, stage: str) -> str:
        craft = self.crafts.get((promise.craft, promise.craft_version))
        found = craft.making.stage(stage) if craft else None
        return found.title if found else stage


async def read_promises(
    tx: Tx,
    caller: Caller,
    *,
    state: PromiseState | None,
    before: tuple[datetime, UUID] | None = None,
    at_most: int,
) -> BenchPage:
    """Promises in this state or in any, newest first, for makers and ops; `before` is the place of the last one read.

    Raises:
        Problem: not-found, for customers.
    """
    if caller.role not in {Role.MAKER, Role.OPS}:
        raise not_found()
    at, promise = before or (None, None)
    found = await store.promises(tx, state=state, before=at, before_promise=promise, at_most=at_most)
    versions = {(each.craft, each.craft_version) for each in found}
    crafts = {version: craft for version in versions if (craft := await kept(tx, *version))}
    return BenchPage(found, crafts)


async def bench_revision(tx: Tx) -> str:
    """A short text that changes whenever a promise does."""
    return await store.revision(tx)


async def _promise(
    tx: Tx, command: HoldPromise, bench: Bench, craft: Craft, *, new_id: Ids, now: datetime, settings: Settings
) -> Promise:
    zone = ZoneInfo(settings.studio_zone)
    until = held_until(now, days=craft.making.hold_days, instead=settings.hold, zone=zone)
    begin = first_day(last_day_to_decide(until, zone), craft.making, settings.calendar)
    hours = plan(craft.making, settings.calendar, await store.taken(tx, bench.bench, begin), begin)
    return Promise(
        promise=new_id(),
        commission=command.commission,
        maker=bench.maker,
        craft=command.craft,
        craft_version=command.craft_version,
        state=PromiseState.HELD,
        hands_on_minutes=sum(slot.stretch.minutes for slot in hours.slots),
        begins_on=hours.begins_on,
        ready_by=hours.ready_by,
        needed_by=command.needed_by,
        held_at=now,
        held_until=until,
        slots=hours.slots,
    )


def _held(promise: Promise) -> PromiseHeld:
    return PromiseHeld(
        commission=promise.commission,
        promise=promise.promise,
        maker=promise.maker,
        ready_by=promise.ready_by,
        held_until=promise.held_until,
        at=promise.held_at,
    )
