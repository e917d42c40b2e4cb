"""What was written to the customer, and what the studio was told to look at."""

from collections.abc import Mapping
from types import MappingProxyType

from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import EntryState, TimelineEntry
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEscalated, Escalation
from shared.contracts.notifications import Intent, MailFailed, MailSent

MAILS: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.REQUEST_RECEIVED: "That your request is here, and how it goes on.",
        Intent.QUOTE_DRAFTED: "That your quote is written and on the desk.",
        Intent.QUOTE_READY: "That your quote is here for you to read.",
        Intent.QUOTE_REMINDER: "That your quote waits for an answer.",
        Intent.QUESTION_ANSWERED: "That your question is answered.",
        Intent.QUOTE_ACCEPTED: "Thanks for your yes, and how the deposit is paid.",
        Intent.DEPOSIT_REMINDER: "That the deposit has not come yet.",
        Intent.MAKING_BEGINS: "That the hours at the bench are yours, and when work begins.",
        Intent.APPROVAL_ASKED: "That there is something to sign off.",
        Intent.APPROVAL_REMINDER: "That the bench waits for your sign-off.",
        Intent.PIECE_DELAYED: "That the day has moved, and to when.",
        Intent.BALANCE_DUE: "That your piece is made, and how the rest is paid.",
        Intent.BALANCE_REMINDER: "That the rest has not come yet.",
        Intent.PARCEL_SENT: "That the parcel is on its way, with its number.",
        Intent.CERTIFICATE_READY: "That your certificate can be read.",
        Intent.MESSAGE_RECEIVED: "That a message waits for you here.",
        Intent.SIGN_IN_ASKED: "A link to sign in by, which somebody asked for in another browser.",
        Intent.MAKER_REMINDER: "A reminder to the maker.",
        Intent.CANCELLATION_REFUSED: "That the cancellation came too late as agreed, and what now holds.",
        Intent.COMMISSION_CANCELLED: "That the commission is cancelled, and what goes back.",
        Intent.COMMISSION_ENDED: "That this commission has ended.",
    }
)
"""What each mail said."""

_LOOKS: Mapping[Escalation, str] = MappingProxyType(
    {
        Escalation.CUSTOMER_SILENT: "We have not heard from you for a while, and somebody here keeps your slot.",
        Escalation.MAKER_SILENT: "The bench has been quiet for too long; the studio is asking why.",
        Escalation.APPROVAL_REFUSED: "You want it otherwise; the studio reads what you wrote.",
        Escalation.PARCEL_MISSING: "The parcel should have arrived by now; the studio is asking the carrier.",
        Escalation.STEP_REFUSED: "Something did not go through; the studio is setting it right.",
    }
)


def mail_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a mail to the customer is; what was written to others is not theirs to read."""
    match fact:
        case MailSent() if _for_customer(record, fact):
            return TimelineEntry("We wrote to you", MAILS[fact.intent], quiet=True)
        case MailFailed() if _for_customer(record, fact):
            said = "Your mailbox did not take it; all that it said is on this page."
            return TimelineEntry("Our mail did not reach you", said, EntryState.WRONG)
        case CommissionEscalated():
            return TimelineEntry("The studio is looking into it", _LOOKS[fact.reason], quiet=True)
        case _:
            return None


def _for_customer(record: CommissionRecord, fact: MailSent | MailFailed) -> bool:
    return fact.person == record.commission.customer
