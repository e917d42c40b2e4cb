"""Sign-in tokens and local links: what is taken, and everything that is not."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.auth.keys import new_signing_key, public_keys, read_public_keys, read_signing_key
from shared.auth.roles import Caller, Proof, Role
from shared.auth.tokens import LEEWAY, LOCAL_LINK_LIFE, TOKEN_LIFE, InvalidTokenError, LocalLink, Signer, Verifier

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ISSUER = "https://studio.example"
KEY = new_signing_key()
SIGNER = Signer.read(KEY, issuer=ISSUER)
VERIFIER = Verifier.read(public_keys(KEY), issuer=ISSUER)
CALLER = Caller(uuid4(), Role.MAKER, uuid4())


@pytest.mark.parametrize("proof", Proof)
def test_a_token_names_its_caller_and_what_they_have_proven(proof: Proof) -> None:
    caller = replace(CALLER, proof=proof)

    assert VERIFIER.caller(SIGNER.token(caller, NOW), NOW) == caller


def test_a_token_of_the_tablet_names_who_handed_it_over_and_the_commission_that_it_is_about() -> None:
    there = Caller(uuid4(), Role.CUSTOMER, uuid4(), witness=uuid4(), commission=uuid4())

    assert VERIFIER.caller(SIGNER.token(there, NOW), NOW) == there


def test_a_token_ends_after_fifteen_minutes_and_a_little_leeway() -> None:
    token = SIGNER.token(CALLER, NOW)

    assert VERIFIER.caller(token, NOW + TOKEN_LIFE) == CALLER
    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(token, NOW + TOKEN_LIFE + LEEWAY)


def test_a_token_that_was_verified_before_ends_all_the_same() -> None:
    verifier, token = Verifier.read(public_keys(KEY), issuer=ISSUER), SIGNER.token(CALLER, NOW)
    verifier.caller(token, NOW)

    assert verifier.caller(token, NOW + TOKEN_LIFE) == CALLER
    with pytest.raises(InvalidTokenError):
        verifier.caller(token, NOW + TOKEN_LIFE + LEEWAY)


def test_a_token_from_the_future_is_refused() -> None:
    token = SIGNER.token(CALLER, NOW + timedelta(minutes=2))

    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(token, NOW)


def test_both_keys_are_taken_while_they_are_rotated() -> None:
    new = new_signing_key()
    both = Verifier.read(public_keys(KEY, new), issuer=ISSUER)

    assert both.caller(SIGNER.token(CALLER, NOW), NOW) == CALLER
    assert both.caller(Signer.read(new, issuer=ISSUER).token(CALLER, NOW), NOW) == CALLER


def test_a_key_that_is_no_longer_published_is_refused() -> None:
    only_new = Verifier.read(public_keys(new_signing_key()), issuer=ISSUER)

    with pytest.raises(InvalidTokenError):
        only_new.caller(SIGNER.token(CALLER, NOW), NOW)


def test_another_studios_token_is_refused() -> None:
    token = Signer.read(KEY, issuer="https://elsewhere.example").token(CALLER, NOW)

    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(token, NOW)


def test_a_local_link_is_not_a_token_nor_a_token_a_local_link() -> None:
    local_link = SIGNER.local_link(LocalLink(uuid4(), Role.OPS), NOW)

    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(local_link, NOW)
    with pytest.raises(InvalidTokenError):
        VERIFIER.local_link(SIGNER.token(CALLER, NOW), NOW)


def test_a_local_link_lives_five_minutes() -> None:
    local_link = LocalLink(uuid4(), Role.OPS)
    text = SIGNER.local_link(local_link, NOW)

    assert VERIFIER.local_link(text, NOW + LOCAL_LINK_LIFE) == local_link
    with pytest.raises(InvalidTokenError):
        VERIFIER.local_link(text, NOW + LOCAL_LINK_LIFE + LEEWAY)


def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() -> None:
    public = json.loads(public_keys(KEY))["keys"][0]
    secret = OctKey.import_key(json.dumps(public))
    forged = jwt.encode(
        {"alg": "HS256", "typ": "at+jwt", "kid": public["kid"]},
        {"iss": ISSUER, "aud": "touchmark", "sub": str(CALLER.person), "role": "ops", "sid": str(CALLER.session)},
        secret,
        algorithms=["HS256"],
    )

    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(forged, NOW)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "\u00e9.\ud800.x", "." * 5000])
def test_what_is_no_token_at_all_is_refused(text: str) -> None:
    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(text, NOW)


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "role", "sid", "proof", "iat", "exp"])
def test_each_claim_is_needed(missing: str) -> None:
    claims = {
        "iss": ISSUER,
        "aud": "touchmark",
        "sub": str(CALLER.person),
        "role": "ops",
        "sid": str(CALLER.session),
        "proof": "two",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 60,
    }
    del claims[missing]
    key = read_signing_key(KEY)
    token = jwt.encode({"alg": "Ed25519", "typ": "at+jwt", "kid": key.kid}, claims, key, algorithms=["Ed25519"])

    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(token, NOW)


@pytest.mark.parametrize(
    ("claim", "value"),
    [("role", "owner"), ("proof", "three"), ("proof", 2), ("sub", "me"), ("sid", 7), ("sub", None), ("exp", 10**30)],
)
def test_a_claim_that_means_nothing_here_is_refused(claim: str, value: object) -> None:
    key = read_signing_key(KEY)
    claims = {
        "iss": ISSUER,
        "aud": "touchmark",
        "sub": str(UUID(int=1)),
        "role": "ops",
        "sid": str(UUID(int=2)),
        "proof": "two",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 60,
        claim: value,
    }
    token = jwt.encode({"alg": "Ed25519", "typ": "at+jwt", "kid": key.kid}, claims, key, algorithms=["Ed25519"])

    with pytest.raises(InvalidTokenError):
        VERIFIER.caller(token, NOW)


def test_private_keys_are_never_published() -> None:
    with pytest.raises(ValueError, match="public"):
        read_public_keys(json.dumps({"keys": [json.loads(KEY)]}))

    assert '"d"' not in public_keys(KEY)
