"""Kafka in: who people are, who makes what, and what customers and studio write.

One inbox for each topic: none waits for another.
"""

from datetime import timedelta

from services.notify import actions
from services.notify.domain import QuietRules
from services.notify.settings import NotifySettings
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import ApprovalAsked, CommissionSubmitted, MessageSent, SignInAsked
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded
from shared.contracts.production import PieceReplanned, PromiseBooked, PromiseHeld
from shared.contracts.quotes import QuestionAnswered
from shared.contracts.texts import TextWritten
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

people = Inbox("people", Topic.PEOPLE)
commissions = Inbox("commissions", Topic.COMMISSIONS)
briefs = Inbox("briefs", Topic.BRIEFS)
texts = Inbox("texts", Topic.TEXTS)
quotes = Inbox("quotes", Topic.QUOTES)
production = Inbox("production", Topic.PRODUCTION)


@people.handler
async def person_recorded(person: PersonRecorded, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await actions.record_person(tx, person, kernel.clock())


@people.tombstone
async def person_erased(record: Record, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await actions.erase_person(tx, record.key, kernel.clock())


@commissions.handler
async def commission_submitted(submitted: CommissionSubmitted, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await actions.record_commission(tx, submitted, kernel.clock())


@commissions.handler
async def approval_asked(asked: ApprovalAsked, tx: Tx) -> None:
    await actions.record_approval(tx, asked)


@commissions.handler
async def message_sent(sent: MessageSent, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    quiet = QuietRules(
        gather=timedelta(seconds=kernel.settings.message_gather),
        between=timedelta(seconds=kernel.settings.message_quiet),
    )
    await actions.announce_message(tx, sent, quiet, kernel.clock())


@commissions.handler
async def sign_in_asked(asked: SignInAsked, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await actions.request_sign_in_mail(tx, asked, kernel.clock())


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


@quotes.handler
async def question_answered(answered: QuestionAnswered, tx: Tx, kernel: Kernel[NotifySettings]) -> None:
    await actions.announce_answer(tx, answered, kernel.clock())


@production.handler
async def maker_assigned(fact: PromiseHeld | PromiseBooked | PieceReplanned, tx: Tx) -> None:
    await actions.record_maker(tx, fact)
