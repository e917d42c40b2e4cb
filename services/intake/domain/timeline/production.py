"""From what production told to entries: the promise, the making, the parcel and the certificate."""

from collections.abc import Mapping
from types import MappingProxyType

from services.intake.domain.approvals import ApprovalState
from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import EntryState, TimelineEntry, in_words
from shared.contracts.fact import CommissionFact
from shared.contracts.production import (
    CertificateIssued,
    GateOpened,
    GatePassed,
    GateReached,
    MakingPaused,
    MakingResumed,
    MakingStopped,
    Mishap,
    MishapReported,
    NoteWritten,
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
    Replanned,
    StageBegun,
    StageFinished,
)

_CARRIERS: Mapping[str, str] = MappingProxyType(
    {"post": "Registered post", "dhl": "DHL", "ups": "UPS", "fedex": "FedEx"}
)

HELD = "Time at the bench is held for you"

WHY: Mapping[Replanned, str] = MappingProxyType(
    {
        Replanned.LATE_START: "The bench could begin only later than was planned.",
        Replanned.MISHAP: "Something went wrong at the bench, and is being made good.",
        Replanned.REWORK: "A check was not met, so a part is done over: you get it right, and later.",
        Replanned.PAUSE: "The bench stood still while the commission was paused.",
        Replanned.ANOTHER_MAKER: "Another maker has taken it over.",
    }
)
"""Why the day was computed anew, said honestly."""

_MISHAPS: Mapping[Mishap, str] = MappingProxyType(
    {
        Mishap.PIECE_DAMAGED: "The piece was damaged. The maker makes it good, or makes it anew.",
        Mishap.MATERIAL_SPOILT: "The material was spoilt. New material is on its way to the bench.",
        Mishap.MATERIAL_LATE: "The material has not come in time. It is outside of the bench's hands.",
        Mishap.TOOL_BROKEN: "A tool broke. It is being mended or replaced.",
        Mishap.MAKER_AWAY: "The maker has to be away. Your piece waits safely.",
    }
)


def promise_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a promise, or a change of it, is."""
    match fact:
        case PromiseHeld():
            return _held(record, fact)
        case PromiseReleased():
            return TimelineEntry("The hours at the bench are free again", "Other pieces may have them.", quiet=True)
        case PromiseBooked():
            days = f"Work begins on {in_words(fact.begins_on)}, and your piece is ready by {in_words(fact.ready_by)}."
            return TimelineEntry("The hours are yours for good", days)
        case PieceReplanned():
            return _replanned(fact)
        case _:
            return None


def making_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that something at the bench is; what a newer one has overtaken is none."""
    entry: TimelineEntry | None = None
    match fact:
        case StageBegun():
            entry = _begun(record, fact)
        case StageFinished():
            entry = TimelineEntry(record.stage_title(fact.stage), _done(fact))
        case PhotoTaken():
            entry = _photo(record, fact)
        case NoteWritten():
            entry = _note(record, fact)
        case MishapReported():
            entry = TimelineEntry("Something went wrong at the bench", _MISHAPS[fact.kind], EntryState.WRONG)
        case QualityFailed():
            back = f"It goes back: {record.stage_title(fact.back_to)}. Nothing leaves here that does not meet the list."
            entry = TimelineEntry("A check was not met", back, EntryState.WRONG)
        case PieceMade():
            entry = TimelineEntry("Your piece is made", "Every stage is done, and every check of the list is met.")
        case _:
            entry = _making_rests(fact) or _gate(record, fact)
    return entry


def tracked(parcel: ParcelHandedOver) -> str:
    """Who has the parcel, under which number; a carrier without a name here is just the carrier."""
    return f"{_CARRIERS.get(parcel.carrier, 'The carrier')} has it, under the number {parcel.tracking}."


