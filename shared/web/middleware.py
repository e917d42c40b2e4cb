"""What runs before every route, as plain ASGI (BaseHTTPMiddleware halves the throughput).

From the outside in: `Log` (request id, trace, access log), `Cookies`, `SecurityHeaders`, `LastResort` (problems become
answers), `TimeLimit`, `Head`, `SameSite` (CSRF), `Negotiation`, `shared.web.access.AccessFirst` and
`shared.web.bounds.BodyBounds`.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.problems import Problem, ProblemType
from shared.runtime import tracing
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS
from shared.web.answers import MEDIA_TYPE, accepts, answer, is_api
from shared.web.cookies import CookieRules

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_log = get_logger(__name__)
_SECONDS = METRICS.seconds(
    "touchmark_web_request_seconds", "Requests, from their first byte to the last of the answer.", ("route", "status")
)


class Log:
    """Names each request, carries its trace on, and writes one line: method, route, status, time. No personal data."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], object]) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        number = str(self._new_id())
        scope.setdefault("state", {})["request_id"] = number
        status = 0

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = number
            await send(message)

        with (
            tracing.bind(Headers(scope=scope).get("traceparent")),
            structlog.contextvars.bound_contextvars(request=number),
        ):
            try:
                await self._app(scope, receive, named)
            finally:
                self._write(scope, status, time.perf_counter() - started)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_template(scope)
        _SECONDS.labels(route, f"{status // 100}xx").observe(seconds)
        write = _log.warning if status >= ProblemType.INTERNAL.status or not status else _log.info
        write("request_answered", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def route_template(scope: Scope) -> str:
    """The path's template, as in `/commissions/{id}`: a closed set, and free of what somebody typed."""
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(context, "path_format", None) or ("/static" if scope["path"].startswith("/static/") else "unknown")


class Cookies:
    """Drops cookies with a backslash: RFC 6265 (section 4.1.1) has none in a value, and no cookie of ours does.

    Before CPython 3.11.10 and 3.12.6, reading 64 KB of backslashes in quotes takes the process many seconds
    (CVE-2024-7592).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["headers"] = [
            (name, _readable(value) if name == b"cookie" else value) for name, value in scope["headers"]
        ]
        await self._app(scope, receive, send)


def _readable(cookies: bytes) -> bytes:
    if b"\\" not in cookies:
        return cookies
    return b";".join(each for each in cookies.split(b";") if b"\\" not in each)


class SecurityHeaders:
    """Tells the browser what a page of ours may do: load from here only, run scripts with this request's nonce only."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._fixed = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if public_url.startswith("https://"):
            self._fixed["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._fixed)
                headers["Content-Security-Policy"] = _policy(nonce)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, guarded)


def _policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' blob: data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


class LastResort:
    """Answers what nobody else did: a problem of the middleware, or a fault of ours: logged whole, sent as a number."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Problem as problem:
            if started:
                raise
            await answer(scope, problem)(scope, receive, send)
        except Exception:
            _log.exception("request_failed")
            if started:
                raise
            await answer(scope, Problem(ProblemType.INTERNAL))(scope, receive, send)


class TimeLimit:
    """Ends what takes longer than `seconds` after the last piece of the request came, unless the answer has begun.

    A slow body is given the same time for each piece, and ten times as much in all (`shared.web.bounds` gives the short
    ones less); a stream that has begun lives on.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now = asyncio.get_running_loop().time
        latest = now() + 10 * self._seconds
        limit = asyncio.timeout(self._seconds)
        late = ProblemType.TIMED_OUT

        async def arriving() -> Message:
            nonlocal late
            late = ProblemType.TOO_SLOW
            message = await receive()
            late = ProblemType.TIMED_OUT
            if limit.when() is not None:
                limit.reschedule(min(latest, now() + self._seconds))
            return message

        async def answering(message: Message) -> None:
            limit.reschedule(None)
            await send(message)

        try:
            async with limit:
                await self._app(scope, arriving, answering)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise Problem(late) from error


class Head:
    """Answers HEAD as GET without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        scope["method"] = "GET"
        scope.setdefault("state", {})["headers_only"] = True
        try:
            await self._app(scope, receive, headers_only)
        finally:
            scope["method"] = "HEAD"


class SameSite:
    """Refuses what another site makes a browser send (CSRF), by Sec-Fetch-Site, else Origin.

    A request with neither comes from no current browser; it passes if it carries none of our cookies, so that nobody
    acts with a sign-in that was not meant for this.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._ours = _origin(public_url)
        self._cookies = CookieRules.of(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in SAFE_METHODS and not self._meant(Headers(scope=scope)):
            raise Problem(ProblemType.CROSS_SITE_REFUSED)
        await self._app(scope, receive, send)

    def _meant(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site in {"same-origin", "none"}
        if origin is not None:
            scheme, host = _origin(origin)
            return (scheme, host) == self._ours or (bool(host) and host == headers.get("host"))
        cookies = headers.get("cookie", "")
        return not any(f"{name}=" in cookies for name in (self._cookies.token, self._cookies.session))


def _origin(url: str) -> tuple[str, str]:
    """Scheme and host with port; two empty texts for what is no origin."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


class Negotiation:
    """Refuses an Accept header that the API cannot serve: before anything is done, or instead of what was read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not is_api(scope) or accepts(headers, "application/json", MEDIA_TYPE):
            await self._app(scope, receive, send)
            return
        if scope["method"] not in SAFE_METHODS:
            raise Problem(ProblemType.NOT_ACCEPTABLE)

        replaced = False

        async def acceptable(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _refused_by(headers, message):
                replaced = True
                await answer(scope, Problem(ProblemType.NOT_ACCEPTABLE))(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, acceptable)


def _refused_by(asked: Headers, message: Message) -> bool:
    """Whether this is an answer in a format that was not asked for; a problem is answered in any case."""
    media = Headers(raw=message["headers"]).get("content-type", "").partition(";")[0]
    return bool(media) and message["status"] < ProblemType.MALFORMED_REQUEST.status and not accepts(asked, media)
