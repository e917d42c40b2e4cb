"""The second step of signing in, of makers and people of the studio: set up, asked for, taken away again.

Where a code can be wrong, the problem is returned and not raised: the try counts, so that it is to be committed.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import passkeys, recovery_codes
from services.intake.actions.sessions import (
    SignedIn,
    SignInContext,
    asks_second_step,
    check_may_change,
    check_not_last,
    end_sessions_of,
    raise_session,
    record,
    session_over,
    tell,
)
from services.intake.domain.people import PeopleReason, Person
from services.intake.domain.second_step import (
    NONCE_BYTES,
    SECRET_BYTES,
    Authenticator,
    AuthenticatorOffer,
    KnownAuthenticator,
    StepKeys,
    is_app_code,
    kept_about,
    make_offer,
    paused,
    read_offer,
    step_of,
    wrong_code,
)
from services.intake.domain.sessions import SecurityKind, SignInWay
from shared.auth.roles import Caller, Proof
from shared.contracts.access import SignInChange
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.postgres.database import Tx


@dataclass(frozen=True)
class SecondStep:
    """How it stands with somebody's second step.

    `asked` says whether they are asked for it when they sign in, `needed` whether the studio's settings ask for one of
    them; `offered` says whether browsers offer passkeys here, and `passkeys` how many there are.
    """

    authenticators: Sequence[Authenticator]
    codes_left: int
    passkeys: int
    offered: bool
    asked: bool
    needed: bool


@dataclass(frozen=True)
class AddedAuthenticator:
    """An app that was added. `recovery_codes` are new where it is the first one, and are shown only here."""

    authenticator: UUID
    recovery_codes: tuple[str, ...]
    signed_in: SignedIn


async def own(tx: Tx, context: SignInContext, caller: Caller) -> SecondStep:
    """How it stands with the caller's."""
    return SecondStep(
        await store.authenticators(tx, caller.person),
        await store.recovery_codes_left(tx, caller.person),
        len(await store.passkeys(tx, caller.person)),
        passkeys.are_offered(context),
        await asks_second_step(tx, context, caller),
        context.needs_two(caller),
    )


async def offer(
    tx: Tx, context: SignInContext, caller: Caller, now: datetime, *, again: str = ""
) -> AuthenticatorOffer:
    """A new secret for an app, or the one that they have seen `again`. Nothing is kept of it until its first code.

    Raises:
        Problem: not-allowed, for who has a second step and has not given it; or if what they have seen is over.
    """
    await check_may_change(tx, context, caller)
    person = await _person(tx, caller)
    if again:
        issuer = context.settings.studio_name
        return read_offer(_keys(context), again, caller.person, issuer=issuer, account=person.email, now=now)
    return make_offer(
        _keys(context),
        context.new_id(),
        caller.person,
        secret=secrets.token_bytes(SECRET_BYTES),
        nonce=secrets.token_bytes(NONCE_BYTES),
        issuer=context.settings.studio_name,
        account=person.email,
        now=now,
    )


async def add(
    tx: Tx, context: SignInContext, caller: Caller, sealed: str, *, code: str, name: str, now: datetime
) -> AddedAuthenticator:
    """Keep an app whose first code was typed. This session is one of two steps then; by the first app all others end.

    Raises:
        Problem: validation-failed, if it is not the code; not-allowed, if the offer is over, or for who has a second
            step and has not given it; conflict, if it was added before, or is one too many.
    """
    await store.hold_person(tx, caller.person)
    keys, made = _keys(context), await offer(tx, context, caller, now, again=sealed)
    step = step_of(made.secret, code, now)
    if step is None:
        raise wrong_code()
    first = not await store.known_authenticators(tx, caller.person)
    about = kept_about(made.authenticator, caller.person)
    kept = keys.seal(made.secret, about, secrets.token_bytes(NONCE_BYTES))
    known = KnownAuthenticator(made.authenticator, kept, step)
    if not await store.add_authenticator(tx, known, caller.person, name, now):
        raise Problem(ProblemType.CONFLICT, PeopleReason.TOO_MANY_AUTHENTICATORS)
    await record(tx, context, SecurityKind.FACTOR_ADDED, caller, now, way=SignInWay.AUTHENTICATOR)
    await tell(tx, context, SignInChange.AUTHENTICATOR_ADDED, caller.person, now)
    codes = await recovery_codes.make(tx, context, caller, now) if first else ()
    if first:
        await end_sessions_of(tx, context, caller.person, now, but=caller.session)
    return AddedAuthenticator(made.authenticator, codes, await raise_session(tx, context, caller, now))


async def answer(tx: Tx, context: SignInContext, caller: Caller, code: str, now: datetime) -> SignedIn | Problem:
    """The second step by a code of an app, or by a recovery code: the session is one of two steps then.

    Raises:
        Problem: not-signed-in, if the session is over; conflict, if there is nothing to answer.
    """
    if not await asks_second_step(tx, context, caller):
        raise Problem(ProblemType.CONFLICT, PeopleReason.NO_SECOND_STEP)
    way = await _prove(tx, context, caller.person, code, now)
    if isinstance(way, Problem):
        return way
    signed_in = await raise_session(tx, context, caller, now)
    await record(tx, context, SecurityKind.SIGNED_IN, caller, now, way=way)
    return signed_in


