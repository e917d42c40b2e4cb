"""Who people are, and what their commissions are called: read models of `touchmark.people` and `touchmark.briefs`."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from services.lifecycle.domain.people import KnownPerson
from shared.contracts.briefs import BriefAnswer
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "people.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


async def record_person(
    tx: Tx, person: UUID, version: int, *, name: str, email: str | None, words: Collection[str]
) -> bool:
    """Whether it is the newest that is known of somebody who was not erased; else nothing changes."""
    kept = await _QUERIES.record_person.value_or_none(
        tx, UUID, person=person, version=version, name=name, email=email, words=sorted(words)
    )
    return kept is not None


async def erase_person(tx: Tx, person: UUID, version: int) -> None:
    await _QUERIES.erase_person.run(tx, person=person, version=version)
    await _QUERIES.erase_reasons.run(tx, customer=person)


async def people(tx: Tx, people: Collection[UUID]) -> Mapping[UUID, KnownPerson]:
    """Those of these people who are known here."""
    rows = await _QUERIES.people.rows(tx, KnownPerson, people=list(people))
    return {row.person: row for row in rows}


async def commissions_of_person(tx: Tx, person: UUID, at_most: int) -> Sequence[UUID]:
    """The newest first."""
    return await _QUERIES.commissions_of_person.column(tx, UUID, person=person, at_most=at_most)


async def record_brief(tx: Tx, commission: UUID, version: int, answers: Sequence[BriefAnswer]) -> bool:
    """Whether it is the newest that is known of a brief that was not erased; else nothing changes."""
    written = _ANSWERS.dump_json(tuple(answers)).decode()
    kept = await _QUERIES.record_brief.value_or_none(tx, UUID, commission=commission, version=version, answers=written)
    return kept is not None


async def erase_brief(tx: Tx, commission: UUID, version: int) -> None:
    await _QUERIES.erase_brief.run(tx, commission=commission, version=version)


async def answers_of(tx: Tx, commissions: Sequence[UUID]) -> Mapping[UUID, Sequence[BriefAnswer]]:
    """The answers that name these commissions' pieces, as far as their briefs are here."""
    rows = await _QUERIES.briefs.rows(tx, tuple[UUID, str], commissions=commissions)
    return {commission: _ANSWERS.validate_json(answers) for commission, answers in rows}
