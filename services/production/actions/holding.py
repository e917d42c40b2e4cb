"""The day of a piece is previewed, and its hours are held once it is offered.

All benches are read at once, and only the one that can have it ready first is locked.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.production.actions.context import BENCH, ProductionContext, offering_of
from services.production.actions.promises import held_fact
from services.production.domain.makers import Bench, Candidate, best_two, skills_for
from services.production.domain.plan import BenchFullError, Plan, all_work, first_day, plan_before
from services.production.domain.promises import Promise, PromiseState, held_until, last_day_to_decide
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


@dataclass(frozen=True)
class BenchSearch:
    """What is looked for on the benches: room for an offering from the day on which its work can begin."""

    offering: Offering
    context: ProductionContext
    begin: date

    @classmethod
    def of(cls, offering: Offering, context: ProductionContext) -> "BenchSearch":
        """Work begins when the material can be here, if the customer says yes on the last day."""
        hold = context.settings.hold
        until = held_until(context.now, days=offering.making.hold_days, instead=hold, zone=context.zone)
        last = last_day_to_decide(until, context.zone)
        return cls(offering, context, first_day(last, offering.making, context.settings.calendar))

    async def best_two(self, tx: Tx, maker: UUID | None = None) -> list[Candidate]:
        """Who can have it ready first, and the second; or what this maker can promise. Nothing is locked."""
        skills, today = skills_for(self.offering), self.context.today
        return best_two(
            await maker_store.benches(tx, skills, today=today, since=self.begin, maker=maker), self._plan_on
        )

    def _plan_on(self, bench: Bench, end: date | None) -> Plan | None:
        calendar = bench.maker.calendar(self.context.settings.calendar)
        try:
            return plan_before(end, all_work(self.offering.making), calendar, bench.taken, self.begin)
        except BenchFullError:
            return None


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
    benches = await maker_store.benches(tx, skills_for(search.offering), today=search.begin, since=search.begin)
    await maker_store.lock_makers(tx, [bench.maker.maker for bench in benches])
    return next(iter(await search.best_two(tx)), None)


async def _locked(tx: Tx, search: BenchSearch, candidates: list[Candidate]) -> Candidate:
    """The first of these with its lock, and with the hours that are free now: others may have been quicker."""
    first, *second = candidates
    await maker_store.lock_makers(tx, [first.maker.maker])
    now = await search.best_two(tx, first.maker.maker)
    if not now or any(other.rank < now[0].rank for other in second):
        raise _OvertakenError
    return now[0]


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
