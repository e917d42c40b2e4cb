"""Sessions: opened for whom it is known that it is they, renewed, listed, ended; and what is kept of all that."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.intake import store
from services.intake.domain.passkeys import STAFF
from services.intake.domain.people import PeopleReason, Person, Session, fingerprint
from services.intake.domain.second_step import SECOND_STEP_LIFE, step_needed
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
from services.intake.domain.sign_in import proof_of
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Proof, Role
from shared.auth.tokens import TOKEN_LIFE, Signer
from shared.contracts.access import SignInChange, SignInChanged
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
    they asked for the mail that they came by. `known_by` is for the browser to keep, which is known to them by it.
    """

    caller: Caller
    token: str
    token_expires_at: datetime
    session_expires_at: datetime
    secret: str | None = None
    asked_on: UUID | None = None
    known_by: str | None = None


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

    def needs_two(self, whom: "Somebody") -> bool:
        """Whether the studio's settings ask for a second step of somebody in this role."""
        return self.settings.ops_second_factor == "required" and whom.role is Role.OPS

    @property
    def longest(self) -> timedelta:
        """For how long any session lasts."""
        return timedelta(days=self.settings.session_longest_days)


async def open_session(
    tx: Tx,
    context: SignInContext,
    person: Person,
    now: datetime,
    *,
    way: SignInWay,
    proven: Proof = Proof.ONE,
    issuer: str | None = None,
) -> SignedIn:
    """Sign in somebody who is recorded, and of whom it is known that it is they; `issuer`, if a provider says so.

    Who has a second step gets half a session, by whatever way they came, unless `proven` says that the way was both: it
    is good for nothing but that step.
    """
    secret = secrets.token_urlsafe(32)
    proof = await _proof(tx, context, person, proven)
    life = SECOND_STEP_LIFE if proof is Proof.HALF else min(context.idle, context.longest)
    session = Session(context.new_id(), person.person, person.role, now + life, person.name, proof, issuer)
    await store.open_session(tx, session, fingerprint(secret), context.device, now)
    kind = SecurityKind.FIRST_STEP if proof is Proof.HALF else SecurityKind.SIGNED_IN
    await record(tx, context, kind, person, now, way=way)
    # Who signs up only types an address, which may be somebody else's.
    key = context.settings.mail_secret.get_secret_value()
    known_by = None if way is SignInWay.SIGN_UP else proof_of(key, person.person)
    return replace(signed_in_by(context, session, now, secret), known_by=known_by)


async def _proof(tx: Tx, context: SignInContext, person: Person, proven: Proof) -> Proof:
    """What somebody has proven who came. They are held, as by who adds a second step meanwhile."""
    if proven is Proof.TWO:
        return Proof.TWO
    if person.role not in STAFF:
        return Proof.ONE
    if not await store.has_access(tx, person.person):
        raise session_over()
    return Proof.HALF if await asks_second_step(tx, context, person) else Proof.ONE


async def asks_second_step(tx: Tx, context: SignInContext, whom: "Somebody") -> bool:
    """Whether somebody is asked for a second step when they sign in.

    An authenticator app is always asked for. A passkey alone is where the studio needs two steps: elsewhere it only is
    a shorter way, and the mail stays good for who has lost the device.
    """
    return await store.asks_second_step(tx, whom.person, passkeys=context.needs_two(whom))


async def check_may_change(tx: Tx, context: SignInContext, caller: Caller) -> None:
    """Who has a second step changes nothing about it before they have given it.

    Raises:
        Problem: not-allowed; not-signed-in, if the session was ended while its token lasts.
    """
    await check_session(tx, caller)
    if caller.proof is not Proof.TWO and await asks_second_step(tx, context, caller):
        raise step_needed()


async def check_not_last(tx: Tx, context: SignInContext, caller: Caller) -> None:
    """Nobody takes away the last second step that the studio asks of them. Raises `conflict`."""
    if not context.needs_two(caller):
        return
    steps = len(await store.authenticators(tx, caller.person)) + len(await store.passkeys(tx, caller.person))
    if steps <= 1:
        raise Problem(ProblemType.CONFLICT, PeopleReason.LAST_SECOND_STEP)


async def raise_session(tx: Tx, context: SignInContext, caller: Caller, now: datetime) -> SignedIn:
    """The caller's session as one of two steps: with a new secret, so that whoever knew the one before has nothing.

    Raises:
        Problem: not-signed-in, if it is over.
    """
    secret, until = secrets.token_urlsafe(32), now + min(context.idle, context.longest)
    raised = await store.raise_session(
        tx, caller.session, caller.person, fingerprint(secret), now=now, expires_at=until
    )
    if raised is None:
        raise session_over()
    return signed_in_by(context, raised, now, secret)


