"""The earliest honest day of an offering, for whoever thinks of asking: worked out now and then, however many ask."""

import asyncio
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from services.production.actions.context import ProductionContext
from services.production.actions.searching import BenchSearch
from services.production.domain.reasons import BenchRefusal
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.store import kept
from shared.postgres.database import Database

GOOD_FOR: Final = timedelta(seconds=20)
"""For so long an answer is given again. It is no promise, and a stranger's question is to cost nobody anything."""
_MOST: Final = 256


@dataclass(frozen=True)
class EarliestDay:
    """`ready_by` is the day that is possible now (P90); None where nobody can make it."""

    ready_by: date | None
    asked_at: datetime


class EarliestDays:
    """The days that were found last, of at most some hundred offerings; each is looked for by one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found: OrderedDict[OfferingKey, EarliestDay] = OrderedDict()
        self._looking: defaultdict[OfferingKey, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, key: OfferingKey, context: ProductionContext) -> EarliestDay:
        """The day that is possible now, or was some seconds ago. Nothing is held, and nobody is locked.

        Raises:
            Problem: not-found, for an offering that is not known here.
        """
        found = self._found.get(key)
        if found is None or context.now - found.asked_at >= GOOD_FOR:
            async with self._looking[key]:
                found = self._found.get(key)
                if found is None or context.now - found.asked_at >= GOOD_FOR:
                    found = await self._look(key, context)
        return found

    async def _look(self, key: OfferingKey, context: ProductionContext) -> EarliestDay:
        try:
            async with self._database.statement() as tx:
                offering = await kept(tx, key)
                if offering is None:
                    raise not_found(BenchRefusal.NO_SUCH_OFFERING)
                best = await BenchSearch.of(offering, context).best_two(tx)
        finally:
            del self._looking[key]
        found = self._found[key] = EarliestDay(best[0].plan.ready_by if best else None, context.now)
        self._found.move_to_end(key)
        while len(self._found) > _MOST:
            self._found.popitem(last=False)
        return found
