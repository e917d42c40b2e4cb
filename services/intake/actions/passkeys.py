"""Passkeys of makers and people of the studio: added by whoever is signed in, and signed in by (WebAuthn level 3)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.intake import store
from services.intake.actions import recovery_codes
from services.intake.actions.sessions import (
    SignedIn,
    SignInContext,
    asks_second_step,
    check_may_change,
    check_not_last,
    open_session,
    raise_session,
    record,
    tell,
)
from services.intake.domain.passkeys import (
    CHALLENGE_LIFE,
    STAFF,
    KnownKey,
    Passkey,
    make_challenge,
    offered_at,
    read_challenge,
    refused_passkey,
)
from services.intake.domain.people import PeopleReason
from services.intake.domain.sessions import SecurityKind, SignInWay
from shared.auth.roles import Caller, Proof
from shared.contracts.access import SignInChange
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.postgres.database import Tx

Options = Mapping[str, Any]
"""WebAuthn's own JSON, as a browser reads it by `parseCreationOptionsFromJSON` and its sibling."""

_UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)


def are_offered(context: SignInContext) -> bool:
    """Whether browsers offer passkeys at the studio's address."""
    address = urlsplit(context.settings.public_url)
    return offered_at(address.scheme, address.hostname or "")


async def options_to_add(tx: Tx, context: SignInContext, caller: Caller, now: datetime) -> Options:
    """What a browser needs to make a new passkey for the caller."""
    person = await store.person(tx, caller.person)
    if person is None:
        raise Problem(ProblemType.NOT_SIGNED_IN, PeopleReason.SESSION_OVER)
    options = webauthn.generate_registration_options(
        rp_id=_host(context),
        rp_name=context.settings.studio_name,
        user_id=caller.person.bytes,
        user_name=person.email,
        user_display_name=person.name,
        challenge=make_challenge(_key(context), context.new_id(), caller.person, now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=each) for each in await store.credentials(tx, caller.person)
        ],
    )
    return _json(options)


@dataclass(frozen=True)
class AddedPasskey:
    """A passkey that was added; `signed_in` is set where the session is one of two steps by it.

    `recovery_codes` are new where it is the first second step of who needs one, and are shown only here.
    """

    passkey: UUID
    signed_in: SignedIn | None
    recovery_codes: tuple[str, ...] = ()


async def add(tx: Tx, context: SignInContext, caller: Caller, credential: Options, now: datetime) -> AddedPasskey:
    """Keep the passkey that the caller's device has made. It is a second step where the studio asks for one.

    Whoever has no other then gets recovery codes, as with a first app.

    Raises:
        Problem: not-allowed, if it is no answer to a challenge of ours, or one too many; or for who has a second step
            and has not given it.
    """
    await store.hold_person(tx, caller.person)
    await check_may_change(tx, context, caller)
    try:
        challenge = _challenge(credential)
        used = read_challenge(_key(context), challenge, caller.person, now)
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=_host(context),
            expected_origin=_origin(context),
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise refused_passkey() from error
    if not await store.use_sign_in_link(tx, used, forget_at=now + 2 * CHALLENGE_LIFE):
        raise refused_passkey()
    if not await store.has_access(tx, caller.person):
        raise refused_passkey()
    first = context.needs_two(caller) and not await asks_second_step(tx, context, caller)
    key = KnownKey(context.new_id(), caller.person, made.credential_public_key, made.sign_count)
    if not await store.add_passkey(tx, key, made.credential_id, context.device, now):
        raise refused_passkey()
    await record(tx, context, SecurityKind.FACTOR_ADDED, caller, now, way=SignInWay.PASSKEY)
    await tell(tx, context, SignInChange.PASSKEY_ADDED, caller.person, now)
    codes: tuple[str, ...] = ()
    if first:
        await tell(tx, context, SignInChange.RECOVERY_CODES_MADE, caller.person, now)
        codes = await recovery_codes.make(tx, context, caller, now)
    raised = context.needs_two(caller) and caller.proof is not Proof.TWO
    signed_in = await raise_session(tx, context, caller, now) if raised else None
    return AddedPasskey(key.passkey, signed_in, codes)


