"""Kafka in: who people are, what mails name and quote, and the facts that mails come from.

One inbox for each topic: a failure that pauses a partition of one holds up no other.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from services.notify import actions
from services.notify.actions import attachments
from services.notify.domain.mails import QuietRules
from services.notify.domain.preferences import MailTimes
from services.notify.settings import NotifySettings
from shared.contracts.access import AccessEnded, LinkAsked, SignInChanged
from shared.contracts.briefs import BriefWritten
from shared.contracts.documents import DocumentWritten
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.failures import EventFailed, PaymentUnmatched
from shared.contracts.people import PersonRecorded
from shared.contracts.texts import TextWritten
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

people = Inbox("people", Topic.PEOPLE)
briefs = Inbox("briefs", Topic.BRIEFS)
texts = Inbox("texts", Topic.TEXTS)
documents = Inbox("documents", Topic.DOCUMENTS)
commissions = Inbox("commissions", Topic.COMMISSIONS)
quotes = Inbox("quotes", Topic.QUOTES)
payments = Inbox("payments", Topic.PAYMENTS)
production = Inbox("production", Topic.PRODUCTION)
lifecycle = Inbox("lifecycle", Topic.LIFECYCLE)
access = Inbox("access", Topic.ACCESS)
notifications = Inbox("notifications", Topic.NOTIFICATIONS)
failures = Inbox("failures", Topic.FAILURES)


@commissions.handler
@quotes.handler
@payments.handler
@production.handler
@lifecycle.handler
@notifications.handler
async def fact_happened(fact: CommissionFact, tx: Tx, record: Record, kernel: Kernel[NotifySettings]) -> None:
    await actions.follow_fact(tx, fact, record.version, times=_times(kernel.settings), now=kernel.clock())


@failures.handler
async def event_failed(failed: EventFailed, tx: Tx, record: Record, kernel: Kernel[NotifySettings]) -> None:
    await actions.tell_studio(tx, failed, record.version, times=_times(kernel.settings), now=kernel.clock())


@failures.handler
async def payment_unmatched(
    unmatched: PaymentUnmatched, tx: Tx, record: Record, kernel: Kernel[NotifySettings]
) -> None:
    await actions.tell_studio(tx, unmatched, record.version, times=_times(kernel.settings), now=kernel.clock())


def _times(settings: NotifySettings) -> MailTimes:
    quiet = QuietRules(
        gather=timedelta(seconds=settings.message_gather), between=timedelta(seconds=settings.message_quiet)
    )
    return MailTimes(quiet, settings.daily_at, ZoneInfo(settings.studio_zone))


@access.handler
async def link_asked(asked: LinkAsked, tx: Tx, record: Record, kernel: Kernel[NotifySettings]) -> None:
    await actions.tell_person(tx, asked, record.version, kernel.clock())


@access.handler
async def sign_in_changed(changed: SignInChanged, tx: Tx, record: Record, kernel: Kernel[NotifySettings]) -> None:
    await actions.tell_person(tx, changed, record.version, kernel.clock())


@access.handler
async def access_ended(ended: AccessEnded, tx: Tx, record: Record, kernel: Kernel[NotifySettings]) -> None:
    times, now = _times(kernel.settings), kernel.clock()
    await actions.end_access(tx, ended)
    await actions.tell_studio(tx, ended, record.version, times=times, now=now)


@people.handler
async def person_recorded(person: PersonRecorded, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await actions.record_person(tx, person, kernel.clock())


@people.tombstone
async def person_erased(record: Record, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await actions.erase_person(tx, record.key, kernel.clock())


@briefs.handler
async def brief_written(brief: BriefWritten, tx: Tx) -> None:
    await actions.record_brief(tx, brief)


@briefs.tombstone
async def brief_erased(record: Record, tx: Tx) -> None:
    await actions.erase_brief(tx, record.key)


@texts.handler
async def text_written(written: TextWritten, tx: Tx) -> None:
    await actions.record_text(tx, written)


@texts.tombstone
async def text_erased(record: Record, tx: Tx) -> None:
    await actions.erase_text(tx, record.key)


@documents.handler
async def document_written(written: DocumentWritten, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await attachments.record_document(tx, written, kernel.clock())


@documents.tombstone
async def document_erased(record: Record, tx: Tx) -> None:
    await attachments.erase_document(tx, record.key)
