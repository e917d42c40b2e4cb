"""A change that is proposed while a quote is offered: who may, and its states, which `schema_proposals.sql` lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from services.intake.domain.briefs import Brief, Proposal, ProposalState
from services.intake.domain.changing import check_differs, check_version, is_offered
from services.intake.domain.commissions import CommissionReason, State, check_confirmed
from services.intake.domain.record import CommissionRecord
from shared.contracts.briefs import BriefAnswer, BriefProposal
from shared.contracts.commissions import EntryWay, ProposalOutcome
from shared.contracts.people import Role
from shared.contracts.production import PieceMade, PromiseBooked
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType, not_found

MOST_PROPOSALS = 20
"""So many changes of one commission may be proposed: each is read and answered by somebody."""


class ProposalReason(StrEnum):
    """Why a change cannot be proposed, answered or taken back."""

    NOT_OFFERED = auto()
    ACCEPTED = auto()
    CHANGE_ORDER_NEEDED = auto()
    OPEN_ALREADY = auto()
    TOO_MANY = auto()
    CLOSED = auto()
    WORDS_MISSING = auto()


@dataclass(frozen=True)
class ProposedBrief:
    """What is wished instead: every answer and picture."""

    answers: tuple[BriefAnswer, ...]
    images: tuple[UUID, ...]


def may_propose(record: CommissionRecord) -> bool:
    """Whether a change can be proposed now: a quote is offered or a piece is made, and no other change waits."""
    open_now = record.commission.state is State.OPEN and record.outcome is None
    return open_now and (is_offered(record) or is_being_made(record)) and record.open_proposal is None


def is_being_made(record: CommissionRecord) -> bool:
    """Whether what was accepted can still be changed by a change order: its hours are booked, and it is not made."""
    return record.last(PromiseBooked) is not None and record.last(PieceMade) is None


def check_may_propose(record: CommissionRecord, version: int) -> None:
    """Let pass who wishes for something else than this version, while a quote for it is offered or it is being made.

    Raises:
        Problem: conflict, with the reason and the way on.
    """
    commission = record.commission
    check_confirmed(commission)
    if commission.state is not State.OPEN or record.outcome is not None:
        raise Problem(ProblemType.CONFLICT, CommissionReason.ENDED)
    if record.accepted is not None and not is_being_made(record):
        address = f"/commissions/{commission.commission}/messages"
        raise Problem(ProblemType.CONFLICT, Phrase(ProposalReason.ACCEPTED, address=address))
    if record.open_proposal is not None:
        address = proposal_page(commission.commission)
        raise Problem(ProblemType.CONFLICT, Phrase(ProposalReason.OPEN_ALREADY, address=address))
    check_version(commission, version)
    if not is_offered(record) and not is_being_made(record):
        address = f"/commissions/{commission.commission}/change"
        raise Problem(ProblemType.CONFLICT, Phrase(ProposalReason.NOT_OFFERED, address=address))
    if len(record.proposals) >= MOST_PROPOSALS:
        raise Problem(ProblemType.CONFLICT, Phrase(ProposalReason.TOO_MANY, count=MOST_PROPOSALS))


def check_is_not_accepted(record: CommissionRecord) -> None:
    """Raises `conflict` where what is proposed has to be agreed to as a change order."""
    if record.accepted is not None:
        address = f"/quotes/{record.commission.commission}/change-order"
        raise Problem(ProblemType.CONFLICT, Phrase(ProposalReason.CHANGE_ORDER_NEEDED, address=address))


def new_proposal(
    record: CommissionRecord,
    proposal: UUID,
    brief: Brief,
    wished: ProposedBrief,
    *,
    by: Role,
    way: EntryWay | None,
    at: datetime,
) -> Proposal:
    """The change that is proposed on top of the version in force. Raises `conflict` where nothing differs."""
    check_differs(brief, wished.answers, wished.images)
    number = max((each.number for each in record.proposals), default=0) + 1
    return Proposal(
        proposal,
        record.commission.commission,
        number,
        wished.answers,
        wished.images,
        Role.OPS if by is Role.OPS else Role.CUSTOMER,
        way,
        ProposalState.OPEN,
        at,
    )


def of(proposals: Sequence[Proposal], proposal: UUID) -> Proposal:
    """The one of these that is meant. Raises `not-found`."""
    found = next((each for each in proposals if each.proposal == proposal), None)
    if found is None:
        raise not_found()
    return found


def close(
    proposal: Proposal,
    outcome: ProposalOutcome,
    at: datetime,
    *,
    brief_version: int | None = None,
    text: UUID | None = None,
) -> Proposal:
    """The proposal with what became of it; the same one if that is known already.

    Raises:
        Problem: conflict, if it was closed in another way.
    """
    state = ProposalState(outcome.value)
    if proposal.state is state:
        return proposal
    if not proposal.is_open:
        address = proposal_page(proposal.commission)
        raise Problem(ProblemType.CONFLICT, Phrase(ProposalReason.CLOSED, address=address))
    return replace(proposal, state=state, closed_at=at, brief_version=brief_version, text=text)


def published(proposal: Proposal | None) -> BriefProposal | None:
    """The proposal as the brief's record has it."""
    if proposal is None:
        return None
    return BriefProposal(
        proposal=proposal.proposal,
        number=proposal.number,
        answers=proposal.answers,
        images=proposal.images,
        by=proposal.by_role,
        at=proposal.made_at,
    )


def proposal_page(commission: UUID) -> str:
    """Where the open proposal is read, answered and taken back."""
    return f"/commissions/{commission}/proposal"
