"""People: signing up, invitations, sessions and access."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.intake import store
from services.intake.domain.people import (
    INVITATION_LIFE,
    Colleague,
    Contact,
    PeopleReason,
    Person,
    Session,
    fingerprint,
    no_colleague,
    used_invitation,
)
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.auth.tokens import TOKEN_LIFE, Signer
from shared.contracts.access import AccessEnded, InvitationSent
from shared.contracts.people import PersonRecorded
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem, ProblemType
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger
from shared.web.idempotency import Answer, RequestKey, once

log = get_logger(__name__)

_CREATED = 201


@dataclass(frozen=True)
class SignedIn:
    """What a browser or a program gets: a token for fifteen minutes, and the secret to renew it with.

    `secret` is None where it was only renewed: the caller has it already.
    """

    caller: Caller
    token: str
    token_expires_at: datetime
    session_expires_at: datetime
    secret: str | None = None


@dataclass(frozen=True)
class Invitation:
    """The secret of a sign-in link, shown only here, for a person who was invited; good until `until`, once."""

    person: UUID
    secret: str
    until: datetime


@dataclass(frozen=True)
class SignInContext:
    """What signing in needs besides the transaction."""

    signer: Signer
    settings: IntakeSettings
    new_id: Ids

    @classmethod
    def of(cls, settings: IntakeSettings, new_id: Ids) -> "SignInContext":
        """Raises ValueError if the signing key in the settings is none."""
        signer = Signer.read(settings.signing_key.get_secret_value(), issuer=settings.public_url)
        return cls(signer, settings, new_id)

    def session_end(self, now: datetime) -> datetime:
        return now + timedelta(days=self.settings.session_days)


async def sign_up(tx: Tx, context: SignInContext, contact: Contact, language: str, now: datetime) -> SignedIn:
    """Record a new customer, always a new one: an address that nobody verified identifies nobody."""
    person = Person(context.new_id(), Role.CUSTOMER, contact.name, contact.email, language)
    return await record_and_sign_in(tx, context, person, now)


async def choose_language(tx: Tx, person: UUID, language: str, now: datetime) -> None:
    """Keep a person's language (ISO 639 code), and publish it; the same again changes nothing."""
    changed = await store.set_language(tx, person, language)
    if changed:
        await publish(tx, [_recorded(changed, now)])


async def renew(tx: Tx, context: SignInContext, secret: str, now: datetime) -> SignedIn:
    """A new token from a session's secret; the session goes on from now.

    Raises:
        Problem: not-signed-in, if the session is revoked, expired or unknown.
    """
    session = await store.renew_session(tx, fingerprint(secret), now=now, until=context.session_end(now))
    if session is None:
        raise _session_over()
    return _signed_in(context, session, now)


async def sign_out(tx: Tx, *, session: UUID | None, secret: str, now: datetime) -> None:
    """End the session for good; tokens that it has renewed last for their fifteen minutes at most."""
    by_secret = fingerprint(secret) if secret else None
    await store.revoke_session(tx, session=session, secret_sha256=by_secret, at=now)


async def invite(
    tx: Tx, request: RequestKey, context: SignInContext, contact: Contact, role: Role, *, by: Caller, now: datetime
) -> Invitation:
    """Record a maker or somebody of the studio, and make the link by which they sign in.

    The same request invites one person. Since only the link's hash is kept, each time there is a new one, and only
    the newest works.

    Raises:
        Problem: not-signed-in, if the session of whom it is `by` was ended while their token lasts.
    """
    await _check_session(tx, by)

    async def record() -> Answer:
        person = Person(context.new_id(), role, contact.name, contact.email, context.settings.studio_language)
        await store.add_person(tx, person, now)
        sent = InvitationSent(at=now, person=person.person, role=role, by=by.person)
        await publish(tx, [_recorded(person, now), sent])
        return Answer(_CREATED, {"person": str(person.person)})

    answer = await once(tx, request, record)
    secret, until = secrets.token_urlsafe(32), now + INVITATION_LIFE
    person = UUID(str(answer.body["person"]))
    await store.invite(tx, person, fingerprint(secret), made_at=now, expires_at=until)
    return Invitation(person, secret, until)


