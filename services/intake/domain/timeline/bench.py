"""From what production told to steps: the promise, the making, the parcel and the certificate."""

from collections.abc import Mapping
from types import MappingProxyType

from services.intake.domain.approvals import ApprovalState
from services.intake.domain.life import Life
from services.intake.domain.timeline.steps import Mark, Step, in_words
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


def promise_step(life: Life, fact: CommissionFact) -> Step | None:
    """The step that a promise, or a change of it, is."""
    match fact:
        case PromiseHeld():
            return _held(life, fact)
        case PromiseReleased():
            return Step("The hours at the bench are free again", "Other pieces may have them.", quiet=True)
        case PromiseBooked():
            days = f"Work begins on {in_words(fact.begins_on)}, and your piece is ready by {in_words(fact.ready_by)}."
            return Step("The hours are yours for good", days)
        case PieceReplanned():
            return _replanned(fact)
        case _:
            return None


def making_step(life: Life, fact: CommissionFact) -> Step | None:
    """The step that something at the bench is; what a newer one has overtaken is none."""
    step: Step | None = None
    match fact:
        case StageBegun():
            step = _begun(life, fact)
        case StageFinished():
            step = Step(life.stage_title(fact.stage), _done(fact))
        case PhotoTaken():
            step = _photo(life, fact)
        case NoteWritten():
            step = _note(life, fact)
        case MishapReported():
            step = Step("Something went wrong at the bench", _MISHAPS[fact.kind], Mark.WRONG)
        case QualityFailed():
            back = f"It goes back: {life.stage_title(fact.back_to)}. Nothing leaves here that does not meet the list."
            step = Step("A check was not met", back, Mark.WRONG)
        case PieceMade():
            step = Step("Your piece is made", "Every stage is done, and every check of the list is met.")
        case _:
            step = _making_rests(fact) or _gate(life, fact)
    return step


def tracked(parcel: ParcelHandedOver) -> str:
    """Who has the parcel, under which number; a carrier without a name here is just the carrier."""
    return f"{_CARRIERS.get(parcel.carrier, 'The carrier')} has it, under the number {parcel.tracking}."


def parcel_step(life: Life, fact: CommissionFact) -> Step | None:
    """The step that something after the making is; a receipt that the customer confirmed is told by that, and once."""
    match fact:
        case PiecePacked():
            return Step("Your piece lies in its parcel", "With everything that belongs to it.", quiet=True)
        case ParcelHandedOver():
            return Step("The parcel is on its way", tracked(fact))
        case ParcelDelivered() if life.commission.receipt_confirmed_at is None:
            return Step("The parcel has arrived", "So the studio was told.")
        case CertificateIssued():
            return Step(
                "The certificate is written", f"It proves where your piece comes from; its number is {fact.serial}."
            )
        case _:
            return None


def _held(life: Life, fact: PromiseHeld) -> Step:
    """The honest day is not always the one that was hoped for: said before anything is decided."""
    needed = life.commission.needed_by
    if needed is None or fact.ready_by <= needed:
        return Step(HELD, f"Say yes in time, and your piece is ready by {in_words(fact.ready_by)}.")
    late = (
        f"The first day that we can keep is {in_words(fact.ready_by)}, and you need it by {in_words(needed)}. "
        "If that is too late, take the commission back; nothing is owed."
    )
    return Step(HELD, late, Mark.WRONG)


def _replanned(fact: PieceReplanned) -> Step | None:
    if fact.ready_by == fact.before:
        return None
    if fact.ready_by > fact.before:
        moved = f"{WHY[fact.reason]} It is ready by {in_words(fact.ready_by)} now, not by {in_words(fact.before)}."
        return Step("The day has moved", moved, Mark.WRONG)
    return Step("It is ready sooner", f"By {in_words(fact.ready_by)} instead of {in_words(fact.before)}.")


def _begun(life: Life, fact: StageBegun) -> Step | None:
    """Shown while it is under way: a stage that is finished is told by that, and once."""
    over = any(done.task == fact.task and done.at >= fact.at for done in life.all(StageFinished))
    newer = any(other.task == fact.task and other.at > fact.at for other in life.all(StageBegun))
    if over or newer:
        return None
    again = "The maker has taken it up again, to do it over." if fact.rework else "The maker is at it."
    return Step(f"Begun: {life.stage_title(fact.stage)}", again, quiet=True)


def _done(fact: StageFinished) -> str:
    if fact.waiting and fact.next_on:
        return f"Done. Now it rests until {in_words(fact.next_on)}."
    return "Done." if fact.next_stage else "Done, and with it the last stage."


def _photo(life: Life, fact: PhotoTaken) -> Step:
    title = life.stage_title(fact.stage)
    address = f"/bench/commissions/{fact.commission}/photos/{fact.photo}"
    return Step("A photo from the bench", "", photo=address, alt=f"Your piece at the bench: {title}")


def _note(life: Life, fact: NoteWritten) -> Step:
    text = life.texts.get(fact.note)
    words = text.shown if text else "The maker's words are on their way."
    return Step("The maker writes", "", words=words, by=life.stage_title(fact.stage))


def _making_rests(fact: CommissionFact) -> Step | None:
    match fact:
        case MakingPaused():
            return Step("The bench stands still", "The studio has paused your commission; no clock runs meanwhile.")
        case MakingResumed():
            return Step("The bench goes on", "What is left was planned anew.")
        case MakingStopped():
            owed = (
                f"{fact.cancel_percent} percent of the price is owed for what was done." if fact.cancel_percent else ""
            )
            return Step("The bench has stopped", owed or "Nothing is owed.")
        case _:
            return None


def _gate(life: Life, fact: CommissionFact) -> Step | None:
    """Steps that cannot be undone; what the customer is asked to sign, or signed, is told by that, and once."""
    signatures = {each.gate: each.state for each in life.approvals}
    match fact:
        case GateReached() if fact.gate not in signatures:
            why = "Your piece has come to a step that cannot be undone, and waits for a sign-off."
            return Step(f"Before: {life.gate_title(fact.gate)}", why, quiet=True)
        case GateOpened() if signatures.get(fact.gate) is not ApprovalState.GIVEN:
            return Step(f"Signed off: {life.gate_title(fact.gate)}", "The bench may go on.", quiet=True)
        case GatePassed():
            what = f"This cannot be undone. Cancelling costs {fact.cancel_percent} percent of the price from now on."
            return Step(life.gate_title(fact.gate), what)
        case _:
            return None
