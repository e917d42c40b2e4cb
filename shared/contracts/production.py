"""`touchmark.production`, owned by production: promises, the making, the parcel and the certificate."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import CommissionFact, Topic


class PromiseEnd(StrEnum):
    """Why hours were released; the same words as `lifecycle.Outcome`, but for a piece that was completed."""

    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NOT_SENT = "not_sent"
    """The quote for which they were held was not sent after all; the commission goes on."""


class Mishap(StrEnum):
    """What went wrong at the bench."""

    PIECE_DAMAGED = "piece_damaged"
    MATERIAL_SPOILT = "material_spoilt"
    MATERIAL_LATE = "material_late"
    TOOL_BROKEN = "tool_broken"
    MAKER_AWAY = "maker_away"


class MishapCause(StrEnum):
    """What a mishap came of."""

    SLIP = "slip"
    MATERIAL = "material"
    TOOL = "tool"
    UNCLEAR = "unclear"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class Replanned(StrEnum):
    """Why a piece was replanned."""

    LATE_START = "late_start"
    MISHAP = "mishap"
    REWORK = "rework"
    PAUSE = "pause"
    CHANGE_ORDER = "change_order"
    """Something else was agreed, or its customer thought about it for days."""
    ANOTHER_MAKER = "another_maker"


class Performer(StrEnum):
    """What a stage keeps busy."""

    MAKER = "maker"
    PARTNER = "partner"
    EQUIPMENT = "equipment"


class PieceFact(CommissionFact):
    """A fact about one piece of a commission. The key stays the commission."""

    piece: UUID


class PromiseHeld(CommissionFact):
    """A maker's hours are held for a commission. Days are in the studio's zone.

    The piece is ready on `ready_by` or before in 90 of 100 cases (P90), on `ready_by_p50` or before in 50.
    """

    topic: ClassVar[Topic] = Topic.PRODUCTION

    promise: UUID
    maker: UUID
    ready_by: date
    ready_by_p50: date
    held_until: datetime


class PromiseReleased(CommissionFact):
    """The held hours are free again."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    promise: UUID
    reason: PromiseEnd


class PromiseBooked(PieceFact):
    """The hours are the commission's for good, and the bench has its tasks. Days are in the studio's zone."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    promise: UUID
    maker: UUID
    begins_on: date
    ready_by: date
    ready_by_p50: date


class PieceReplanned(PieceFact):
    """The piece was planned again; it may be ready on the same day as before."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    promise: UUID
    maker: UUID
    ready_by: date
    ready_by_p50: date
    before: date
    """What had been promised until now."""
    reason: Replanned
    by: UUID | None = None


class StageBegun(PieceFact):
    """A stage was started, or resumed after a pause. `maker` is responsible, even if somebody else performs it."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    task: UUID
    stage: str
    maker: UUID
    performer: Performer = Performer.MAKER
    rework: bool = False


class StagePaused(PieceFact):
    """A stage was paused."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    task: UUID
    stage: str


class StageFinished(PieceFact):
    """A stage is done. `next_on` is the day that the next one is planned for, None after the last."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    task: UUID
    stage: str
    maker: UUID
    performer: Performer = Performer.MAKER
    minutes: int
    """At the bench, measured between start, pause and finish."""
    next_stage: str | None = None
    next_on: date | None = None
    waiting: bool = False
    """The piece waits until `next_on`: it dries, or is at a partner."""


class GateReached(PieceFact):
    """The piece has come to a step that cannot be undone, and somebody's sign-off is still missing."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    gate: str
    customer_signs: bool
    """One of its sign-offs is the customer's."""


class GateOpened(PieceFact):
    """Every sign-off that the gate needs is given."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    gate: str


class GatePassed(PieceFact):
    """The step that cannot be undone was started. From now on a cancellation costs `cancel_percent` of the price."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    gate: str
    customer_signs: bool
    """One of its sign-offs was the customer's."""
    cancel_percent: Annotated[int, Field(ge=0, le=100)]
    by: UUID | None = None


class GateVoided(PieceFact):
    """The piece goes back before a gate that it had passed, by a change order: it has to be signed off again.

    What a cancellation costs for it stays.
    """

    topic: ClassVar[Topic] = Topic.PRODUCTION

    gate: str
    change_order: UUID


class PhotoTaken(PieceFact):
    """A maker's photo for the customer; production serves it at `/bench/commissions/{commission}/photos/{photo}`."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    photo: UUID
    stage: str


class NoteWritten(PieceFact):
    """A maker's note for the customer; its words are the text `note` on `touchmark.texts`."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    note: UUID
    stage: str


class MishapReported(PieceFact):
    """Something went wrong; `PieceReplanned` follows. The piece goes back to the stage `back_to`, if it has to."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    mishap: UUID
    kind: Mishap
    stage: str
    back_to: str | None = None
    cause: MishapCause | None = None
    by: UUID | None = None


class MishapUndone(PieceFact):
    """A mishap was reported by mistake: the piece is at `stage` again, as before it; `PieceReplanned` follows.

    `waiting`: the piece waits until `next_on` again, as after `StageFinished`.
    """

    topic: ClassVar[Topic] = Topic.PRODUCTION

    mishap: UUID
    kind: Mishap
    stage: str
    waiting: bool = False
    next_on: date | None = None
    by: UUID | None = None


class QualityFailed(PieceFact):
    """A check of the list was not met; the piece goes back to the stage `back_to`."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    checks: tuple[str, ...]
    back_to: str


class PieceMade(PieceFact):
    """Every stage is done and every check of the list is met."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    maker: UUID


class MakingPaused(CommissionFact):
    """The making is paused: nothing of the piece is started until it is resumed."""

    topic: ClassVar[Topic] = Topic.PRODUCTION


class MakingResumed(CommissionFact):
    """The making is resumed."""

    topic: ClassVar[Topic] = Topic.PRODUCTION


class MakingStopped(CommissionFact):
    """The piece is not made, or not finished: its hours are free. `cancel_percent` of the price is owed."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    cancel_percent: Annotated[int, Field(ge=0, le=100)]


class AddressAsked(CommissionFact):
    """The piece is to be packed, and nobody knows where it goes: the customer is asked. `by` is who of the studio did.

    Each time it is asked has an `ask` of its own.
    """

    topic: ClassVar[Topic] = Topic.PRODUCTION

    ask: UUID
    by: UUID | None = None


class PiecePacked(PieceFact):
    """The piece is packed, to be delivered as the choice of this number says."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    delivery: int | None = None
    by: UUID | None = None


class ReadyForPickup(CommissionFact):
    """The piece is packed and paid: the customer can collect it at the studio."""

    topic: ClassVar[Topic] = Topic.PRODUCTION


class ParcelHandedOver(CommissionFact):
    """The carrier has it. `tracking` is the carrier's number, `delivery` the number of the choice that it went by."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    carrier: str
    tracking: str
    delivery: int | None = None
    by: UUID | None = None


class ParcelClaimed(CommissionFact):
    """The studio has claimed a missing or damaged parcel from its carrier. `reference` is the carrier's."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    carrier: str
    reference: str
    by: UUID | None = None


class ParcelDelivered(CommissionFact):
    """It has arrived."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    by: UUID | None = None


class CertificateIssued(PieceFact):
    """The certificate can be read at `/c/{serial}`."""

    topic: ClassVar[Topic] = Topic.PRODUCTION

    serial: str
