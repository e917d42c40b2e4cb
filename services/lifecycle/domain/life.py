"""What a commission's workflow is told at its start, what it has brought about so far, and what it comes to."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.lifecycle.domain.heard import Heard
from services.lifecycle.domain.updates import CancelCause
from shared.contracts.commands.notify import SendNow
from shared.contracts.commands.production import BookedPromise, HeldPromise
from shared.contracts.commands.quotes import IssuedInvoice, QuoteDraft
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.notifications import Intent
from shared.contracts.payments import InvoiceKind
from shared.kernel.money import Money

NOTHING = timedelta(0)


class Patience(BaseModel):
    """How long things may take: fixed when a commission starts, from its offering and the studio's settings.

    What has a default came in 0.2.0: a commission that started before must stay readable.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: timedelta = Field(gt=NOTHING)
    """How long a step that needs nobody may take before ops should look at it."""

    desk: timedelta = Field(gt=NOTHING)
    """How long a drafted quote may wait on the studio's desk."""

    deposit: timedelta = Field(default=timedelta(days=14), gt=NOTHING)
    """How long the deposit may stay out before the commission lapses, for lives that were never told its last day."""

    remind: timedelta = Field(default=timedelta(days=4), gt=NOTHING)
    """After how much silence a customer is reminded, each time anew."""

    reminders: int = Field(default=2, ge=0)
    """How often a customer is reminded before ops are told that they are silent."""

    maker: timedelta = Field(default=timedelta(days=4), gt=NOTHING)
    """After how much silence a maker is reminded, and after how much more ops are told."""

    delivery: timedelta = Field(default=timedelta(days=10), gt=NOTHING)
    """How long a parcel may be on its way before ops are told that it is missing."""

    zone: str = "UTC"
    """The studio's zone, in which days begin and end."""


class Trouble(BaseModel):
    """A step that its service refused for good: it waits for ops to put things right and have it tried again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    command: str
    problem: str
    since: datetime


class Standing(BaseModel):
    """Where a commission stands: its phase, whose move it is since when, and when somebody should have moved."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    phase: Phase
    holder: Holder
    since: datetime
    due: datetime | None = None
    paused: bool = False


class Offer(BaseModel):
    """The version of the quote that the customer can accept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    quote_version: int
    total: Money
    deposit: Money
    valid_until: datetime


class Agreement(BaseModel):
    """The quote was accepted: this much of it is due as a deposit, on this day at the latest, where that is known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    deposit: Money | None = None
    deposit_due_on: date | None = None


class Invoice(BaseModel):
    """What the customer was asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str
    total: Money


class Signature(BaseModel):
    """The customer signed a gate off, as this version of the brief has it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    approval: UUID
    brief_version: int


class Gate(BaseModel):
    """How far a gate is that the customer signs: asked, then signed or refused; opened at the bench; passed."""

    approval: UUID | None = None
    signed: Signature | None = None
    refused: bool = False
    escalated: bool = False
    opened: bool = False
    passed: bool = False


class Bench(BaseModel):
    """What the bench has told last."""

    maker: UUID | None = None
    ready_by: date | None = None
    said: date | None = None
    """The latest day that the customer was told."""
    next_on: date | None = None
    """The day that the next stage is planned for; before it, nobody is awaited."""
    waiting: bool = False
    reached: str | None = None
    """The gate that the piece stands at."""
    paused: bool = False
    made: bool = False


class Parcel(BaseModel):
    """How far the parcel is."""

    released: bool = False
    tracking: str | None = None
    """The carrier has it."""
    told: bool = False
    delivered: bool = False


class Cancellation(BaseModel):
    """Somebody wants it cancelled. The customer's own has an id; ops' has none, nor has a withdrawal that was late."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cancellation: UUID | None = None
    cause: CancelCause = CancelCause.CUSTOMER
    at_most_percent: int | None = None


class Silence(BaseModel):
    """Since when nothing was heard from whoever holds the clock, and how often they were reminded."""

    since: datetime | None = None
    reminded: int = 0


class Progress(BaseModel):
    """All that a life has brought about so far: enough to go on in a fresh run with an empty history."""

    standing: Standing | None = None
    promise: HeldPromise | None = None
    quote: QuoteDraft | None = None
    told: set[Intent] = set()
    withdrawn: bool = False
    trouble: Trouble | None = None
    asked: dict[str, int] = {}
    """How many commands of each name were made: the ordinal in their ids."""
    heard: Heard = Field(default_factory=Heard)

    offer: Offer | None = None
    announced: int = 0
    """The version of the quote that the customer was told of."""
    open_questions: int = 0
    declined: bool = False
    agreement: Agreement | None = None
    held_until: datetime | None = None
    """Until when the hours are held, where that was extended."""
    valid_until: datetime | None = None
    """Until when the offer is valid, where that was extended."""

    deposit: Invoice | None = None
    balance: IssuedInvoice | None = None
    left: Money | None = None
    """What is still to be paid of all that was asked for."""
    paid: set[InvoiceKind] = set()

    booked: BookedPromise | None = None
    gates: dict[str, Gate] = {}
    bench: Bench = Field(default_factory=Bench)
    parcel: Parcel = Field(default_factory=Parcel)
    serial: str | None = None

    cancellations: list[Cancellation] = []
    """Those that wait, in the order in which they came."""
    paused_at: datetime | None = None
    more: timedelta = NOTHING
    """By how much ops, or a pause, let whoever holds the clock have longer."""
    silence: Silence = Field(default_factory=Silence)
    mails: list[SendNow] = []
    """Asked of notify and not accepted yet; a fresh run asks again, by the same ids."""
    chapter: int = 0
    """How many phases have begun a fresh run of their own."""

    @property
    def taken_back(self) -> bool:
        """Somebody wants it to end."""
        return self.withdrawn or self.declined or bool(self.cancellations)


class CommissionStart(BaseModel):
    """What starts a commission's workflow: the customer's request by ids and versions, and the patience it gets.

    `so_far` is empty for a commission that begins, and filled where a long history was continued as a new run.
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
    patience: Patience
    so_far: Progress = Field(default_factory=Progress)


class CommissionResult(BaseModel):
    """What a commission came to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    outcome: Outcome
