"""People, and the links that let them in."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.people import Colleague, Person
from services.intake.store.queries import QUERIES as _QUERIES
from shared.postgres.database import Tx


async def add_person(tx: Tx, person: Person, at: datetime) -> bool:
    """Whether the person is new."""
    added = await _QUERIES.add_person.value_or_none(
        tx,
        UUID,
        person=person.person,
        role=person.role.value,
        name=person.name,
        email=person.email,
        language=person.language,
        recorded_at=at,
        confirmed_at=person.confirmed_at,
    )
    return added is not None


async def use_sign_in_link(tx: Tx, link: UUID, *, forget_at: datetime) -> bool:
    """Whether this was its first use."""
    return await _QUERIES.use_sign_in_link.value_or_none(tx, UUID, link=link, forget_at=forget_at) is not None


async def person(tx: Tx, person: UUID) -> Person | None:
    return await _QUERIES.person.row_or_none(tx, Person, person=person)


async def hold_person(tx: Tx, person: UUID) -> None:
    """Nobody else changes them until the transaction ends."""
    await _QUERIES.hold_person.value_or_none(tx, UUID, person=person)


async def is_erased(tx: Tx, person: UUID) -> bool:
    """Whether they were erased; nobody erases them until the transaction ends. False for who is not recorded."""
    return bool(await _QUERIES.is_erased.value_or_none(tx, bool, person=person))


async def set_language(tx: Tx, person: UUID, language: str) -> Person | None:
    """The person with that language; None where nothing changed."""
    return await _QUERIES.set_language.row_or_none(tx, Person, person=person, language=language)


async def sweep(
    tx: Tx, *, now: datetime, waiting_since: datetime, over_since: datetime, counted_since: datetime
) -> None:
    await _QUERIES.sweep.run(
        tx, now=now, waiting_since=waiting_since, over_since=over_since, counted_since=counted_since
    )


async def invite(tx: Tx, person: UUID, secret_sha256: bytes, *, made_at: datetime, expires_at: datetime) -> None:
    await _QUERIES.invite.run(tx, person=person, secret_sha256=secret_sha256, made_at=made_at, expires_at=expires_at)


async def invited(tx: Tx, secret_sha256: bytes, *, now: datetime) -> Person | None:
    return await _QUERIES.invited.row_or_none(tx, Person, secret_sha256=secret_sha256, now=now)


async def use_invitation(tx: Tx, secret_sha256: bytes, *, now: datetime) -> bool:
    """Whether it was good, which it is only once."""
    return await _QUERIES.use_invitation.value_or_none(tx, UUID, secret_sha256=secret_sha256, now=now) is not None


async def void_invitation(tx: Tx, person: UUID, *, at: datetime) -> bool:
    """Whether there was one that was not used."""
    return await _QUERIES.void_invitation.value_or_none(tx, UUID, person=person, at=at) is not None


async def colleague(tx: Tx, person: UUID, *, now: datetime) -> Colleague | None:
    return await _QUERIES.colleague.row_or_none(tx, Colleague, person=person, now=now)


async def colleagues(
    tx: Tx, *, now: datetime, before: tuple[datetime, UUID] | None, at_most: int
) -> tuple[Colleague, ...]:
    at, after = before or (None, None)
    return tuple(
        await _QUERIES.colleagues.rows(tx, Colleague, now=now, before=at, before_person=after, at_most=at_most)
    )
