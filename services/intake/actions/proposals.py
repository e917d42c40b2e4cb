"""A change that is proposed while a quote is offered: the customer proposes, the studio applies or refuses it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import pictures, records
from services.intake.actions.changing import brief_written, pictured
from services.intake.domain import proposals
from services.intake.domain.approvals import ApprovalReason
from services.intake.domain.briefs import Brief, Proposal, ProposalState, needed_by
from services.intake.domain.changing import ChangedBrief
from services.intake.domain.commissions import Commission
from services.intake.domain.pictures import StoredPicture
from services.intake.domain.proposals import ProposedBrief
from services.intake.domain.record import CommissionRecord
from services.intake.domain.texts import Text, to_fact
from services.intake.store import proposals as kept
from shared.auth.roles import Caller, Role
from shared.contracts.commands.intake import PutProposalInForce, WrittenBrief
from shared.contracts.commissions import BriefChanged, ChangeProposalClosed, ChangeProposed, ProposalOutcome
from shared.contracts.fact import Fact
from shared.contracts.texts import Subject
from shared.kernel.ids import Ids
from shared.kernel.problems import NotYet, not_found
from shared.offerings.changes import AnswerChange, changed_answers
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201


@dataclass(frozen=True)
class ReadProposal:
    """A proposal with what differs in it from the brief that it was made for, and why it was refused, if it was."""

    proposal: Proposal
    changes: tuple[AnswerChange, ...]
    pictures_changed: bool
    words: Text | None


@dataclass(frozen=True)
class ProposalList:
    """Every change that was proposed of a commission, the newest first."""

    record: CommissionRecord
    proposals: tuple[ReadProposal, ...]

    @property
    def open(self) -> ReadProposal | None:
        return next((each for each in self.proposals if each.proposal.is_open), None)

    @property
    def may_propose(self) -> bool:
        return proposals.may_propose(self.record)

    def in_language(self, language: str) -> "ProposalList":
        """The same, with the offering in the words of this language."""
        return replace(self, record=self.record.in_language(language))


async def read(tx: Tx, caller: Caller, commission: UUID) -> ProposalList:
    """What was proposed, for its customer and the studio. Raises `not-found`."""
    record = await records.load(tx, caller, commission)
    if caller.role is Role.MAKER:
        raise not_found()
    briefs = await store.briefs(tx, commission)
    return ProposalList(record, tuple(_read(record, each, briefs) for each in reversed(record.proposals)))


async def propose(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    request: RequestKey,
    given: ChangedBrief,
    *,
    new: Sequence[StoredPicture] = (),
    new_id: Ids,
    now: datetime,
) -> Answer:
    """Propose something else than what is offered, and publish it. `new` are pictures that came.

    Raises:
        Problem: not-found; idempotency-key-reused; conflict, if nothing is offered, the quote was accepted, it has
            ended, another change is proposed, or nothing differs; validation-failed if a kept picture is gone.
    """

    async def act() -> Answer:
        found = await _locked(tx, caller, commission)
        record = await records.load_whole(tx, found)
        proposals.check_may_propose(record, given.version)
        brief = await store.brief(tx, found)
        if brief is None:
            raise not_found()
        for picture in new:
            await pictures.keep(tx, picture, now)
        wished = ProposedBrief(given.brief.answers, await pictured(tx, caller, found, given, new))
        proposal = proposals.new_proposal(record, new_id(), brief, wished, by=caller.role, way=given.way, at=now)
        await kept.add_proposal(tx, proposal)
        tx.touch(commission)
        proposed = ChangeProposed(
            at=now,
            commission=commission,
            proposal=proposal.proposal,
            number=proposal.number,
            by=caller.ops or caller.witness,
            way=given.way,
        )
        await publish(tx, [brief_written(found, brief, proposal), proposed])
        return Answer(_CREATED, {"proposal": str(proposal.proposal), "number": proposal.number})

    return await once(tx, request, act)


async def apply(tx: Tx, caller: Caller, commission: UUID, proposal: UUID, *, now: datetime) -> Proposal:
    """Make what is proposed the next version of the brief, in force at once; twice is the same as once.

    Quotes withdraws what it offered, and drafts a quote of the new version.

    Raises:
        NotYet: the offering's document comes with a newer release.
        Problem: not-found; conflict, if it was answered otherwise.
    """
    found, record, open_now = await _to_answer(tx, caller, commission, proposal)
    proposals.check_is_not_accepted(record)
    if not open_now.is_open:
        return proposals.close(open_now, ProposalOutcome.APPLIED, now)
    brief, needed = await _next_version(tx, record, open_now, now)
    applied = proposals.close(open_now, ProposalOutcome.APPLIED, now, brief_version=brief.version)
    changed = BriefChanged(at=now, commission=commission, brief_version=brief.version, needed_by=needed, way=brief.way)
    await _close(tx, found, applied, ProposalOutcome.APPLIED, brief, by=caller.ops, also=[changed])
    return applied


async def put_in_force(tx: Tx, command: PutProposalInForce, now: datetime) -> WrittenBrief:
    """Make what was agreed to as a change order the next version of the brief, and publish it; twice is once.

    Whoever agreed is held to it: one that was taken back in the same moment is put in force as well.

    Raises:
        NotYet: the offering's document comes with a newer release.
        Problem: not-found, where nothing was proposed.
    """
    found = await store.lock_commission(tx, command.commission)
    if found is None:
        raise not_found()
    record = await records.load_whole(tx, found)
    agreed = proposals.of(record.proposals, command.proposal)
    if agreed.brief_version is not None:
        return WrittenBrief(brief_version=agreed.brief_version)
    brief, _ = await _next_version(tx, record, agreed, now)
    applied = replace(agreed, state=ProposalState.APPLIED, closed_at=now, brief_version=brief.version, text=None)
    await _close(tx, found, applied, ProposalOutcome.APPLIED, brief)
    return WrittenBrief(brief_version=brief.version)


async def refuse(
    tx: Tx, caller: Caller, commission: UUID, proposal: UUID, words: str, *, new_id: Ids, now: datetime
) -> Proposal:
    """Say why not: what is offered stands. Twice is the same as once, with the first words.

    Raises:
        Problem: not-found; conflict, if it was answered otherwise.
    """
    found, _, open_now = await _to_answer(tx, caller, commission, proposal)
    text = Text(new_id(), commission, caller.person, caller.role, Subject.REASON, words, now)
    refused = proposals.close(open_now, ProposalOutcome.REFUSED, now, text=text.text)
    if refused is not open_now:
        await store.keep_text(tx, text)
        await _close(tx, found, refused, ProposalOutcome.REFUSED, by=caller.ops, also=[to_fact(text)])
    return refused


async def take_back(tx: Tx, caller: Caller, commission: UUID, proposal: UUID, *, now: datetime) -> Proposal:
    """Wish for what is offered after all; twice is the same as once.

    Raises:
        Problem: not-found; conflict, if it was answered already.
    """
    found = await _locked(tx, caller, commission)
    open_now = proposals.of(await kept.proposals(tx, [commission]), proposal)
    taken = proposals.close(open_now, ProposalOutcome.TAKEN_BACK, now)
    if taken is not open_now:
        await _close(tx, found, taken, ProposalOutcome.TAKEN_BACK, by=caller.ops or caller.witness)
    return taken


async def overtake(tx: Tx, commission: UUID, now: datetime) -> None:
    """The quote was accepted as it was, or it has ended: nobody answers the open proposal any more."""
    found = await store.lock_commission(tx, commission)
    open_now = next((each for each in await kept.proposals(tx, [commission]) if each.is_open), None)
    if found is None or open_now is None:
        return
    overtaken = proposals.close(open_now, ProposalOutcome.OVERTAKEN, now)
    await _close(tx, found, overtaken, ProposalOutcome.OVERTAKEN)


async def _locked(tx: Tx, caller: Caller, commission: UUID) -> Commission:
    """The customer's own commission, or any for the studio, held against change until the commit."""
    found = await store.lock_commission(tx, commission)
    if found is None or (caller.role is not Role.OPS and found.customer != caller.person):
        raise not_found()
    return found


