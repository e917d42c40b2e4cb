"""The words of change orders: how far one is, why it came to nothing, and what cannot be done."""

from collections.abc import Mapping
from typing import Final

from services.quotes.domain.change_orders import ChangeOrderState
from services.quotes.domain.reasons import ChangeOrderReason
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal
from shared.i18n import N_, Label

_STANDS: Final = N_("What was agreed before holds.")
_RELOAD: Final = N_("Load the page again to see its current state.")

STATES: Final[Mapping[ChangeOrderState, Label]] = {
    ChangeOrderState.ASKED: Label(N_("Being worked out")),
    ChangeOrderState.OFFERED: Label(N_("Waiting for an answer")),
    ChangeOrderState.AGREED: Label(N_("Agreed")),
    ChangeOrderState.APPLIED: Label(N_("In force")),
    ChangeOrderState.ENDED: Label(N_("Came to nothing")),
}
ENDS: Final[Mapping[ChangeOrderEnd, Label]] = {
    ChangeOrderEnd.DECLINED: Label(N_("The change was declined"), _STANDS),
    ChangeOrderEnd.LAPSED: Label(N_("Nobody agreed to the change in time"), _STANDS),
    ChangeOrderEnd.WITHDRAWN: Label(N_("The change was taken back"), _STANDS),
    ChangeOrderEnd.REFUSED: Label(N_("The bench could not make the change"), _STANDS),
    ChangeOrderEnd.CANCELLED: Label(
        N_("The commission was cancelled first"), N_("It was settled on what was agreed before.")
    ),
}
REFUSALS: Final[Mapping[ChangeRefusal, Label]] = {
    ChangeRefusal.MADE: Label(N_("The piece was made already.")),
    ChangeRefusal.NOT_BOOKED: Label(N_("The hours of the piece were not booked yet.")),
    ChangeRefusal.LATER_DAY: Label(N_("The hours were gone: it would have been ready later than agreed.")),
    ChangeRefusal.NO_HOURS: Label(N_("The maker has no hours for it.")),
}
REASONS: Final[Mapping[ChangeOrderReason, Label]] = {
    ChangeOrderReason.NOTHING: Label(N_("No change is offered or proposed.")),
    ChangeOrderReason.NOT_BOOKED: Label(
        N_("The making has not begun: the deposit is not paid yet."), N_("Offer the change once it is paid.")
    ),
    ChangeOrderReason.TOO_LATE: Label(
        N_("The final invoice is issued, or the commission has ended."),
        N_("Nothing of the order can be changed any more."),
    ),
    ChangeOrderReason.OPEN_ALREADY: Label(
        N_("Another change order is open."), N_("Take it back first, or wait until it is decided.")
    ),
    ChangeOrderReason.PROPOSAL_CHANGED: Label(N_("Something else is proposed by now, or nothing any more."), _RELOAD),
    ChangeOrderReason.NOT_OFFERED: Label(N_("It is not with the customer yet."), _RELOAD),
    ChangeOrderReason.AGREED: Label(N_("It is agreed already."), _RELOAD),
    ChangeOrderReason.ENDED: Label(N_("It came to nothing."), _STANDS),
    ChangeOrderReason.EXPIRED: Label(N_("The last moment to agree has passed."), _STANDS),
    ChangeOrderReason.NO_STAGE: Label(N_("Choose the first step that the change touches.")),
    ChangeOrderReason.NO_TITLE: Label(N_("Say what was spent."), N_("The customer reads it as the name of the line.")),
    ChangeOrderReason.CURRENCY: Label(N_("The amount has to be in the currency of the quote.")),
    ChangeOrderReason.ZERO: Label(
        N_("Nothing would be left to pay."), N_("Look at the lines and at what is proposed.")
    ),
}
