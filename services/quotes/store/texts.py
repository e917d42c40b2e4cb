"""What people wrote, and who they are."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.quotes.domain.quote import Question
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).parents[1] / "sql" / "queries.sql")


async def ask(tx: Tx, question: Question, quote: UUID) -> None:
    await _QUERIES.ask(
        tx.connection,
        question=question.question,
        commission=question.commission,
        quote=quote,
        version=question.version,
        author=question.author,
        body=question.body,
        asked_at=question.asked_at,
    )


async def answer(tx: Tx, question: UUID, *, answer: UUID, answered_by: UUID, body: str, at: datetime) -> None:
    await _QUERIES.answer(tx.connection, question=question, answer=answer, answered_by=answered_by, body=body, at=at)


async def questions(tx: Tx, commission: UUID) -> tuple[Question, ...]:
    """What was asked about a commission's quote, oldest first."""
    return tuple([Question(**row) async for row in _QUERIES.questions(tx.connection, commission=commission)])


async def open_questions(tx: Tx, at_most: int) -> tuple[Question, ...]:
    """The questions that wait, of all commissions, oldest first."""
    return tuple([Question(**row) async for row in _QUERIES.open_questions(tx.connection, at_most=at_most)])


async def texts_of(tx: Tx, author: UUID) -> tuple[UUID, ...]:
    """The texts that this person wrote here, as `touchmark.texts` names them."""
    return tuple([row["text"] async for row in _QUERIES.texts_of(tx.connection, author=author)])


async def erase_text(tx: Tx, text: UUID) -> tuple[UUID, ...]:
    """Forget these words; the commissions that they were about."""
    return tuple([row["commission"] async for row in _QUERIES.erase_text(tx.connection, text=text)])


async def record_person(tx: Tx, person: UUID, name: str) -> tuple[UUID, ...]:
    """Keep who this is; the commissions whose invoices waited for the name."""
    return tuple([row["commission"] async for row in _QUERIES.record_person(tx.connection, person=person, name=name)])


async def erase_person(tx: Tx, person: UUID, at: datetime) -> None:
    await _QUERIES.erase_person(tx.connection, person=person, at=at)


async def person_name(tx: Tx, person: UUID) -> str | None:
    name: str | None = await _QUERIES.person_name(tx.connection, person=person)
    return name
