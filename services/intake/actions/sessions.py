"""Sessions: opened for whom it is known that it is they, renewed, listed, ended; and what is kept of all that."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.intake import store
from services.intake.domain.people import PeopleReason, Person, Session, fingerprint
from services.intake.domain.sessions import (
    REFUSALS_A_MINUTE,
    Device,
    EndedSession,
    ListedSecurityEvent,
    OpenSession,
    SecurityEvent,
    SecurityKind,
    SignInWay,
)
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.auth.tokens import TOKEN_LIFE, Signer
from shared.contracts.sessions import SessionEnded
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.outbox import publish
from shared.postgres.database import Database, Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_MINUTE = timedelta(minutes=1)
_TURNED_AWAY = frozenset({ProblemType.NOT_ALLOWED, ProblemType.NOT_SIGNED_IN})


class Somebody(Protocol):
    """Whom something happened to."""

    @property
    def person(self) -> UUID: ...
    @property
    def role(self) -> Role: ...


@dataclass(frozen=True)
class SignedIn:
    """What a browser or a program gets: a token for fifteen minutes, and the secret to renew it with.

    `secret` is None where it was only renewed: the caller has it already. `asked_on` is the commission on whose page
    they asked for the mail that they came by.
    """

    caller: Caller
    token: str
    token_expires_at: datetime
    session_expires_at: datetime
    secret: str | None = None
    asked_on: UUID | None = None


@dataclass(frozen=True)
class SignInContext:
    """What signing in needs besides the transaction. `device` is that of the request."""

    signer: Signer
    settings: IntakeSettings
    new_id: Ids
    device: Device = field(default_factory=Device)

    @classmethod
    def of(cls, settings: IntakeSettings, new_id: Ids) -> "SignInContext":
        """Raises ValueError if the signing key in the settings is none."""
        signer = Signer.read(settings.signing_key.get_secret_value(), issuer=settings.public_url)
        return cls(signer, settings, new_id)

    def on(self, device: Device) -> "SignInContext":
        """The same, for a request from this device."""
        return replace(self, device=device)

    @property
    def idle(self) -> timedelta:
        """For how long a session that is not used lasts."""
        return timedelta(days=self.settings.session_days)

    @property
    def longest(self) -> timedelta:
        """For how long any session lasts."""
        return timedelta(days=self.settings.session_longest_days)


async def open_session(tx: Tx, context: SignInContext, person: Person, now: datetime, *, way: SignInWay) -> SignedIn:
    """Sign in somebody who is recorded, and of whom it is known that it is they."""
    secret = secrets.token_urlsafe(32)
    until = now + min(context.idle, context.longest)
    session = Session(context.new_id(), person.person, person.role, until, person.name)
    await store.open_session(tx, session, fingerprint(secret), context.device, now)
    await record(tx, context, SecurityKind.SIGNED_IN, person, now, way=way)
    return _signed_in(context, session, now, secret)


async def renew(tx: Tx, context: SignInContext, secret: str, now: datetime) -> SignedIn:
    """A new token from a session's secret; the session goes on from now, up to its absolute end.

    Raises:
        Problem: not-signed-in, if the session is revoked, expired or unknown.
    """
    session = await store.renew_session(tx, fingerprint(secret), now=now, idle=context.idle, longest=context.longest)
    if session is None:
        raise session_over()
    return _signed_in(context, session, now)


async def sign_out(tx: Tx, context: SignInContext, *, session: UUID | None, secret: str, now: datetime) -> None:
    """End the session for good, by its id or its secret."""
    by_secret = fingerprint(secret) if secret else None
    await _ended(tx, context, await store.end_session(tx, session=session, secret_sha256=by_secret, at=now), now)


async def own_sessions(tx: Tx, caller: Caller, now: datetime) -> list[OpenSession]:
    """Where the caller is signed in, the session used last first."""
    return await store.sessions(tx, caller.person, now=now)


async def end_own_session(tx: Tx, context: SignInContext, caller: Caller, session: UUID, now: datetime) -> None:
    """End one session of the caller; one that is over already stays so.

    Raises:
        Problem: not-found, if it is nobody's, or somebody else's.
    """
    if await store.session_owner(tx, session) != caller.person:
        raise not_found(PeopleReason.NO_SESSION)
    await _ended(tx, context, await store.end_session(tx, session=session, secret_sha256=None, at=now), now)


async def end_own_sessions(tx: Tx, context: SignInContext, caller: Caller, now: datetime) -> None:
    """End every session of the caller, this one too."""
    await end_sessions_of(tx, context, caller.person, now)


async def end_sessions_of(
    tx: Tx, context: SignInContext, person: UUID, now: datetime, *, by: UUID | None = None
) -> bool:
    """End every session of a person, and publish it. Whether there was one."""
    ended = await store.end_sessions(tx, person, at=now)
    await _ended(tx, context, ended, now, by=by)
    return bool(ended)


async def security_events(
    tx: Tx, *, kind: SecurityKind | None, before: tuple[datetime, UUID] | None, at_most: int
) -> Sequence[ListedSecurityEvent]:
    """What happened to people's access, the newest first."""
    return await store.security_events(tx, kind=kind, before=before, at_most=at_most)


