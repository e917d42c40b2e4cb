"""The words of why something cannot be claimed."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.claims import CannotClaim, CannotWithdraw, ClaimReason, WithdrawalConfirmation
from shared.i18n import N_, Label

CANNOT_CLAIM: Final[Mapping[CannotClaim, Label]] = {
    CannotClaim.NOT_ARRIVED: Label(
        N_("Your piece has not arrived yet, as far as we know."),
        N_("If you have it, say so on the page of your commission. If something else is wrong, write to the studio."),
    ),
    CannotClaim.GUARANTEE_OVER: Label(
        N_("The guarantee of your piece ended on %(day)s."),
        N_("Write to the studio all the same: it repairs pieces later, too, and tells you beforehand what that costs."),
    ),
    CannotClaim.OPEN: Label(
        N_("What you told us is with the studio already."), N_("If you want to add something, write to the studio.")
    ),
    CannotClaim.ALL_REFUNDED: Label(
        N_("You got back all that you paid for this piece."), N_("If something is still open, write to the studio.")
    ),
}

REASONS: Final[Mapping[ClaimReason, Label]] = {
    ClaimReason.KIND_MISSING: Label(N_("Nothing is chosen yet."), N_("Choose what comes closest.")),
    ClaimReason.WORDS_MISSING: Label(N_("Nothing is written yet."), N_("Write in a sentence or two what is wrong.")),
}

CANNOT_WITHDRAW: Final[Mapping[CannotWithdraw, Label]] = {
    CannotWithdraw.NOT_ACCEPTED: Label(
        N_("You have not accepted a quote yet, so there is no contract."),
        N_("Cancel your request instead. You owe nothing."),
    ),
    CannotWithdraw.NO_RIGHT: Label(
        N_("Your piece is made to your own wishes, so the right of withdrawal does not apply."),
        N_("If something is wrong with it, say so on its page. If you want to cancel, its page says what that costs."),
    ),
    CannotWithdraw.TOO_LATE: Label(
        N_("You could withdraw until %(day)s."), N_("If something is wrong with your piece, say so on its page.")
    ),
    CannotWithdraw.ENDED: Label(
        N_("This commission has already ended."), N_("There is nothing left to withdraw from.")
    ),
}

CONFIRMATIONS: Final[Mapping[WithdrawalConfirmation, Label]] = {
    WithdrawalConfirmation.NOT_CONFIRMED: Label(
        N_("You have not confirmed it yet."), N_("Choose “Confirm withdrawal”, or keep the contract.")
    ),
}
