"""What a commission's workflow starts with, what it knows, and what it returns."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.lifecycle.workflow.messages import CancelCause
from services.lifecycle.workflow.sequencing import Sequencer
from services.lifecycle.workflow.zone import ZoneRules
from shared.contracts.commands.production import BookedPromise, HeldPromise, PreviewedPromise
from shared.contracts.commands.quotes import IssuedInvoice, QuoteDraft
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.payments import InvoiceKind
from shared.kernel.money import Money

NO_TIME = timedelta(0)


class CommandTimeouts(BaseModel):
    """Fixed when a commission starts, as all that decides how its history goes on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    attempt: timedelta = Field(default=timedelta(seconds=10), gt=NO_TIME)
    """How long one attempt may take before the next one."""

    at_once: timedelta = Field(default=timedelta(seconds=3), gt=NO_TIME)
    """How long a command may take before the commission counts as waiting for it."""

    recording: timedelta = Field(default=timedelta(seconds=2), gt=NO_TIME)
    """How long recording may keep a workflow task open."""

    first_retry: timedelta = Field(default=timedelta(milliseconds=250), gt=NO_TIME)
    longest_retry: timedelta = Field(default=timedelta(seconds=10), gt=NO_TIME)


class Timeouts(BaseModel):
    """How long things may take: fixed when a commission starts, from the studio's settings."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: timedelta = Field(gt=NO_TIME)
    """How long a step that needs nobody may take before ops should look at it."""

    desk: timedelta = Field(gt=NO_TIME)
    """How long a drafted quote may wait on the studio's desk."""

    deposit: timedelta = Field(default=timedelta(days=14), gt=NO_TIME)
    """How long the deposit may stay out before the commission lapses, if no last day was given."""

    remind: timedelta = Field(default=timedelta(days=4), gt=NO_TIME)
    """How long a customer may be inactive before each reminder."""

    reminders: int = Field(default=2, ge=0)
    """How many reminders a customer gets before ops are notified."""

    maker: timedelta = Field(default=timedelta(days=4), gt=NO_TIME)
    """How long a maker may be inactive before a reminder, and again before ops are notified."""

    delivery: timedelta = Field(default=timedelta(days=10), gt=NO_TIME)
    """How long a parcel may be on its way before ops are notified that it is missing."""

    questions: timedelta = Field(default=timedelta(days=14), ge=NO_TIME)
    """By how much questions that wait for an answer extend the offers and the hours of a commission, in all."""

    commands: CommandTimeouts = Field(default_factory=CommandTimeouts)

    zone: ZoneRules = Field(default_factory=ZoneRules)
    """The studio's zone, in which days begin and end."""


class Trouble(BaseModel):
    """A step that its service refused for good: it waits until ops have put things right and try again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    command: str
    problem: str
    since: datetime


class CurrentPhase(BaseModel):
    """The phase, who is waited for since when, and when they should have acted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    phase: Phase
    holder: Holder
    since: datetime
    due: datetime | None = None
    paused: bool = False


class UnrecordedPhase(CurrentPhase):
    """A phase that was entered `at` this instant and is not written down yet: the commission may go on at once."""

    number: int
    at: datetime


class BriefInForce(BaseModel):
    """What is wished by now, where it is not what the commission started with."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    brief_version: int
    needed_by: date | None = None


class QuoteSending(BaseModel):
    """The version that the studio asked to send, by how often it asked, and the day that it saw."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    quote_version: int
    ready_by: date | None = None


class QuoteOffer(BaseModel):
    """The version of the quote that the customer can accept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    quote_version: int
    total: Money
    deposit: Money
    valid_until: datetime


class QuestionTime(BaseModel):
    """How long questions about what is offered have waited for the studio, which the customer is not to lose by."""

    open_since: datetime | None = None
    waited: timedelta = NO_TIME
    """How long those waited that are answered."""
    advanced: timedelta = NO_TIME
    """What was given before an answer came, so that nothing expires while one is owed."""
    spent: timedelta = NO_TIME
    """What of it earlier offers were extended by."""

    @property
    def given(self) -> timedelta:
        return max(self.waited, self.advanced)


class Acceptance(BaseModel):
    """The quote was accepted: this much of it is due as a deposit, on this day at the latest, where that is known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    deposit: Money | None = None
    deposit_due_on: date | None = None


class GateSignature(BaseModel):
    """The customer signed a gate off, as this version of the brief has it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    approval: UUID
    brief_version: int


class GateProgress(BaseModel):
    """How far a gate is that the customer signs: asked, then signed or refused; opened at the bench; passed."""

    approval: UUID | None = None
    signed: GateSignature | None = None
    refused: bool = False
    escalated: bool = False
    opened: bool = False
    passed: bool = False
    least_version: int = 0
    """What was signed of an older version of the brief does not count: a change order came after it."""


class ChangeStep(StrEnum):
    """How far a change order is, for the workflow."""

    ASKED = "asked"
    OFFERED = "offered"
    AGREED = "agreed"
    ENDED = "ended"
    """It came to nothing; the bench has to hear of it."""


class ChangeInHand(BaseModel):
    """A change order that is open, or whose end the bench has not heard of."""

    change_order: UUID
    proposal: UUID
    from_stage: str
    until: datetime
    step: ChangeStep = ChangeStep.ASKED
    at_latest: date | None = None
    """By which day it has to be ready, once it is agreed."""


class BenchState(BaseModel):
    """The latest that the bench has said."""

    maker: UUID | None = None
    ready_by: date | None = None
    reached: str | None = None
    """The gate of the customer that the piece has come to."""
    seen_at: datetime | None = None
    """When the maker was last active, by what was looked up."""
    paused: bool = False
    made: bool = False


class ParcelState(BaseModel):
    """How far the parcel has come."""

    released: bool = False
    unaddressed: bool = False
    """The customer was asked where it goes, and has not said it yet."""
    collected: bool = False
    """It is packed, and waits for its customer at the studio."""
    missed: bool = False
    """The customer says that it has not come; ops are told once."""
    missed_told: bool = False
    tracking: str | None = None
    """The carrier has it."""
    delivered: bool = False


class PendingCancellation(BaseModel):
    """A cancellation that was asked for: a customer's has an id; ops' has none, nor has a late withdrawal."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cancellation: UUID | None = None
    cause: CancelCause = CancelCause.CUSTOMER
    at_most_percent: int | None = None
    withdrawn: bool = False
    """The customer withdrew from the contract: nothing is owed, and it is refunded even if the parcel is gone."""


