"""The second step of signing in: an authenticator app's codes, recovery codes, and the pause after wrong ones. No I/O.

An app shows six digits that it makes of a secret and of the time (RFC 6238: SHA-1, 30 seconds); ours and those one step
before and after are good, since clocks differ. A code works once. The secret has to be known to compare, so it is kept
sealed; of recovery codes only a keyed hash is kept. Both keys are derived from one secret of the settings, so that
nobody signs in by what is read off the tables.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services.intake.domain.people import PeopleReason
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid

SECOND_STEP_LIFE = timedelta(minutes=10)
"""How long somebody has for the second step."""
OFFER_LIFE = timedelta(minutes=30)
"""How long a new secret may be looked at before its first code is typed."""
MOST_AUTHENTICATORS = 5
"""Of one person."""
NAME_LIMIT = 40
SECRET_BYTES, NONCE_BYTES = 20, 12
"""Of a secret, as long as SHA-1's hash (RFC 4226, section 4, R6); of what makes each sealing another."""
TRIES = 5
PAUSE = timedelta(minutes=15)
"""After so many wrong codes nobody can try for so long; after as many more, for twice as long."""
_LONGEST_PAUSE = timedelta(days=1)
_DOUBLED = 7
RECOVERY_CODES = 10

_SECONDS, _DIGITS = 30, 6
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter is taken for a digit."""
_READ_AS: Final = str.maketrans("OIL", "011")
_CODE_LENGTH: Final = 10


@dataclass(frozen=True)
class Authenticator:
    """An app that makes codes for somebody, as they see it."""

    authenticator: UUID
    name: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class KnownAuthenticator:
    """What is kept to compare its codes: the sealed secret, and the step of the newest one that was used."""

    authenticator: UUID
    secret: bytes
    last_step: int


@dataclass(frozen=True)
class Misses:
    """Wrong codes of one person since the last right one."""

    wrong: int = 0
    paused_until: datetime | None = None

    def pause(self, now: datetime) -> timedelta:
        """For how long nobody can try."""
        return max(self.paused_until - now, timedelta(0)) if self.paused_until else timedelta(0)

    def one_more(self, now: datetime) -> "Misses":
        """After another wrong code."""
        wrong = self.wrong + 1
        if wrong % TRIES:
            return Misses(wrong)
        doubled = min(wrong // TRIES - 1, _DOUBLED)
        return Misses(wrong, now + min(PAUSE * 2**doubled, _LONGEST_PAUSE))


@dataclass(frozen=True)
class AuthenticatorOffer:
    """A secret for an app, not confirmed yet. `sealed` is all that has to be sent back with the first code."""

    authenticator: UUID
    secret: bytes
    sealed: str
    address: str
    """What the QR code says, and a link on the same phone (`otpauth://`)."""

    @property
    def written(self) -> str:
        """To be typed into an app, in groups."""
        text = base64.b32encode(self.secret).decode("ascii")
        return " ".join(re.findall(".{1,4}", text))


class StepKeys:
    """The two keys that are derived from the settings' secret (RFC 5869)."""

    def __init__(self, secret: str) -> None:
        self._sealing = AESGCM(_derived(secret, b"touchmark authenticator secrets"))
        self._hashing = _derived(secret, b"touchmark recovery codes")

    def seal(self, secret: bytes, about: bytes, nonce: bytes) -> bytes:
        """A secret as it is kept: encrypted, and bound to what it is about."""
        return nonce + self._sealing.encrypt(nonce, secret, about)

    def unseal(self, sealed: bytes, about: bytes) -> bytes:
        """The secret again. Raises ValueError for what was not sealed with this key, about this."""
        try:
            return self._sealing.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
        except InvalidTag as error:
            raise ValueError("not sealed with this key, or about something else") from error

    def hash_code(self, person: UUID, code: str) -> bytes:
        """What is kept of a recovery code."""
        return hmac.digest(self._hashing, person.bytes + _bare(code).translate(_READ_AS).encode(), hashlib.sha256)


