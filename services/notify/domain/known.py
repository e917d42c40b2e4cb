"""What notify knows of one commission: the facts that it has read, of all topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, Phase, PhaseEntered
from shared.kernel.calendar import day_of

F = TypeVar("F", bound=CommissionFact)
G = TypeVar("G", bound=CommissionFact)


@dataclass(frozen=True)
class KnownFact:
    """A fact, and its version: counts per topic and commission."""

    fact: CommissionFact
    version: int


class Known:
    """The facts of one commission. Topics keep no order between them, so any of them may still be missing."""

    def __init__(self, facts: Sequence[KnownFact], zone: str) -> None:
        """`zone` is the studio's: days begin and end in it."""
        self._facts = sorted(facts, key=lambda known: known.version)
        self._zone = ZoneInfo(zone)

    def all(self, kind: type[F]) -> list[F]:
        """The facts of this class, in the order of their topic."""
        return [known.fact for known in self._facts if isinstance(known.fact, kind)]

    def either(self, one: type[F], other: type[G]) -> list[F | G]:
        """The facts of two classes, which are on one topic, in its order."""
        return [known.fact for known in self._facts if isinstance(known.fact, one | other)]

    def last(self, kind: type[F]) -> F | None:
        """The newest fact of this class."""
        return next(reversed(self.all(kind)), None)

    def has(self, *kinds: type[CommissionFact]) -> bool:
        return any(isinstance(known.fact, kinds) for known in self._facts)

    @property
    def over(self) -> bool:
        """The commission ended, or its end is being carried out."""
        return self.has(CommissionEnded) or any(each.phase is Phase.ENDED for each in self.all(PhaseEntered))

    def since(self, at: datetime, *kinds: type[CommissionFact]) -> bool:
        """Whether any of these happened after an instant."""
        return any(isinstance(known.fact, kinds) and known.fact.at > at for known in self._facts)

    def numbered(self, kind: type[F], version: int) -> F | None:
        """The fact of this class and version."""
        found = (known.fact for known in self._facts if known.version == version)
        return next((fact for fact in found if isinstance(fact, kind)), None)

    def last_day(self, due: datetime, at: datetime) -> date:
        """The last whole day before the due instant in the studio's zone; the day of `at` if there is none.

        A person takes a day to last until its evening, so an instant within a day is announced as the day before.
        """
        return max(day_of(due, self._zone) - timedelta(days=1), day_of(at, self._zone))