def parcel_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that something after the making is; a receipt that the customer confirmed is told by that, and once."""
    match fact:
        case PiecePacked():
            return TimelineEntry("Your piece lies in its parcel", "With everything that belongs to it.", quiet=True)
        case ParcelHandedOver():
            return TimelineEntry("The parcel is on its way", tracked(fact))
        case ParcelDelivered() if record.commission.receipt_confirmed_at is None:
            return TimelineEntry("The parcel has arrived", "So the studio was told.")
        case CertificateIssued():
            return TimelineEntry(
                "The certificate is written", f"It proves where your piece comes from; its number is {fact.serial}."
            )
        case _:
            return None


def _held(record: CommissionRecord, fact: PromiseHeld) -> TimelineEntry:
    """The honest day is not always the one that was hoped for: said before anything is decided."""
    needed = record.commission.needed_by
    if needed is None or fact.ready_by <= needed:
        return TimelineEntry(HELD, f"Say yes in time, and your piece is ready by {in_words(fact.ready_by)}.")
    late = (
        f"The first day that we can keep is {in_words(fact.ready_by)}, and you need it by {in_words(needed)}. "
        "If that is too late, take the commission back; nothing is owed."
    )
    return TimelineEntry(HELD, late, EntryState.WRONG)


def _replanned(fact: PieceReplanned) -> TimelineEntry | None:
    if fact.ready_by == fact.before:
        return None
    if fact.ready_by > fact.before:
        moved = f"{WHY[fact.reason]} It is ready by {in_words(fact.ready_by)} now, not by {in_words(fact.before)}."
        return TimelineEntry("The day has moved", moved, EntryState.WRONG)
    return TimelineEntry("It is ready sooner", f"By {in_words(fact.ready_by)} instead of {in_words(fact.before)}.")


def _begun(record: CommissionRecord, fact: StageBegun) -> TimelineEntry | None:
    """ReadModel while it is under way: a stage that is finished is told by that, and once."""
    over = any(done.task == fact.task and done.at >= fact.at for done in record.all(StageFinished))
    newer = any(other.task == fact.task and other.at > fact.at for other in record.all(StageBegun))
    if over or newer:
        return None
    again = "The maker has taken it up again, to do it over." if fact.rework else "The maker is at it."
    return TimelineEntry(f"Begun: {record.stage_title(fact.stage)}", again, quiet=True)


def _done(fact: StageFinished) -> str:
    if fact.waiting and fact.next_on:
        return f"Done. Now it rests until {in_words(fact.next_on)}."
    return "Done." if fact.next_stage else "Done, and with it the last stage."


def _photo(record: CommissionRecord, fact: PhotoTaken) -> TimelineEntry:
    title = record.stage_title(fact.stage)
    address = f"/bench/commissions/{fact.commission}/photos/{fact.photo}"
    return TimelineEntry("A photo from the bench", "", photo=address, alt=f"Your piece at the bench: {title}")


def _note(record: CommissionRecord, fact: NoteWritten) -> TimelineEntry:
    text = record.texts.get(fact.note)
    words = text.shown if text else "The maker's words are on their way."
    return TimelineEntry("The maker writes", "", words=words, by=record.stage_title(fact.stage))


def _making_rests(fact: CommissionFact) -> TimelineEntry | None:
    match fact:
        case MakingPaused():
            return TimelineEntry(
                "The bench stands still", "The studio has paused your commission; no clock runs meanwhile."
            )
        case MakingResumed():
            return TimelineEntry("The bench goes on", "What is left was planned anew.")
        case MakingStopped():
            owed = (
                f"{fact.cancel_percent} percent of the price is owed for what was done." if fact.cancel_percent else ""
            )
            return TimelineEntry("The bench has stopped", owed or "Nothing is owed.")
        case _:
            return None


def _gate(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """Steps that cannot be undone; what the customer is asked to sign, or signed, is told by that, and once."""
    signatures = {each.gate: each.state for each in record.approvals}
    match fact:
        case GateReached() if fact.gate not in signatures:
            why = "Your piece has come to a step that cannot be undone, and waits for a sign-off."
            return TimelineEntry(f"Before: {record.gate_title(fact.gate)}", why, quiet=True)
        case GateOpened() if signatures.get(fact.gate) is not ApprovalState.GIVEN:
            return TimelineEntry(f"Signed off: {record.gate_title(fact.gate)}", "The bench may go on.", quiet=True)
        case GatePassed():
            what = f"This cannot be undone. Cancelling costs {fact.cancel_percent} percent of the price from now on."
            return TimelineEntry(record.gate_title(fact.gate), what)
        case _:
            return None
