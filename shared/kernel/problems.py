"""The catalogue of problems: what can go wrong for somebody who asks, and what that person can do about it.

Raised by domain and actions, answered in one place per door: RFC 9457 problem+json for the API, a page for people, a
parked record for events, a typed error for commands. `docs` of a type is its address, `urn:touchmark:problem:<slug>`.
"""

from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel, ConfigDict


class FieldProblem(BaseModel):
    """What is wrong with one field: `field` is its name on the form, or a JSON pointer into the body of the API."""

    model_config = ConfigDict(frozen=True)

    field: str
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Kind:
    """One entry of the catalogue; `status` is the HTTP status (RFC 9110) and `remedy` a full sentence."""

    slug: str
    status: int
    title: str
    remedy: str


class ProblemType(Enum):
    """Every problem that an answer can name."""

    MALFORMED_REQUEST = Kind(
        "malformed-request", 400, "The request could not be read", "Check that it is complete and well formed."
    )
    IDEMPOTENCY_KEY_MISSING = Kind(
        "idempotency-key-missing",
        400,
        "An Idempotency-Key is needed",
        "Send a header Idempotency-Key with a value of your own, a UUID say, and keep it when you try again.",
    )
    NOT_SIGNED_IN = Kind("not-signed-in", 401, "You are not signed in", "Sign in and try again.")
    NOT_ALLOWED = Kind(
        "not-allowed", 403, "This is not yours to do", "Sign in with an account that may, or ask the studio."
    )
    CROSS_SITE_REFUSED = Kind(
        "cross-site-refused",
        403,
        "This came from another site",
        "Open the page in this site and send it from there.",
    )
    NOT_FOUND = Kind("not-found", 404, "There is nothing here", "Check the address, or start from the first page.")
    METHOD_NOT_ALLOWED = Kind(
        "method-not-allowed",
        405,
        "This address does not take that method",
        "Use one of the methods in the Allow header.",
    )
    NOT_ACCEPTABLE = Kind(
        "not-acceptable",
        406,
        "There is no answer in the format you asked for",
        "Accept application/json from the API, or text/html from pages.",
    )
    CONFLICT = Kind(
        "conflict", 409, "Things have changed in the meantime", "Load it again and decide on what you see now."
    )
    TOO_LARGE = Kind("too-large", 413, "That is too large", "Send less: shorter text, or a smaller picture.")
    UNSUPPORTED_MEDIA = Kind(
        "unsupported-media",
        415,
        "The request is in a format that is not read here",
        "Send application/json to the API; forms are sent as the page does it.",
    )
    VALIDATION_FAILED = Kind(
        "validation-failed", 422, "Some answers need another look", "Correct the fields that are named and send again."
    )
    IMAGE_REFUSED = Kind(
        "image-refused",
        422,
        "This picture cannot be used",
        "Choose a photo saved as JPEG, PNG or WebP.",
    )
    IDEMPOTENCY_KEY_REUSED = Kind(
        "idempotency-key-reused",
        422,
        "This Idempotency-Key was used for another request",
        "Use a new key for a new request; repeat a request unchanged to get its answer again.",
    )
    TOO_MANY_REQUESTS = Kind(
        "too-many-requests", 429, "Too many requests at once", "Wait for the seconds in Retry-After and try again."
    )
    INTERNAL = Kind(
        "internal",
        500,
        "Something went wrong on our side",
        "Try again. If it stays, tell the studio the number of this request.",
    )
    NOT_YET = Kind("not-yet", 503, "This is on its way", "Try again in a moment.")
    UNAVAILABLE = Kind(
        "unavailable", 503, "This cannot be reached just now", "Nothing was changed. Try again in a minute."
    )
    TIMED_OUT = Kind(
        "timed-out",
        504,
        "This took too long",
        "Try again; send the same Idempotency-Key so that nothing happens twice.",
    )

    @property
    def slug(self) -> str:
        return self.value.slug

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value.status

    @property
    def title(self) -> str:
        return self.value.title

    @property
    def remedy(self) -> str:
        return self.value.remedy

    @property
    def uri(self) -> str:
        """The `type` of RFC 9457: a name that does not depend on where the studio lives."""
        return f"urn:touchmark:problem:{self.slug}"


class Problem(Exception):  # noqa: N818 (the catalogue's own word, also where nothing failed: not-yet)
    """Somebody asked for something that cannot be done as asked; says what, and what to do instead.

    `detail` is one plain sentence for whoever asked, without personal data (it is logged); `remedy` replaces the
    type's own where a better one is known; `retry_after` is in seconds.
    """

    def __init__(
        self,
        type: ProblemType,  # noqa: A002 (RFC 9457's name)
        detail: str = "",
        *,
        fields: tuple[FieldProblem, ...] = (),
        remedy: str = "",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(type, detail)
        self.type = type
        self.detail = detail
        self.fields = fields
        self.remedy = remedy or type.remedy
        self.retry_after = retry_after

    def __str__(self) -> str:
        return ": ".join(part for part in (self.type.slug, self.detail) if part)


class NotYet(Problem):
    """What was asked for is on its way from another service: a command is retried, a page says so."""

    def __init__(self, detail: str = "", *, retry_after: int = 1) -> None:
        super().__init__(ProblemType.NOT_YET, detail, retry_after=retry_after)


def invalid(*fields: FieldProblem, detail: str = "") -> Problem:
    """The problem of an input with these fields to correct."""
    return Problem(ProblemType.VALIDATION_FAILED, detail, fields=fields)


def not_found(detail: str = "") -> Problem:
    """The same answer for what is missing and for what belongs to somebody else, so that ids cannot be probed."""
    return Problem(ProblemType.NOT_FOUND, detail)
