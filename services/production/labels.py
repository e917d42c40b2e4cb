"""What production's codes mean, in English; `locales/` has the other languages."""

from collections.abc import Mapping
from typing import Final

from services.production.domain.blockers import BlockerKind
from services.production.domain.makers import MakerState
from services.production.domain.pieces import PieceState
from services.production.domain.reasons import BenchInput, BenchRefusal, BlockerReason
from services.production.domain.tasks import TaskState
from shared.certificates.labels import FAULTS
from shared.i18n import N_, Label, Labels, Reader, c_, n_

REFUSALS: Final[Mapping[BenchRefusal, Label]] = {
    BenchRefusal.TASK_UNKNOWN: Label(N_("There is no such step here. It may have gone to another maker.")),
    BenchRefusal.PIECE_ELSEWHERE: Label(N_("This piece is not on your bench. It may have gone to another maker.")),
    BenchRefusal.MAKER_UNKNOWN: Label(N_("There is no such maker here.")),
    BenchRefusal.PROMISE_UNKNOWN: Label(N_("This commission has no such promise.")),
    BenchRefusal.GATE_UNKNOWN: Label(N_("This offering has no such gate.")),
    BenchRefusal.STAGE_UNKNOWN: Label(N_("This offering has no such step.")),
    BenchRefusal.PROFILE_UNKNOWN: Label(N_("There is no profile yet."), N_("Save your profile first.")),
    BenchRefusal.SERIAL_UNKNOWN: Label(
        N_("There is no certificate with this number."),
        N_("One character may be wrong. Compare it with the card once more."),
    ),
    BenchRefusal.COMMISSION_UNKNOWN: Label(N_("The bench does not know this commission.")),
    BenchRefusal.NOT_BOOKED: Label(
        N_("Work on this piece is not booked yet: its hours are only held."),
        N_("Its steps appear here once the customer has accepted the quote and paid the deposit."),
    ),
    BenchRefusal.NOT_PROMISED: Label(
        N_("Nothing is promised for this commission yet."), N_("Hours are held for it when its quote is sent.")
    ),
    BenchRefusal.JOURNAL_UNKNOWN: Label(N_("This commission has no journal.")),
    BenchRefusal.BRIEF_ON_ITS_WAY: Label(N_("The brief is on its way.")),
    BenchRefusal.OFFERING_ON_ITS_WAY: Label(N_("This version of the offering needs a newer release of Touchmark.")),
    BenchRefusal.CERTIFICATE_ON_ITS_WAY: Label(
        N_("This certificate does not exist yet."), N_("It is issued when the piece is finished.")
    ),
    BenchRefusal.HOURS_RELEASED: Label(N_("These hours were released."), N_("Hold new hours.")),
    BenchRefusal.STOPPED_BEFORE: Label(N_("The making of this commission was stopped."), N_("Start a new commission.")),
    BenchRefusal.NO_SUCH_OFFERING: Label(N_("There is no such offering.")),
    BenchRefusal.NO_MAKER: Label(
        N_("No active maker has the skills for “%(offering)s”."),
        N_("Give a maker these skills on the makers' page, or set one to take new pieces. Then try again."),
    ),
    BenchRefusal.CANCELLED: Label(
        N_("This piece is no longer needed: the commission was cancelled."),
        N_("Put it aside. The studio decides what happens to the material."),
    ),
    BenchRefusal.CANCELLED_PARCEL: Label(
        N_("This commission was cancelled. Do not send the parcel."),
        N_("Put the piece aside. The studio decides what happens to it."),
    ),
    BenchRefusal.PAUSED: Label(
        N_("The studio has paused this piece."),
        N_("Work on another piece. This one comes back to your bench when work on it may continue."),
    ),
    BenchRefusal.FROZEN: Label(
        N_("A change of this piece is being agreed with its customer."),
        N_("Work on another piece. This one comes back to your bench when it is decided."),
    ),
    BenchRefusal.MADE_ALREADY: Label(
        N_("This piece is already made."), N_("Open the piece's page to pack and send it.")
    ),
    BenchRefusal.NOT_MADE: Label(N_("The piece is not made yet."), N_("Finish its last step first.")),
    BenchRefusal.NOT_PACKED: Label(N_("The piece is not packed yet."), N_("Pack it first.")),
    BenchRefusal.UNPAID: Label(
        N_("The balance is not paid yet, so the parcel cannot be sent."),
        N_("Keep it here. This page tells you when you can send it."),
    ),
    BenchRefusal.NOT_HANDED_OVER: Label(
        N_("The parcel has not been handed over."), N_("Enter its carrier and tracking number first.")
    ),
    BenchRefusal.OTHER_TRACKING: Label(
        N_("This parcel was already handed over with another tracking number."),
        N_("Compare it with the label. If the number on this page is wrong, tell the studio."),
    ),
    BenchRefusal.NOT_MISSED: Label(
        N_("Nobody has said that this parcel is missing."),
        N_("Say so on the page of the commission first; then note the claim here."),
    ),
    BenchRefusal.NO_ADDRESS: Label(
        N_("Nobody has said yet where this piece goes."),
        N_("Keep it unpacked. Remind the customer on this page, or let the studio enter the address."),
    ),
    BenchRefusal.ADDRESS_KNOWN: Label(N_("Where this piece goes is known."), N_("You need not ask: pack the piece.")),
    BenchRefusal.COLLECTED_HERE: Label(
        N_("The customer collects this piece at the studio, so no carrier gets it."),
        N_("Keep it here. If it is to be sent after all, the studio enters the address first."),
    ),
    BenchRefusal.SIGNED_FOR_HERE: Label(
        N_("The customer signs for this piece when they collect it."),
        N_("Hand them the studio's tablet: they confirm there that they have the piece."),
    ),
    BenchRefusal.OUT_OF_ORDER: Label(
        N_("This is not the next step: an earlier one is not finished."),
        N_("Open the piece's page and start with the step that is marked as next."),
    ),
    BenchRefusal.NOT_STARTED: Label(N_("This step has not been started."), N_("Start it first.")),
    BenchRefusal.FINISHED_ALREADY: Label(
        N_("This step is already finished."), N_("Continue with the piece's next step.")
    ),
    BenchRefusal.SUPERSEDED: Label(
        N_("This step is no longer needed: the piece went back, or it was cancelled."),
        N_("Open the piece's page to see what is next."),
    ),
    BenchRefusal.SHOWN_ALREADY: Label(
        N_("It is too late to take this back: the customer can see it already."),
        N_("Write another note that puts it right."),
    ),
    BenchRefusal.MISHAP_GONE_ON: Label(
        N_("This mishap cannot be undone any more: work has gone on since."),
        N_("Continue with the piece's next step. If too much is to be done again, tell the studio."),
    ),
    BenchRefusal.CUSTOMER_SIGNS_FIRST: Label(
        N_("The customer has not signed off yet: %(what)s."), N_("Wait for it. %(why)s")
    ),
    BenchRefusal.STUDIO_SIGNS_FIRST: Label(
        N_("The studio has not signed off yet: %(what)s."), N_("Wait for it. %(why)s")
    ),
    BenchRefusal.TOO_MANY_PHOTOS: Label(
        n_("This piece has %(count)s photo already.", "This piece has %(count)s photos already."),
        N_("No more can be added. Those that are here stay."),
    ),
    BenchRefusal.CERTIFICATE_DAMAGED: Label(
        N_("This certificate is damaged and cannot be read."), N_("Please ask the studio.")
    ),
    BenchRefusal.CERTIFICATE_NOT_IN_ORDER: Label(
        N_("What is stored differs from what was signed. The page of this certificate says where."),
        N_("Please ask the studio."),
    ),
    BenchRefusal.JOURNAL_BROKEN: Label(N_("%(fault)s The certificate cannot be signed.")),
    BenchRefusal.NOT_CERTIFIABLE: Label(N_("The piece is not made, so there is nothing to certify.")),
}

