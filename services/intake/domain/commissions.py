"""One commission as its customer knows it; `schema.sql` says which state follows which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum, auto
from uuid import UUID

from shared.contracts.commissions import EntryWay, WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Outcome
from shared.contracts.people import Role
from shared.contracts.production import MakingStopped, PieceReplanned, PromiseBooked, PromiseHeld, PromiseReleased
from shared.kernel.countries import COUNTRIES
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid


class State(StrEnum):
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class CommissionReason(StrEnum):
    """Why something cannot be done with a commission."""

    UNKNOWN = auto()
    ENDED = auto()
    ACCEPTED = auto()
    NOT_SENT = auto()
    UNSIGNED = auto()
    ANSWER_PENDING = auto()
    UNCONFIRMED = auto()
    COUNTRY_UNKNOWN = auto()
    COUNTRY_MISSING = auto()


@dataclass(frozen=True)
class Commission:
    """`needed_by` is a day in the studio's zone, `delivery_country` an ISO 3166 code; `recipient` is a person.

    `sent_by` is who sent the form: whoever confirms it may be another person, who is its `customer` from then on.
    `entered_by` is who of the studio entered it for the customer, whom it reached by `entered_way`.
    """

    commission: UUID
    customer: UUID
    craft: str
    offering: str
    offering_version: int
    offering_sha256: str
    brief_version: int
    delivery_country: str
    submitted_at: datetime
    sent_by: UUID
    state: State = State.OPEN
    confirmed_at: datetime | None = None
    needed_by: date | None = None
    recipient: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: WithdrawalReason | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    receipt_confirmed_at: datetime | None = None
    entered_by: UUID | None = None
    entered_way: EntryWay | None = None

    @property
    def may_be_withdrawn(self) -> bool:
        return self.state is State.OPEN


def withdraw(commission: Commission, reason: WithdrawalReason, at: datetime, *, accepted: bool = False) -> Commission:
    """The commission taken back; the same one if it was taken back before, whatever reason was given then.

    Raises:
        Problem: conflict, if it has ended, or its quote is `accepted`.
    """
    if commission.withdrawn_at is not None:
        return commission
    if commission.state is State.CLOSED:
        raise Problem(ProblemType.CONFLICT, CommissionReason.ENDED)
    if accepted:
        address = f"/commissions/{commission.commission}/cancel"
        raise Problem(ProblemType.CONFLICT, Phrase(CommissionReason.ACCEPTED, address=address))
    return replace(commission, state=State.WITHDRAWN, withdrawn_at=at, withdrawal_reason=reason)


def close(commission: Commission, outcome: Outcome, at: datetime) -> Commission:
    """The commission with its page closed; the same one if it was closed before."""
    if commission.state is State.CLOSED:
        return commission
    return replace(commission, state=State.CLOSED, closed_at=at, outcome=outcome)


def confirm_receipt(commission: Commission, at: datetime, *, handed_over: bool, unsigned: bool = False) -> Commission:
    """The commission whose parcel is said to have arrived; the same one if that was said before.

    A piece is `unsigned` that is collected, where this is said on another device than the studio's tablet.

    Raises:
        Problem: conflict, before the carrier has the parcel, or after the end.
    """
    if commission.receipt_confirmed_at is not None:
        return commission
    if commission.state is not State.OPEN:
        raise Problem(ProblemType.CONFLICT, CommissionReason.ENDED)
    if unsigned:
        raise Problem(ProblemType.CONFLICT, CommissionReason.UNSIGNED)
    if not handed_over:
        raise Problem(ProblemType.CONFLICT, CommissionReason.NOT_SENT)
    return replace(commission, receipt_confirmed_at=at)


def read_country(typed: str | None, *, home: str, field: str) -> str:
    """Where a piece is delivered, as an ISO 3166 code; the studio's own country where nothing is said.

    Raises:
        Problem: validation-failed, at `field`.
    """
    if typed is None:
        return home
    if not typed:
        raise invalid(FieldProblem(field, CommissionReason.COUNTRY_MISSING))
    if typed not in COUNTRIES:
        raise invalid(FieldProblem(field, CommissionReason.COUNTRY_UNKNOWN))
    return typed


def check_confirmed(commission: Commission) -> None:
    """Whether something may be done with it. Raises `conflict` until whoever reads the mailbox has confirmed it."""
    if commission.state is State.UNCONFIRMED:
        raise Problem(ProblemType.CONFLICT, CommissionReason.UNCONFIRMED)


def may_see(person: UUID, role: Role, commission: Commission, facts: Iterable[CommissionFact]) -> bool:
    """Its customer may, ops may, and a maker for as long as hours are promised or booked for it."""
    match role:
        case Role.OPS:
            return True
        case Role.CUSTOMER:
            return commission.customer == person
        case Role.MAKER:
            return maker_of(facts) == person


def may_converse(person: UUID, role: Role, commission: Commission, facts: Sequence[CommissionFact]) -> bool:
    """Who may see it may write and read there, and so may its last maker, though the hours are free again."""
    return may_see(person, role, commission, facts) or (role is Role.MAKER and conversed_by(facts) == person)


def conversed_by(facts: Iterable[CommissionFact]) -> UUID | None:
    """Whose hours were booked last for a commission, whatever came of it; `facts` are oldest first."""
    booked = [fact.maker for fact in facts if isinstance(fact, PromiseBooked | PieceReplanned)]
    return booked[-1] if booked else None


def maker_of(facts: Iterable[CommissionFact]) -> UUID | None:
    """Whose hours are promised, or booked, for a commission; `facts` are oldest first."""
    promises: dict[UUID, UUID] = {}
    for fact in facts:
        match fact:
            case PromiseHeld() | PromiseBooked() | PieceReplanned():
                promises.pop(fact.promise, None)
                promises[fact.promise] = fact.maker
            case PromiseReleased():
                promises.pop(fact.promise, None)
            case MakingStopped():
                promises.clear()
            case _:
                pass
    return next(reversed(promises.values()), None)
