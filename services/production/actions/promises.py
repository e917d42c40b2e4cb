"""Promises: hours that are held stay so for longer, are released, and are listed for the bench."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.production.actions.context import BENCH, ProductionContext, offering_of
from services.production.domain.names import BenchNames
from services.production.domain.promises import Promise, PromiseState
from services.production.domain.reasons import BenchRefusal
from services.production.store import names
from services.production.store import promises as store
from shared.auth.roles import Caller, Role
from shared.contracts.commands.command import Done
from shared.contracts.commands.production import ExtendHold, ReleasePromise
from shared.contracts.commissions import CommissionWithdrawn
from shared.contracts.production import PromiseHeld, PromiseReleased
from shared.i18n import SOURCE
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.postgres.database import Tx


async def extend_hold(tx: Tx, command: ExtendHold, context: ProductionContext) -> Done:
    """Hold the hours for longer, and publish it; never for shorter, and only while they are held.

    Raises:
        Problem: not-found, if the commission has no such promise.
    """
    promise = await _lock(tx, command.promise, command.commission)
    if await store.extend(tx, promise.promise, command.held_until):
        tx.touch(BENCH)
        extended = await _lock(tx, command.promise, command.commission)
        await publish(tx, [held_fact(extended, context.now)])
    return Done()


async def release_promise(tx: Tx, command: ReleasePromise, *, now: datetime) -> Done:
    """Release held hours for good, and publish it; booked hours are `StopMaking`'s.

    Raises:
        Problem: not-found, if the commission has no such promise.
    """
    await _lock(tx, command.promise, command.commission)
    if await store.release(tx, command.promise, at=now, reason=command.reason):
        tx.touch(BENCH)
        fact = PromiseReleased(commission=command.commission, promise=command.promise, reason=command.reason, at=now)
        await publish(tx, [fact])
    return Done()


async def record_withdrawal(tx: Tx, withdrawn: CommissionWithdrawn) -> None:
    """Show the withdrawal on the bench's pages; the life cycle's command frees the hours."""
    await store.record_withdrawal(tx, withdrawn.commission, withdrawn.at)
    tx.touch(BENCH)


@dataclass(frozen=True)
class ListedPromise:
    """A promise with the offering that it is of, and what names its customer and the piece."""

    promise: Promise
    offering: Offering
    names: BenchNames

    def stage(self, stage: str) -> str:
        found = self.offering.making.stage(stage)
        return found.title if found else stage


async def read_promises(
    tx: Tx,
    caller: Caller,
    *,
    state: PromiseState | None,
    before: tuple[datetime, UUID] | None = None,
    at_most: int,
    language: str = SOURCE,
) -> Sequence[ListedPromise]:
    """Promises in this state or in any, newest first: a maker's own, all for ops; `before` is the last one's place.

    Their offerings' words are in this language.

    Raises:
        Problem: not-found, for customers.
        NotYet: the document of an offering is not here yet.
    """
    if caller.role not in {Role.MAKER, Role.OPS}:
        raise not_found()
    at, promise = before or (None, None)
    maker = None if caller.role is Role.OPS else caller.person
    found = await store.promises(tx, maker=maker, state=state, before=at, before_promise=promise, at_most=at_most)
    keys = {OfferingKey.of(each) for each in found}
    offerings = {key: (await offering_of(tx, key)).in_language(language) for key in keys}
    named = await names.names(tx, [each.commission for each in found])
    return [ListedPromise(each, offerings[OfferingKey.of(each)], named[each.commission]) for each in found]


async def promises_revision(tx: Tx) -> str:
    """A short text that changes whenever a promise does, or what names it."""
    return await store.revision(tx)


async def _lock(tx: Tx, promise: UUID, commission: UUID) -> Promise:
    found = await store.lock_promise(tx, promise, commission)
    if found is None:
        raise not_found(BenchRefusal.PROMISE_UNKNOWN)
    return found


def held_fact(promise: Promise, now: datetime) -> PromiseHeld:
    """That its hours are held, and until when."""
    return PromiseHeld(
        commission=promise.commission,
        promise=promise.promise,
        maker=promise.maker,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
        held_until=promise.held_until,
        at=now,
    )