async def _to_answer(
    tx: Tx, caller: Caller, commission: UUID, proposal: UUID
) -> tuple[Commission, CommissionRecord, Proposal]:
    """The proposal that the studio answers."""
    if caller.role is not Role.OPS:
        raise not_found()
    found = await _locked(tx, caller, commission)
    record = await records.load_whole(tx, found)
    return found, record, proposals.of(record.proposals, proposal)


async def _next_version(tx: Tx, record: CommissionRecord, wished: Proposal, now: datetime) -> tuple[Brief, date | None]:
    """What is proposed, as the next version of the brief, and the day that it is needed by. Raises `NotYet`."""
    found = record.commission
    before = await store.brief(tx, found)
    if record.offering is None or before is None:
        raise NotYet(ApprovalReason.OFFERING_MISSING, retry_after=10)
    brief = Brief(before.version + 1, wished.answers, now, wished.images, wished.way)
    needed = needed_by(record.offering.form, brief.answers)
    await store.add_brief(tx, found.commission, brief, needed)
    return brief, needed


async def _close(
    tx: Tx,
    found: Commission,
    closed: Proposal,
    outcome: ProposalOutcome,
    brief: Brief | None = None,
    *,
    by: UUID | None = None,
    also: Sequence[Fact] = (),
) -> None:
    """Keep what became of a proposal and publish it, with the brief that is in force, which has none open."""
    await kept.save_proposal(tx, closed)
    in_force = brief or await store.brief(tx, found)
    tx.touch(found.commission)
    fact = ChangeProposalClosed(
        at=closed.closed_at or closed.made_at,
        commission=found.commission,
        proposal=closed.proposal,
        outcome=outcome,
        brief_version=closed.brief_version,
        text=closed.text,
        by=by,
    )
    await publish(tx, [*([brief_written(found, in_force)] if in_force else []), *also, fact])


def _read(record: CommissionRecord, proposal: Proposal, briefs: Sequence[Brief]) -> ReadProposal:
    """Beside the newest version that there was when it was made."""
    before = [each for each in briefs if each.written_at <= proposal.made_at]
    base = before[-1] if before else None
    return ReadProposal(
        proposal,
        changed_answers(base.answers, proposal.answers) if base else (),
        base is not None and base.images != proposal.images,
        record.texts.get(proposal.text) if proposal.text else None,
    )
