"""A right that works once: by the secret in a mailed link, or by a short code for who reads the mail elsewhere. No I/O.

Only hashes are kept. The link's secret is random and long, so that a plain SHA-256 cannot be guessed back; the code is
short and is hashed with the row's id, so that one table of all codes does not read all rows.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from uuid import UUID

TRIES = 5
"""How often a code may be typed: of eight digits, a guess hits once in twenty million rights."""

COUNTED_FOR = timedelta(days=1)
"""How long a mail with a right counts: one address gets only so many, whoever asks for them."""


class Purpose(StrEnum):
    """What a right is for. One that was made for something else is none."""

    CONFIRMATION = "confirmation"
    """Of a commission's address: the link for the browser that opens it, the code for the one that sent the form."""
    SIGN_IN = "sign_in"


_EACH_ONCE = frozenset({Purpose.CONFIRMATION})
"""Here link and code work once each, for two browsers of one person; elsewhere the first use is the only one."""


class OneTimeResult(StrEnum):
    """What came of using a right, or of looking whether it is good."""

    GOOD = auto()
    WRONG = auto()
    """Not this right's link or code, or a right for something else."""
    USED = auto()
    EXPIRED = auto()
    NO_TRIES = auto()
    """The code was typed wrongly too often: only the link works now, or a new right."""


@dataclass(frozen=True)
class OneTimeRight:
    """`about` is what the right is for: a commission, or a person. It is good until `expires_at`.

    One to sign in that was asked for on a commission's page leads back there: `asked_on`. `known_browser` says that a
    browser asked for it in which that person was signed in before.
    """

    id: UUID
    purpose: Purpose
    about: UUID
    link_sha256: bytes
    code_sha256: bytes
    made_at: datetime
    expires_at: datetime
    tries_left: int = TRIES
    link_used_at: datetime | None = None
    code_used_at: datetime | None = None
    asked_on: UUID | None = None
    known_browser: bool = False

    @property
    def link_used(self) -> bool:
        return self.link_used_at is not None or (self.code_used_at is not None and self.purpose not in _EACH_ONCE)

    @property
    def code_used(self) -> bool:
        return self.code_used_at is not None or (self.link_used_at is not None and self.purpose not in _EACH_ONCE)


def make(
    right: UUID, purpose: Purpose, about: UUID, *, secret: str, code: str, now: datetime, expires_at: datetime
) -> OneTimeRight:
    """A new right with these secrets, of which it keeps the hashes."""
    return OneTimeRight(right, purpose, about, hash_link(secret), hash_code(right, code), now, expires_at)


def hash_link(secret: str) -> bytes:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def hash_code(right: UUID, code: str) -> bytes:
    """What is kept of a code, salted with its right's id; spaces and hyphens do not count, wide digits do."""
    digits = "".join(letter for letter in unicodedata.normalize("NFKC", code) if letter not in " \t\r\n-")
    return hashlib.sha256(right.bytes + digits.encode("utf-8", "surrogatepass")).digest()


def check_link(right: OneTimeRight, purpose: Purpose, secret: str, now: datetime) -> OneTimeResult:
    """Whether this link is good now. Looking does not use it up: mailboxes look at links before people do."""
    if right.purpose is not purpose or not hmac.compare_digest(right.link_sha256, hash_link(secret)):
        return OneTimeResult.WRONG
    if right.link_used:
        return OneTimeResult.USED
    return OneTimeResult.GOOD if now < right.expires_at else OneTimeResult.EXPIRED


def use_link(right: OneTimeRight, purpose: Purpose, secret: str, now: datetime) -> tuple[OneTimeResult, OneTimeRight]:
    """What came of following the link, and the right as it is to be kept."""
    result = check_link(right, purpose, secret, now)
    return result, replace(right, link_used_at=now) if result is OneTimeResult.GOOD else right


def use_code(right: OneTimeRight, purpose: Purpose, code: str, now: datetime) -> tuple[OneTimeResult, OneTimeRight]:
    """What came of typing the code, and the right as it is to be kept: each wrong code takes one of the tries.

    A code says that it was used, or is too old, only to who has it.
    """
    if right.purpose is not purpose:
        return OneTimeResult.WRONG, right
    if right.tries_left < 1:
        return OneTimeResult.NO_TRIES, right
    if not hmac.compare_digest(right.code_sha256, hash_code(right.id, code)):
        missed = replace(right, tries_left=right.tries_left - 1)
        return (OneTimeResult.WRONG if missed.tries_left else OneTimeResult.NO_TRIES), missed
    if right.code_used:
        return OneTimeResult.USED, right
    if now >= right.expires_at:
        return OneTimeResult.EXPIRED, right
    return OneTimeResult.GOOD, replace(right, code_used_at=now)