MOST_UNREADABLE: Final = 20
"""Facts that wait for ops to be notified: the state goes into each new run, and must not grow with what is broken."""


class UnreadableFact(BaseModel):
    """A fact that the workflow could not read; neither topic nor version is known where not even these could be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: str | None = None
    version: int | None = None


class Inactivity(BaseModel):
    """Since when the person that the commission waits for has been inactive, and how often they were reminded."""

    since: datetime | None = None
    reminders_sent: int = 0
    planned_on: date | None = None
    """The day that the maker's next stage is planned for, by what was looked up: they are not inactive before."""
    looked_at: datetime | None = None
    """When that was."""
    warned_of: datetime | None = None
    """Ops know that it lapses at this instant."""


class CommissionState(BaseModel):
    """All that a commission's workflow knows: enough to continue in a new run with an empty history."""

    current: CurrentPhase | None = None
    interrupted: CurrentPhase | None = None
    """What it waited for before a step was refused, and will again."""
    phases: int = 0
    """How many phases were entered: the number of the current one."""
    unrecorded: list[UnrecordedPhase] = []
    """Those that are not written down yet, in order."""
    preview: PreviewedPromise | None = None
    """The day of the first draft, of which nothing is held."""
    quote: QuoteDraft | None = None
    sending: QuoteSending | None = None
    """What the studio asked to send, until it is sent or stays a draft."""
    promise: HeldPromise | None = None
    """The hours that are held for what is sent."""
    withdrawn: bool = False
    trouble: Trouble | None = None
    command_counts: dict[str, int] = {}
    """How many commands of each name were made: the ordinal in their ids."""
    sequencer: Sequencer = Field(default_factory=Sequencer)

    changed: BriefInForce | None = None
    offer: QuoteOffer | None = None
    offer_withdrawn: bool = False
    """It was sent for what was wished before: the studio sends the next one."""
    proposed_at: datetime | None = None
    """Since when the customer wishes for something else than what is offered, and the studio has not answered."""
    open_questions: int = 0
    question_time: QuestionTime = Field(default_factory=QuestionTime)
    declined: bool = False
    refused: bool = False
    """The studio does not take the request."""
    acceptance: Acceptance | None = None
    held_until: datetime | None = None
    """Until when the hours are held, where that was extended."""
    valid_until: datetime | None = None
    """Until when the offer is valid, where that was extended."""

    balance: IssuedInvoice | None = None
    paid: set[InvoiceKind] = set()
    reopened: set[InvoiceKind] = set()
    """What was paid, is not any more since a payment was reversed, and ops are not notified of yet."""

    booked: BookedPromise | None = None
    gates: dict[str, GateProgress] = {}
    change: ChangeInHand | None = None
    bench: BenchState = Field(default_factory=BenchState)
    parcel: ParcelState = Field(default_factory=ParcelState)
    serial: str | None = None

    cancellations: list[PendingCancellation] = []
    """Those that wait, in the order in which they came."""
    unreadable: list[UnreadableFact] = []
    """Facts that could not be read, and that ops are not notified of yet: they put right what was to be done."""
    paused_at: datetime | None = None
    extra_time: timedelta = NO_TIME
    """The time that ops, or a pause, added to what is due."""
    inactivity: Inactivity = Field(default_factory=Inactivity)
    alarms: int = 0
    """How many reminders and escalations there were: the number of the newest."""
    requests: set[UUID] = set()
    """What ops asked for and got, by the id of the request: asked again, it is done already, in whichever run."""

    def keep_unreadable(self, fact: UnreadableFact) -> None:
        """Ops are to be notified of it, unless very many wait for that already."""
        if len(self.unreadable) < MOST_UNREADABLE:
            self.unreadable.append(fact)

    @property
    def end_requested(self) -> bool:
        """Somebody asked to end it: a withdrawal, a declined quote, a refused request or a cancellation."""
        return self.withdrawn or self.declined or self.refused or bool(self.cancellations)


class CommissionStart(BaseModel):
    """What a commission's workflow starts with: the request by ids and versions, and the timeouts.

    `state` is empty for a new commission, and filled if a long history is continued as a new run.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    commission: UUID
    customer: UUID
    craft: str
    offering: str
    offering_version: int
    brief_version: int
    asked_at: datetime
    needed_by: date | None = None
    timeouts: Timeouts
    state: CommissionState = Field(default_factory=CommissionState)


class CommissionResult(BaseModel):
    """How a commission ended."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    outcome: Outcome
