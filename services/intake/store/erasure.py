"""Those who leave: what is theirs, and how it is forgotten."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from services.intake.domain.commissions import Commission
from services.intake.domain.erasure import Erasure
from services.intake.domain.people import Person
from services.intake.domain.pictures import StoredPicture
from services.intake.domain.texts import Text
from shared.contracts.briefs import BriefAnswer
from shared.contracts.notifications import LAST_MAILS
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).parents[1] / "sql" / "erasure.sql")
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])
_AT_ONCE = 100


class BriefVersion(NamedTuple):
    """One version of a brief, as it is exported."""

    commission: UUID
    version: int
    answers: tuple[BriefAnswer, ...]
    written_at: datetime


async def lock_leaving(tx: Tx, person: UUID) -> Person | None:
    """Somebody, held against change until the commit; None for nobody, and for one who is erased."""
    return await _QUERIES.lock_leaving.row_or_none(tx, Person, person=person)


async def erasure(tx: Tx, person: UUID) -> Erasure | None:
    return await _QUERIES.erasure.row_or_none(tx, Erasure, person=person)


async def erasures(tx: Tx, *, before: tuple[datetime, UUID] | None, at_most: int) -> tuple[Erasure, ...]:
    at, after = before or (None, None)
    return tuple(await _QUERIES.erasures.rows(tx, Erasure, before=at, before_person=after, at_most=at_most))


async def ask_erasure(tx: Tx, person: Person, *, by: UUID, at: datetime) -> None:
    await _QUERIES.ask_erasure.run(tx, person=person.person, role=person.role.value, asked_by=by, asked_at=at)


async def take_back_erasure(tx: Tx, person: UUID) -> bool:
    """Whether there was one that had not been carried out."""
    return await _QUERIES.take_back_erasure.value_or_none(tx, UUID, person=person) is not None


async def due_erasures(tx: Tx, *, ended_before: datetime) -> list[UUID]:
    return await _QUERIES.due_erasures.column(
        tx, UUID, ended_before=ended_before, last_mails=json.dumps(LAST_MAILS), at_most=_AT_ONCE
    )


async def revived(tx: Tx) -> list[UUID]:
    """Those who were erased and are back, since this database comes from a backup."""
    return await _QUERIES.revived.column(tx, UUID, at_most=_AT_ONCE)


async def commissions_of(tx: Tx, customer: UUID) -> list[Commission]:
    return await _QUERIES.commissions_of.rows(tx, Commission, customer=customer)


async def open_commissions_named(tx: Tx, maker: UUID) -> list[UUID]:
    """Those for which this maker ever had hours; another may have them now."""
    return await _QUERIES.open_commissions_named.column(tx, UUID, maker=maker)


async def own_texts(tx: Tx, commissions: Sequence[UUID]) -> list[UUID]:
    """The texts about these commissions that intake published, and that are not erased yet."""
    return await _QUERIES.own_texts.column(tx, UUID, commissions=list(commissions))


async def erase_commissions(tx: Tx, person: UUID, commissions: Sequence[UUID]) -> tuple[int, int]:
    """Forget what was wished for, written and shown; how many texts and pictures there were."""
    about = list(commissions)
    await _QUERIES.erase_briefs.run(tx, commissions=about)
    texts = await _QUERIES.erase_conversations.value(tx, int, commissions=about)
    pictures = await _QUERIES.erase_pictures.value(tx, int, person=person, commissions=about)
    return texts, pictures


async def erase_person(tx: Tx, person: UUID, commissions: Sequence[UUID], at: datetime) -> list[UUID]:
    """Forget who somebody was and all their ways in; the sessions that were open until now."""
    ended = await _QUERIES.erase_ways_in.column(tx, UUID, person=person, commissions=list(commissions))
    await _QUERIES.erase_person.run(tx, person=person, erased_at=at)
    return ended


async def end_erasure(tx: Tx, person: Person, at: datetime, *, commissions: int, texts: int, pictures: int) -> None:
    await _QUERIES.end_erasure.run(
        tx,
        person=person.person,
        role=person.role.value,
        erased_at=at,
        commissions=commissions,
        texts=texts,
        pictures=pictures,
    )


async def other_ops(tx: Tx, person: UUID) -> int:
    """How many can still sign in for the studio once this one has left; held until the commit."""
    await _QUERIES.lock_studio.run(tx)
    return await _QUERIES.other_ops.value(tx, int, person=person)


async def pictures_of(tx: Tx, person: UUID) -> list[StoredPicture]:
    return await _QUERIES.pictures_of.rows(tx, StoredPicture, person=person)


async def texts_by(tx: Tx, person: UUID) -> list[Text]:
    return await _QUERIES.texts_by.rows(tx, Text, person=person)


async def briefs_of(tx: Tx, commissions: Sequence[UUID]) -> list[BriefVersion]:
    rows = await _QUERIES.briefs_of.rows(tx, tuple[UUID, int, str, datetime], commissions=list(commissions))
    return [BriefVersion(of, version, _ANSWERS.validate_json(answers), at) for of, version, answers, at in rows]
