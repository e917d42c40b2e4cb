"""The catalogue of problems: what can go wrong for somebody who asks for something.

Raised by domain and actions, answered in one place per door: RFC 9457 problem+json for the API, a page for people, a
parked record for events, a typed error for commands. A problem carries codes; `shared.web.labels` and each service's
`labels.py` say what they mean, and what the person can do about it. A type's address is `urn:touchmark:problem:<slug>`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from shared.kernel.phrases import Phrase

Said = Phrase | Enum
"""A code, or a code with parameters."""


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field: `field` is its name on the form, or a JSON pointer into the body of the API.

    `remedy` replaces the one that the message's label has.
    """

    field: str
    message: Said
    remedy: Said | None = None

    def at(self, field: str) -> "FieldProblem":
        """The same problem of another field."""
        return replace(self, field=field)


class Kind(NamedTuple):
    """One entry of the catalogue; `status` is the HTTP status (RFC 9110)."""

    slug: str
    status: int


class ProblemType(Enum):
    """Every problem that an answer can name."""

    MALFORMED_REQUEST = Kind("malformed-request", 400)
    IDEMPOTENCY_KEY_MISSING = Kind("idempotency-key-missing", 400)
    NOT_SIGNED_IN = Kind("not-signed-in", 401)
    NOT_ALLOWED = Kind("not-allowed", 403)
    CROSS_SITE_REFUSED = Kind("cross-site-refused", 403)
    NOT_FOUND = Kind("not-found", 404)
    METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405)
    NOT_ACCEPTABLE = Kind("not-acceptable", 406)
    TOO_SLOW = Kind("too-slow", 408)
    CONFLICT = Kind("conflict", 409)
    AMOUNT_DIFFERS = Kind("amount-differs", 409)
    TOO_LARGE = Kind("too-large", 413)
    UNSUPPORTED_MEDIA = Kind("unsupported-media", 415)
    WRONG_HOST = Kind("wrong-host", 421)
    VALIDATION_FAILED = Kind("validation-failed", 422)
    IMAGE_REFUSED = Kind("image-refused", 422)
    IDEMPOTENCY_KEY_REUSED = Kind("idempotency-key-reused", 422)
    TOO_MANY_REQUESTS = Kind("too-many-requests", 429)
    INTERNAL = Kind("internal", 500)
    NOT_YET = Kind("not-yet", 503)
    UNAVAILABLE = Kind("unavailable", 503)
    TIMED_OUT = Kind("timed-out", 504)

    @property
    def slug(self) -> str:
        return self.value.slug

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value.status

    @property
    def uri(self) -> str:
        """The `type` of RFC 9457: a name that does not depend on where the studio lives."""
        return f"urn:touchmark:problem:{self.slug}"


class Problem(Exception):  # noqa: N818 (the catalogue's own word, also where nothing failed: not-yet)
    """Somebody asked for something that cannot be done as asked; says what, and what to do instead.

    `detail` is one sentence for the person who asked, as a code without personal data (it is logged); `remedy` replaces
    the one that the detail's label or the type has; `retry_after` is in seconds.
    """

    def __init__(
        self,
        type: ProblemType,  # noqa: A002 (RFC 9457's name)
        detail: Said | None = None,
        *,
        fields: Iterable[FieldProblem] = (),
        remedy: Said | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(type, detail)
        self.type = type
        self.detail = detail
        self.fields = tuple(fields)
        self.remedy = remedy
        self.retry_after = retry_after

    def __str__(self) -> str:
        detail = self.detail.value if isinstance(self.detail, Enum) else self.detail
        return ": ".join(str(part) for part in (self.type.slug, detail) if part)

    def with_fields(self, fields: Iterable[FieldProblem]) -> "Problem":
        """The same problem with other names for its fields: those of a form instead of the API's, for example."""
        return Problem(self.type, self.detail, fields=fields, remedy=self.remedy, retry_after=self.retry_after)


class NotYet(Problem):
    """What was asked for is on its way from another service: a command is retried, a page says so."""

    def __init__(self, detail: Said | None = None, *, retry_after: int = 1) -> None:
        super().__init__(ProblemType.NOT_YET, detail, retry_after=retry_after)


def invalid(*fields: FieldProblem, detail: Said | None = None) -> Problem:
    """The problem of an input with these fields to correct."""
    return Problem(ProblemType.VALIDATION_FAILED, detail, fields=fields)


def not_found(detail: Said | None = None) -> Problem:
    """The same answer for what is missing and for what belongs to somebody else, so that ids cannot be probed."""
    return Problem(ProblemType.NOT_FOUND, detail)
