"""People, their sessions, and the links that let them in."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.people import Colleague, Person, Session
from services.intake.domain.sign_in_links import LinkRequests
from services.intake.store.queries import QUERIES as _QUERIES
from services.intake.store.queries import Rows
from shared.postgres.database import Tx

_PERSON, _SESSION, _COLLEAGUE = Rows(Person), Rows(Session), Rows(Colleague)


async def add_person(tx: Tx, person: Person, at: datetime) -> bool:
    """Whether the person is new."""
    added = await _QUERIES.add_person(
        tx.connection,
        person=person.person,
        role=person.role.value,
        name=person.name,
        email=person.email,
        language=person.language,
        recorded_at=at,
    )
    return added is not None


async def open_session(tx: Tx, session: Session, secret_sha256: bytes, at: datetime) -> None:
    await _QUERIES.open_session(
        tx.connection,
        session=session.session,
        person=session.person,
        secret_sha256=secret_sha256,
        opened_at=at,
        expires_at=session.expires_at,
    )


async def renew_session(tx: Tx, secret_sha256: bytes, *, now: datetime, until: datetime) -> Session | None:
    row = await _QUERIES.renew_session(tx.connection, secret_sha256=secret_sha256, now=now, expires_at=until)
    return _SESSION.maybe(row)


async def revoke_session(tx: Tx, *, session: UUID | None, secret_sha256: bytes | None, at: datetime) -> None:
    await _QUERIES.revoke_session(tx.connection, session=session, secret_sha256=secret_sha256, revoked_at=at)


async def revoke_sessions(tx: Tx, person: UUID, *, at: datetime) -> bool:
    """Whether there was one to end."""
    return bool(await _QUERIES.revoke_sessions(tx.connection, person=person, revoked_at=at))


async def session_revoked(tx: Tx, session: UUID) -> bool:
    return await _QUERIES.session_revoked(tx.connection, session=session) is not None


async def use_sign_in_link(tx: Tx, link: UUID, *, forget_at: datetime) -> bool:
    """Whether this was its first use."""
    return await _QUERIES.use_sign_in_link(tx.connection, link=link, forget_at=forget_at) is not None


async def person(tx: Tx, person: UUID) -> Person | None:
    row = await _QUERIES.person(tx.connection, person=person)
    return _PERSON.maybe(row)


async def set_language(tx: Tx, person: UUID, language: str) -> Person | None:
    """The person with that language; None where nothing changed."""
    row = await _QUERIES.set_language(tx.connection, person=person, language=language)
    return _PERSON.maybe(row)


async def add_link_request(tx: Tx, request: UUID, commission: UUID, at: datetime) -> None:
    await _QUERIES.add_link_request(tx.connection, request=request, commission=commission, asked_at=at)


async def link_requests(tx: Tx, commission: UUID, *, since: datetime) -> LinkRequests:
    return LinkRequests(**await _QUERIES.link_requests(tx.connection, commission=commission, since=since))


async def sweep(
    tx: Tx, *, now: datetime, waiting_since: datetime, over_since: datetime, counted_since: datetime
) -> None:
    await _QUERIES.sweep(
        tx.connection, now=now, waiting_since=waiting_since, over_since=over_since, counted_since=counted_since
    )


async def invite(tx: Tx, person: UUID, secret_sha256: bytes, *, made_at: datetime, expires_at: datetime) -> None:
    await _QUERIES.invite(
        tx.connection, person=person, secret_sha256=secret_sha256, made_at=made_at, expires_at=expires_at
    )


async def invited(tx: Tx, secret_sha256: bytes, *, now: datetime) -> Person | None:
    row = await _QUERIES.invited(tx.connection, secret_sha256=secret_sha256, now=now)
    return _PERSON.maybe(row)


async def use_invitation(tx: Tx, secret_sha256: bytes, *, now: datetime) -> bool:
    """Whether it was good, which it is only once."""
    return await _QUERIES.use_invitation(tx.connection, secret_sha256=secret_sha256, now=now) is not None


async def void_invitation(tx: Tx, person: UUID, *, at: datetime) -> bool:
    """Whether there was one that was not used."""
    return await _QUERIES.void_invitation(tx.connection, person=person, at=at) is not None


async def colleague(tx: Tx, person: UUID, *, now: datetime) -> Colleague | None:
    row = await _QUERIES.colleague(tx.connection, person=person, now=now)
    return _COLLEAGUE.maybe(row)


async def colleagues(
    tx: Tx, *, now: datetime, before: tuple[datetime, UUID] | None, at_most: int
) -> tuple[Colleague, ...]:
    at, after = before or (None, None)
    rows = _QUERIES.colleagues(tx.connection, now=now, before=at, before_person=after, at_most=at_most)
    return await _COLLEAGUE.all(rows)
