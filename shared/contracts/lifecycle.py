"""`touchmark.lifecycle`, owned by lifecycle: the phase of each commission, and who it waits for."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.fact import CommissionFact, Topic
from shared.kernel.money import Money


class Phase(StrEnum):
    """The phase of a commission's life. A stage is something else: a step at the bench."""

    REQUESTED = "requested"
    PROMISING = "promising"
    QUOTING = "quoting"
    DESK = "desk"
    OFFERED = "offered"
    """The quote is with the customer."""
    DEPOSIT = "deposit"
    """Accepted; the deposit is awaited."""
    MAKING = "making"
    BALANCE = "balance"
    """Made and checked; the balance is awaited."""
    SHIPPING = "shipping"
    """Packed, with the carrier, not arrived yet."""
    CERTIFYING = "certifying"
    ENDED = "ended"


class Holder(StrEnum):
    """Who holds the clock: whose move it is."""

    CUSTOMER = "customer"
    MAKER = "maker"
    STUDIO = "studio"
    PROCESS = "process"
    NOBODY = "nobody"


class Outcome(StrEnum):
    """How a commission ended."""

    LAPSED = "lapsed"
    """The studio did not send the quote in time, or the deposit never came."""
    WITHDRAWN = "withdrawn"
    """The customer took it back before accepting."""
    DECLINED = "declined"
    REFUSED = "refused"
    """The studio does not take the request."""
    EXPIRED = "expired"
    """The customer did not answer the quote in time."""
    CANCELLED = "cancelled"
    """After the acceptance, by the customer or by the studio."""
    COMPLETED = "completed"


class Escalation(StrEnum):
    """Why ops should look at a commission."""

    CUSTOMER_SILENT = "customer_silent"
    MAKER_SILENT = "maker_silent"
    APPROVAL_REFUSED = "approval_refused"
    PARCEL_MISSING = "parcel_missing"
    PARCEL_REPORTED = "parcel_reported"
    """The customer says that it has not come."""
    STEP_REFUSED = "step_refused"
    FACT_UNREADABLE = "fact_unreadable"
    """The workflow could not read what somebody did: ops have to see to it."""
    PAYMENT_REVERSED = "payment_reversed"
    """What was paid is not any more, though the hours are booked: ops pause it, or go on and wait for the money."""


PhaseNumber = Annotated[int, Field(ge=1)]
"""Counts the phases of one commission, and every change of who is waited for; those who read an older one ignore it."""


class PassedPhase(BaseModel):
    """A phase that a commission passed through without waiting in it. `since` is when it did."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: PhaseNumber
    phase: Phase
    holder: Holder
    since: datetime
    paused: bool = False


class PhaseEntered(CommissionFact):
    """A commission waits in a phase of its life.

    `since` is when it came there, `due` is when somebody should have moved it on. `passed` are the phases before it
    that have not been told of, in order.
    """

    topic: ClassVar[Topic] = Topic.LIFECYCLE

    number: PhaseNumber
    phase: Phase
    holder: Holder
    since: datetime
    due: datetime | None = None
    paused: bool = False
    """Ops stopped the clock; `holder` and `due` are what they were."""
    passed: tuple[PassedPhase, ...] = ()


class CommissionReminded(CommissionFact):
    """The person whom the commission waits for should act: notify mails them.

    `number` counts a commission's reminders and escalations from 1; `due` is when the person should have acted. The
    reminder is about the quote of `quote_version`, or about the approval `approval`, if it is about either.
    """

    topic: ClassVar[Topic] = Topic.LIFECYCLE

    number: int
    phase: Phase
    holder: Holder
    due: datetime | None = None
    quote_version: int | None = None
    approval: UUID | None = None


class CommissionEscalated(CommissionFact):
    """Reminders had no effect, or a person has to check something: ops should look.

    `number` counts a commission's reminders and escalations from 1; `due` is when the holder should have acted.
    `event_topic` and `event_version` say which event could not be read, as far as that is known.
    """

    topic: ClassVar[Topic] = Topic.LIFECYCLE

    phase: Phase
    holder: Holder
    reason: Escalation
    number: int | None = None
    due: datetime | None = None
    event_topic: str | None = None
    event_version: int | None = None


class CommissionEnded(CommissionFact):
    """The commission's workflow ended; nothing more will happen by itself.

    `refund` is what goes back to the customer by the settlement of a cancellation; None if there was none to settle.
    `passed` are the last phases, as in `PhaseEntered`: nobody waited in them.
    """

    topic: ClassVar[Topic] = Topic.LIFECYCLE

    outcome: Outcome
    refund: Money | None = None
    passed: tuple[PassedPhase, ...] = ()
