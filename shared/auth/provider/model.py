"""What is said about a provider, and what a provider says about somebody; what goes wrong between the two."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Protocol
from urllib.parse import urlsplit


class ProviderFault(StrEnum):
    """Why a provider's answer is of no use: for the log, and for `touchmark doctor`."""

    SILENT = auto()
    TOO_LARGE = auto()
    UNREADABLE = auto()
    STATUS = auto()
    OTHER_ISSUER = auto()
    UNSAFE_ADDRESS = auto()
    NO_S256 = auto()
    NO_ALGORITHM = auto()
    NO_CLIENT_AUTH = auto()
    CODE = auto()
    ALGORITHM = auto()
    KEY = auto()
    SIGNATURE = auto()
    CLAIM = auto()
    SUBJECT = auto()


class ProviderAwayError(Exception):
    """It does not answer, or not with what can be read: another try may help."""

    def __init__(self, fault: ProviderFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class ProviderRefusedError(Exception):
    """It answers, and nobody can be let in by that."""

    def __init__(self, fault: ProviderFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class ProviderSettings:
    """Where the provider is, and what it knows us by. An empty secret is a public client's."""

    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(default="", repr=False)
    signed_out_uri: str = ""
    """Where it sends people back to who have signed out there."""


class Handshake(Protocol):
    """What binds an answer to the browser that asked: random, for one sign-in.

    Where `since` is set, whoever comes has to have proven there since then who they are, whether the provider still
    knows this browser or not.
    """

    @property
    def state(self) -> str: ...
    @property
    def nonce(self) -> str: ...
    @property
    def verifier(self) -> str: ...
    @property
    def since(self) -> datetime | None: ...


@dataclass(frozen=True)
class ProviderIdentity:
    """Whom a provider names: for good by issuer and subject; the address is empty unless it says that it verified it.

    `second_factor` is whether it says that it asked for more than one (`mfa` in RFC 8176).
    """

    issuer: str
    subject: str
    email: str = ""
    second_factor: bool = False


class ProviderClient(Protocol):
    """What signing in needs of a provider. `issuer` is its name."""

    @property
    def issuer(self) -> str: ...
    async def authorization_url(self, handshake: Handshake, now: datetime) -> str: ...
    async def identify(
        self, code: str, answered_by: str | None, handshake: Handshake, now: datetime
    ) -> ProviderIdentity: ...
    async def sign_out_url(self, state: str, now: datetime) -> str | None: ...


def is_safe(address: str) -> bool:
    """Whether secrets may go to an address: https, or plain http to this very computer."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.fragment) and address.isascii() and address.isprintable()
    return plain and " " not in address and bool(host) and (parts.scheme == "https" or _is_local(parts.scheme, host))


def is_local(address: str) -> bool:
    """Whether it is plain http to this very computer."""
    parts = urlsplit(address)
    return _is_local(parts.scheme, parts.hostname or "")


def _is_local(scheme: str, host: str) -> bool:
    try:
        return scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
