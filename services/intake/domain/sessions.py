"""Sessions: on which device, until when; and what is kept of each sign-in and its end. No I/O."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final
from uuid import UUID

from shared.contracts.people import Role
from shared.kernel.proof import Proof

# The first that is found: Edge says that it is Chrome too, and Chrome that it is Safari.
_BROWSERS: Final = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|Chromium|CriOS)/"),
    ("Safari", r"\bVersion/[\d.]+ .*Safari/"),
)
_SYSTEMS: Final = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b"),
    ("Linux", r"\bLinux\b"),
)
_LONGEST = 400
"""Characters of a user agent that are looked at."""

EVENTS_KEPT = timedelta(days=365)
"""For so long security events are kept."""
REFUSALS_A_MINUTE = 60
"""No more are recorded: strangers can make as many as they like."""


class SignInWay(StrEnum):
    """How somebody came in, or tried to."""

    SIGN_UP = auto()
    MAILED_LINK = auto()
    CODE = auto()
    TABLET = auto()
    CONFIRMATION = auto()
    INVITATION = auto()
    LOCAL_LINK = auto()
    PASSKEY = auto()
    AUTHENTICATOR = auto()
    RECOVERY_CODE = auto()
    PROVIDER = auto()


class SecurityKind(StrEnum):
    """What happened to somebody's access."""

    SIGNED_IN = auto()
    REFUSED = auto()
    SESSION_ENDED = auto()
    ROLE_GIVEN = auto()
    ROLE_TAKEN = auto()
    LINK_GIVEN = auto()
    FACTOR_ADDED = auto()
    FACTOR_REMOVED = auto()
    FIRST_STEP = auto()
    """Whoever came has still to give the second one."""
    CODES_MADE = auto()
    ACCOUNT_TIED = auto()
    """The account of the studio's own provider that they have signed in by for the first time."""
    ACCOUNT_UNTIED = auto()


@dataclass(frozen=True)
class Device:
    """Where somebody signs in from: browser and system by name, without versions, and the network, not the address."""

    browser: str = ""
    system: str = ""
    network: str = ""

    @classmethod
    def read(cls, user_agent: str, address: str) -> "Device":
        """What a request says about it; nothing of it is believed in any decision."""
        said = user_agent[:_LONGEST]
        return cls(_first(_BROWSERS, said), _first(_SYSTEMS, said), _network(address))


@dataclass(frozen=True)
class OpenSession:
    """A session of somebody as they see it."""

    session: UUID
    browser: str
    system: str
    opened_at: datetime
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class EndedSession:
    """A session that was ended just now; `issuer` is of the provider that it was opened by, if it was."""

    session: UUID
    person: UUID
    role: Role
    proof: Proof = Proof.ONE
    issuer: str | None = None


@dataclass(frozen=True)
class SecurityEvent:
    """Ids and codes only; `by` is who of ops did it, where it was not the person."""

    event: UUID
    at: datetime
    kind: SecurityKind
    person: UUID | None
    role: Role | None
    way: SignInWay | None
    network: str
    by: UUID | None = None


@dataclass(frozen=True)
class ListedSecurityEvent(SecurityEvent):
    """With the names of today, for ops."""

    name: str | None = None
    by_name: str | None = None


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, said)), "")


def _network(address: str) -> str:
    """The network that an address is in: enough to tell elsewhere from here, and nobody's own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    bits = 24 if isinstance(found, ipaddress.IPv4Address) else 48
    return str(ipaddress.ip_network((found, bits), strict=False))
