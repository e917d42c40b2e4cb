"""Pages that change by themselves: a hub in the process, and server-sent events (WHATWG HTML, section 9.2).

A commit in this process wakes the streams of the keys it touched: at once, or `PACE` after the change before. What
another process commits is seen by a poll of the revision, about `POLL` later. All streams of one page share one poll.
A page works without: it links to itself.

A process has so many streams, a person and a client so many of them, and a share is for makers and ops alone. Beyond,
an older stream gives way: it ends with the event `gave-way`, at which the page says that it follows no more.
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
from shared.auth.roles import Caller, Role
from shared.auth.tokens import LEEWAY
from shared.kernel.clock import Clock
from shared.kernel.problems import Problem, ProblemType
from shared.web.clients import client_of
from shared.web.reasons import RequestReason

POLL = 1.0
"""Seconds between two looks at a revision that nobody in this process has touched."""
PACE = 0.5
"""Seconds between two changes that a page shows: what is committed meanwhile comes as one, not as a page each.

The first change comes at once. What somebody does is followed by three to five facts within some tenths of a second.
"""
LOOKS = 40
"""Looks a second of one process at most: with more pages open than this, each is looked at less often."""
HEARTBEAT = 15.0
"""Seconds after which a silent stream sends a comment, so that proxies keep it."""
LIFE = 600.0
"""Seconds after which a stream ends and the browser comes back, with a sign-in token that is checked again."""
RETRY = 2000
"""Milliseconds after which a browser that lost the stream comes back."""

GAVE_WAY = "gave-way"
"""The last event of a stream that gave way to a newer one: the browser does not come back by itself."""
_LAST_WORD = 1.0
"""Seconds within which a reader takes the last event, or is gone."""

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


@dataclass(eq=False)
class Place:
    """One open stream, and whose it is."""

    person: UUID
    client: str
    staff: bool
    gave_way: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """The streams of one process: `streams` in all, of which `for_staff` are for makers and ops alone.

    One person has `per_person` of them, and customers have `per_client` from one client.
    """

    def __init__(self, *, streams: int = 500, for_staff: int = 100, per_person: int = 12, per_client: int = 24) -> None:
        self._streams = streams
        self._for_customers = streams - for_staff
        self._per_person = per_person
        self._per_client = per_client
        self._open: list[Place] = []  # the oldest first
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
        return len(self._open)

    @contextmanager
    def admit(self, caller: Caller, client: str) -> Iterator[Place]:
        """A place for one stream of this caller while the block runs; where there is none, an older one gives way.

        Raises:
            Problem: unavailable when the process is about to stop.
        """
        if self._closed:
            raise Problem(ProblemType.UNAVAILABLE, RequestReason.STOPPING, retry_after=2)
        place = Place(caller.person, client, caller.role is not Role.CUSTOMER)
        self._make_room(place)
        self._open.append(place)
        try:
            yield place
        finally:
            if place in self._open:
                self._open.remove(place)

    def _make_room(self, coming: Place) -> None:
        """The oldest gives way: of this person, of this client, or of the client that has most."""
        own = [each for each in self._open if each.person == coming.person]
        customers = [each for each in self._open if not each.staff]
        if len(own) >= self._per_person:
            self._end(own[0])
        elif not coming.staff:
            neighbours = [each for each in customers if each.client == coming.client]
            if len(neighbours) >= self._per_client:
                self._end(neighbours[0])
            elif len(customers) >= self._for_customers:
                self._end(_oldest_of_the_greediest(customers))
        elif len(self._open) >= self._streams:
            self._end(_oldest_of_the_greediest(customers or self._open))

    def _end(self, place: Place) -> None:
        self._open.remove(place)
        place.gave_way.set()

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
                await self._show(watch, newest)
            await _at_most(POLL * max(1.0, self._pages / LOOKS), watch.touched.wait())

    async def _show(self, watch: _Watch, newest: str) -> None:
        if newest == watch.revision:
            return
        async with watch.changed:
            watch.revision = newest
            watch.changed.notify_all()
        await asyncio.sleep(PACE)

    @property
    def _pages(self) -> int:
        return sum(len(of_key) for of_key in self._watches.values())

    async def _next(self, watch: _Watch, seen: str | None) -> str | None:
        async def news() -> None:
            async with watch.changed:
                await watch.changed.wait_for(lambda: self._closed or watch.revision not in {None, seen})

        in_time = await _at_most(HEARTBEAT, news())
        return watch.revision if in_time else None


def _oldest_of_the_greediest(places: list[Place]) -> Place:
    """So that who has one page open keeps it, however many a stranger opens."""
    greediest, _ = Counter(each.client for each in places).most_common(1)[0]
    return next(each for each in places if each.client == greediest)


class EventStream(Response):
    """Answers with an event stream until its reader leaves, it gives way, session or process end, or `life` is over."""

    media_type = "text/event-stream"

    def __init__(
        self,
        live: Live,
        ended: EndedSessions,
        caller: Caller,
        source: LiveSource,
        render: Render,
        *,
        life: float = LIFE,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._live = live
        self._ended = ended
        self._caller = caller
        self._source = source
        self._render = render
        self._life = life

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        if scope.get("state", {}).get("headers_only"):
            await send(start)
            return
        with self._live.admit(self._caller, client_of(scope)) as place:
            await send(start)
            stream = asyncio.create_task(self._send_events(send, Headers(scope=scope).get("last-event-id")))
            gone = asyncio.create_task(_disconnected(receive))
            gives_way = asyncio.create_task(place.gave_way.wait())
            ended = asyncio.create_task(self._ended.until_ended(self._caller.session))
            ends = {stream, gone, gives_way, ended}
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED, timeout=self._life)
            finally:
                for each in ends:
                    each.cancel()
                await asyncio.gather(*ends, return_exceptions=True)
            if place.gave_way.is_set():
                await _at_most(_LAST_WORD, _send_some(send, format_sse_event(event=GAVE_WAY, data_str="")))
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
    source = LiveSource(page, str(key), revision)
    return EventStream(live, request.app.state.ended, caller, source, render, life=_life(request, caller))


def _life(request: Request, caller: Caller) -> float:
    """Seconds: no longer than the token is taken, so that with Kafka away nobody follows a page for longer than that.

    On the studio's tablet not even for what clocks may differ by: whoever stands there next is somebody else.
    """
    if caller.until is None:
        return LIFE
    clock: Clock = request.app.state.clock
    until = caller.until if caller.witness else caller.until + LEEWAY
    return max(0.0, min(LIFE, (until - clock()).total_seconds()))


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
