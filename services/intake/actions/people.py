"""People: signing up, invitations and access."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import provider
from services.intake.actions import second_step as second_steps
from services.intake.actions.records import open_pieces
from services.intake.actions.sessions import (
    SignedIn,
    SignInContext,
    check_session,
    end_sessions_of,
    open_session,
    record,
)
from services.intake.domain.people import (
    INVITATION_LIFE,
    Colleague,
    Contact,
    Person,
    SecondStepIs,
    fingerprint,
    no_colleague,
    nobody,
    used_invitation,
)
from services.intake.domain.sessions import SecurityKind, SignInWay
from services.intake.store.entering import index_person
from shared.auth.mail_secrets import MailSecrets
from shared.auth.roles import Caller, Role
from shared.contracts.access import AccessEnded, InvitationSent, LinkAsked, LinkPurpose
from shared.contracts.people import PersonRecorded
from shared.kernel.search import stored_words
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201


@dataclass(frozen=True)
class Invitation:
    """The secret of a sign-in link, shown only here, for a person who was invited; good until `until`, once."""

    person: UUID
    secret: str
    until: datetime


async def sign_up(tx: Tx, context: SignInContext, contact: Contact, language: str, now: datetime) -> SignedIn:
    """Record a new customer, always a new one: an address that nobody verified identifies nobody."""
    person = Person(context.new_id(), Role.CUSTOMER, contact.name, contact.email, language)
    return await record_and_sign_in(tx, context, person, now, way=SignInWay.SIGN_UP)


async def choose_language(tx: Tx, person: UUID, language: str, now: datetime) -> None:
    """Keep a person's language (ISO 639 code), and publish it; the same again changes nothing."""
    changed = await store.set_language(tx, person, language)
    if changed:
        await publish(tx, [recorded(changed, now)])


async def invite(
    tx: Tx, request: RequestKey, context: SignInContext, contact: Contact, role: Role, *, by: Caller, now: datetime
) -> Invitation:
    """Record a maker or somebody of the studio, and make the link by which they sign in.

    The same request invites one person, once, and answers the same link. It is mailed to them, too.

    Raises:
        Problem: not-signed-in, if the session of whom it is `by` was ended while their token lasts.
    """
    await check_session(tx, by)

    async def add() -> Answer:
        person, right = (
            Person(context.new_id(), role, contact.name, contact.email, context.settings.studio_language),
            context.new_id(),
        )
        await store.add_person(tx, person, now)
        sent = InvitationSent(at=now, person=person.person, role=role, by=by.person)
        await record(tx, context, SecurityKind.ROLE_GIVEN, person, now, by=by.person)
        await _let_in(tx, context, person.person, right, now)
        await publish(tx, [recorded(person, now), sent, _link_asked(person.person, right, LinkPurpose.INVITATION, now)])
        return Answer(_CREATED, {"person": str(person.person), "right": str(right), "at": now.isoformat()})

    answer = await once(tx, request, add)
    return _invitation(context, answer)


async def give_new_link(
    tx: Tx,
    request: RequestKey,
    context: SignInContext,
    person: UUID,
    *,
    second_step: SecondStepIs,
    by: Caller,
    now: datetime,
) -> Invitation:
    """Give somebody a new way in who lost theirs: they are the same person as before. The link is mailed, and shown.

    Only the newest link works, and who has a second step is asked for it, unless that is lost as well. Their sessions
    go on; whoever lost a device has them ended as well. Their account at the provider is forgotten: the next that
    confirms their address takes its place.

    Raises:
        Problem: not-found if nobody is known by that id; conflict for a customer whose address is not confirmed;
            not-signed-in as in `invite`; not-allowed for who resets a second step and has given none.
    """
    await check_session(tx, by)
    if second_step is SecondStepIs.LOST:
        second_steps.check_may_reset(by)
    found = await somebody(tx, person)
    found.check_may_get_link()

    async def add() -> Answer:
        right = context.new_id()
        await store.let_in_again(tx, person)
        await provider.untie_all(tx, context, found, now, by=by.person)
        await _let_in(tx, context, person, right, now)
        if second_step is SecondStepIs.LOST:
            await second_steps.reset(tx, context, found, now, by=by.person)
        await record(tx, context, SecurityKind.LINK_GIVEN, found, now, by=by.person)
        await publish(tx, [_link_asked(person, right, LinkPurpose.NEW_ACCESS, now)])
        return Answer(_CREATED, {"person": str(person), "right": str(right), "at": now.isoformat()})

    return _invitation(context, await once(tx, request, add))


