"""The studio's inbox: what is unread or unanswered, who sees to it, and when that is done.

Intake owns the messages and quotes owns the questions; lifecycle owns who has taken what, and what is done.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from services.lifecycle import store
from services.lifecycle.actions.dashboard import DASHBOARD, CommissionSummary, read_known_commissions
from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.domain.inbox import SHOWN_AT_MOST, InboxItem
from services.lifecycle.domain.people import KnownPerson
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimMade, CommissionConfirmed, MessagesRead
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded
from shared.contracts.quotes import ClaimAnswered, QuestionAnswered
from shared.contracts.texts import Subject, TextWritten
from shared.conversation import store as conversations
from shared.kernel.problems import not_found
from shared.postgres.database import Tx

_NEWEST: Final = 3
"""So many messages of each commission are shown; the rest is a link away."""

_SETTLING: Final = (MessagesRead, QuestionAnswered, ClaimMade, ClaimAnswered, CommissionConfirmed, CommissionEnded)
"""The facts after which something else may wait."""


class InboxStep(StrEnum):
    """What somebody of the studio does with an entry."""

    TAKE = "take"
    GIVE_BACK = "give-back"
    DONE = "done"


_AUDITED: Final = {
    InboxStep.TAKE: AuditAction.TAKE_MESSAGES,
    InboxStep.GIVE_BACK: AuditAction.GIVE_BACK_MESSAGES,
    InboxStep.DONE: AuditAction.FINISH_MESSAGES,
}


@dataclass(frozen=True)
class InboxRow:
    """An item with its commission, None until that has arrived."""

    item: InboxItem
    summary: CommissionSummary | None


@dataclass(frozen=True)
class StudioInbox:
    """The oldest first; `people` are those who have taken something."""

    rows: Sequence[InboxRow]
    people: Mapping[UUID, KnownPerson]


async def read_inbox(tx: Tx, caller: Caller, *, now: datetime, soon: timedelta, language: str) -> StudioInbox:
    """Everything unread or unanswered, the oldest first.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    entries = await store.inbox_entries(tx, SHOWN_AT_MOST)
    ids = [each.commission for each in entries]
    messages = await store.newest_messages(tx, ids, _NEWEST)
    questions = await store.open_questions(tx, ids)
    claims = await store.open_claims(tx, ids)
    people = await store.people(tx, {each.taken_by for each in entries if each.taken_by})
    known = await read_known_commissions(tx, caller, ids, now=now, soon=soon, language=language)
    rows = [
        InboxRow(
            InboxItem(
                entry,
                [each for each in messages if each.commission == entry.commission],
                [each for each in questions if each.commission == entry.commission] if entry.question_since else [],
                [each for each in claims if each.commission == entry.commission],
            ),
            known.get(entry.commission),
        )
        for entry in entries
    ]
    return StudioInbox(rows, people)


async def waiting_count(tx: Tx, caller: Caller) -> int:
    """How many commissions have something unread or unanswered. Raises `not-found` for all but ops."""
    _only_ops(caller)
    return await store.waiting_count(tx)


async def take_step(tx: Tx, caller: Caller, commission: UUID, step: InboxStep, now: datetime) -> None:
    """Take an entry, give it back, or say that it is done; what is so already, or waits no more, stays as it is.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    await store.hold_inbox(tx, [commission])
    carry_out: dict[InboxStep, Callable[[], Awaitable[bool]]] = {
        InboxStep.TAKE: lambda: store.take(tx, commission, caller.person, now),
        InboxStep.GIVE_BACK: lambda: store.give_back(tx, commission),
        InboxStep.DONE: lambda: store.finish(tx, commission),
    }
    if not await carry_out[step]():
        return
    await settle(tx, commission)
    entry = AuditEntry(
        id=uuid5(commission, f"{step} {caller.person} {now.isoformat()}"),
        commission=commission,
        action=_AUDITED[step],
        person=caller.person,
        at=now,
        reason=None,
        detail={},
        outcome=AuditOutcome.DONE,
    )
    await store.add_audit_entry(tx, entry)


async def record_text(tx: Tx, written: TextWritten) -> None:
    """Keep a message or a question; other texts are not shown here."""
    await store.hold_inbox(tx, [written.commission])
    if written.subject is Subject.QUESTION:
        await store.record_question(tx, written)
    elif not await conversations.record_message(tx, written):
        return
    await settle(tx, written.commission)


async def erase_text(tx: Tx, text: UUID) -> None:
    """Obey the tombstone of a message or a question."""
    if commission := await conversations.erase_message(tx, text) or await store.erase_question(tx, text):
        await store.hold_inbox(tx, [commission])
        await settle(tx, commission)


async def hold(tx: Tx, facts: Iterable[CommissionFact]) -> None:
    """Hold what `follow` settles, before anything else is written: texts arrive at the same time, by another inbox."""
    if settled := {fact.commission for fact in facts if isinstance(fact, _SETTLING)}:
        await store.hold_inbox(tx, settled)


async def follow(tx: Tx, fact: CommissionFact) -> None:
    """Keep what a fact says of messages, questions and claims; with the request, or the end, see what waits."""
    match fact:
        case MessagesRead():
            await conversations.record_read(tx, fact)
        case QuestionAnswered():
            await store.record_answer(tx, fact)
        case ClaimMade():
            await store.record_claim(tx, fact)
        case ClaimAnswered():
            await store.record_claim_answer(tx, fact)
        case CommissionConfirmed() | CommissionEnded():
            pass
        case _:
            return
    await store.settle_inbox(tx, fact.commission)


async def settle(tx: Tx, commission: UUID) -> None:
    """Work out anew what waits about a commission, and tell live pages."""
    await store.settle_inbox(tx, commission)
    await store.bump_revision(tx)
    tx.touch(commission)
    tx.touch(DASHBOARD)


def _only_ops(caller: Caller) -> None:
    if caller.role is not Role.OPS:
        raise not_found()
