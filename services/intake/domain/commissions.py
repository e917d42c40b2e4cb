"""One commission as its customer knows it; `schema.sql` says which state follows which."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.commissions import WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Outcome
from shared.contracts.people import Role
from shared.contracts.production import PromiseHeld, PromiseReleased
from shared.kernel.problems import Problem, ProblemType


class State(StrEnum):
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True)
class Commission:
    """`needed_by` is a day in the studio's zone."""

    commission: UUID
    customer: UUID
    craft: str
    craft_version: int
    craft_sha256: str
    brief_version: int
    submitted_at: datetime
    state: State = State.OPEN
    needed_by: date | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: WithdrawalReason | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def may_be_withdrawn(self) -> bool:
        return self.state is State.OPEN


def withdraw(commission: Commission, reason: WithdrawalReason, at: datetime) -> Commission:
    """The commission taken back; the same one if it was taken back before, whatever reason was given then.

    Raises:
        Problem: conflict, if it has ended otherwise.
    """
    if commission.withdrawn_at is not None:
        return commission
    if commission.state is State.CLOSED:
        raise Problem(
            ProblemType.CONFLICT, "This commission has already ended.", remedy="Nothing is left to take back."
        )
    return replace(commission, state=State.WITHDRAWN, withdrawn_at=at, withdrawal_reason=reason)


def close(commission: Commission, outcome: Outcome, at: datetime) -> Commission:
    """The commission with its page closed; the same one if it was closed before."""
    if commission.state is State.CLOSED:
        return commission
    return replace(commission, state=State.CLOSED, closed_at=at, outcome=outcome)


def may_see(person: UUID, role: Role, commission: Commission, told: Iterable[CommissionFact]) -> bool:
    """Its customer may, ops may, and a maker for as long as hours are promised for it."""
    match role:
        case Role.OPS:
            return True
        case Role.CUSTOMER:
            return commission.customer == person
        case Role.MAKER:
            facts = tuple(told)
            released = {fact.promise for fact in facts if isinstance(fact, PromiseReleased)}
            return any(
                isinstance(fact, PromiseHeld) and fact.maker == person and fact.promise not in released
                for fact in facts
            )
