"""People who join, and their sessions."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from types import MappingProxyType
from uuid import UUID

import idna
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.contracts.people import Role
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.proof import Proof

NAME_LIMIT = 120
# RFC 5321, section 4.5.3.1: a path is at most 256 octets with its angle brackets, a local part at most 64.
EMAIL_LIMIT = 254
_LOCAL_PART_LIMIT = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


class PeopleReason(StrEnum):
    """Why somebody cannot sign up, sign in, be invited or lose their access."""

    OWN_ACCESS = auto()
    NO_COLLEAGUE = auto()
    ROLE_MISSING = auto()
    INVITATION_USED = auto()
    LOCAL_LINK_USED = auto()
    NAME_MISSING = auto()
    EMAIL_MISSING = auto()
    EMAIL_INVALID = auto()
    SESSION_OVER = auto()
    NO_SESSION = auto()
    NO_PASSKEY = auto()
    PASSKEY_REFUSED = auto()
    PROVIDER_AWAY = auto()
    PROVIDER_STALE = auto()
    PROVIDER_DENIED = auto()
    PROVIDER_REFUSED = auto()
    PROVIDER_UNVERIFIED = auto()
    PROVIDER_NOBODY = auto()
    PROVIDER_OTHER_ACCOUNT = auto()
    NO_PROVIDER_ACCOUNT = auto()
    NOBODY = auto()
    NOT_CONFIRMED = auto()
    LINK_WRONG = auto()
    LINK_USED = auto()
    LINK_EXPIRED = auto()
    CODE_WRONG = auto()
    CODE_USED = auto()
    CODE_EXPIRED = auto()
    CODE_NO_TRIES = auto()
    CODE_MISSING = auto()
    LANGUAGE_UNKNOWN = auto()
    STEP_NEEDED = auto()
    STEP_CODE_WRONG = auto()
    STEP_CODE_USED = auto()
    STEP_CODE_MISSING = auto()
    STEP_PAUSED = auto()
    AUTHENTICATOR_OFFER_OVER = auto()
    TOO_MANY_AUTHENTICATORS = auto()
    NO_AUTHENTICATOR = auto()
    NO_SECOND_STEP = auto()
    LAST_SECOND_STEP = auto()
    RESET_NEEDS_SECOND_STEP = auto()


@dataclass(frozen=True)
class Person:
    person: UUID
    role: Role
    name: str
    email: str
    language: str = "en"
    """An ISO 639 code: of their mails and documents."""
    confirmed_at: datetime | None = None
    """Since when this is the account of its address; None for a customer whose address was only typed."""
    account: UUID | None = None
    """The account that a customer turned out to be, once their requests were confirmed."""
    entered_by: UUID | None = None
    """Who of the studio recorded a customer at the counter or on the phone: their `email` may be empty."""

    @property
    def may_get_link(self) -> bool:
        """Whether they may be given a link: not where the address was only typed, for whose it is nobody knows."""
        return self.role is not Role.CUSTOMER or self.confirmed_at is not None

    @property
    def awaits_proof(self) -> bool:
        """Whether the studio recorded them, and they have not shown yet that they read the mailbox of their address."""
        return self.entered_by is not None and self.confirmed_at is None

    def check_may_get_link(self) -> None:
        """Raises `conflict`."""
        if not self.may_get_link:
            raise Problem(ProblemType.CONFLICT, PeopleReason.NOT_CONFIRMED)


class SecondStepIs(StrEnum):
    """Whether somebody who lost their way in still has their second step."""

    KEPT = auto()
    LOST = auto()


@dataclass(frozen=True)
class Contact:
    """What somebody who joins says about themselves, read and found good."""

    name: str
    email: str


@dataclass(frozen=True)
class Session:
    """One browser or program of one person, while it may renew its token; `issuer` is of the provider they came by."""

    session: UUID
    person: UUID
    role: Role
    expires_at: datetime
    name: str = ""
    proof: Proof = Proof.ONE
    issuer: str | None = None


SEEDED: Mapping[Role, Person] = MappingProxyType(
    {
        Role.CUSTOMER: Person(
            UUID("01931f00-0000-7000-8000-0000000000c1"),
            Role.CUSTOMER,
            "Local Customer",
            "customer@touchmark.localhost",
        ),
        # the bench that production starts with
        Role.MAKER: Person(
            UUID("01931f00-0000-7000-8000-0000000000b1"), Role.MAKER, "Local Maker", "maker@touchmark.localhost"
        ),
        Role.OPS: Person(
            UUID("01931f00-0000-7000-8000-0000000000a1"), Role.OPS, "Local Ops", "ops@touchmark.localhost"
        ),
    }
)
"""Whom the one-machine stack's sign-in links stand for: one person a role, always the same."""


INVITATION_LIFE = timedelta(days=7)
"""How long an invitation is good."""


@dataclass(frozen=True)
class Colleague:
    """A maker or somebody of the studio, as ops see them.

    `link_until` is set while they can sign in by their link; `signed_in` says whether a session of theirs is open;
    `locked_out` whether ops ended their access.
    """

    person: UUID
    role: Role
    name: str
    email: str
    recorded_at: datetime
    link_until: datetime | None = None
    signed_in: bool = False
    locked_out: bool = False

    @property
    def has_access(self) -> bool:
        return not self.locked_out

    def check_ending_by(self, person: UUID) -> None:
        """Whether this person may end that access. Raises `not-allowed` for one's own."""
        if person == self.person:
            raise Problem(ProblemType.NOT_ALLOWED, PeopleReason.OWN_ACCESS)


def no_colleague() -> Problem:
    """The problem of a person who is not in the list; a customer is not either, and answers the same."""
    return Problem(ProblemType.NOT_FOUND, PeopleReason.NO_COLLEAGUE)


def nobody() -> Problem:
    """The problem of a person whom nobody knows."""
    return Problem(ProblemType.NOT_FOUND, PeopleReason.NOBODY)


def link(public_url: str, secret: str) -> str:
    """The address of an invitation."""
    return f"{public_url.rstrip('/')}/invitation?link={secret}"


def used_invitation() -> Problem:
    """The problem of a link by which nobody can sign in, or not any more."""
    return Problem(ProblemType.NOT_ALLOWED, PeopleReason.INVITATION_USED)


def fingerprint(secret: str) -> bytes:
    """What is kept of a session's or an invitation's secret: random, so that a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True)
class EmailAddress:
    """For pydantic: `email: Annotated[str, EmailAddress()]` is an address that mail can be sent to."""

    def __get_pydantic_core_schema__(self, source: type[str], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_email, handler(source))


def _email(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    if not (address := read_address(raw)):
        reason = PeopleReason.EMAIL_INVALID if raw.strip() else PeopleReason.EMAIL_MISSING
        raise PydanticCustomError("text_refused", "{phrase}", {"phrase": Phrase(reason)})
    return address


def read_address(raw: str) -> str:
    """The address with its domain in ASCII (IDNA), or nothing where it is none."""
    local, at, domain = raw.strip().rpartition("@")
    if not at or len(raw) > 4 * EMAIL_LIMIT:
        return ""
    try:
        host = idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        return ""
    written = f"{local}@{host}"
    good = (
        _LOCAL_PART.fullmatch(local)
        and _DOMAIN.fullmatch(host)
        and len(local) <= _LOCAL_PART_LIMIT
        and len(written) <= EMAIL_LIMIT
    )
    return written if good else ""
