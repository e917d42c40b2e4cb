"""What notify's codes mean on the log of mails, and in the answers of its API."""

from collections.abc import Mapping
from typing import Final

from services.notify.domain.catalogue import RULES
from services.notify.domain.log import LogReason
from services.notify.domain.mails import Addressee, AttemptOutcome, MailStatus
from services.notify.domain.preferences import PreferenceReason, Timing
from services.notify.domain.rules import CodeKind
from shared.contracts.notifications import Intent
from shared.i18n import N_, Label, Labels

ADDRESSEES: Final[Mapping[Addressee, Label]] = {
    Addressee.CUSTOMER: Label(N_("Customer")),
    Addressee.MAKER: Label(N_("Maker")),
    Addressee.PERSON: Label(N_("Person")),
    Addressee.STUDIO: Label(N_("Studio")),
}

CODES: Final[Mapping[CodeKind, Label]] = {
    CodeKind.REFERENCE: Label(N_("Reference")),
    CodeKind.INVOICE: Label(N_("Invoice")),
    CodeKind.TRACKING_NUMBER: Label(N_("Tracking number")),
    CodeKind.SERIAL: Label(N_("Serial number")),
}

STATUSES: Final[Mapping[MailStatus, Label]] = {
    MailStatus.ABOUT_TO_BE_SENT: Label(N_("About to be sent")),
    MailStatus.HELD_BACK: Label(
        N_("Held back"), N_("Several messages become one mail, and readers choose when they are told.")
    ),
    MailStatus.WITHOUT_FACTS: Label(
        N_("Waiting for an event"), N_("It is sent as soon as everything that it says has reached us.")
    ),
    MailStatus.BEHIND_FAILED_EVENT: Label(
        N_("Behind a failed event"), N_("It is sent once the failed event of this commission is processed or dropped.")
    ),
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
    MailStatus.UNDELIVERED_TO_STUDIO: Label(
        N_("Not delivered"), N_("Ask your colleague in the studio for an address that works.")
    ),
    MailStatus.GATHERED: Label(N_("In the daily mail"), N_("It was told with all else of that day.")),
    MailStatus.OVERTAKEN: Label(N_("Not needed any more"), N_("Something newer happened before it was sent.")),
    MailStatus.INCOMPLETE: Label(
        N_("Not sent"), N_("An event that it needs did not reach us in time. Contact the reader another way.")
    ),
    MailStatus.NO_ADDRESS: Label(
        N_("No email address"), N_("The customer has no email address. Print it, or tell them by phone.")
    ),
    MailStatus.TOO_OLD: Label(
        N_("Not sent"), N_("It happened before mails were sent from here. Tell the customer another way.")
    ),
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

TIMINGS: Final[Mapping[Timing, Label]] = {
    Timing.AT_ONCE: Label(N_("At once")),
    Timing.DAILY: Label(N_("Once a day")),
    Timing.NEVER: Label(N_("Not at all")),
}

PREFERENCES: Final[Mapping[PreferenceReason, Label]] = {
    PreferenceReason.HALF_A_PERIOD: Label(
        N_("The quiet hours need a beginning and an end."), N_("Give both, or neither.")
    ),
    PreferenceReason.NOT_YOURS: Label(N_("You are not told of this."), N_("Leave it out.")),
}

LABELS: Final = Labels(ADDRESSEES, STATUSES, OUTCOMES, REASONS, TIMINGS, PREFERENCES)


def code_label(intent: Intent) -> Label:
    """What the `code` of a mail of this intent is."""
    return CODES[RULES[intent].code]
