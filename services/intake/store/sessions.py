"""Sessions, and what happened to people's access."""

from datetime import datetime, timedelta
from uuid import UUID

from services.intake.domain.people import Person, Session
from services.intake.domain.sessions import (
    Device,
    EndedSession,
    ListedSecurityEvent,
    OpenSession,
    SecurityEvent,
    SecurityKind,
)
from services.intake.store.queries import SESSIONS as _QUERIES
from shared.postgres.database import Tx


async def open_session(tx: Tx, session: Session, secret_sha256: bytes, device: Device, at: datetime) -> None:
    await _QUERIES.open_session.run(
        tx,
        session=session.session,
        person=session.person,
        secret_sha256=secret_sha256,
        browser=device.browser,
        system=device.system,
        opened_at=at,
        expires_at=session.expires_at,
        proof=session.proof.value,
        issuer=session.issuer,
    )


async def renew_session(
    tx: Tx, secret_sha256: bytes, *, now: datetime, idle: timedelta, longest: timedelta
) -> Session | None:
    return await _QUERIES.renew_session.row_or_none(
        tx, Session, secret_sha256=secret_sha256, now=now, idle=idle, longest=longest
    )


async def end_session(tx: Tx, *, session: UUID | None, secret_sha256: bytes | None, at: datetime) -> list[EndedSession]:
    """None, one, or two, where the secret is of another."""
    return await _QUERIES.end_session.rows(tx, EndedSession, session=session, secret_sha256=secret_sha256, at=at)


async def end_sessions(tx: Tx, person: UUID, *, at: datetime, but: UUID | None = None) -> list[EndedSession]:
    return await _QUERIES.end_sessions.rows(tx, EndedSession, person=person, at=at, but=but)


async def sessions(tx: Tx, person: UUID, *, now: datetime) -> list[OpenSession]:
    return await _QUERIES.sessions.rows(tx, OpenSession, person=person, now=now)


async def session_owner(tx: Tx, session: UUID) -> UUID | None:
    return await _QUERIES.session_owner.value_or_none(tx, UUID, session=session)


async def hold_session(tx: Tx, session: UUID) -> None:
    await _QUERIES.hold_session.run(tx, session=session)


async def session_revoked(tx: Tx, session: UUID, person: UUID) -> bool:
    return await _QUERIES.session_revoked.value(tx, bool, session=session, person=person)


async def add_security_event(tx: Tx, event: SecurityEvent) -> None:
    await _QUERIES.add_security_event.run(
        tx,
        event=event.event,
        at=event.at,
        kind=event.kind.value,
        person=event.person,
        role=event.role and event.role.value,
        way=event.way and event.way.value,
        network=event.network,
        by=event.by,
    )


async def add_refusal(tx: Tx, event: SecurityEvent, *, since: datetime, at_most: int) -> bool:
    """Whether it was kept."""
    kept = await _QUERIES.add_refusal.value_or_none(
        tx,
        UUID,
        event=event.event,
        at=event.at,
        person=event.person,
        role=event.role and event.role.value,
        way=event.way and event.way.value,
        network=event.network,
        since=since,
        at_most=at_most,
    )
    return kept is not None


async def security_events(
    tx: Tx, *, kind: SecurityKind | None, before: tuple[datetime, UUID] | None, at_most: int
) -> list[ListedSecurityEvent]:
    at, after = before or (None, None)
    return await _QUERIES.security_events.rows(
        tx, ListedSecurityEvent, kind=kind and kind.value, before=at, before_event=after, at_most=at_most
    )


async def sweep_security_events(tx: Tx, *, before: datetime) -> None:
    await _QUERIES.sweep_security_events.run(tx, before=before)


async def person_of_address(tx: Tx, email: str) -> Person | None:
    return await _QUERIES.person_of_address.row_or_none(tx, Person, email=email)


async def hold_address(tx: Tx, address_sha256: bytes) -> None:
    await _QUERIES.hold_address.run(tx, address_sha256=address_sha256)


async def people_of_address(tx: Tx, email: str) -> tuple[Person, ...]:
    return tuple(await _QUERIES.people_of_address.rows(tx, Person, email=email))


async def has_access(tx: Tx, person: UUID) -> bool:
    return await _QUERIES.has_access.value_or_none(tx, bool, person=person) is not None


async def lock_out(tx: Tx, person: UUID, at: datetime) -> bool:
    """Whether they could come in before."""
    return await _QUERIES.lock_out.value_or_none(tx, UUID, person=person, at=at) is not None


async def let_in_again(tx: Tx, person: UUID) -> None:
    await _QUERIES.let_in_again.run(tx, person=person)
