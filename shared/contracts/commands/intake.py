"""Commands that intake carries out."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.lifecycle import Outcome


class CancellationRefusal(StrEnum):
    """Why a cancellation that the customer agreed to cannot be carried out on those terms."""

    GATE_PASSED = "gate_passed"
    """Meanwhile something was done that cannot be undone: it would cost more now."""
    HANDED_OVER = "handed_over"
    """The parcel is with the carrier, or has arrived."""


class ApprovalAsking(Result):
    approval: UUID


class AskApproval(Command[ApprovalAsking]):
    """Ask the customer to sign off, on the commission's page, what this gate of the offering asks of them.

    An approval of the gate that is open already stays the one there is.
    """

    service: ClassVar[str] = "intake"

    gate: str


class RefuseCancellation(Command[Done]):
    """Tell the customer on the page that the cancellation was overtaken; they may ask again under the new terms."""

    service: ClassVar[str] = "intake"

    cancellation: UUID
    refusal: CancellationRefusal
    owed_percent: int | None = None


class WrittenBrief(Result):
    """The version of the brief that is in force now."""

    brief_version: int


class PutProposalInForce(Command[WrittenBrief]):
    """Make what was proposed, and agreed to as a change order, the next version of the brief. Twice is once."""

    service: ClassVar[str] = "intake"

    proposal: UUID


class CloseCommission(Command[Done]):
    """Close the commission's page: it stays readable, nothing can be asked of it any more."""

    service: ClassVar[str] = "intake"

    outcome: Outcome
