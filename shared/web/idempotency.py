"""A request that is sent twice happens once, and gets the same answer twice.

The door reads a `RequestKey`: from the `Idempotency-Key` header of the API, from the hidden field of a form. The action
does its work inside `once`, in the transaction that the door opened; or, where every round trip counts, it puts the key
and the answer into its own single statement (see `Answer.stored` and `settle`).

A key belongs to one caller and one route. Two at once: the second waits for the first one's transaction and gets its
answer. Work that fails leaves no trace, so it may be repeated with the same key. Keys are kept for two days
(`shared.web.forgetting`).
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import Depends, Header
from starlette.requests import Request

from shared.auth.roles import Caller
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.postgres.queries import load
from shared.web.reasons import RequestReason

if TYPE_CHECKING:
    from shared.postgres.database import Tx

FIELD = "idempotency_key"
"""The hidden field of forms."""

_FORM = re.compile(r"[!-~]{1,200}")
_queries = load(Path(__file__).with_suffix(".sql"))  # its methods are made from the file


@dataclass(frozen=True)
class Answer:
    """What a request was answered: the HTTP status and a JSON document (for a page: where it led)."""

    status: int
    body: Mapping[str, Any]

    def stored(self) -> str:
        """The body as the `answer` column keeps it."""
        return json.dumps(self.body, default=str)


@dataclass(frozen=True)
class RequestKey:
    """One request's claim to happen once: `scope` is caller and route, `request_hash` the SHA-256 of what it asks."""

    scope: str
    key: str
    request_hash: bytes

    def of(self, *asked: object) -> "RequestKey":
        """The same key, for a request that asks this: whatever JSON can say, models, and bytes."""
        return RequestKey(self.scope, self.key, request_hash(*asked))


async def once(tx: "Tx", request: RequestKey, act: Callable[[], Awaitable[Answer]]) -> Answer:
    """The answer of `act`, or the one that this key got before. Two round trips more than `act` takes.

    Raises:
        Problem: idempotency-key-reused, where the same key came with another request.
    """
    about = {"scope": request.scope, "key": request.key, "request_hash": request.request_hash}
    claimed = await _queries.claim.row(tx, tuple[bytes, int | None, str | None], **about)
    if before := settle(request, *claimed):
        return before
    answer = await act()
    await _queries.finish.run(tx, scope=request.scope, key=request.key, status=answer.status, answer=answer.stored())
    return answer


def settle(request: RequestKey, found_hash: bytes, status: int | None, answer: str | None) -> Answer | None:
    """What a claimed row of `idempotency` means for this request: the earlier answer, or None if it is the first.

    Raises:
        Problem: idempotency-key-reused, where the same key came with another request.
    """
    if found_hash != request.request_hash:
        raise Problem(ProblemType.IDEMPOTENCY_KEY_REUSED)
    return None if status is None or answer is None else Answer(status, json.loads(answer))


def request_hash(*asked: object) -> bytes:
    """SHA-256 over what a request asks, the same however its fields were ordered or its form was cut into parts."""
    digest = hashlib.sha256()
    for part in asked:
        encoded = part if isinstance(part, bytes) else _canonical(part)
        digest.update(len(encoded).to_bytes(8) + encoded)
    return digest.digest()


def request_key(caller: Caller | None, route: str, key: str) -> RequestKey:
    """A key for this caller and route. Raises a Problem where it is missing or of no use."""
    if not key:
        raise Problem(ProblemType.IDEMPOTENCY_KEY_MISSING)
    if not _FORM.fullmatch(key):
        raise invalid(FieldProblem("Idempotency-Key", RequestReason.KEY_MALFORMED))
    who: UUID | str = caller.person if caller else "anybody"
    return RequestKey(f"{who} {route}", key, b"")


async def _from_header(
    request: Request,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            description="A value of your own, kept when you try again: the request happens once.",
            json_schema_extra={"minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
        ),
    ] = "",
) -> RequestKey:
    return request_key(getattr(request.state, "caller", None), f"{request.method} {request.url.path}", key)


IdempotencyKey = Annotated[RequestKey, Depends(_from_header)]
"""For a route of the API, after the parameter that declares access: `key: IdempotencyKey`, then `key.of(body)`."""


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain).encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    dump = getattr(value, "model_dump", None)
    return dump(mode="json") if dump else str(value)
