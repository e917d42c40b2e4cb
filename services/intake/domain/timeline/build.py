"""The whole timeline: what happened, what happens now, and what is still to come."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from services.intake.domain.approvals import Approval, ApprovalState
from services.intake.domain.briefs import Proposal, ProposalState
from services.intake.domain.cancellations import Cancellation, CancellationState
from services.intake.domain.commissions import State
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import (
    Author,
    Chapter,
    EntryCode,
    EntryState,
    TimelineEntry,
    entry,
    quiet_entry,
    wrong_entry,
)
from services.intake.domain.timeline.mails import mail_entry
from services.intake.domain.timeline.production import address_entry, making_entry, parcel_entry, promise_entry
from services.intake.domain.timeline.quotes import change_entry, money_entry, quote_entry
from services.intake.domain.timeline.status import Status, current_status
from shared.contracts.commissions import EntryWay
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Outcome, Phase
from shared.contracts.production import PieceMade, PromiseBooked, PromiseHeld
from shared.contracts.quotes import QuoteDeclined, QuoteDrafted, QuoteSent

_READERS = (
    quote_entry,
    change_entry,
    money_entry,
    promise_entry,
    making_entry,
    address_entry,
    parcel_entry,
    mail_entry,
)

_ENTERED: Mapping[EntryWay | None, EntryCode] = MappingProxyType(
    {EntryWay.COUNTER: EntryCode.ENTERED_AT_COUNTER, EntryWay.PHONE: EntryCode.ENTERED_ON_PHONE}
)
_UNTIL_THE_QUOTE = (
    EntryCode.QUOTE_TO_DRAFT,
    EntryCode.QUOTE_TO_CHECK,
    EntryCode.HOURS_TO_HOLD,
    EntryCode.DECISION_TO_COME,
)
_AFTER_THE_QUOTE = (
    EntryCode.DEPOSIT_TO_PAY,
    EntryCode.MAKING_TO_COME,
    EntryCode.BALANCE_TO_PAY,
    EntryCode.PARCEL_TO_COME,
)
_AHEAD: Mapping[Phase, tuple[EntryCode, ...]] = MappingProxyType(
    {
        Phase.REQUESTED: _UNTIL_THE_QUOTE,
        Phase.PROMISING: _UNTIL_THE_QUOTE,
        Phase.QUOTING: _UNTIL_THE_QUOTE,
        Phase.DESK: _UNTIL_THE_QUOTE[2:],
        Phase.OFFERED: _AFTER_THE_QUOTE,
        Phase.DEPOSIT: _AFTER_THE_QUOTE[1:],
        Phase.MAKING: _AFTER_THE_QUOTE[2:],
        Phase.BALANCE: _AFTER_THE_QUOTE[3:],
        Phase.SHIPPING: (),
        Phase.CERTIFYING: (),
        Phase.ENDED: (),
    }
)


def build_timeline(record: CommissionRecord) -> tuple[TimelineEntry, ...]:
    """What happened, oldest first, then the status as what happens now, then what is still to come."""
    now = current_status(record)
    happened = [*_own(record, now), *(found for fact in record.facts if (found := _entry(record, fact)))]
    happened.sort(key=lambda each: each.at or record.commission.submitted_at)
    state = EntryState.DONE if now.ended else EntryState.NOW
    chapters = _beginnings(record)
    newest, _ = chapters[-1]
    current = TimelineEntry(EntryCode.NOW, {}, state, now.since)
    rest = () if _is_shown_already(record) else (current, *_ahead(record, now))
    return (
        *(replace(each, chapter=_chapter_of(each, chapters)) for each in happened),
        *(replace(each, chapter=newest) for each in rest),
    )


def _is_shown_already(record: CommissionRecord) -> bool:
    """Whether the end is in the timeline by what led to it."""
    declined = record.outcome is Outcome.DECLINED and record.last(QuoteDeclined) is not None
    return declined or record.outcome is Outcome.REFUSED


def _entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a fact is; phases and the end are shown by the status."""
    found = next((made for read in _READERS if (made := read(record, fact))), None)
    return replace(found, at=fact.at) if found else None


def _own(record: CommissionRecord, now: Status) -> Iterator[TimelineEntry]:
    """What the customer did here; a cancelled request is what happens now, until it has ended."""
    commission = record.commission
    requested = _ENTERED.get(commission.entered_way, EntryCode.REQUESTED)
    yield replace(entry(requested), at=commission.submitted_at)
    yield from _changes(record)
    if commission.withdrawn_at is not None and now.ended:
        yield replace(entry(EntryCode.REQUEST_CANCELLED), at=commission.withdrawn_at)
    if record.delivery and record.delivery.missed_at:
        yield replace(wrong_entry(EntryCode.PARCEL_MISSED), at=record.delivery.missed_at)
    if commission.receipt_confirmed_at is not None:
        yield replace(entry(EntryCode.RECEIPT_CONFIRMED), at=commission.receipt_confirmed_at)
    for approval in record.approvals:
        yield from _approval(record, approval)
    for cancellation in record.cancellations:
        yield from _cancellation(cancellation)
    if record.contract_withdrawal:
        yield replace(entry(EntryCode.CONTRACT_WITHDRAWN), at=record.contract_withdrawal.withdrawn_at)
    for claim in record.claims:
        said = replace(wrong_entry(EntryCode.CLAIM_MADE, claim_kind=claim.kind), at=claim.made_at)
        yield replace(said, quotation=record.texts.get(claim.text), author=Author.CUSTOMER)


