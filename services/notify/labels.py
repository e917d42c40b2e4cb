"""What notify's codes mean on the log of mails, and in the answers of its API."""

from collections.abc import Mapping
from typing import Final

from services.notify.domain import Addressee, AttemptOutcome, LogReason, MailStatus
from shared.contracts.notifications import Intent
from shared.i18n import N_, Label, Labels

INTENTS: Final[Mapping[Intent, Label]] = {
    Intent.REQUEST_RECEIVED: Label(N_("Request received")),
    Intent.QUOTE_DRAFTED: Label(N_("Quote being checked")),
    Intent.QUOTE_READY: Label(N_("Quote ready")),
    Intent.QUOTE_REMINDER: Label(N_("Reminder: quote")),
    Intent.QUESTION_ANSWERED: Label(N_("Question answered")),
    Intent.QUOTE_ACCEPTED: Label(N_("Order received")),
    Intent.DEPOSIT_REMINDER: Label(N_("Reminder: deposit")),
    Intent.MAKING_BEGINS: Label(N_("Work begins")),
    Intent.APPROVAL_ASKED: Label(N_("Approval requested")),
    Intent.APPROVAL_REMINDER: Label(N_("Reminder: approval")),
    Intent.PIECE_DELAYED: Label(N_("Piece delayed")),
    Intent.BALANCE_DUE: Label(N_("Piece finished")),
    Intent.BALANCE_REMINDER: Label(N_("Reminder: balance")),
    Intent.PARCEL_SENT: Label(N_("Parcel sent")),
    Intent.CERTIFICATE_READY: Label(N_("Certificate ready")),
    Intent.MESSAGE_RECEIVED: Label(N_("New message")),
    Intent.SIGN_IN_ASKED: Label(N_("Sign-in link")),
    Intent.MAKER_REMINDER: Label(N_("Reminder: piece at the bench")),
    Intent.CANCELLATION_REFUSED: Label(N_("Cancellation not possible")),
    Intent.COMMISSION_CANCELLED: Label(N_("Commission cancelled")),
    Intent.COMMISSION_ENDED: Label(N_("Commission ended")),
}

ADDRESSEES: Final[Mapping[Addressee, Label]] = {
    Addressee.CUSTOMER: Label(N_("Customer")),
    Addressee.MAKER: Label(N_("Maker")),
}

_CODES: Final[Mapping[Intent, Label]] = {
    Intent.QUOTE_ACCEPTED: Label(N_("Invoice")),
    Intent.DEPOSIT_REMINDER: Label(N_("Invoice")),
    Intent.PARCEL_SENT: Label(N_("Tracking number")),
    Intent.CERTIFICATE_READY: Label(N_("Serial number")),
}
_ANY_CODE: Final = Label(N_("Reference"))


STATUSES: Final[Mapping[MailStatus, Label]] = {
    MailStatus.ABOUT_TO_BE_SENT: Label(N_("About to be sent")),
    MailStatus.HELD_BACK: Label(N_("Held back"), N_("So that several messages become one mail.")),
    MailStatus.WITHOUT_MAKER: Label(N_("Waiting for a maker"), N_("It is sent as soon as the piece has a maker.")),
    MailStatus.WITHOUT_ADDRESS: Label(N_("Waiting for an address"), N_("It is sent as soon as we know the address.")),
    MailStatus.TO_BE_RETRIED: Label(N_("Not delivered yet"), N_("We try again automatically.")),
    MailStatus.SENDING: Label(N_("Being sent")),
    MailStatus.SENT: Label(N_("Sent")),
    MailStatus.REFUSED: Label(
        N_("Refused"), N_("It will not arrive. Contact the customer another way, and ask for an address that works.")
    ),
    MailStatus.REFUSED_FOR_MAKER: Label(
        N_("Refused"), N_("It will not arrive. Ask the maker for an address that works.")
    ),
    MailStatus.GIVEN_UP: Label(
        N_("Not delivered"), N_("We tried to deliver it for several days. Contact the customer another way.")
    ),
    MailStatus.GIVEN_UP_FOR_MAKER: Label(
        N_("Not delivered"), N_("We tried to deliver it for several days. Contact the maker another way.")
    ),
    MailStatus.NEVER_ASSIGNED: Label(N_("Not sent"), N_("The piece did not have a maker in time.")),
    MailStatus.REDACTED: Label(N_("Not sent"), N_("The person was erased before it was sent.")),
}

OUTCOMES: Final[Mapping[AttemptOutcome, Label]] = {
    AttemptOutcome.UNDER_WAY: Label(N_("in progress")),
    AttemptOutcome.ACCEPTED: Label(N_("accepted by the mail server")),
    AttemptOutcome.REFUSED: Label(N_("refused for good")),
    AttemptOutcome.UNWRITABLE: Label(N_("not a valid address")),
    AttemptOutcome.POSTPONED: Label(N_("postponed by the mail server")),
    AttemptOutcome.UNREACHABLE: Label(N_("no answer from the mail server")),
    AttemptOutcome.INTERRUPTED: Label(N_("interrupted; the mail server may have accepted it")),
}

REASONS: Final[Mapping[LogReason, Label]] = {
    LogReason.UNKNOWN_COMMISSION: Label(
        N_("We do not know this commission."), N_("If it was sent a moment ago, load the page again in a minute.")
    ),
}

LABELS: Final = Labels(INTENTS, ADDRESSEES, STATUSES, OUTCOMES, REASONS)


def code_label(intent: Intent) -> Label:
    """What the `code` of a mail of this intent is."""
    return _CODES.get(intent, _ANY_CODE)