async def remove(
    tx: Tx, context: SignInContext, caller: Caller, authenticator: UUID, *, code: str, now: datetime
) -> Problem | None:
    """Forget one of the caller's apps, by a code of it or of another one, or by a recovery code.

    Raises:
        Problem: not-found, for what is not theirs; conflict, for the last second step that the studio needs.
    """
    await store.hold_person(tx, caller.person)
    await own_authenticator(tx, context, caller, authenticator)
    await check_not_last(tx, context, caller)
    way = await _prove(tx, context, caller.person, code, now)
    if isinstance(way, Problem):
        return way
    await store.remove_authenticator(tx, authenticator, caller.person)
    await recovery_codes.forget_if_unneeded(tx, context, caller)
    await record(tx, context, SecurityKind.FACTOR_REMOVED, caller, now, way=SignInWay.AUTHENTICATOR)
    await tell(tx, context, SignInChange.AUTHENTICATOR_REMOVED, caller.person, now)
    return None


async def own_authenticator(tx: Tx, context: SignInContext, caller: Caller, authenticator: UUID) -> Authenticator:
    """One of the caller's apps. Raises `not-found` for what is not theirs; `not-allowed` as `add` does."""
    await check_may_change(tx, context, caller)
    every = await store.authenticators(tx, caller.person)
    found = next((each for each in every if each.authenticator == authenticator), None)
    if found is None:
        raise not_found(PeopleReason.NO_AUTHENTICATOR)
    return found


async def make_recovery_codes(
    tx: Tx, context: SignInContext, caller: Caller, code: str, now: datetime
) -> tuple[str, ...] | Problem:
    """Ten new recovery codes in place of all others, by a code of an app or one that is left; shown only here."""
    await check_may_change(tx, context, caller)
    way = await _prove(tx, context, caller.person, code, now)
    if isinstance(way, Problem):
        return way
    await tell(tx, context, SignInChange.RECOVERY_CODES_MADE, caller.person, now)
    return await recovery_codes.make(tx, context, caller, now)


async def make_recovery_codes_by_passkey(
    tx: Tx, context: SignInContext, caller: Caller, credential: passkeys.Options, now: datetime
) -> tuple[str, ...]:
    """The same, by a passkey of theirs that is asked for anew.

    Raises:
        Problem: conflict, for who is asked for no second step, and needs no codes; not-allowed, if it is not theirs, or
            for who has a second step and has not given it.
    """
    await store.hold_person(tx, caller.person)
    await check_may_change(tx, context, caller)
    if not await asks_second_step(tx, context, caller):
        raise Problem(ProblemType.CONFLICT, PeopleReason.NO_SECOND_STEP)
    await passkeys.check_own(tx, context, caller, credential, now)
    await tell(tx, context, SignInChange.RECOVERY_CODES_MADE, caller.person, now)
    return await recovery_codes.make(tx, context, caller, now)


def may_reset(caller: Caller) -> bool:
    """Whether they may take somebody's second step away: else who reads one mailbox of the studio opens them all."""
    return caller.proof is Proof.TWO


def check_may_reset(caller: Caller) -> None:
    """Raises `not-allowed`, for who has not given a second step of their own."""
    if not may_reset(caller):
        raise Problem(ProblemType.NOT_ALLOWED, PeopleReason.RESET_NEEDS_SECOND_STEP)


async def reset(tx: Tx, context: SignInContext, whom: Person, now: datetime, *, by: UUID) -> None:
    """Take every app, passkey and recovery code from somebody who has lost them, so that a link lets them in."""
    removed = await store.remove_second_steps(tx, whom.person)
    for way in removed:
        await record(tx, context, SecurityKind.FACTOR_REMOVED, whom, now, way=way, by=by)
    if removed:
        await tell(tx, context, SignInChange.RESET, whom.person, now)


async def _prove(tx: Tx, context: SignInContext, person: UUID, code: str, now: datetime) -> SignInWay | Problem:
    """By what somebody has proven that it is they. A right code is used up; a wrong one is counted."""
    await store.hold_person(tx, person)
    misses = await store.misses(tx, person)
    if pause := misses.pause(now):
        return paused(pause)
    found = await (_by_app if is_app_code(code) else _by_recovery_code)(tx, context, person, code, now)
    if isinstance(found, Problem):
        missed = misses.one_more(now)
        await store.save_misses(tx, person, missed)
        return paused(missed.pause(now)) if missed.pause(now) else found
    await store.forget_misses(tx, person)
    return found


async def _by_app(tx: Tx, context: SignInContext, person: UUID, code: str, now: datetime) -> SignInWay | Problem:
    """Every app is looked at, so that the time tells nothing."""
    keys, refused, used = _keys(context), wrong_code(), False
    for each in await store.known_authenticators(tx, person):
        step = step_of(keys.unseal(each.secret, kept_about(each.authenticator, person)), code, now)
        if step is not None and step > each.last_step:
            await store.authenticator_used(tx, each.authenticator, step=step, at=now)
            used = True
        elif step is not None:
            refused = wrong_code(PeopleReason.STEP_CODE_USED)
    return SignInWay.AUTHENTICATOR if used else refused


async def _by_recovery_code(
    tx: Tx, context: SignInContext, person: UUID, code: str, now: datetime
) -> SignInWay | Problem:
    if not await store.use_recovery_code(tx, person, _keys(context).hash_code(person, code), now):
        return wrong_code()
    await tell(tx, context, SignInChange.RECOVERY_CODE_USED, person, now)
    return SignInWay.RECOVERY_CODE


async def _person(tx: Tx, caller: Caller) -> Person:
    found = await store.person(tx, caller.person)
    if found is None:
        raise session_over()
    return found


def _keys(context: SignInContext) -> StepKeys:
    return StepKeys(context.settings.second_factor_secret.get_secret_value())