def _approval(record: CommissionRecord, approval: Approval) -> Iterator[TimelineEntry]:
    yield replace(quiet_entry(EntryCode.SIGN_OFF_REQUESTED, gate=approval.gate), at=approval.asked_at)
    match approval.state:
        case ApprovalState.GIVEN:
            yield replace(entry(EntryCode.SIGNED_OFF, gate=approval.gate), at=approval.ended_at)
        case ApprovalState.REFUSED:
            text = record.texts.get(approval.text) if approval.text else None
            refused = entry(EntryCode.CHANGE_REQUESTED, gate=approval.gate)
            yield replace(refused, at=approval.ended_at, quotation=text, author=Author.CUSTOMER)
        case ApprovalState.OPEN | ApprovalState.WITHDRAWN:
            pass


def _changes(record: CommissionRecord) -> Iterator[TimelineEntry]:
    """What was wished instead: at once before the quote was sent, as a proposal since then."""
    proposed = {each.brief_version for each in record.proposals}
    for brief in (each for each in record.changed_briefs if each.version not in proposed):
        changed = EntryCode.REQUEST_CHANGED_BY_STUDIO if brief.way else EntryCode.REQUEST_CHANGED
        yield replace(entry(changed, version=brief.version), at=brief.written_at)
    if refusal := record.refusal:
        refused = replace(wrong_entry(EntryCode.REQUEST_REFUSED), at=refusal.refused_at, author=Author.STUDIO)
        yield replace(refused, quotation=record.texts.get(refusal.text))
    for proposal in record.proposals:
        yield from _proposal(record, proposal)


def _proposal(record: CommissionRecord, proposal: Proposal) -> Iterator[TimelineEntry]:
    by_studio = proposal.way is not None
    proposed = EntryCode.CHANGE_PROPOSED_BY_STUDIO if by_studio else EntryCode.CHANGE_PROPOSED
    yield replace(entry(proposed), at=proposal.made_at)
    match proposal.state:
        case ProposalState.APPLIED:
            applied = entry(EntryCode.PROPOSAL_APPLIED, version=proposal.brief_version or 0)
            yield replace(applied, at=proposal.closed_at)
        case ProposalState.REFUSED:
            text = record.texts.get(proposal.text) if proposal.text else None
            refused = wrong_entry(EntryCode.PROPOSAL_REFUSED)
            yield replace(refused, at=proposal.closed_at, quotation=text, author=Author.STUDIO)
        case ProposalState.TAKEN_BACK:
            yield replace(entry(EntryCode.PROPOSAL_TAKEN_BACK), at=proposal.closed_at)
        case ProposalState.OVERTAKEN:
            yield replace(quiet_entry(EntryCode.PROPOSAL_OVERTAKEN), at=proposal.closed_at)
        case ProposalState.OPEN:
            pass


def _cancellation(cancellation: Cancellation) -> Iterator[TimelineEntry]:
    percent = cancellation.owed_percent
    asked = (
        entry(EntryCode.CANCELLATION_REQUESTED, percent=percent)
        if percent
        else entry(EntryCode.CANCELLATION_REQUESTED_FREE)
    )
    yield replace(asked, at=cancellation.asked_at)
    if cancellation.state is CancellationState.REFUSED:
        yield replace(wrong_entry(EntryCode.CANCELLATION_REFUSED), at=cancellation.ended_at)


def _ahead(record: CommissionRecord, now: Status) -> tuple[TimelineEntry, ...]:
    if now.ended or record.commission.state is not State.OPEN:
        return ()
    phase = record.newest_phase
    ahead = _AHEAD[phase.phase if phase else Phase.REQUESTED]
    done = {EntryCode.HOURS_TO_HOLD for _ in record.all(PromiseHeld)}
    done |= {EntryCode.QUOTE_TO_DRAFT for _ in record.all(QuoteDrafted)}
    return tuple(TimelineEntry(code, {}, EntryState.AHEAD) for code in ahead if code not in done)


def _chapter_of(each: TimelineEntry, chapters: tuple[tuple[Chapter, datetime], ...]) -> Chapter:
    """The newest chapter that had begun when it happened."""
    begun = [chapter for chapter, at in chapters if each.at is None or at <= each.at]
    return begun[-1] if begun else Chapter.REQUEST


def _beginnings(record: CommissionRecord) -> tuple[tuple[Chapter, datetime], ...]:
    """Each chapter that has begun, and when."""
    first = ((Chapter.QUOTE, QuoteSent), (Chapter.BENCH, PromiseBooked), (Chapter.PARCEL, PieceMade))
    found = [(chapter, facts[0].at) for chapter, kind in first if (facts := record.all(kind))]
    return ((Chapter.REQUEST, record.commission.submitted_at), *found)
