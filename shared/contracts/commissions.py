"""`touchmark.commissions`, owned by intake: what customers did with a commission. Ids, enums and dates only."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.people import Role


class WithdrawalReason(StrEnum):
    CHANGED_MIND = "changed_mind"
    TOO_SLOW = "too_slow"
    FOUND_ELSEWHERE = "found_elsewhere"
    OTHER = "other"


class EntryWay(StrEnum):
    """How a request reached the studio, which entered it for the customer."""

    COUNTER = "counter"
    PHONE = "phone"


class DropReason(StrEnum):
    """Why a request that nobody confirmed is gone."""

    DENIED = "denied"
    """Whoever reads the mailbox says that it was not they."""
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """Whoever sent it leaves."""


class ConfirmationAsked(CommissionFact):
    """Somebody who is not signed in asked for a piece: whoever reads the mailbox is to say whether it was they.

    `person` is known by what was typed alone. `right` is the right to confirm, whose link and code are in the mail.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    person: UUID
    right: UUID


class ConfirmationReminded(CommissionFact):
    """Nobody has answered the first mail: the same right is mailed once more."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    person: UUID
    right: UUID


class RequestDropped(CommissionFact):
    """A request that nobody confirmed was deleted, with all that was written and sent for it."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    reason: DropReason


class CommissionConfirmed(CommissionFact):
    """A customer whose address is confirmed asked for one piece: its life begins with this fact, and not before.

    So does the life of what the studio enters for somebody: `by` is who of the studio, `way` how it reached them.

    It alone names the customer, for good. The brief of that version is on `touchmark.briefs`. `needed_by` is a day in
    the studio's zone; `recipient` is the person whom the piece is for, if not the customer; `delivery_country` is an
    ISO 3166 code; `offering_sha256` is of the offering document's canonical JSON.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    craft: str
    offering: str
    offering_version: int
    offering_sha256: str
    brief_version: int
    needed_by: date | None = None
    recipient: UUID | None = None
    delivery_country: str | None = None
    by: UUID | None = None
    way: EntryWay | None = None


class BriefChanged(CommissionFact):
    """What is wished changed before a quote was sent: the brief of this version is in force from now on.

    `needed_by` is what it says now, a day in the studio's zone. `by` is who of the studio changed it for the customer,
    whom the wish reached by `way`; without a way, who handed them the tablet.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    brief_version: int
    needed_by: date | None = None
    by: UUID | None = None
    way: EntryWay | None = None


class ProposalOutcome(StrEnum):
    """What became of a proposed change."""

    APPLIED = "applied"
    """It is the next version of the brief."""
    REFUSED = "refused"
    """What was agreed or offered stands."""
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"
    """The quote was accepted as it was, or the commission has ended."""


class ChangeProposed(CommissionFact):
    """Something else is wished while a quote is offered; what it is stands in the brief's record on `touchmark.briefs`.

    `number` counts the proposals of the commission, of which at most one is open. `by` is who of the studio proposed it
    for the customer, whom the wish reached by `way`; without a way, who handed them the tablet.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    proposal: UUID
    number: int
    by: UUID | None = None
    way: EntryWay | None = None


class ChangeProposalClosed(CommissionFact):
    """What became of a proposed change; `brief_version` is the version of the brief that it became, if it did.

    `text` is why it was refused. `by` is who of the studio answered, or took it back for the customer.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    proposal: UUID
    outcome: ProposalOutcome
    brief_version: int | None = None
    text: UUID | None = None
    by: UUID | None = None


class RequestRefusal(StrEnum):
    """Why the studio does not take a request."""

    NOT_OURS = "not_ours"
    """It does not make such pieces."""
    NO_TIME = "no_time"
    PROTECTED_DESIGN = "protected_design"
    """It is to be a copy of what somebody else designed."""
    OTHER = "other"


class RequestRefused(CommissionFact):
    """The studio does not take the request, before any quote of it was sent; the text `text` says why."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    reason: RequestRefusal
    text: UUID
    by: UUID | None = None


class CommissionWithdrawn(CommissionFact):
    """The customer cancelled the request before any quote was accepted.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    reason: WithdrawalReason
    by: UUID | None = None


class CancellationAsked(CommissionFact):
    """The customer wants to cancel an accepted commission, and agreed that `owed_percent` of its price is owed.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    cancellation: UUID
    owed_percent: int
    reason: WithdrawalReason
    by: UUID | None = None


class CancellationRefused(CommissionFact):
    """A cancellation came too late for its terms: a gate had been passed, or the parcel was with the carrier."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    cancellation: UUID


class ApprovalAsked(CommissionFact):
    """The customer is asked to sign off what a gate of the offering asks of them."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    approval: UUID
    gate: str
    brief_version: int


class ApprovalGiven(CommissionFact):
    """The customer signed off a gate, as this version of the brief has it: they may have corrected it by doing so.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    approval: UUID
    gate: str
    brief_version: int
    by: UUID | None = None


class ApprovalRefused(CommissionFact):
    """The customer requests a change; what they wrote is the text `text`. The studio answers.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    approval: UUID
    gate: str
    text: UUID
    by: UUID | None = None


class ClaimKind(StrEnum):
    """What is wrong with a piece that has arrived."""

    FIT = "fit"
    DAMAGE = "damage"
    FAULT = "fault"
    NOT_AS_AGREED = "not_as_agreed"


class ClaimMade(CommissionFact):
    """Something is wrong with the piece, and its guarantee runs; what the customer wrote is the text `text`.

    The studio answers before `answer_by`: by a `ClaimAnswered` of quotes. One claim is open at a time.
    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    claim: UUID
    kind: ClaimKind
    text: UUID
    answer_by: datetime
    by: UUID | None = None


class ContractWithdrawn(CommissionFact):
    """The customer withdrew from the contract, as the law allows for this piece: nothing is owed.

    If the piece has `arrived`, quotes refunds it; before that, the commission ends as a cancellation that is free.
    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    arrived: bool
    by: UUID | None = None


class MessageSent(CommissionFact):
    """A message between customer, maker and studio; its words are the text `message` on `touchmark.texts`."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    message: UUID
    author: UUID
    author_role: Role


class MessagesRead(CommissionFact):
    """Somebody has read the others' messages that were written up to `until`."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    person: UUID
    role: Role
    until: datetime


class ReceiptConfirmed(CommissionFact):
    """The customer says that the parcel has arrived.

    `by` is who of the studio handed them the tablet, if they did it there.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    customer: UUID
    by: UUID | None = None


class DeliveryWay(StrEnum):
    """How the piece comes to its customer."""

    PARCEL = "parcel"
    PICKUP = "pickup"
    """They collect it at the studio, and sign for it there."""


class DeliveryChosen(CommissionFact):
    """How the piece comes to its customer, as they or `by` of the studio chose; `number` counts the choices.

    The address of a parcel is the `recipient` on `touchmark.people`.
    """

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    number: int
    way: DeliveryWay
    recipient: UUID | None = None
    by: UUID | None = None


class ParcelMissed(CommissionFact):
    """The customer says that the parcel has not come; `by` is who of the studio said it for them."""

    topic: ClassVar[Topic] = Topic.COMMISSIONS

    by: UUID | None = None
