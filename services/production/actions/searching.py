"""Who can have a piece ready first, looked for on all benches, and remembered until something on a bench changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.production.actions.context import ProductionContext
from services.production.domain.known_plans import KnownPlan, PlanPlace
from services.production.domain.makers import Bench, Candidate, best_two, skills_for
from services.production.domain.plan import BenchFullError, Plan, all_work, first_day, plan
from services.production.domain.promises import held_until, last_day_to_decide
from services.production.store import makers as store
from shared.kernel.calendar import WorkingCalendar
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.postgres.database import Tx


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

    async def best_two(self, tx: Tx) -> list[Candidate]:
        """Who can have it ready first, and the second. Nothing is locked."""
        revisions = await store.revisions(tx, skills_for(self.offering))
        found = {maker: self.context.known.of(self._place(maker), revision) for maker, revision in revisions.items()}
        known = [each.candidate for each in found.values() if each is not None and each.candidate is not None]
        changed = [maker for maker, each in found.items() if each is None]
        return best_two([*known, *(await self._plan(tx, changed) if changed else ())])

    async def of_locked(self, tx: Tx, maker: UUID, revision: int) -> Candidate | None:
        """What this maker, whose bench is locked at this revision, can promise."""
        if found := self.context.known.of(self._place(maker), revision):
            return found.candidate
        return next(iter(await self._plan(tx, [maker])), None)

    async def _plan(self, tx: Tx, makers: Collection[UUID]) -> Sequence[Candidate]:
        benches = await store.benches(tx, skills_for(self.offering), makers, today=self.context.today, since=self.begin)
        found = [KnownPlan(bench.revision, self._candidate(bench)) for bench in benches]
        for bench, each in zip(benches, found, strict=True):
            self.context.known.keep(self._place(bench.maker.maker), each)
        return [each.candidate for each in found if each.candidate is not None]

    def _candidate(self, bench: Bench) -> Candidate | None:
        hours = self._hours(bench, bench.maker.calendar(self.context.settings.calendar))
        return Candidate(bench.maker, hours, bench.held_minutes) if hours else None

    def _hours(self, bench: Bench, calendar: WorkingCalendar) -> Plan | None:
        try:
            return plan(all_work(self.offering.making), calendar, bench.taken, self.begin)
        except BenchFullError:
            return None

    def _place(self, maker: UUID) -> PlanPlace:
        made = OfferingKey(self.offering.craft, self.offering.name, self.offering.version)
        return PlanPlace(maker, made, self.context.today, self.begin)
