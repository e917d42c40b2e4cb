"""The day of a piece is previewed, and its hours are held once it is offered.

All benches are read at once, and only the one that can have it ready first is locked.
"""

from typing import Final

from services.production.actions.context import BENCH, ProductionContext, offering_of
from services.production.actions.promises import held_fact
from services.production.actions.searching import BenchSearch
from services.production.domain.makers import Candidate, skills_for
from services.production.domain.promises import Promise, PromiseState, held_until
from services.production.domain.reasons import BenchRefusal
from services.production.store import makers as maker_store
from services.production.store import promises as store
from shared.contracts.commands.production import (
    HeldPromise,
    HoldOutcome,
    HoldPromise,
    PreviewedPromise,
    PreviewPromise,
)
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.postgres.database import Tx

_TRIES: Final = 4
"""How often the best bench may have been taken by somebody quicker before all of them are locked."""


class _OvertakenError(Exception):
    """Somebody else has taken hours of the bench, and another one is better now."""


async def preview_promise(tx: Tx, command: PreviewPromise, context: ProductionContext) -> PreviewedPromise:
    """The day that is possible now; nothing is held or locked.

    Raises:
        NotYet: the document of the offering is not here yet.
        Problem: conflict, where no maker can make the whole piece.
    """
    offering = await offering_of(tx, OfferingKey.of(command))
    if not (candidates := await BenchSearch.of(offering, context).best_two(tx)):
        raise Problem(ProblemType.CONFLICT, Phrase(BenchRefusal.NO_MAKER, offering=offering.title))
    return _possible(candidates[0])


async def hold_promise(tx: Tx, command: HoldPromise, context: ProductionContext) -> HoldOutcome:
    """Hold the hours of the maker who can have the piece ready first, and publish it; nothing where that is too late.

    A commission that holds a promise keeps it.

    Raises:
        NotYet: the document of the offering is not here yet.
        Problem: conflict, where the commission's making was stopped.
    """
    offering = await offering_of(tx, OfferingKey.of(command))
    if current := await store.current_promise(tx, command.commission):
        return HoldOutcome(held=_already_held(*current))
    candidate = await _lock_best(tx, BenchSearch.of(offering, context))
    if candidate is None:
        return HoldOutcome()
    if command.at_latest is not None and candidate.plan.ready_by > command.at_latest:
        return HoldOutcome(possible=_possible(candidate))
    promise = _promise(command, candidate, offering, context)
    await store.add_promise(tx, promise, candidate.maker.bench)
    tx.touch(BENCH)
    await publish(tx, [held_fact(promise, context.now)])
    held = HeldPromise(
        promise=promise.promise,
        maker=promise.maker,
        ready_by=promise.ready_by,
        ready_by_p50=promise.ready_by_p50,
        held_until=promise.held_until,
    )
    return HoldOutcome(held=held)


async def _lock_best(tx: Tx, search: BenchSearch) -> Candidate | None:
    """Who can have it ready first, with the lock of that bench until the commit; None where nobody can make it."""
    for _ in range(_TRIES):
        if not (candidates := await search.best_two(tx)):
            return None
        try:
            async with tx.connection.transaction():  # given up again, its lock is too
                return await _locked(tx, search, candidates)
        except _OvertakenError:
            continue
    able = await maker_store.revisions(tx, skills_for(search.offering))
    await maker_store.lock_makers(tx, able)
    return next(iter(await search.best_two(tx)), None)


async def _locked(tx: Tx, search: BenchSearch, candidates: list[Candidate]) -> Candidate:
    """The first of these with its lock, and with the hours that are free now: others may have been quicker."""
    first, *second = candidates
    maker = first.maker.maker
    revision = (await maker_store.lock_makers(tx, [maker]))[maker]
    now = await search.of_locked(tx, maker, revision)
    if now is None or any(other.rank < now.rank for other in second):
        raise _OvertakenError
    return now


def _possible(candidate: Candidate) -> PreviewedPromise:
    return PreviewedPromise(ready_by=candidate.plan.ready_by, ready_by_p50=candidate.plan.ready_by_p50)


def _already_held(held: HeldPromise, state: PromiseState) -> HeldPromise:
    if state is PromiseState.STOPPED:
        raise Problem(ProblemType.CONFLICT, BenchRefusal.STOPPED_BEFORE)
    return held


def _promise(command: HoldPromise, candidate: Candidate, offering: Offering, context: ProductionContext) -> Promise:
    hours = candidate.plan
    return Promise(
        promise=context.new_id(),
        commission=command.commission,
        maker=candidate.maker.maker,
        craft=command.craft,
        offering=command.offering,
        offering_version=command.offering_version,
        state=PromiseState.HELD,
        hands_on_minutes=sum(slot.stretch.minutes for slot in hours.slots),
        begins_on=hours.begins_on,
        ready_by=hours.ready_by,
        ready_by_p50=hours.ready_by_p50,
        needed_by=command.needed_by,
        held_at=context.now,
        held_until=held_until(
            context.now, days=offering.making.hold_days, instead=context.settings.hold, zone=context.zone
        ),
        slots=hours.slots,
    )
