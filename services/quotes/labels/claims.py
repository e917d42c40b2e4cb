"""The words of what is wrong with a piece, what the studio answers, and why it cannot."""

from collections.abc import Mapping
from typing import Final

from services.quotes.domain.reasons import RemedyReason
from shared.contracts.commissions import ClaimKind
from shared.contracts.quotes import ClaimRemedy
from shared.i18n import N_, Label

KINDS: Final[Mapping[ClaimKind, Label]] = {
    ClaimKind.FIT: Label(N_("It does not fit")),
    ClaimKind.DAMAGE: Label(N_("It arrived damaged")),
    ClaimKind.FAULT: Label(N_("It has a fault")),
    ClaimKind.NOT_AS_AGREED: Label(N_("It is not what was agreed")),
}

REMEDIES: Final[Mapping[ClaimRemedy, Label]] = {
    ClaimRemedy.REPAIR: Label(N_("Repair it"), N_("Say where the piece is to be sent, and when it comes back.")),
    ClaimRemedy.REMAKE: Label(N_("Make it again"), N_("Say when it is ready, and what becomes of the old one.")),
    ClaimRemedy.REDUCTION: Label(N_("Lower the price"), N_("The customer keeps it, and part of the price goes back.")),
    ClaimRemedy.REFUND: Label(N_("Refund it"), N_("All that was paid goes back. Say how the piece comes back to you.")),
    ClaimRemedy.REFUSAL: Label(N_("Refuse"), N_("Say why the studio does not have to put this right.")),
}
"""What the studio can answer; the remedy says what that asks of its words."""

REASONS: Final[Mapping[RemedyReason, Label]] = {
    RemedyReason.ANSWERED: Label(
        N_("A colleague has answered this in the meantime."), N_("Load the page again to see the answer.")
    ),
    RemedyReason.NOTHING_PAID: Label(
        N_("There is no money of this commission that could go back."), N_("Choose another answer.")
    ),
    RemedyReason.AMOUNT_MISSING: Label(N_("There is no amount yet."), N_("Enter by how much the price falls.")),
    RemedyReason.CURRENCY: Label(
        N_("This commission is paid in %(currency)s."), N_("Enter the amount in that currency.")
    ),
    RemedyReason.MORE_THAN_PAID: Label(
        N_("A reduction is above zero and below what was paid, %(most)s."),
        N_("To give all of it back, choose the refund."),
    ),
    RemedyReason.NO_REMEDY: Label(N_("Nothing is chosen yet."), N_("Choose what the studio does.")),
    RemedyReason.NO_WORDS: Label(N_("There is no reason yet."), N_("Write a sentence or two for the customer.")),
}
