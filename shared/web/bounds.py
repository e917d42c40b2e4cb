"""How much of a body is taken: by what the route expects, and before anything of it is parsed.

A route that takes a text of several lines reads a form of a mebibyte or JSON of a quarter, one that takes files as much
as a photo needs, any other 16 KB. JSON has few parts and little depth: what validates it costs time for each, and
Python's own stack is finite.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any, Final, get_args, get_origin

from fastapi.params import Form as FormBody
from pydantic import BaseModel
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.text import Prose
from shared.web.access import RENEW
from shared.web.clients import client_of
from shared.web.forms import MULTIPART, Sent, model_of
from shared.web.images import LARGEST_BYTES
from shared.web.reasons import RequestReason
from shared.web.uploads import Uploads

KB: Final = 1024
PLAIN_BYTES: Final = 16 * KB
"""The largest body where no prose is expected."""
PROSE_BYTES: Final = 1024 * KB
"""The largest form with prose: 100,000 characters of any script pass, to be refused by the field they are in."""
JSON_BYTES: Final = 256 * KB
"""The largest JSON with prose, which programs send: they know how long a text may be."""
UPLOAD_BYTES: Final = LARGEST_BYTES + PROSE_BYTES
"""The largest form with files: one photo as phones take them, with room."""
SECONDS: Final = 20.0
"""Within which the shortest body is there; a longer one has time as if it came by the slowest line."""
_SLOWEST: Final = 100 * KB
"""Bytes a second, of a phone at the edge of its network."""
MOST_COMING: Final = 32
"""Bodies of one client on their way to one process: a browser has six connections, a home or a studio several browsers.
Each is one connection of the edge, and a process has some hundreds of them for everybody."""
_COME_BACK: Final = 5
MOST_PARTS: Final = 2000
"""Members and elements of a JSON body: ten times what the largest of ours has."""
DEEPEST: Final = 20
"""Objects and lists inside each other: our own have four."""

# Each text of a JSON body as a whole, also one that never ends: so no byte is looked at twice.
_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NESTING = re.compile(rb"[\[{\]}]")


class BodyRefusedError(HTTPException):
    """A body that turned out larger or slower than it may be while it was read.

    FastAPI turns any other error of reading a body into a 400.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.type.status)
        self.problem = problem


class BodyBounds:
    """Refuses a body larger than its route expects: at once where a length is given; and JSON of too many parts.

    What is undeclared is counted while it streams in, and never kept beyond the limit. Files come a few at a time, and
    of one client so many bodies at once. `AccessFirst` runs before, and names the route; what is for none, or needs no
    body, gets the smallest limit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._uploads = Uploads()
        self._coming: Counter[str] = Counter()
        self._limits: dict[Callable[..., Any], int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, route = Headers(scope=scope), scope.get("route")
        limit = self._limit(route)
        declared = headers.get("content-length", "0")
        if not re.fullmatch("[0-9]{1,15}", declared) or int(declared) > limit:
            raise _too_large(limit)
        if int(declared) == 0 and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        with self._coming_in(client_of(scope)) as arrived:
            await self._bounded(scope, _counted(receive, limit, arrived), send, limit)

    @contextmanager
    def _coming_in(self, client: str) -> Iterator[Callable[[], None]]:
        """Count one body of this client until it has arrived, which is to be said, or the block ends.

        Raises:
            Problem: too-many-requests, while as many others of the same client are on their way.
        """
        if self._coming[client] >= MOST_COMING:
            raise Problem(ProblemType.TOO_MANY_REQUESTS, RequestReason.TOO_MANY_BODIES, retry_after=_COME_BACK)
        self._coming[client] += 1
        with ExitStack() as counted:
            counted.callback(self._arrived, client)
            yield counted.close

    def _arrived(self, client: str) -> None:
        self._coming[client] -= 1
        self._coming += Counter()  # forgets of whom nothing comes

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        headers, route = Headers(scope=scope), scope.get("route")
        if _reads_json(route, headers):
            receive = _again(await _looked_at(receive), receive)
        with self._uploads.turn(scope) if limit == UPLOAD_BYTES else nullcontext():
            await self._app(scope, receive, send)

    def _limit(self, route: Any) -> int:
        if route is not None and route.path == RENEW:
            return UPLOAD_BYTES  # any form of ours, on its way back to where it was sent; it is not kept
        if route is None or route.body_field is None:
            return PLAIN_BYTES
        if route.endpoint not in self._limits:
            self._limits[route.endpoint] = largest_body(route.body_field.field_info)
        return self._limits[route.endpoint]


def largest_body(expected: Any) -> int:
    """Bytes of the body that a route expects, by FastAPI's description of it (its `field_info`)."""
    found = set(_kinds(expected))
    if UploadFile in found or getattr(expected, "media_type", "") == MULTIPART:
        return UPLOAD_BYTES
    if Prose not in found:
        return PLAIN_BYTES
    return PROSE_BYTES if isinstance(expected, FormBody) else JSON_BYTES