async def invited(tx: Tx, secret: str, now: datetime) -> Person:
    """Whom this link invites, if it is still good; looking does not use it up. Raises `not-allowed`."""
    person = await store.invited(tx, fingerprint(secret), now=now)
    if person is None:
        raise used_invitation()
    return person


async def sign_in_by_invitation(tx: Tx, context: SignInContext, secret: str, now: datetime) -> SignedIn:
    """Sign somebody in by the link that ops gave them, once. Raises `not-allowed`."""
    person = await invited(tx, secret, now)
    if not await store.use_invitation(tx, fingerprint(secret), now=now):
        raise used_invitation()
    return await record_and_sign_in(tx, context, person, now)


async def colleagues(
    tx: Tx, *, now: datetime, before: tuple[datetime, UUID] | None, at_most: int
) -> tuple[Colleague, ...]:
    """Makers and people of the studio, the newest first."""
    return await store.colleagues(tx, now=now, before=before, at_most=at_most)


async def colleague(tx: Tx, person: UUID, now: datetime) -> Colleague:
    """One of them. Raises `not-found`, for a customer too."""
    found = await store.colleague(tx, person, now=now)
    if found is None:
        raise no_colleague()
    return found


async def end_access(tx: Tx, caller: Caller, person: UUID, now: datetime) -> None:
    """End a colleague's access: their sessions, and the link that was not used yet; and publish it.

    Where nothing is left to end, nothing happens.

    The link goes first: who is just coming in by it is waited for, so that their new session is ended as well.

    Raises:
        Problem: not-found, if it is no colleague; not-allowed for one's own; not-signed-in as in `let_in`.
    """
    await _check_session(tx, caller)
    found = await colleague(tx, person, now)
    found.check_ending_by(caller.person)
    voided = await store.void_invitation(tx, person, at=now)
    revoked = await store.revoke_sessions(tx, person, at=now)
    if not (voided or revoked):
        return
    await publish(tx, [AccessEnded(at=now, person=person, role=found.role, by=caller.person)])
    log.info("access_ended", person=str(person), by=str(caller.person))


async def open_session(tx: Tx, context: SignInContext, person: Person, now: datetime) -> SignedIn:
    """Sign in somebody who is recorded, and of whom it is known that it is they."""
    secret = secrets.token_urlsafe(32)
    session = Session(context.new_id(), person.person, person.role, context.session_end(now))
    await store.open_session(tx, session, fingerprint(secret), now)
    return _signed_in(context, session, now, secret)


async def _check_session(tx: Tx, caller: Caller) -> None:
    """Whose access was ended decides no more on who comes in, though their token lasts for some minutes."""
    if await store.session_revoked(tx, caller.session):
        raise _session_over()


def _session_over() -> Problem:
    return Problem(ProblemType.NOT_SIGNED_IN, PeopleReason.SESSION_OVER)


async def record_and_sign_in(tx: Tx, context: SignInContext, person: Person, now: datetime) -> SignedIn:
    """Sign a person in, who is recorded and published if they are new."""
    if await store.add_person(tx, person, now):
        await publish(tx, [_recorded(person, now)])
    return await open_session(tx, context, person, now)


def _recorded(person: Person, at: datetime) -> PersonRecorded:
    return PersonRecorded(
        at=at, person=person.person, role=person.role, name=person.name, email=person.email, language=person.language
    )


def _signed_in(context: SignInContext, session: Session, now: datetime, secret: str | None = None) -> SignedIn:
    caller = Caller(session.person, session.role, session.session)
    return SignedIn(caller, context.signer.token(caller, now), now + TOKEN_LIFE, session.expires_at, secret)
