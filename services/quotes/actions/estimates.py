"""The price range of an offering, for whoever thinks of asking: worked out once for the same answers."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, TypeAlias

from services.quotes.domain.estimate import PriceRange, estimate, known_answers
from services.quotes.domain.reasons import QuoteReason
from services.quotes.domain.vat import Vat, VatRules
from shared.kernel.countries import COUNTRIES
from shared.kernel.money import VatRounding
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.pricing import BriefMismatchError
from shared.offerings.store import kept
from shared.postgres.database import Database

_MOST: Final = 1024
_Key: TypeAlias = tuple[OfferingKey, Vat, tuple[tuple[str, str], ...]]


class Estimates:
    """The ranges that were worked out last: of one version of an offering they never change while this process runs."""

    def __init__(self, database: Database, rules: VatRules, rounding: VatRounding) -> None:
        self._database = database
        self._rules = rules
        self._rounding = rounding
        self._found: OrderedDict[_Key, PriceRange | None] = OrderedDict()

    async def of(self, key: OfferingKey, typed: Mapping[str, str], country: str | None) -> PriceRange | None:
        """The range for these answers and this country of delivery; None where somebody has to look at it.

        Raises:
            Problem: not-found, for an offering that is not known here.
        """
        async with self._database.statement() as tx:
            offering = await kept(tx, key)
        if offering is None:
            raise not_found(QuoteReason.NO_OFFERING)
        known = known_answers(offering, typed)
        vat = self._rules.of(country if country in COUNTRIES else None)
        asked = (key, vat, tuple(sorted(known.items())))
        if asked not in self._found:
            try:
                found = estimate(offering, known, vat, self._rounding)
            except BriefMismatchError:
                found = None
            self._found[asked] = found
            while len(self._found) > _MOST:
                self._found.popitem(last=False)
        return self._found[asked]
