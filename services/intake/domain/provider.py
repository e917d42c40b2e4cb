"""Signing in by the studio's own OpenID provider: what binds its answer to the browser that asked. No I/O.

The browser keeps an id and where it wanted to go, with a tag that says that they are ours. All that the provider is
sent is made of the id and a key, so that nothing of it has to be kept here. The id is used once.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.intake.domain.people import PeopleReason
from shared.kernel.problems import Problem, ProblemType

ATTEMPT_LIFE = timedelta(minutes=10)
LONGEST_TARGET = 500
"""Characters of where somebody wanted to go: a longer address is forgotten."""

_ID, _TIME, _ANEW, _TAG = 16, 8, 1, 32
"""Bytes of a cookie's parts; its rest is where to go."""


@dataclass(frozen=True)
class ProviderAccount:
    """An account at a provider that is tied to somebody: they are known there by issuer and subject."""

    account: UUID
    issuer: str
    subject: str
    known_since: datetime
    last_used_at: datetime


@dataclass(frozen=True)
class Attempt:
    """One sign-in at the provider, in one browser. `to` is a path of ours, or nothing.

    `anew` is whether the provider has to ask who they are, though it may know the browser.
    """

    id: UUID
    until: datetime
    to: str
    key: str
    anew: bool = False

    @property
    def since(self) -> datetime | None:
        """When it began, where whoever comes has to have shown since then who they are."""
        return self.until - ATTEMPT_LIFE if self.anew else None

    @property
    def state(self) -> str:
        return self._made(b"state")

    @property
    def nonce(self) -> str:
        return self._made(b"nonce")

    @property
    def verifier(self) -> str:
        """Of the code (RFC 7636): 43 characters, known to nobody but us."""
        return self._made(b"verifier")

    @property
    def cookie(self) -> str:
        """What the browser keeps."""
        said = self.id.bytes + int(self.until.timestamp()).to_bytes(_TIME) + self.anew.to_bytes(_ANEW)
        rest = self.to.encode("ascii")
        return _text(said + _digest(self.key, b"cookie" + said + rest) + rest)

    def _made(self, purpose: bytes) -> str:
        return _text(_digest(self.key, purpose + self.id.bytes))


def make_attempt(key: str, id: UUID, to: str, now: datetime, *, anew: bool = False) -> Attempt:  # noqa: A002
    """A sign-in that begins now."""
    return Attempt(id, now + ATTEMPT_LIFE, to if to.isascii() and len(to) <= LONGEST_TARGET else "", key, anew)


def read_attempt(key: str, cookie: str, state: str, now: datetime) -> Attempt:
    """The sign-in that an answer with this state belongs to, in the browser with this cookie.

    Raises:
        Problem: not-allowed, if it began in another browser, or too long ago.
    """
    try:
        said = base64.urlsafe_b64decode(cookie.encode("ascii") + b"==")
        until = datetime.fromtimestamp(int.from_bytes(said[_ID : _ID + _TIME]), UTC)
        anew, to = said[_ID + _TIME : _ID + _TIME + _ANEW] == b"\1", said[_ID + _TIME + _ANEW + _TAG :].decode("ascii")
        attempt = Attempt(UUID(bytes=said[:_ID]), until, to, key, anew)
    except (ValueError, OverflowError, OSError) as error:
        raise refused(PeopleReason.PROVIDER_STALE) from error
    ours = hmac.compare_digest(attempt.cookie.encode(), cookie.encode())
    known = hmac.compare_digest(attempt.state.encode(), state.encode("utf-8", "surrogatepass"))
    if not (ours and known) or until <= now:
        raise refused(PeopleReason.PROVIDER_STALE)
    return attempt


def refused(reason: PeopleReason) -> Problem:
    """The problem of whom the provider does not let in."""
    return Problem(ProblemType.NOT_ALLOWED, reason)


def away() -> Problem:
    """The problem of a provider that does not answer."""
    return Problem(ProblemType.UNAVAILABLE, PeopleReason.PROVIDER_AWAY)


def _digest(key: str, said: bytes) -> bytes:
    return hmac.digest(key.encode(), b"provider" + said, hashlib.sha256)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