async def found_by_address(tx: Tx, email: str) -> tuple[Person, ...]:
    """Everybody who is recorded with this address, customers too."""
    return await store.people_of_address(tx, email)


async def _let_in(tx: Tx, context: SignInContext, person: UUID, right: UUID, now: datetime) -> None:
    secret = _secret(context, right)
    await store.invite(tx, person, fingerprint(secret), made_at=now, expires_at=now + INVITATION_LIFE)


def _invitation(context: SignInContext, answer: Answer) -> Invitation:
    """The same link each time for the same request."""
    body = {name: str(value) for name, value in answer.body.items()}
    until = datetime.fromisoformat(body["at"]) + INVITATION_LIFE
    return Invitation(UUID(body["person"]), _secret(context, UUID(body["right"])), until)


def _secret(context: SignInContext, right: UUID) -> str:
    return MailSecrets(context.settings.mail_secret.get_secret_value()).link(right)


def _link_asked(person: UUID, right: UUID, purpose: LinkPurpose, now: datetime) -> LinkAsked:
    return LinkAsked(at=now, person=person, right=right, purpose=purpose, until=now + INVITATION_LIFE)


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
    return await record_and_sign_in(tx, context, person, now, way=SignInWay.INVITATION)


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


async def somebody(tx: Tx, person: UUID) -> Person:
    """A person of any role. Raises `not-found`."""
    found = await store.person(tx, person)
    if found is None:
        raise nobody()
    return found


async def end_access(tx: Tx, context: SignInContext, caller: Caller, person: UUID, now: datetime) -> None:
    """End a colleague's access: sessions, second steps, the link that was not used yet, every other way; publish it.

    It stays so until they are given a new link. Where nothing is left to end, nothing happens.

    The link goes first: who is just coming in by it is waited for, so that their new session is ended as well.

    Raises:
        Problem: not-found, if it is no colleague; not-allowed for one's own; not-signed-in as in `invite`.
    """
    await check_session(tx, caller)
    found = await colleague(tx, person, now)
    found.check_ending_by(caller.person)
    locked_out = await store.lock_out(tx, person, now)
    await store.remove_second_steps(tx, person)
    await store.forget_accounts(tx, person)
    voided = await store.void_invitation(tx, person, at=now)
    ended = await end_sessions_of(tx, context, person, now, by=caller.person)
    if not (locked_out or voided or ended):
        return
    await record(tx, context, SecurityKind.ROLE_TAKEN, found, now, by=caller.person)
    left = await open_pieces(tx, person) if found.role is Role.MAKER else ()
    await publish(tx, [AccessEnded(at=now, person=person, role=found.role, by=caller.person, pieces=tuple(left))])


async def record_and_sign_in(
    tx: Tx, context: SignInContext, person: Person, now: datetime, *, way: SignInWay
) -> SignedIn:
    """Sign a person in, who is recorded and published if they are new."""
    if await store.add_person(tx, person, now):
        if person.role is Role.CUSTOMER and person.confirmed_at:
            await index(tx, person)
        await publish(tx, [recorded(person, now)])
    return await open_session(tx, context, person, now, way=way)


async def index(tx: Tx, person: Person) -> None:
    """Keep the words that the studio finds a customer by, once it knows them."""
    await index_person(tx, person.person, stored_words(person.name, person.email))


def recorded(person: Person, at: datetime) -> PersonRecorded:
    """The fact that publishes a person as they are now."""
    return PersonRecorded(
        at=at,
        person=person.person,
        role=person.role,
        name=person.name,
        email=person.email or None,
        language=person.language,
    )
