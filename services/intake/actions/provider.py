"""Signing in by the studio's own OpenID provider: makers and people of the studio whom ops know, and nobody else.

An account there is tied to a person by the address that the provider has verified, once; from then on its issuer and
subject name them. Nobody becomes anybody by it: who is unknown stays so, whatever the provider says.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions.sessions import (
    SignedIn,
    SignInContext,
    check_may_change,
    open_session,
    record,
    tell,
)
from services.intake.domain.passkeys import STAFF
from services.intake.domain.people import PeopleReason, Person, read_address
from services.intake.domain.provider import (
    ATTEMPT_LIFE,
    Attempt,
    ProviderAccount,
    away,
    make_attempt,
    read_attempt,
    refused,
)
from services.intake.domain.sessions import SecurityKind, SignInWay
from shared.auth.provider.model import ProviderAwayError, ProviderClient, ProviderIdentity, ProviderRefusedError
from shared.auth.roles import Caller
from shared.contracts.access import SignInChange
from shared.kernel.problems import not_found
from shared.kernel.proof import Proof
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)


async def begin(
    provider: ProviderClient, context: SignInContext, to: str, now: datetime, *, anew: bool
) -> tuple[Attempt, str]:
    """A new sign-in, and the address at the provider that the browser is sent to; `anew` as in `Attempt`.

    Raises:
        Problem: unavailable, if the provider does not answer; not-allowed, if it is not as it must be.
    """
    attempt = make_attempt(_key(context), context.new_id(), to, now, anew=anew)
    try:
        return attempt, await provider.authorization_url(attempt, now)
    except (ProviderAwayError, ProviderRefusedError) as error:
        raise _problem(error) from error


async def use_attempt(tx: Tx, context: SignInContext, cookie: str, state: str, now: datetime) -> Attempt:
    """The sign-in that this answer of the provider's belongs to; each takes one answer.

    Raises:
        Problem: not-allowed, if it is not this browser's, or too old, or was answered before.
    """
    attempt = read_attempt(_key(context), cookie, state, now)
    if not await store.use_sign_in_link(tx, attempt.id, forget_at=now + 2 * ATTEMPT_LIFE):
        raise refused(PeopleReason.PROVIDER_STALE)
    return attempt


async def identify(
    provider: ProviderClient, attempt: Attempt, code: str, answered_by: str | None, now: datetime
) -> ProviderIdentity:
    """Whom the provider names, for the code that it gave the browser. It may take seconds: no transaction waits for it.

    Raises:
        Problem: as `begin` does; not-allowed, if there is no code, since the provider did not let them in.
    """
    if not code:
        raise refused(PeopleReason.PROVIDER_DENIED)
    try:
        return await provider.identify(code, answered_by, attempt, now)
    except (ProviderAwayError, ProviderRefusedError) as error:
        raise _problem(error) from error


async def sign_in(tx: Tx, context: SignInContext, identity: ProviderIdentity, now: datetime) -> SignedIn:
    """Sign in whom the provider names, if they are a maker or of the studio.

    A second factor that the provider says it has asked for is as good as ours: it is trusted with the first one, too.

    Raises:
        Problem: not-allowed, which says why.
    """
    person = await _person(tx, context, identity, now)
    proven = Proof.TWO if identity.second_factor else Proof.ONE
    return await open_session(tx, context, person, now, way=SignInWay.PROVIDER, proven=proven, issuer=identity.issuer)


async def sign_out_address(provider: ProviderClient, state: str, now: datetime) -> str:
    """Where a browser signs out at the provider, and comes back from with `state`; empty where it has no such place.

    Nor where it does not answer: who signs out here is signed out here, whatever the provider does.
    """
    try:
        return await provider.sign_out_url(state, now) or ""
    except (ProviderAwayError, ProviderRefusedError) as error:
        log.warning("provider_failed", fault=error.fault.value)
        return ""


async def own_accounts(tx: Tx, caller: Caller) -> Sequence[ProviderAccount]:
    """The accounts that are tied to the caller: one of each provider that the studio has had."""
    return await store.accounts(tx, caller.person)


async def untie(tx: Tx, context: SignInContext, caller: Caller, account: UUID, now: datetime) -> None:
    """Let nobody in by this account any more, unless it is tied again. A mailed link lets the caller in as before.

    Raises:
        Problem: not-found, for what is not theirs; not-allowed, for who has a second step and has not given it.
    """
    await store.hold_person(tx, caller.person)
    await check_may_change(tx, context, caller)
    if not await store.forget_account(tx, account, caller.person):
        raise not_found(PeopleReason.NO_PROVIDER_ACCOUNT)
    await record(tx, context, SecurityKind.ACCOUNT_UNTIED, caller, now)
    await tell(tx, context, SignInChange.ACCOUNT_UNTIED, caller.person, now)


async def untie_all(tx: Tx, context: SignInContext, whom: Person, now: datetime, *, by: UUID) -> None:
    """Make room for another account of somebody whom ops give a new way in."""
    if await store.forget_accounts(tx, whom.person):
        await record(tx, context, SecurityKind.ACCOUNT_UNTIED, whom, now, by=by)
        await tell(tx, context, SignInChange.ACCOUNT_UNTIED, whom.person, now)


async def _person(tx: Tx, context: SignInContext, identity: ProviderIdentity, now: datetime) -> Person:
    owner = await store.account_owner(tx, identity.issuer, identity.subject)
    if owner is None:
        return await _by_address(tx, context, identity, now)
    # the owner is held before the account: so does who ends their access
    person = await store.person(tx, owner) if await store.has_access(tx, owner) else None
    if person is None or person.role not in STAFF:
        raise refused(PeopleReason.PROVIDER_NOBODY)
    if not await store.account_used(tx, identity.issuer, identity.subject, owner, now):
        raise refused(PeopleReason.PROVIDER_STALE)
    return person


async def _by_address(tx: Tx, context: SignInContext, identity: ProviderIdentity, now: datetime) -> Person:
    """The first time: by the address that the provider has verified. A customer's address is nobody's here."""
    email = read_address(identity.email)
    if not email:
        raise refused(PeopleReason.PROVIDER_UNVERIFIED)
    person = await store.person_of_address(tx, email)
    if person is None or person.role not in STAFF or not await store.has_access(tx, person.person):
        raise refused(PeopleReason.PROVIDER_NOBODY)
    account = context.new_id()
    if await store.add_account(tx, account, identity.issuer, identity.subject, person=person.person, at=now):
        await record(tx, context, SecurityKind.ACCOUNT_TIED, person, now)
        await tell(tx, context, SignInChange.ACCOUNT_TIED, person.person, now)
    else:
        await _check_own(tx, identity, person)
    return person


async def _check_own(tx: Tx, identity: ProviderIdentity, person: Person) -> None:
    """Two first sign-ins at once are of one person; another account with the same address is not."""
    if await store.account_owner(tx, identity.issuer, identity.subject) != person.person:
        raise refused(PeopleReason.PROVIDER_OTHER_ACCOUNT)


def _problem(error: ProviderAwayError | ProviderRefusedError) -> Exception:
    log.warning("provider_failed", fault=error.fault.value)
    return away() if isinstance(error, ProviderAwayError) else refused(PeopleReason.PROVIDER_REFUSED)


def _key(context: SignInContext) -> str:
    return context.settings.mail_secret.get_secret_value()