async def own(tx: Tx, caller: Caller) -> Sequence[Passkey]:
    """The caller's passkeys."""
    return await store.passkeys(tx, caller.person)


async def remove(tx: Tx, context: SignInContext, caller: Caller, passkey: UUID, now: datetime) -> None:
    """Forget one of the caller's passkeys.

    Raises:
        Problem: not-found, for what is not theirs; conflict, for the last second step that the studio needs;
            not-allowed as in `add`.
    """
    await store.hold_person(tx, caller.person)
    await check_may_change(tx, context, caller)
    if all(each.passkey != passkey for each in await own(tx, caller)):
        raise not_found(PeopleReason.NO_PASSKEY)
    await check_not_last(tx, context, caller)
    await store.remove_passkey(tx, passkey, caller.person)
    await recovery_codes.forget_if_unneeded(tx, context, caller)
    await record(tx, context, SecurityKind.FACTOR_REMOVED, caller, now, way=SignInWay.PASSKEY)
    await tell(tx, context, SignInChange.PASSKEY_REMOVED, caller.person, now)


def options_to_sign_in(context: SignInContext, now: datetime) -> Options:
    """What a browser needs to sign somebody in by whichever passkey of ours it has."""
    return _json(
        webauthn.generate_authentication_options(
            rp_id=_host(context),
            challenge=make_challenge(_key(context), context.new_id(), None, now),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


async def sign_in(tx: Tx, context: SignInContext, credential: Options, now: datetime) -> SignedIn:
    """Sign in whose passkey this is, once for each challenge.

    Raises:
        Problem: not-allowed, which does not say why.
    """
    key = await _shown(tx, context, credential, now)
    person = await store.person(tx, key.person)
    if person is None or person.role not in STAFF:
        raise refused_passkey()
    return await open_session(tx, context, person, now, way=SignInWay.PASSKEY, proven=Proof.TWO)


async def check_own(tx: Tx, context: SignInContext, caller: Caller, credential: Options, now: datetime) -> None:
    """Have the caller show a passkey of theirs, by the same options as for signing in. Raises `not-allowed`."""
    if (await _shown(tx, context, credential, now)).person != caller.person:
        raise refused_passkey()


async def _shown(tx: Tx, context: SignInContext, credential: Options, now: datetime) -> KnownKey:
    """Which passkey has answered, once for each challenge. Raises `not-allowed`, which does not say why."""
    try:
        challenge = _challenge(credential)
        used = read_challenge(_key(context), challenge, None, now)
        name = base64url_to_bytes(credential["id"])
        owner = await store.key_owner(tx, name)
        # the owner is held before the key: so does who ends their access
        if owner is None or not await store.has_access(tx, owner):
            raise refused_passkey()
        key = await store.known_key(tx, name)
        if key is None:
            raise refused_passkey()
        proven = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=_host(context),
            expected_origin=_origin(context),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise refused_passkey() from error
    if not await store.use_sign_in_link(tx, used, forget_at=now + 2 * CHALLENGE_LIFE):
        raise refused_passkey()
    await store.key_used(tx, key.passkey, sign_count=proven.new_sign_count, at=now)
    return key


def _challenge(credential: Options) -> bytes:
    """What the device says that it has signed. Raises one of `_UNREADABLE` for what is none."""
    said = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    return base64url_to_bytes(said["challenge"])


def _json(options: Any) -> Options:
    found: Options = json.loads(webauthn.options_to_json(options))
    return found


def _key(context: SignInContext) -> str:
    return context.settings.mail_secret.get_secret_value()


def _host(context: SignInContext) -> str:
    return urlsplit(context.settings.public_url).hostname or ""


def _origin(context: SignInContext) -> str:
    address = urlsplit(context.settings.public_url)
    return f"{address.scheme}://{address.netloc}"