def _kinds(field: Any) -> Iterator[type]:
    """`Prose` and `UploadFile`, where they are in a field, or in what it is made of."""
    if any(isinstance(each, Prose) for each in field.metadata):
        yield Prose
    yield from _kinds_of(field.annotation)


def _kinds_of(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and issubclass(annotation, UploadFile):
        yield UploadFile
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        model = model_of(annotation) if issubclass(annotation, Sent) else annotation
        for field in model.model_fields.values():
            yield from _kinds(field)
    elif get_origin(annotation) is dict:  # answers, by names that only the offering knows
        yield Prose
    else:
        for inner in get_args(annotation):
            if isinstance(inner, Prose):
                yield Prose
            yield from _kinds_of(inner)


def _counted(receive: Receive, limit: int, arrived: Callable[[], None]) -> Receive:
    count, now = 0, asyncio.get_running_loop().time
    latest = now() + SECONDS + limit / _SLOWEST

    async def counted() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > limit:
            raise BodyRefusedError(_too_large(limit))
        if now() > latest:
            raise BodyRefusedError(Problem(ProblemType.TOO_SLOW))
        if not message.get("more_body", False):
            arrived()
        return message

    return counted


def _reads_json(route: Any, headers: Headers) -> bool:
    reads_body = route is not None and route.body_field is not None
    return (
        reads_body
        and not isinstance(route.body_field.field_info, FormBody)
        and "json" in headers.get("content-type", "")
    )


async def _looked_at(receive: Receive) -> Message:
    """The whole body as one message, once it is known to be harmless."""
    pieces, more = [], True
    while more:
        try:
            message = await receive()
        except BodyRefusedError as error:
            raise error.problem from error
        if message["type"] != "http.request":
            return message
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"".join(pieces)
    check_json(body)
    return {"type": "http.request", "body": body, "more_body": False}


def _again(message: Message, receive: Receive) -> Receive:
    """What was read already, then what comes after it."""
    left = [message]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again


def check_json(body: bytes) -> None:
    """Look at a body's outline, in time that grows as its length does.

    Raises:
        Problem: it is no UTF-8, which JSON is written in (RFC 8259, section 8.1); too many parts; or too deep.
    """
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Problem(ProblemType.MALFORMED_REQUEST, RequestReason.NOT_JSON) from error
    if b"\0" in body:  # UTF-16, which Python would read as well
        raise Problem(ProblemType.MALFORMED_REQUEST, RequestReason.NOT_JSON)
    outline = _TEXTS.sub(b"", body)
    if sum(map(outline.count, (b",", b"[", b"{"))) > MOST_PARTS:
        raise Problem(ProblemType.TOO_LARGE, Phrase(RequestReason.TOO_MANY_PARTS, most=str(MOST_PARTS)))
    depth = 0
    for each in _NESTING.findall(outline):
        depth += 1 if each in b"[{" else -1
        if depth > DEEPEST:
            raise Problem(ProblemType.MALFORMED_REQUEST, Phrase(RequestReason.TOO_DEEP, deepest=str(DEEPEST)))


def _too_large(limit: int) -> Problem:
    size = f"{limit // KB} KB" if limit < KB * KB else f"{limit // KB // KB} MB"
    return Problem(ProblemType.TOO_LARGE, Phrase(RequestReason.BODY_TOO_LARGE, size=size))
