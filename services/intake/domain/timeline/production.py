"""From the facts of production to entries: the promise, the making, the parcel and the certificate."""

from dataclasses import replace

from services.intake.domain.approvals import ApprovalState
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import (
    Author,
    EntryCode,
    TimelineEntry,
    entry,
    quiet_entry,
    wrong_entry,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.production import (
    AddressAsked,
    CertificateIssued,
    GateOpened,
    GatePassed,
    GateReached,
    GateVoided,
    MakingPaused,
    MakingResumed,
    MakingStopped,
    MishapReported,
    MishapUndone,
    NoteWritten,
    ParcelClaimed,
    ParcelDelivered,
    ParcelHandedOver,
    PhotoTaken,
    PieceMade,
    PiecePacked,
    PieceReplanned,
    PromiseBooked,
    PromiseHeld,
    PromiseReleased,
    QualityFailed,
    ReadyForPickup,
    StageBegun,
    StageFinished,
)


def promise_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a promise, or a change of it, is."""
    match fact:
        case PromiseHeld():
            return _held(record, fact)
        case PromiseReleased():
            return quiet_entry(EntryCode.HOURS_RELEASED)
        case PromiseBooked():
            return entry(EntryCode.HOURS_BOOKED, begins_on=fact.begins_on, ready_by=fact.ready_by)
        case PieceReplanned():
            return _replanned(fact)
        case _:
            return None


def making_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that something at the bench is; what a newer one has overtaken is none."""
    found: TimelineEntry | None = None
    match fact:
        case StageBegun():
            found = _begun(record, fact)
        case StageFinished():
            found = _finished(fact)
        case PhotoTaken():
            address = f"/bench/commissions/{fact.commission}/photos/{fact.photo}"
            found = replace(entry(EntryCode.PHOTO_TAKEN, stage=fact.stage), photo=address)
        case NoteWritten():
            found = _note(record, fact)
        case MishapReported():
            found = wrong_entry(EntryCode.MISHAP, kind=fact.kind)
        case MishapUndone():
            found = entry(EntryCode.MISHAP_UNDONE)
        case QualityFailed():
            found = wrong_entry(EntryCode.CHECK_FAILED, stage=fact.back_to)
        case PieceMade():
            found = entry(EntryCode.PIECE_MADE)
        case _:
            found = _interruption(fact) or _gate(record, fact)
    return found


def address_entry(_record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry of what a parcel needs before it leaves, of what comes instead of one, and of one that is lost."""
    match fact:
        case AddressAsked():
            return quiet_entry(EntryCode.ADDRESS_ASKED)
        case ParcelClaimed():
            return entry(EntryCode.PARCEL_CLAIMED, carrier=fact.carrier)
        case ReadyForPickup():
            return entry(EntryCode.READY_FOR_PICKUP)
        case _:
            return None


def parcel_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that something after the making is; what the customer confirmed is shown by that, and once."""
    match fact:
        case PiecePacked():
            return quiet_entry(EntryCode.PIECE_PACKED)
        case ParcelHandedOver():
            return entry(EntryCode.PARCEL_SENT, carrier=fact.carrier, tracking=fact.tracking)
        case ParcelDelivered() if record.commission.receipt_confirmed_at is None:
            return entry(EntryCode.PARCEL_DELIVERED)
        case CertificateIssued():
            return entry(EntryCode.CERTIFICATE_ISSUED, serial=fact.serial)
        case _:
            return None


def _held(record: CommissionRecord, fact: PromiseHeld) -> TimelineEntry:
    """The honest day is not always the one that was hoped for: said before anything is decided."""
    needed = record.commission.needed_by
    if needed is None or fact.ready_by <= needed:
        return entry(EntryCode.HOURS_HELD, ready_by=fact.ready_by)
    return wrong_entry(EntryCode.HOURS_HELD_TOO_LATE, ready_by=fact.ready_by, needed_by=needed)


def _replanned(fact: PieceReplanned) -> TimelineEntry | None:
    if fact.ready_by == fact.before:
        return None
    if fact.ready_by > fact.before:
        return wrong_entry(EntryCode.READY_LATER, reason=fact.reason, ready_by=fact.ready_by, before=fact.before)
    return entry(EntryCode.READY_SOONER, ready_by=fact.ready_by, before=fact.before)


def _begun(record: CommissionRecord, fact: StageBegun) -> TimelineEntry | None:
    """Shown while it is under way: a stage that is finished is shown by that, and once."""
    over = any(done.task == fact.task and done.at >= fact.at for done in record.all(StageFinished))
    newer = any(other.task == fact.task and other.at > fact.at for other in record.all(StageBegun))
    if over or newer:
        return None
    return quiet_entry(EntryCode.STAGE_REPEATED if fact.rework else EntryCode.STAGE_STARTED, stage=fact.stage)


def _finished(fact: StageFinished) -> TimelineEntry:
    if fact.waiting and fact.next_on:
        return entry(EntryCode.STAGE_DONE_THEN_WAIT, stage=fact.stage, next_on=fact.next_on)
    return entry(EntryCode.STAGE_DONE if fact.next_stage else EntryCode.LAST_STAGE_DONE, stage=fact.stage)


def _note(record: CommissionRecord, fact: NoteWritten) -> TimelineEntry:
    text = record.texts.get(fact.note)
    if text is None:
        return entry(EntryCode.NOTE_ON_ITS_WAY, stage=fact.stage)
    return replace(entry(EntryCode.NOTE_WRITTEN, stage=fact.stage), quotation=text, author=Author.MAKER)


def _interruption(fact: CommissionFact) -> TimelineEntry | None:
    match fact:
        case MakingPaused():
            return entry(EntryCode.MAKING_PAUSED)
        case MakingResumed():
            return entry(EntryCode.MAKING_RESUMED)
        case MakingStopped() if fact.cancel_percent:
            return entry(EntryCode.MAKING_STOPPED, percent=fact.cancel_percent)
        case MakingStopped():
            return entry(EntryCode.MAKING_STOPPED_FREE)
        case _:
            return None


def _gate(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """Steps that cannot be undone; what the customer is asked to sign, or signed, is shown by that, and once."""
    signatures = {each.gate: each.state for each in record.approvals}
    match fact:
        case GateReached() if fact.gate not in signatures:
            return quiet_entry(EntryCode.GATE_REACHED, gate=fact.gate)
        case GateOpened() if signatures.get(fact.gate) is not ApprovalState.GIVEN:
            return quiet_entry(EntryCode.GATE_OPENED, gate=fact.gate)
        case GatePassed():
            return entry(EntryCode.GATE_PASSED, gate=fact.gate, percent=fact.cancel_percent)
        case GateVoided():
            return entry(EntryCode.GATE_VOIDED, gate=fact.gate)
        case _:
            return None
