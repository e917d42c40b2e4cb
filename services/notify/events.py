"""Kafka in: who people are, who makes what, and what customers and studio write."""

from collections.abc import Sequence
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


def inboxes(kernel: Kernel[NotifySettings]) -> Sequence[Inbox]:
    """One inbox for each topic: none waits for another."""
    return [_people(kernel), _commissions(kernel), _briefs(), _texts(), _quotes(kernel), _production()]


def _people(kernel: Kernel[NotifySettings]) -> Inbox:
    async def person_recorded(tx: Tx, person: PersonRecorded, _record: Record) -> None:
        await actions.record_person(tx, person, kernel.clock())

    async def person_erased(tx: Tx, record: Record) -> None:
        await actions.erase_person(tx, record.key, kernel.clock())

    return Inbox(
        name="people",
        topics=[Topic.PEOPLE],
        handlers={PersonRecorded: person_recorded},
        tombstones={Topic.PEOPLE: person_erased},
    )


def _commissions(kernel: Kernel[NotifySettings]) -> Inbox:
    quiet = QuietRules(
        gather=timedelta(seconds=kernel.settings.message_gather),
        between=timedelta(seconds=kernel.settings.message_quiet),
    )

    async def commission_submitted(tx: Tx, submitted: CommissionSubmitted, _record: Record) -> None:
        await actions.record_commission(tx, submitted, kernel.clock())

    async def approval_asked(tx: Tx, asked: ApprovalAsked, _record: Record) -> None:
        await actions.record_approval(tx, asked)

    async def message_sent(tx: Tx, sent: MessageSent, _record: Record) -> None:
        await actions.announce_message(tx, sent, quiet, kernel.clock())

    async def sign_in_asked(tx: Tx, asked: SignInAsked, _record: Record) -> None:
        await actions.request_sign_in_mail(tx, asked, kernel.clock())

    return Inbox(
        name="commissions",
        topics=[Topic.COMMISSIONS],
        handlers={
            CommissionSubmitted: commission_submitted,
            ApprovalAsked: approval_asked,
            MessageSent: message_sent,
            SignInAsked: sign_in_asked,
        },
    )


def _briefs() -> Inbox:
    async def brief_written(tx: Tx, brief: BriefWritten, _record: Record) -> None:
        await actions.record_brief(tx, brief)

    async def brief_erased(tx: Tx, record: Record) -> None:
        await actions.erase_brief(tx, record.key)

    return Inbox(
        name="briefs",
        topics=[Topic.BRIEFS],
        handlers={BriefWritten: brief_written},
        tombstones={Topic.BRIEFS: brief_erased},
    )


def _texts() -> Inbox:
    async def text_written(tx: Tx, written: TextWritten, _record: Record) -> None:
        await actions.record_text(tx, written)

    async def text_erased(tx: Tx, record: Record) -> None:
        await actions.erase_text(tx, record.key)

    return Inbox(
        name="texts",
        topics=[Topic.TEXTS],
        handlers={TextWritten: text_written},
        tombstones={Topic.TEXTS: text_erased},
    )


def _quotes(kernel: Kernel[NotifySettings]) -> Inbox:
    async def question_answered(tx: Tx, answered: QuestionAnswered, _record: Record) -> None:
        await actions.announce_answer(tx, answered, kernel.clock())

    return Inbox(name="quotes", topics=[Topic.QUOTES], handlers={QuestionAnswered: question_answered})


def _production() -> Inbox:
    async def maker_assigned(tx: Tx, fact: PromiseHeld | PromiseBooked | PieceReplanned, _record: Record) -> None:
        await actions.record_maker(tx, fact)

    return Inbox(
        name="production",
        topics=[Topic.PRODUCTION],
        handlers={PromiseHeld: maker_assigned, PromiseBooked: maker_assigned, PieceReplanned: maker_assigned},
    )