INPUTS: Final[Mapping[BenchInput, Label]] = {
    BenchInput.NOT_TICKED: Label(
        N_("Not ticked: %(what)s."), N_("Check it, and tick it only if it is true: the next step cannot be undone.")
    ),
    BenchInput.NOT_CHECKED: Label(N_("This is not answered yet."), N_("Choose whether it is met.")),
    BenchInput.CHECKS_NOT_MET: Label(
        N_("Not met: %(checks)s."), N_("Correct a typing mistake, or choose the step that the piece goes back to.")
    ),
    BenchInput.STAGE_NOT_REACHED: Label(
        N_("The piece has not reached this step."), N_("Choose the current step or an earlier one.")
    ),
    BenchInput.MISHAP_NOT_CHOSEN: Label(N_("Nothing is chosen yet."), N_("Choose what fits best.")),
    BenchInput.MAKER_NOT_CHOSEN: Label(N_("Nobody is chosen yet."), N_("Choose one of the makers.")),
    BenchInput.MAKER_UNABLE: Label(
        N_("This maker cannot take the piece: skills are missing, or the maker takes no new pieces."),
        N_("Choose one of the makers in the list."),
    ),
    BenchInput.STATE_UNKNOWN: Label(N_("There is no such choice."), N_("Choose one of those shown.")),
    BenchInput.SKILL_UNKNOWN: Label(N_("No offering needs the skill %(skill)s."), N_("Choose from %(known)s.")),
    BenchInput.WEEK_EMPTY: Label(
        N_("This week has no hours at all."), N_("Enter hours for at least one day, or choose “No new pieces”.")
    ),
    BenchInput.NOT_HOURS: Label(N_("This is not a number of hours from 0 to 24."), N_("Write it like 6 or 5.5.")),
    BenchInput.NOT_DAYS: Label(
        N_("This is neither a day nor a period of up to a year: %(line)s"),
        N_("Write 2026-12-28, or 2026-12-28 to 2027-01-05."),
    ),
    BenchInput.TOO_MANY_DAYS: Label(
        n_("This is %(count)s day.", "This is %(count)s days."),
        N_("Enter at most %(most)s: remove days that have passed, or choose “No new pieces”."),
    ),
    BenchInput.CARRIER_NOT_CHOSEN: Label(N_("No carrier is chosen yet."), N_("Choose the one that takes the parcel.")),
    BenchInput.NOT_A_REFERENCE: Label(
        N_("This is no reference of a claim."), N_("Use up to 40 letters, digits, dots, slashes and hyphens.")
    ),
    BenchInput.NOT_A_TRACKING_NUMBER: Label(
        N_("This is not a tracking number of %(carrier)s."), N_("Copy it from the label. It looks like %(example)s.")
    ),
    BenchInput.PHOTO_MISSING: Label(N_("No photo was received."), N_("Take one or choose a file, then send it again.")),
    BenchInput.NOT_A_SERIAL: Label(
        N_("This is not a certificate number."),
        N_("It has 12 letters and digits, like 7K3M-9XQT-R2VD. One of them may be wrong."),
    ),
}

