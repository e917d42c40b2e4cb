"""Gates: steps that cannot be undone, what is signed off before them, and what a cancellation costs after them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.offerings.making import Gate, SignOff
from shared.offerings.model import Offering


@dataclass(frozen=True)
class SignOffGiven:
    """One sign-off that was given: by a person at the bench, or by the customer's approval."""

    gate: str
    sign_off: str
    brief_version: int
    signed_at: datetime
    person: UUID | None = None
    approval: UUID | None = None


@dataclass(frozen=True)
class PieceGate:
    """When the piece came to a gate, when all was signed, and when it went through, or that does not count any more."""

    gate: str
    reached_at: datetime | None = None
    opened_at: datetime | None = None
    passed_at: datetime | None = None
    voided_at: datetime | None = None

    @property
    def behind(self) -> bool:
        """Whether the piece has gone through, and has not been taken back since."""
        return self.passed_at is not None and self.voided_at is None


def before(offering: Offering, stage: str) -> tuple[Gate, ...]:
    """The gates that guard a stage."""
    return tuple(gate for gate in offering.gates if gate.before == stage)


def in_order(offering: Offering) -> tuple[Gate, ...]:
    """The gates as a piece comes to them."""
    places = {stage.id: place for place, stage in enumerate(offering.making.stages)}
    return tuple(sorted(offering.gates, key=lambda gate: places[gate.before]))


def customer_signs(gate: Gate) -> bool:
    return any(each.by == "customer" for each in gate.sign_offs)


def missing(gate: Gate, signed: Iterable[SignOffGiven]) -> tuple[SignOff, ...]:
    """What is not signed off yet."""
    there = {each.sign_off for each in signed if each.gate == gate.id}
    return tuple(each for each in gate.sign_offs if each.id not in there)


def owed_percent(offering: Offering, passed: Iterable[str]) -> int:
    """The share of the price that a cancellation costs now: the dearest of the gates that were passed."""
    behind = set(passed)
    return max((round(gate.cancel_percent) for gate in offering.gates if gate.id in behind), default=0)