async def record(
    tx: Tx,
    context: SignInContext,
    kind: SecurityKind,
    whom: "Somebody",
    now: datetime,
    *,
    way: SignInWay | None = None,
    by: UUID | None = None,
) -> None:
    """Keep and log what happened to a person's access."""
    event = SecurityEvent(context.new_id(), now, kind, whom.person, whom.role, way, context.device.network, by)
    await store.add_security_event(tx, event)
    _log(event)


@asynccontextmanager
async def noting_refusals(
    database: Database, context: SignInContext, way: SignInWay, now: datetime, *, person: UUID | None = None
) -> AsyncIterator[None]:
    """Keep and log that somebody was not let in, where the block raises that; it is raised on."""
    try:
        yield
    except Problem as problem:
        if problem.type in _TURNED_AWAY:
            await note_refusal(database, context, way, now, person=person)
        raise


async def note_refusal(
    database: Database, context: SignInContext, way: SignInWay, now: datetime, *, person: UUID | None = None
) -> None:
    """In a transaction of its own: that of the attempt is rolled back. Strangers cannot fill the table."""
    event = SecurityEvent(context.new_id(), now, SecurityKind.REFUSED, person, None, way, context.device.network)
    async with database.transaction() as tx:
        kept = await store.add_refusal(tx, event, since=now - _MINUTE, at_most=REFUSALS_A_MINUTE)
    if kept:
        _log(event)


async def check_session(tx: Tx, caller: Caller) -> None:
    """Whose session was ended decides no more on who comes in, though their token may last for some minutes.

    Raises:
        Problem: not-signed-in.
    """
    if await store.session_revoked(tx, caller.session):
        raise session_over()


def session_over() -> Problem:
    """The problem of a session that was ended, or never was."""
    return Problem(ProblemType.NOT_SIGNED_IN, PeopleReason.SESSION_OVER)


async def _ended(
    tx: Tx, context: SignInContext, ended: Sequence[EndedSession], now: datetime, *, by: UUID | None = None
) -> None:
    for each in ended:
        await record(tx, context, SecurityKind.SESSION_ENDED, each, now, by=by)
    await publish(tx, [SessionEnded(at=now, session=each.session) for each in ended])


def _signed_in(context: SignInContext, session: Session, now: datetime, secret: str | None = None) -> SignedIn:
    caller = Caller(session.person, session.role, session.session, session.name)
    return SignedIn(caller, context.signer.token(caller, now), now + TOKEN_LIFE, session.expires_at, secret)


def _log(event: SecurityEvent) -> None:
    log.info(
        "security_event",
        kind=event.kind.value,
        person=str(event.person) if event.person else None,
        way=event.way.value if event.way else None,
        network=event.network,
        by=str(event.by) if event.by else None,
    )
