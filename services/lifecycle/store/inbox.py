"""The inbox: what waits for an answer of the studio, or was not read there."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.lifecycle.domain.inbox import InboxEntry, OpenClaim, OpenQuestion
from shared.contracts.commissions import ClaimMade
from shared.contracts.quotes import ClaimAnswered, QuestionAnswered
from shared.contracts.texts import TextWritten
from shared.conversation.model import Message
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "inbox.sql")


async def record_question(tx: Tx, asked: TextWritten) -> None:
    await _QUERIES.record_question.run(
        tx, question=asked.text, commission=asked.commission, body=asked.body, asked_at=asked.at
    )


async def record_answer(tx: Tx, answered: QuestionAnswered) -> None:
    await _QUERIES.record_answer.run(
        tx, question=answered.question, commission=answered.commission, answered_at=answered.at
    )


async def record_claim(tx: Tx, made: ClaimMade) -> None:
    await _QUERIES.record_claim.run(
        tx,
        claim=made.claim,
        commission=made.commission,
        kind=made.kind.value,
        made_at=made.at,
        answer_by=made.answer_by,
    )


async def record_claim_answer(tx: Tx, answered: ClaimAnswered) -> None:
    await _QUERIES.record_claim_answer.run(
        tx, claim=answered.claim, commission=answered.commission, answered_at=answered.at
    )


async def open_claims(tx: Tx, commissions: Sequence[UUID]) -> Sequence[OpenClaim]:
    return await _QUERIES.open_claims.rows(tx, OpenClaim, commissions=list(commissions))


async def erase_question(tx: Tx, question: UUID) -> UUID | None:
    """The commission that it was about, if it is here."""
    return await _QUERIES.erase_question.value_or_none(tx, UUID, question=question)


async def hold_inbox(tx: Tx, commissions: Collection[UUID]) -> None:
    """Wait until no other transaction changes what waits about these; in order, lest two wait for each other."""
    await _QUERIES.hold_inbox.run(tx, commissions=sorted(commissions))


async def settle_inbox(tx: Tx, commission: UUID) -> None:
    await _QUERIES.settle_inbox.run(tx, commission=commission)


async def take(tx: Tx, commission: UUID, person: UUID, at: datetime) -> bool:
    """Whether that is news."""
    return await _QUERIES.take.value_or_none(tx, UUID, commission=commission, person=person, at=at) is not None


async def give_back(tx: Tx, commission: UUID) -> bool:
    """Whether that is news."""
    return await _QUERIES.give_back.value_or_none(tx, UUID, commission=commission) is not None


async def finish(tx: Tx, commission: UUID) -> bool:
    """Whether that is news."""
    return await _QUERIES.finish.value_or_none(tx, UUID, commission=commission) is not None


async def waiting_count(tx: Tx) -> int:
    """How many commissions have something that waits."""
    return await _QUERIES.waiting_count.value(tx, int)


async def inbox_entries(tx: Tx, at_most: int) -> Sequence[InboxEntry]:
    """The oldest first."""
    return await _QUERIES.entries.rows(tx, InboxEntry, at_most=at_most)


async def newest_messages(tx: Tx, commissions: Sequence[UUID], at_most: int) -> Sequence[Message]:
    """At most so many about each, oldest first, with the names of those who are known here."""
    return await _QUERIES.newest_messages.rows(tx, Message, commissions=list(commissions), at_most=at_most)


async def open_questions(tx: Tx, commissions: Sequence[UUID]) -> Sequence[OpenQuestion]:
    return await _QUERIES.open_questions.rows(tx, OpenQuestion, commissions=list(commissions))
