"""Sign-in tokens and local links: short-lived JWTs, verified offline, each kind signed with its own key.

A sign-in token is signed by intake, lives 15 minutes, and travels in a cookie (`shared.web.cookies`) or as a bearer
token. It says how much its holder has proven, and one that does not is none. Intake asks its session table when it
renews one, and the token of a session that was ended is refused (`shared.auth.ended_sessions`). A local link, of the
one-machine stack, lives 5 minutes and is used once: intake records its id. The links in mails are no tokens: see
`shared.auth.mail_secrets`.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.auth.keys import ALGORITHM, read_public_keys, read_signing_key
from shared.auth.roles import Caller, Proof, Role

TOKEN_LIFE = timedelta(minutes=15)
LOCAL_LINK_LIFE = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
LONGEST_NAME = 40
"""Characters of a name in a token: a cookie has little room."""

_REMEMBERED = 2000
_AUDIENCE = "touchmark"
_TOKEN_TYPE = "at+jwt"  # noqa: S105 (RFC 9068, section 2.1)
_LOCAL_LINK_TYPE = "local-link+jwt"


class InvalidTokenError(ValueError):
    """The token is not ours, not for this, or over."""


@dataclass(frozen=True)
class LocalLink:
    """A one-time right to sign in with a role, made by the person who runs the local stack. Record `id` as used."""

    id: UUID
    role: Role


@dataclass(frozen=True)
class Signer:
    """Makes tokens and links with one private key; `issuer` is the studio's public address."""

    key: OKPKey
    issuer: str

    @classmethod
    def read(cls, signing_key: str, *, issuer: str) -> "Signer":
        """From a private JWK. Raises ValueError if it is none."""
        return cls(read_signing_key(signing_key), issuer)

    def token(self, caller: Caller, now: datetime, *, life: timedelta = TOKEN_LIFE) -> str:
        """A sign-in token that ends that long after `now`."""
        claims = {
            "sub": str(caller.person),
            "role": caller.role.value,
            "sid": str(caller.session),
            "proof": caller.proof.value,
        }
        if caller.name:
            claims["name"] = caller.name[:LONGEST_NAME]
        if caller.witness and caller.commission:
            claims |= {"witness": str(caller.witness), "commission": str(caller.commission)}
        return self._sign(_TOKEN_TYPE, claims, now, life)

    def local_link(self, local_link: LocalLink, now: datetime) -> str:
        """A local link that ends `LOCAL_LINK_LIFE` after `now`."""
        return self._sign(
            _LOCAL_LINK_TYPE, {"jti": str(local_link.id), "role": local_link.role.value}, now, LOCAL_LINK_LIFE
        )

    def _sign(self, kind: str, claims: Mapping[str, str], now: datetime, life: timedelta) -> str:
        header = {"alg": ALGORITHM, "typ": kind, "kid": self.key.kid}
        times = {"iat": int(now.timestamp()), "exp": int((now + life).timestamp())}
        return jwt.encode(
            header, {"iss": self.issuer, "aud": _AUDIENCE, **times, **claims}, self.key, algorithms=[ALGORITHM]
        )


@dataclass(frozen=True)
class Verifier:
    """Reads tokens and links with the public keys that are in force, whichever of them signed."""

    keys: KeySet
    issuer: str
    _seen: "OrderedDict[str, tuple[Caller, datetime]]" = field(default_factory=OrderedDict, compare=False, repr=False)

    @classmethod
    def read(cls, public_keys: str, *, issuer: str) -> "Verifier":
        """From a public JWK set. Raises ValueError if it is none."""
        return cls(read_public_keys(public_keys), issuer)

    def caller(self, token: str, now: datetime) -> Caller:
        """Who holds this sign-in token. Raises InvalidTokenError.

        A browser sends the same one for a quarter of an hour; what was verified is remembered until it is over.
        """
        caller, until = self._seen.get(token) or self._caller(token, now)
        if until <= now - LEEWAY:
            self._seen.pop(token, None)
            raise InvalidTokenError("it is over")
        self._seen[token] = (caller, until)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return caller

    def _caller(self, token: str, now: datetime) -> tuple[Caller, datetime]:
        claims = self._verified(token, _TOKEN_TYPE, now, ("sub", "role", "sid", "proof"))
        try:
            name = str(claims.get("name", ""))
            proof = Proof(claims["proof"])
            tablet: Any = {each: UUID(claims[each]) for each in ("witness", "commission") if each in claims}
            until = datetime.fromtimestamp(claims["exp"], UTC)
            who = UUID(claims["sub"]), Role(claims["role"]), UUID(claims["sid"])
            return Caller(*who, name, proof, **tablet, until=until), until
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise InvalidTokenError("a claim is not what it should be") from error

    def local_link(self, token: str, now: datetime) -> LocalLink:
        """What this link grants; whether it was used before is for intake to know. Raises InvalidTokenError."""
        claims = self._verified(token, _LOCAL_LINK_TYPE, now, ("jti", "role"))
        try:
            return LocalLink(UUID(claims["jti"]), Role(claims["role"]))
        except (ValueError, TypeError, AttributeError) as error:
            raise InvalidTokenError("a claim is not what it should be") from error

    def _verified(self, token: str, kind: str, now: datetime, names: tuple[str, ...]) -> Mapping[str, Any]:
        try:
            # joserfc picks the key by `kid` and raises ValueError for one that is not in the set
            found = jwt.decode(token, self.keys, algorithms=[ALGORITHM])
            if found.header.get("typ") != kind:
                raise InvalidTokenError("a token of another kind")
            self._claims(now, names).validate(found.claims)
        except (JoseError, ValueError) as error:
            raise InvalidTokenError(type(error).__name__) from error
        return found.claims

    def _claims(self, now: datetime, names: tuple[str, ...]) -> jwt.JWTClaimsRegistry:
        needed: dict[str, jwt.ClaimsOption] = {name: {"essential": True} for name in names}
        return jwt.JWTClaimsRegistry(
            int(now.timestamp()),
            int(LEEWAY.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": _AUDIENCE},
            iat={"essential": True},
            exp={"essential": True},
            **needed,
        )
