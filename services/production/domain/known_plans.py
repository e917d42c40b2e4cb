"""What was planned last on each bench, remembered until something on the bench changes."""

from collections import OrderedDict
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from services.production.domain.makers import Candidate
from shared.offerings.key import OfferingKey

_MOST: Final = 4_000
"""Plans are remembered of so many benches and offerings, some kilobytes each."""


class PlanPlace(NamedTuple):
    """What a plan was made for: an offering on a bench, from a day on."""

    maker: UUID
    offering: OfferingKey
    today: date
    begin: date


class KnownPlan(NamedTuple):
    """What can be promised on a bench of this revision; None where there is no room."""

    revision: int
    candidate: Candidate | None


class KnownPlans:
    """What was planned last on each bench. It is true for as long as the bench has the same revision.

    A process keeps one: to hold hours then reads the revisions of all benches, and plans on those that have changed.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[PlanPlace, KnownPlan] = OrderedDict()

    def of(self, place: PlanPlace, revision: int) -> KnownPlan | None:
        """What is known of this place, if it is still true."""
        found = self._found.get(place)
        if found is None or found.revision != revision:
            return None
        self._found.move_to_end(place)
        return found

    def keep(self, place: PlanPlace, found: KnownPlan) -> None:
        self._found[place] = found
        self._found.move_to_end(place)
        while len(self._found) > _MOST:
            self._found.popitem(last=False)
