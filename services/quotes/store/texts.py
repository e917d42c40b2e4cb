"""What people wrote, and who they are."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.quotes.domain.quote import Question
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def ask(tx: Tx, question: Question, quote: UUID) -> None:
    await _QUERIES.ask.run(
        tx,
        question=question.question,
        commission=question.commission,
        quote=quote,
        version=question.version,
        author=question.author,
        body=question.body,
        asked_at=question.asked_at,
    )


async def answer(tx: Tx, question: UUID, *, answer: UUID, answered_by: UUID, body: str, at: datetime) -> None:
    await _QUERIES.answer.run(tx, question=question, answer=answer, answered_by=answered_by, body=body, at=at)


async def questions(tx: Tx, commission: UUID) -> tuple[Question, ...]:
    """What was asked about a commission's quote, oldest first."""
    return tuple(await _QUERIES.questions.rows(tx, Question, commission=commission))


async def open_questions(tx: Tx, at_most: int) -> tuple[Question, ...]:
    """The questions that wait, of all commissions, oldest first."""
    return tuple(await _QUERIES.open_questions.rows(tx, Question, at_most=at_most))


async def erase_text(tx: Tx, text: UUID) -> tuple[UUID, ...]:
    """Forget these words; the commissions that they were about."""
    return tuple(await _QUERIES.erase_text.column(tx, UUID, text=text))


async def record_person(tx: Tx, person: UUID, version: int, *, name: str, words: Collection[str]) -> tuple[UUID, ...]:
    """Keep who this is, in this version of their record; the commissions whose invoices waited for the name."""
    found = await _QUERIES.record_person.column(
        tx, UUID, person=person, version=version, name=name, words=sorted(words)
    )
    return tuple(found)


async def erase_person(tx: Tx, person: UUID, at: datetime) -> None:
    await _QUERIES.erase_person.run(tx, person=person, at=at)


async def person_name(tx: Tx, person: UUID) -> str | None:
    return await _QUERIES.person_name.value_or_none(tx, str, person=person)
