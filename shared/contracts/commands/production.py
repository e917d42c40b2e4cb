"""Commands that production carries out."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.production import PromiseEnd
from shared.contracts.quotes import ChangeRefusal


class PreviewedPromise(Result):
    """The day that is possible now (P90); half of all pieces are ready by `ready_by_p50`."""

    ready_by: date
    ready_by_p50: date


class PreviewPromise(Command[PreviewedPromise]):
    """Say by which day a piece of this offering could be ready if its hours were held now. Nothing is held."""

    service: ClassVar[str] = "production"

    craft: str
    offering: str
    offering_version: int


class HeldPromise(Result):
    """`ready_by` (P90) may be later than `needed_by`; half of all pieces are ready by `ready_by_p50`."""

    promise: UUID
    maker: UUID
    ready_by: date
    ready_by_p50: date
    held_until: datetime


class HoldOutcome(Result):
    """The hours that are held; or none, and then what would be `possible`, unless nobody can make it at all."""

    held: HeldPromise | None = None
    possible: PreviewedPromise | None = None


class HoldPromise(Command[HoldOutcome]):
    """Hold a maker's hours for a piece of this offering, unless it can only be ready after `at_latest`.

    A commission that holds hours keeps them, whatever their day.
    """

    service: ClassVar[str] = "production"

    craft: str

    offering: str
    offering_version: int
    asked_at: datetime
    needed_by: date | None = None
    at_latest: date | None = None


class ReleasePromise(Command[Done]):
    """Release held hours. Idempotent; booked hours are `StopMaking`'s."""

    service: ClassVar[str] = "production"

    promise: UUID
    reason: PromiseEnd


class ExtendHold(Command[Done]):
    """Hold the hours until `held_until`, which never shortens it."""

    service: ClassVar[str] = "production"

    promise: UUID
    held_until: datetime


class PlannedGate(BaseModel):
    """A step that cannot be undone, and whether the customer has to sign something off before it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    gate: str
    before: str
    customer_signs: bool


class BookedPromise(Result):
    """`gates` are in the order in which the piece comes to them."""

    piece: UUID
    maker: UUID
    begins_on: date
    ready_by: date
    ready_by_p50: date
    gates: tuple[PlannedGate, ...] = ()


class BookPromise(Command[BookedPromise]):
    """Make the held hours the commission's for good, and give the bench its tasks.

    Hours whose first day has passed are replanned. `NotYet` until production knows the brief of that version.
    """

    service: ClassVar[str] = "production"

    promise: UUID
    brief_version: int


class OpenGate(Command[Done]):
    """The customer has signed this gate off, as this version of the brief has it (`NotYet` until it is here).

    Without a `piece`: the commission's only one.
    """

    service: ClassVar[str] = "production"

    gate: str
    approval: UUID
    brief_version: int
    piece: UUID | None = None


class PauseMaking(Command[Done]):
    """Pause the making: no task can be started, and a running one is paused."""

    service: ClassVar[str] = "production"


class ResumedMaking(Result):
    ready_by: date


class ResumeMaking(Command[ResumedMaking]):
    """Resume the making; what is left is replanned where its days have passed."""

    service: ClassVar[str] = "production"


class StoppedMaking(Result):
    """Either it is `stopped`, and `owed_percent` of the price is owed; or it is not, and `refusal` says why not.

    Where a gate was passed, `owed_percent` of a refusal is what it would cost now.
    """

    stopped: bool
    owed_percent: int
    refusal: CancellationRefusal | None = None


class StopMaking(Command[StoppedMaking]):
    """Stop the making and free its hours, if no more than `at_most_percent` is owed for what was done.

    None: whatever is owed. A parcel that is with the carrier cannot be stopped, but one that was
    reported missing can: then nothing is owed. Without `owes`, what was done costs the
    customer nothing: the studio gives up.
    """

    service: ClassVar[str] = "production"

    at_most_percent: int | None = None
    owes: bool = True


class ReleaseParcel(Command[Done]):
    """Everything is paid: the piece may be packed and handed over."""

    service: ClassVar[str] = "production"


class IssuedCertificate(Result):
    piece: UUID
    serial: str


class IssueCertificate(Command[IssuedCertificate]):
    """Compile the certificate from the bench's journal, and sign it. Idempotent.

    Without a `piece`: of the commission's only one.
    """

    service: ClassVar[str] = "production"

    piece: UUID | None = None


class BenchActivity(Result):
    """When somebody last worked at the piece, and the day that its next stage is planned for, if it has not begun."""

    seen_at: datetime | None = None
    next_on: date | None = None


class LookAtBench(Command[BenchActivity]):
    """Say when the maker was active, before they are reminded or ops are notified."""

    service: ClassVar[str] = "production"


class FrozenStages(Result):
    """By which day the piece would be ready with the change, and was to be `before`; or why it cannot be changed.

    `gates` are those that were passed and would have to be signed off again.
    """

    ready_by: date | None = None
    before: date | None = None
    gates: tuple[str, ...] = ()
    refusal: ChangeRefusal | None = None


class FreezeStages(Command[FrozenStages]):
    """Begin nothing of the piece from the stage `from_stage` on, and hold the hours that a change order would take.

    The customer may think about it until `until`.
    """

    service: ClassVar[str] = "production"

    change_order: UUID
    from_stage: str
    until: datetime


class ChangedPiece(Result):
    """Either it is `applied`, or `refusal` says why not. `gates` are those that have to be signed off again."""

    applied: bool
    ready_by: date | None = None
    gates: tuple[str, ...] = ()
    refusal: ChangeRefusal | None = None


class ApplyChangeOrder(Command[ChangedPiece]):
    """Make the piece as the change order wants it, if it is ready by `at_latest` then.

    It goes back to the frozen stage where it is beyond that. The stages stay frozen until the bench has the brief.
    """

    service: ClassVar[str] = "production"

    change_order: UUID
    from_stage: str
    at_latest: date


class ThawedStages(Result):
    """The day that the bench promises now; None where there is no piece any more."""

    ready_by: date | None = None


class ThawStages(Command[ThawedStages]):
    """Let the bench go on. `brief_version` is the one to go by from now on (`NotYet` until it is here).

    Without it the change order came to nothing: what was held for it is free.
    """

    service: ClassVar[str] = "production"

    change_order: UUID
    brief_version: int | None = None