async def renew(tx: Tx, context: SignInContext, secret: str, now: datetime) -> SignedIn:
    """A new token from a session's secret; the session goes on from now, up to its absolute end.

    Raises:
        Problem: not-signed-in, if the session is revoked, expired or unknown.
    """
    session = await store.renew_session(tx, fingerprint(secret), now=now, idle=context.idle, longest=context.longest)
    if session is None:
        raise session_over()
    return signed_in_by(context, session, now)


async def sign_out(
    tx: Tx, context: SignInContext, *, session: UUID | None, secret: str, now: datetime
) -> Sequence[EndedSession]:
    """End the session for good, by its id or its secret; returns what was ended."""
    by_secret = fingerprint(secret) if secret else None
    ended = await store.end_session(tx, session=session, secret_sha256=by_secret, at=now)
    return await _ended(tx, context, ended, now)


async def end_session(
    tx: Tx, context: SignInContext, session: UUID, now: datetime, *, by: UUID | None
) -> Sequence[EndedSession]:
    """End one session, whosever it is, and return it; one that is over already stays so."""
    ended = await store.end_session(tx, session=session, secret_sha256=None, at=now)
    return await _ended(tx, context, ended, now, by=by)


async def own_sessions(tx: Tx, caller: Caller, now: datetime) -> list[OpenSession]:
    """Where the caller is signed in, the session used last first."""
    return await store.sessions(tx, caller.person, now=now)


async def end_own_session(
    tx: Tx, context: SignInContext, caller: Caller, session: UUID, now: datetime
) -> Sequence[EndedSession]:
    """End one session of the caller, and return it; one that is over already stays so.

    Raises:
        Problem: not-found, if it is nobody's, or somebody else's.
    """
    if await store.session_owner(tx, session) != caller.person:
        raise not_found(PeopleReason.NO_SESSION)
    return await end_session(tx, context, session, now, by=None)


async def end_own_sessions(tx: Tx, context: SignInContext, caller: Caller, now: datetime) -> Sequence[EndedSession]:
    """End every session of the caller, this one too, and return them."""
    return await end_sessions_of(tx, context, caller.person, now)


async def end_sessions_of(
    tx: Tx, context: SignInContext, person: UUID, now: datetime, *, by: UUID | None = None, but: UUID | None = None
) -> Sequence[EndedSession]:
    """End every session of a person, `but` one if it is given, publish it, and return them."""
    ended = await store.end_sessions(tx, person, at=now, but=but)
    return await _ended(tx, context, ended, now, by=by)


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


async def tell(tx: Tx, context: SignInContext, change: SignInChange, person: UUID, now: datetime) -> None:
    """Have somebody told by mail how their ways in have changed, so that they hear of it if it was not they."""
    await publish(tx, [SignInChanged(at=now, person=person, change_id=context.new_id(), change=change)])


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
    """Whose session was ended, or who was erased, lets nobody in any more, while their token still lasts.

    Raises:
        Problem: not-signed-in.
    """
    if await store.session_revoked(tx, caller.session, caller.person):
        raise session_over()


def session_over() -> Problem:
    """The problem of a session that was ended, or never was."""
    return Problem(ProblemType.NOT_SIGNED_IN, PeopleReason.SESSION_OVER)


async def _ended(
    tx: Tx, context: SignInContext, ended: Sequence[EndedSession], now: datetime, *, by: UUID | None = None
) -> Sequence[EndedSession]:
    whole = [each for each in ended if each.proof is not Proof.HALF]
    for each in whole:
        await record(tx, context, SecurityKind.SESSION_ENDED, each, now, by=by)
    await publish(tx, [SessionEnded(at=now, session=each.session) for each in whole])
    return ended


def signed_in_by(context: SignInContext, session: Session, now: datetime, secret: str | None = None) -> SignedIn:
    """What a browser gets of a session: of half a one, a token that ends with it."""
    caller = Caller(session.person, session.role, session.session, session.name, session.proof)
    life = min(TOKEN_LIFE, session.expires_at - now) if session.proof is Proof.HALF else TOKEN_LIFE
    token = context.signer.token(caller, now, life=life)
    return SignedIn(caller, token, now + life, session.expires_at, secret)


def _log(event: SecurityEvent) -> None:
    log.info(
        "security_event",
        kind=event.kind.value,
        person=str(event.person) if event.person else None,
        way=event.way.value if event.way else None,
        network=event.network,
        by=str(event.by) if event.by else None,
    )