def make_offer(
    keys: StepKeys,
    authenticator: UUID,
    person: UUID,
    *,
    secret: bytes,
    nonce: bytes,
    issuer: str,
    account: str,
    now: datetime,
) -> AuthenticatorOffer:
    """A new secret for somebody's app. `issuer` and `account` are what the app calls it."""
    until = int((now + OFFER_LIFE).timestamp()).to_bytes(8)
    said = authenticator.bytes + until + secret
    sealed = base64.urlsafe_b64encode(keys.seal(said, b"offer" + person.bytes, nonce)).decode("ascii")
    address = _totp(secret).get_provisioning_uri(account, issuer)
    return AuthenticatorOffer(authenticator, secret, sealed, address)


def read_offer(
    keys: StepKeys, sealed: str, person: UUID, *, issuer: str, account: str, now: datetime
) -> AuthenticatorOffer:
    """An offer that was made to this person. Raises `not-allowed`, if it is none, or too old."""
    try:
        said = keys.unseal(base64.urlsafe_b64decode(sealed.encode("ascii")), b"offer" + person.bytes)
    except ValueError as error:
        raise Problem(ProblemType.NOT_ALLOWED, PeopleReason.AUTHENTICATOR_OFFER_OVER) from error
    secret = said[24:]
    if datetime.fromtimestamp(int.from_bytes(said[16:24]), UTC) <= now:
        raise Problem(ProblemType.NOT_ALLOWED, PeopleReason.AUTHENTICATOR_OFFER_OVER)
    address = _totp(secret).get_provisioning_uri(account, issuer)
    return AuthenticatorOffer(UUID(bytes=said[:16]), secret, sealed, address)


def kept_about(authenticator: UUID, person: UUID) -> bytes:
    """What a kept secret is bound to: no row's can be put into another."""
    return b"kept" + authenticator.bytes + person.bytes


def is_app_code(code: str) -> bool:
    """Whether this can be an app's code: six digits. All else is looked up among the recovery codes."""
    return re.fullmatch(rf"[0-9]{{{_DIGITS}}}", _bare(code)) is not None


def step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """The time step whose code this is, of the present one and its neighbours; it takes as long for a wrong one."""
    typed, present = _bare(code).encode(), int(now.timestamp()) // _SECONDS
    totp, found = _totp(secret), None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(totp.generate(step * _SECONDS), typed):
            found = step
    return found


def code_at(secret: bytes, at: datetime) -> str:
    """What an app shows at this time."""
    return _totp(secret).generate(int(at.timestamp())).decode("ascii")


def recovery_codes(drawn: Sequence[int]) -> tuple[str, ...]:
    """Codes of these bytes, drawn at random, as many of each as a code is long."""
    letters = [_ALPHABET[each % len(_ALPHABET)] for each in drawn]
    codes = ("".join(letters[at : at + _CODE_LENGTH]) for at in range(0, len(letters), _CODE_LENGTH))
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


RECOVERY_BYTES: Final = RECOVERY_CODES * _CODE_LENGTH
"""Random bytes that all codes of a person take."""


def wrong_code(reason: PeopleReason = PeopleReason.STEP_CODE_WRONG) -> Problem:
    """The problem of a code that is not good, in the words of a field."""
    return invalid(FieldProblem("/code", reason))


def paused(pause: timedelta) -> Problem:
    """The problem of too many wrong codes."""
    wait = max(1, int(pause.total_seconds()))
    return Problem(ProblemType.TOO_MANY_REQUESTS, PeopleReason.STEP_PAUSED, retry_after=wait)


def step_needed() -> Problem:
    """The problem of who has a second step and came by one alone."""
    return Problem(ProblemType.NOT_ALLOWED, PeopleReason.STEP_NEEDED)


def _bare(code: str) -> str:
    """Letters and digits alone: how somebody groups them does not count, and wide digits do."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", code).upper() if letter.isalnum())


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _SECONDS)  # noqa: S303 (what every app reads; HMAC needs no collision resistance)


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
