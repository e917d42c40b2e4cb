"""From the facts of notify and lifecycle to entries: mails to the customer, and what the studio looks into."""

from services.intake.domain.record import CommissionRecord
from services.intake.domain.timeline.entry import EntryCode, TimelineEntry, quiet_entry, wrong_entry
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEscalated
from shared.contracts.notifications import MailFailed, MailOmitted, MailSent


def mail_entry(record: CommissionRecord, fact: CommissionFact) -> TimelineEntry | None:
    """The entry that a mail to the customer is; mails to others are not theirs to read."""
    match fact:
        case MailSent() if _for_customer(record, fact):
            return quiet_entry(EntryCode.MAIL_SENT, intent=fact.intent)
        case MailFailed() if _for_customer(record, fact):
            return wrong_entry(EntryCode.MAIL_FAILED)
        case MailOmitted() if _for_customer(record, fact):
            return quiet_entry(EntryCode.MAIL_OMITTED, intent=fact.intent)
        case CommissionEscalated():
            return quiet_entry(EntryCode.STUDIO_INFORMED, reason=fact.reason)
        case _:
            return None


def _for_customer(record: CommissionRecord, fact: MailSent | MailFailed | MailOmitted) -> bool:
    return fact.person == record.commission.customer
