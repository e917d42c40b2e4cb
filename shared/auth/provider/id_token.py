"""The token by which a provider names somebody: whose signature counts, and which claims it must have."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import extract_compact

from shared.auth.provider.model import ProviderAwayError, ProviderFault, ProviderRefusedError

_CURVES: Final[Mapping[str, tuple[str, str | None]]] = {
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
    "Ed25519": ("OKP", "Ed25519"),
}
"""Each algorithm with its keys' type and curve: a key is used for what it is, whatever a header says."""
ALGORITHMS: Final = frozenset(_CURVES)
LEEWAY = timedelta(seconds=60)
"""By so much a provider's clock may differ from ours."""
LONGEST_LIFE = timedelta(minutes=10)
"""A token is made as it is asked for: one that is older is from another day."""
LONGEST_SUBJECT = 255
"""Characters (OpenID Connect Core 1.0, section 2)."""

_MOST_KEYS = 50
_MOST_TRIES = 4
_RSA = range(342, 1367)
"""Characters of a modulus of 2,048 to 8,192 bits: checking by a longer one takes seconds."""
_BAD = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Expected:
    """What a token for us says; `since` is where somebody has to have proven since then who they are."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None
    since: datetime | None = None


class UnknownKeyError(Exception):
    """It is signed with a key that is not among these: the provider may have changed its keys."""


def read_keys(said: object) -> Sequence[Mapping[str, Any]]:
    """The keys of a JWK set (RFC 7517), those to verify with. Raises ProviderAwayError where it is none."""
    if not isinstance(said, dict) or not isinstance(said.get("keys"), list):
        raise ProviderAwayError(ProviderFault.UNREADABLE)
    return [each for each in said["keys"][:_MOST_KEYS] if isinstance(each, dict) and _verifies(each)]


def read_id_token(
    token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, now: datetime
) -> Mapping[str, Any]:
    """The claims of a token that is for us, by this provider, for this sign-in, and not over.

    Raises:
        ProviderRefusedError: it is not.
        UnknownKeyError: none of these keys can have signed it.
    """
    header = _header(token)
    claims = _verified(token, header, keys)
    _check(claims, header, expected, now)
    return claims


def _header(token: str) -> Mapping[str, Any]:
    try:
        header = extract_compact(token.encode()).headers()
    except _BAD as error:
        raise ProviderRefusedError(ProviderFault.SIGNATURE) from error
    if header.get("alg") not in ALGORITHMS:
        raise ProviderRefusedError(ProviderFault.ALGORITHM)
    return header


def _verified(token: str, header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    fitting = list(_fitting(keys, header))[:_MOST_TRIES]
    if not fitting:
        raise UnknownKeyError
    for key in fitting:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SecurityWarning)  # of EdDSA's name: providers still use it
                return jwt.decode(token, key, algorithms=[header["alg"]]).claims
        except _BAD:
            continue
    raise ProviderRefusedError(ProviderFault.SIGNATURE)


def _fitting(keys: Sequence[Mapping[str, Any]], header: Mapping[str, Any]) -> Iterator[Key]:
    """The keys that can have signed what has this header."""
    algorithm, kid = header["alg"], header.get("kid")
    kind, curve = _CURVES[algorithm]
    for each in keys:
        named = kid is None or each.get("kid") == kid
        if named and each.get("kty") == kind and each.get("crv") == curve and _is_for(each, algorithm):
            try:
                # without its algorithm's name, which is compared here: joserfc knows no two names of one
                yield JWKRegistry.import_key({name: value for name, value in each.items() if name != "alg"})
            except _BAD:
                continue


def _is_for(key: Mapping[str, Any], algorithm: str) -> bool:
    """A key that names its algorithm is for no other; `EdDSA` and `Ed25519` are two names of one."""
    eddsa = {"EdDSA", "Ed25519"}
    return key.get("alg") in {None, algorithm} or {key.get("alg"), algorithm} <= eddsa


def _verifies(key: Mapping[str, Any]) -> bool:
    """Whether it is a public key to verify with, of a size that can be worked with."""
    if key.get("use", "sig") != "sig" or "verify" not in key.get("key_ops", ["verify"]):
        return False
    return key.get("kty") in {"EC", "OKP"} or (key.get("kty") == "RSA" and len(str(key.get("n", ""))) in _RSA)


def _check(claims: Mapping[str, Any], header: Mapping[str, Any], expected: Expected, now: datetime) -> None:
    hashed_as = "EdDSA" if header["alg"] == "Ed25519" else header["alg"]  # authlib knows the one name only
    found = CodeIDToken(
        claims,
        {**header, "alg": hashed_as},
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
            "sub": {"essential": True},
        },
        params={
            "client_id": expected.client_id,
            "nonce": expected.nonce,
            "access_token": expected.access_token,
        },
    )
    try:
        found.validate(int(now.timestamp()), int(LEEWAY.total_seconds()))
        old = now.timestamp() - found["iat"] > (LONGEST_LIFE + LEEWAY).total_seconds()
        strange = not 0 < len(found["sub"]) <= LONGEST_SUBJECT or not found["sub"].isprintable()
        stale = expected.since is not None and found["auth_time"] < (expected.since - LEEWAY).timestamp()
    except _BAD as error:
        raise ProviderRefusedError(ProviderFault.CLAIM) from error
    if old or strange or stale:
        raise ProviderRefusedError(ProviderFault.CLAIM)
