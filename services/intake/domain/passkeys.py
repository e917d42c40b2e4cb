"""Passkeys: who may have one, where a browser offers them, and challenges that need no table. No I/O."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from services.intake.domain.people import PeopleReason
from shared.contracts.people import Role
from shared.kernel.problems import Problem, ProblemType

CHALLENGE_LIFE = timedelta(minutes=5)
MOST = 20
"""Passkeys of one person."""
STAFF: Final = frozenset({Role.MAKER, Role.OPS})

_ID, _TIME, _TAG = 16, 8, 32
"""Bytes of a challenge's parts."""


@dataclass(frozen=True)
class Passkey:
    """A key that a device keeps, as its person sees it."""

    passkey: UUID
    browser: str
    system: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class KnownKey:
    """What is kept to know a device again: the public half, and how often it says that it has signed."""

    passkey: UUID
    person: UUID
    public_key: bytes
    sign_count: int


def offered_at(scheme: str, host: str) -> bool:
    """Whether browsers offer passkeys at this address: over https, and over http at this very computer by name."""
    named = bool(host) and not host.replace(".", "").isdigit() and ":" not in host
    return named and (scheme == "https" or host == "localhost" or host.endswith(".localhost"))


def make_challenge(key: str, id: UUID, person: UUID | None, now: datetime) -> bytes:  # noqa: A002
    """What a device is to sign: an id, until when it may, and a tag that says that it is ours, for this person."""
    until = int((now + CHALLENGE_LIFE).timestamp()).to_bytes(_TIME)
    return id.bytes + until + _tag(key, id.bytes + until, person)


def read_challenge(key: str, challenge: bytes, person: UUID | None, now: datetime) -> UUID:
    """The id of a challenge, to be used once. Raises `not-allowed` if it is not ours, not for this person, or over."""
    said, tag = challenge[: _ID + _TIME], challenge[_ID + _TIME :]
    good = len(challenge) == _ID + _TIME + _TAG and hmac.compare_digest(tag, _tag(key, said, person))
    if not good or datetime.fromtimestamp(int.from_bytes(said[_ID:]), UTC) <= now:
        raise refused_passkey()
    return UUID(bytes=said[:_ID])


def refused_passkey() -> Problem:
    """The problem of a passkey that does not sign anybody in."""
    return Problem(ProblemType.NOT_ALLOWED, PeopleReason.PASSKEY_REFUSED)


def _tag(key: str, said: bytes, person: UUID | None) -> bytes:
    whose = person.bytes if person else b""
    return hmac.digest(key.encode(), b"passkey" + said + whose, hashlib.sha256)
