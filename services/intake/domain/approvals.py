"""Approvals: a gate of the offering that the customer signs off, or for which they request a change."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from shared.kernel.problems import Problem, ProblemType


class ApprovalState(StrEnum):
    OPEN = "open"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """The commission ended before anybody decided."""


class ApprovalReason(StrEnum):
    """Why an approval cannot be given, refused or asked for."""

    GIVEN = auto()
    REFUSED = auto()
    WITHDRAWN = auto()
    CHANGED = auto()
    NO_GATE = auto()
    OFFERING_MISSING = auto()


@dataclass(frozen=True)
class Approval:
    """`brief_version` is what is to be signed, and once it is given, what was; `text` is the change requested."""

    approval: UUID
    commission: UUID
    gate: str
    brief_version: int
    state: ApprovalState
    asked_at: datetime
    ended_at: datetime | None = None
    text: UUID | None = None

    @property
    def is_open(self) -> bool:
        return self.state is ApprovalState.OPEN


_DECIDED = {
    ApprovalState.GIVEN: ApprovalReason.GIVEN,
    ApprovalState.REFUSED: ApprovalReason.REFUSED,
    ApprovalState.WITHDRAWN: ApprovalReason.WITHDRAWN,
}


def give(approval: Approval, brief_version: int, at: datetime) -> Approval:
    """The approval, signed for this version of the brief; the same one if it was signed so before.

    Raises:
        Problem: conflict, if it was refused, or signed for another version.
    """
    if approval.state is ApprovalState.GIVEN and approval.brief_version == brief_version:
        return approval
    check_open(approval)
    return replace(approval, state=ApprovalState.GIVEN, brief_version=brief_version, ended_at=at)


def refuse(approval: Approval, text: UUID, at: datetime) -> Approval:
    """The approval, refused with these words; the same one if it was refused before.

    Raises:
        Problem: conflict, if it is signed or has ended.
    """
    if approval.state is ApprovalState.REFUSED:
        return approval
    check_open(approval)
    return replace(approval, state=ApprovalState.REFUSED, text=text, ended_at=at)


def check_is_of_now(approval: Approval, shown_version: int, newest_version: int) -> None:
    """Raises `conflict` where somebody signs a version that is not the newest one any more."""
    if approval.is_open and shown_version != newest_version:
        raise Problem(
            ProblemType.CONFLICT,
            ApprovalReason.CHANGED,
        )


def check_open(approval: Approval) -> None:
    """Raises `conflict` where it was decided already, saying how."""
    if not approval.is_open:
        raise Problem(ProblemType.CONFLICT, _DECIDED[approval.state])