BLOCKERS: Final[Mapping[BlockerReason, Label]] = {
    BlockerReason.PAUSED_BY_STUDIO: Label(N_("The studio has paused this piece.")),
    BlockerReason.CHANGE_ORDER_OPEN: Label(N_("A change of this piece is being agreed with its customer.")),
    BlockerReason.BALANCE_UNPAID: Label(N_("The balance is not paid yet. Keep the parcel here until it is.")),
    BlockerReason.WITH_CARRIER: Label(N_("The parcel is with the carrier.")),
    BlockerReason.CUSTOMER_SIGNS: Label(N_("The customer signs off first: %(what)s.")),
    BlockerReason.STUDIO_SIGNS: Label(N_("The studio signs off first: %(what)s.")),
    BlockerReason.AT_PARTNER: Label(N_("The piece is with a partner: %(partner)s. %(why)s")),
    BlockerReason.RESTING: Label(N_("The piece is resting. %(why)s")),
}

BLOCKER_KINDS: Final[Mapping[BlockerKind, Label]] = {
    BlockerKind.STUDIO: Label(N_("Paused by the studio")),
    BlockerKind.SIGN_OFF: Label(N_("Waiting for a sign-off")),
    BlockerKind.REST: Label(N_("Resting")),
    BlockerKind.PARTNER: Label(N_("At a partner")),
    BlockerKind.PAYMENT: Label(N_("Waiting for the balance")),
    BlockerKind.CARRIER: Label(N_("On its way")),
}

TASK_STATES: Final[Mapping[TaskState, Label]] = {
    TaskState.PENDING: Label(N_("Not started")),
    TaskState.READY: Label(c_("of a step", "Next")),
    TaskState.RUNNING: Label(N_("In progress")),
    TaskState.PAUSED: Label(N_("Paused")),
    TaskState.DONE: Label(N_("Done")),
    TaskState.SUPERSEDED: Label(N_("Done again")),
    TaskState.VOID: Label(N_("No longer needed")),
}

PIECE_STATES: Final[Mapping[PieceState, Label]] = {
    PieceState.MAKING: Label(N_("Being made")),
    PieceState.MADE: Label(N_("Made")),
    PieceState.PACKED: Label(N_("Packed")),
    PieceState.HANDED_OVER: Label(N_("On its way")),
    PieceState.DELIVERED: Label(N_("Delivered")),
    PieceState.STOPPED: Label(N_("Cancelled")),
}

MAKER_STATES: Final[Mapping[MakerState, Label]] = {
    MakerState.ACTIVE: Label(N_("Takes new pieces")),
    MakerState.RESTING: Label(N_("No new pieces")),
}

LABELS: Final = Labels(
    REFUSALS,
    INPUTS,
    BLOCKERS,
    BLOCKER_KINDS,
    TASK_STATES,
    PIECE_STATES,
    MAKER_STATES,
    FAULTS,
)

_HOURS: Final = n_("%(count)s hour", "%(count)s hours")
_MINUTES: Final = n_("%(count)s minute", "%(count)s minutes")
_NO_TIME: Final = N_("less than a minute")


def duration(reader: Reader, minutes: int) -> str:
    """So many minutes in words, as in "8 hours 15 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [(_HOURS, hours), (_MINUTES, rest)]
    return " ".join(reader.message(each, count=count) for each, count in parts if count) or reader.message(_NO_TIME)
