"""Pages that change by themselves: a hub in the process, and server-sent events (WHATWG HTML, section 9.2).

A commit in this process wakes the streams of the keys it touched; what another process commits is seen by a poll of
the revision, at most `POLL` later. All streams of one page share one poll. A page works without: it links to itself.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from fastapi.sse import format_sse_event
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.auth.ended_sessions import EndedSessions
from shared.auth.roles import Caller
from shared.kernel.problems import Problem, ProblemType
from shared.web.reasons import RequestReason

POLL = 1.0
"""Seconds between two looks at a revision that nobody in this process has touched."""
HEARTBEAT = 15.0
"""Seconds after which a silent stream sends a comment, so that proxies keep it."""
LIFE = 600.0
"""Seconds after which a stream ends and the browser comes back, with a sign-in token that is checked again."""
RETRY = 2000
"""Milliseconds after which a browser that lost the stream comes back."""

Revision = Callable[[], Awaitable[str]]
Render = Callable[[], Awaitable[str]]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LiveSource:
    """What a stream follows: `page` names it, `key` is what commits touch, `revision` is its version."""

    page: str
    key: str
    revision: Revision


@dataclass
class _Watch:
    """One source: its newest revision, and those who wait for the next one."""

    revision: str | None = None
    readers: int = 0
    touched: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    poll: asyncio.Task[None] | None = None


class Live:
    """The streams of one process: at most `streams` in all, and `per_person` for one person."""

    def __init__(self, *, streams: int = 500, per_person: int = 12) -> None:
        self._streams = streams
        self._per_person = per_person
        self._open: Counter[UUID] = Counter()
        self._watches: dict[str, dict[str, _Watch]] = {}
        self._closed = False

    def touch(self, *keys: str | UUID) -> None:
        """Something under these keys was committed: look at their revisions now."""
        for key in keys:
            for watch in self._watches.get(str(key), {}).values():
                watch.touched.set()

    async def close(self) -> None:
        """End every stream; to be called before the server waits for its connections."""
        self._closed = True
        for watch in [watch for of_key in self._watches.values() for watch in of_key.values()]:
            watch.touched.set()
            async with watch.changed:
                watch.changed.notify_all()

    @property
    def open_streams(self) -> int:
        """How many streams are open in this process."""
        return self._open.total()

    @contextmanager
    def admit(self, caller: Caller) -> Iterator[None]:
        """Count one stream of this caller while the block runs.

        Raises:
            Problem: too-many-requests beyond the bounds, unavailable when the process is about to stop.
        """
        if self._closed:
            raise Problem(ProblemType.UNAVAILABLE, RequestReason.STOPPING, retry_after=2)
        if self.open_streams >= self._streams or self._open[caller.person] >= self._per_person:
            raise Problem(ProblemType.TOO_MANY_REQUESTS, RequestReason.TOO_MANY_STREAMS, retry_after=10)
        self._open[caller.person] += 1
        try:
            yield
        finally:
            self._open[caller.person] -= 1
            self._open += Counter()  # forgets whom nothing is open for

    async def revisions(self, source: LiveSource, seen: str | None) -> AsyncGenerator[str | None, None]:
        """Each revision of the source other than the last one given (first: than `seen`); None after a silence."""
        watch = self._join(source)
        try:
            while not self._closed:
                newest = await self._next(watch, seen)
                if newest is None or newest != seen:
                    yield newest
                    seen = newest or seen
        finally:
            self._leave(source, watch)

    def _join(self, source: LiveSource) -> _Watch:
        watch = self._watches.setdefault(source.key, {}).setdefault(source.page, _Watch())
        watch.readers += 1
        if watch.poll is None:
            watch.poll = asyncio.create_task(self._look(watch, source.revision), name=f"live {source.page}")
        return watch

    def _leave(self, source: LiveSource, watch: _Watch) -> None:
        watch.readers -= 1
        if not watch.readers and watch.poll:
            watch.poll.cancel()
            of_key = self._watches[source.key]
            del of_key[source.page]
            if not of_key:
                del self._watches[source.key]

    async def _look(self, watch: _Watch, revision: Revision) -> None:
        while not self._closed:
            watch.touched.clear()
            try:
                newest = await revision()
            except Exception:  # noqa: BLE001 (whatever ails the database now: the stream stays and looks again)
                _log.warning("live_revision_unread", exc_info=True)
            else:
                async with watch.changed:
                    watch.revision = newest
                    watch.changed.notify_all()
            await _at_most(POLL, watch.touched.wait())

    async def _next(self, watch: _Watch, seen: str | None) -> str | None:
        async def news() -> None:
            async with watch.changed:
                await watch.changed.wait_for(lambda: self._closed or watch.revision not in {None, seen})

        in_time = await _at_most(HEARTBEAT, news())
        return watch.revision if in_time else None


class EventStream(Response):
    """Answers with an event stream until its reader leaves, their session or the process ends, or `LIFE` is over."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, ended: EndedSessions, caller: Caller, source: LiveSource, render: Render) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._live = live
        self._ended = ended
        self._caller = caller
        self._source = source
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._live.admit(self._caller):
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if scope.get("state", {}).get("headers_only"):
                return
            stream = asyncio.create_task(self._send_events(send, Headers(scope=scope).get("last-event-id")))
            gone = asyncio.create_task(_disconnected(receive))
            ended = asyncio.create_task(self._ended.until_ended(self._caller.session))
            try:
                await asyncio.wait({stream, gone, ended}, return_when=asyncio.FIRST_COMPLETED, timeout=LIFE)
            finally:
                stream.cancel()
                gone.cancel()
                ended.cancel()
                await asyncio.gather(stream, gone, ended, return_exceptions=True)
            await send({"type": "http.response.body", "body": b""})

    async def _send_events(self, send: Send, seen: str | None) -> None:
        await _send_some(send, format_sse_event(retry=RETRY))
        async with aclosing(self._live.revisions(self._source, seen)) as revisions:
            async for revision in revisions:
                await _send_some(send, await self._event(revision))

    async def _event(self, revision: str | None) -> bytes:
        if revision is None:
            return format_sse_event(comment="still here")
        return format_sse_event(id=revision, data_str=await self._rendered())

    async def _rendered(self) -> str:
        try:
            return await self._render()
        except Exception:  # the browser comes back and asks again; the page itself says what is wrong
            _log.warning("live_fragment_failed", exc_info=True)
            raise


def sse(request: Request, key: str | UUID, revision: Revision, render: Render, *, own: bool = False) -> EventStream:
    """The event stream of one page's live part, for the route's caller.

    `revision` gives a cheap version of the state of `key` (a short text without line ends); `render` gives the HTML
    fragment that takes the old one's place. Both open their own transactions, since the stream outlives the
    request's. Readers of one page share the look at its revision, unless that is each caller's `own`.
    """
    live: Live = request.app.state.live
    caller: Caller = request.state.caller
    page = f"{request.url.path} of {caller.person}" if own else request.url.path
    return EventStream(live, request.app.state.ended, caller, LiveSource(page, str(key), revision), render)


async def _send_some(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _at_most(seconds: float, awaitable: Awaitable[object]) -> bool:
    """Whether it came within these seconds."""
    try:
        async with asyncio.timeout(seconds):
            await awaitable
    except TimeoutError:
        return False
    return True
