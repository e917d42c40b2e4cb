"""Pages that change by themselves, over HTTP as a browser reads them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic
from typing import Annotated
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from shared.auth.roles import Caller, Role
from shared.auth.tokens import Signer
from shared.kernel.problems import Problem, ProblemType
from shared.web import live as module
from shared.web.access import Allow
from shared.web.clients import client_of
from shared.web.live import Live, LiveSource, Place, sse
from tests.support.waiting import until
from tests.support.web import NOW, ORIGIN, SIGNING_KEY, Kernel, app_with, bearer, served

KEY = uuid4()


class Board:
    """Something that changes, and counts how often it is asked."""

    def __init__(self) -> None:
        self.revision = 1
        self.looks = 0
        self.away = False

    async def where(self) -> str:
        self.looks += 1
        if self.away:
            raise ConnectionError
        return str(self.revision)

    async def render(self) -> str:
        return f"<p>at\n{self.revision}</p>"


def routes(board: Board) -> APIRouter:
    pages = APIRouter()

    @pages.get("/live")
    async def stream(request: Request, caller: Annotated[Caller, Allow(Role.OPS)]) -> Response:  # noqa: ARG001
        return sse(request, KEY, board.where, board.render)

    @pages.get("/{commission}/live")
    async def of_one(request: Request, commission: UUID, _: Annotated[Caller, Allow(Role.OPS)]) -> Response:
        return sse(request, commission, board.where, board.render)

    return pages


async def events(
    url: str, person: UUID | None = None, seen: str | None = None, *, written: str = ""
) -> AsyncIterator[str]:
    """The events of the stream as they come, without the first one, which only sets the retry."""
    signed_in = {"Authorization": f"Bearer {written}"} if written else bearer(Role.OPS, person)
    headers = {**signed_in, **({"Last-Event-ID": seen} if seen else {})}
    async with httpx.AsyncClient() as client, client.stream("GET", f"{url}/live", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        kept = ""
        async for text in answer.aiter_text():
            *whole, kept = (kept + text).split("\n\n")
            for event in whole:
                if not event.startswith("retry:"):
                    yield event


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL", 0.05)


async def test_a_reader_gets_the_fragment_now_and_at_each_change() -> None:
    board, kernel = Board(), Kernel()
    async with served(app_with(pages=[routes(board)], kernel=kernel)) as url:
        stream = events(url)
        assert await anext(stream) == "data: <p>at\ndata: 1</p>\nid: 1"

        board.revision = 2

        assert await anext(stream) == "data: <p>at\ndata: 2</p>\nid: 2"


async def test_a_commit_in_this_process_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL", 60.0)
    board, kernel = Board(), Kernel()
    async with served(app_with(pages=[routes(board)], kernel=kernel)) as url:
        stream = events(url)
        await anext(stream)

        board.revision = 2
        kernel.live.touch(uuid4(), KEY)

        assert (await asyncio.wait_for(anext(stream), 5)).endswith("id: 2")


async def test_many_commits_in_a_moment_are_one_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL", 60.0)
    board, kernel = Board(), Kernel()
    async with served(app_with(pages=[routes(board)], kernel=kernel)) as url:
        stream = events(url)
        await anext(stream)

        coming = asyncio.ensure_future(anext(stream))
        for board.revision in range(2, 12):
            kernel.live.touch(KEY)
            await asyncio.sleep(0)

        assert (await asyncio.wait_for(coming, 5)).endswith("id: 11")


async def test_who_comes_back_gets_only_what_is_new() -> None:
    board = Board()
    board.revision = 7
    async with served(app_with(pages=[routes(board)])) as url:
        stream = events(url, seen="7")
        coming = asyncio.ensure_future(anext(stream))
        await until("it looked again", lambda: board.looks > 1)
        assert not coming.done()

        board.revision = 8

        assert (await coming).endswith("id: 8")


async def test_a_silent_stream_says_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT", 0.05)
    async with served(app_with(pages=[routes(Board())])) as url:
        stream = events(url, seen="1")

        assert await anext(stream) == ": still here"


async def test_readers_of_one_page_share_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL", 60.0)
    board = Board()
    async with served(app_with(pages=[routes(board)])) as url:
        for stream in (events(url), events(url), events(url)):
            await anext(stream)

        assert board.looks == 1


async def test_many_pages_together_are_looked_at_no_more_than_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOKS", 1)
    boards = [Board() for _ in range(8)]
    live = Live()
    sources = [LiveSource(f"/{n}", str(n), board.where) for n, board in enumerate(boards)]
    streams = [live.revisions(source, "1") for source in sources]
    waiting = [asyncio.ensure_future(anext(stream)) for stream in streams]
    await until("each was looked at twice", lambda: min(board.looks for board in boards) > 1)

    started, before = asyncio.get_running_loop().time(), sum(board.looks for board in boards)
    await until("they are looked at again", lambda: min(board.looks for board in boards) > 3)
    took, looks = asyncio.get_running_loop().time() - started, sum(board.looks for board in boards) - before

    assert looks * module.POLL <= took + 8 * module.POLL
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_readers_who_each_have_their_own_do_not_wait_for_each_others_changes() -> None:
    first, second = uuid4(), uuid4()
    boards = {first: Board(), second: Board()}
    pages = APIRouter()

    @pages.get("/live")
    async def stream(request: Request, caller: Annotated[Caller, Allow(Role.OPS)]) -> Response:
        return sse(request, KEY, boards[caller.person].where, boards[caller.person].render, own=True)

    async with served(app_with(pages=[pages])) as url:
        others, mine = events(url, first), events(url, second)
        for each in (others, mine):
            await anext(each)
        boards[second].revision = 2

        assert await anext(mine) == "data: <p>at\ndata: 2</p>\nid: 2"


async def test_a_database_that_is_away_for_a_while_does_not_end_the_stream() -> None:
    board = Board()
    board.away = True
    async with served(app_with(pages=[routes(board)])) as url:
        stream = events(url)
        coming = asyncio.ensure_future(anext(stream))
        await until("it looked again", lambda: board.looks > 2)

        board.away = False

        assert (await coming).endswith("id: 1")


async def test_a_reader_who_leaves_is_counted_out_and_nothing_goes_on_looking() -> None:
    board, kernel = Board(), Kernel()
    async with served(app_with(pages=[routes(board)], kernel=kernel)) as url:
        async with (
            httpx.AsyncClient() as client,
            client.stream("GET", f"{url}/live", headers=bearer(Role.OPS)) as answer,
        ):
            assert answer.status_code == 200
            await until("the stream is open", lambda: kernel.live.open_streams == 1)

        await until("the stream is closed", lambda: kernel.live.open_streams == 0)
        await until("nothing looks", lambda: not any(task.get_name() == "live /live" for task in asyncio.all_tasks()))


async def test_one_more_page_of_a_person_ends_their_oldest_which_says_so() -> None:
    kernel, greedy = Kernel(live=Live(per_person=1)), uuid4()
    async with served(app_with(pages=[routes(Board())], kernel=kernel)) as url:
        others, first = events(url, uuid4()), events(url, greedy)
        for each in (others, first):
            await anext(each)

        second = events(url, greedy)

        assert (await anext(second)).endswith("id: 1")
        assert [event async for event in first] == ["event: gave-way\ndata: "]
        kernel.live.touch(KEY)
        assert kernel.live.open_streams == 2


def place(live: Live, role: Role, client: str, person: UUID | None = None) -> tuple[Place, ExitStack]:
    """A stream that is open until its stack is closed."""
    stack = ExitStack()
    return stack.enter_context(live.admit(Caller(person or uuid4(), role, uuid4()), client)), stack


def gave_way(places: list[tuple[Place, ExitStack]]) -> list[int]:
    return [number for number, (each, _) in enumerate(places) if each.gave_way.is_set()]


def test_one_client_has_its_bound_whoever_it_says_it_is() -> None:
    live = Live(per_client=3)

    greedy = [place(live, Role.CUSTOMER, "203.0.113.7") for _ in range(5)]
    other, _ = place(live, Role.CUSTOMER, "203.0.113.8")

    assert gave_way(greedy) == [0, 1]
    assert not other.gave_way.is_set()


def test_strangers_at_many_addresses_push_out_each_other_and_no_customer() -> None:
    live = Live(streams=40, for_staff=10, per_client=20)
    honest = [place(live, Role.CUSTOMER, "198.51.100.1"), place(live, Role.OPS, "198.51.100.2")]

    strangers = [place(live, Role.CUSTOMER, f"203.0.113.{number % 9}") for number in range(200)]

    assert gave_way(honest) == []
    assert len(gave_way(strangers)) == 200 - 29
    assert live.open_streams == 31


def test_a_share_is_for_staff_and_staff_come_before_customers() -> None:
    live = Live(streams=4, for_staff=2, per_client=9)
    customers = [place(live, Role.CUSTOMER, "203.0.113.7") for _ in range(2)]

    staff = [place(live, Role.OPS, "198.51.100.2"), place(live, Role.MAKER, "198.51.100.2")]
    assert gave_way(customers + staff) == []
    more = [place(live, Role.MAKER, "198.51.100.2") for _ in range(3)]

    assert gave_way(customers) == [0, 1]
    assert gave_way(staff + more) == [0]
    assert live.open_streams == 4


def test_a_stream_that_ended_leaves_its_place() -> None:
    live = Live(streams=1, for_staff=0)
    first, stack = place(live, Role.OPS, "here")
    stack.close()

    _second = place(live, Role.OPS, "here")

    assert not first.gave_way.is_set()
    assert live.open_streams == 1


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
    ],
)
def test_a_client_is_an_address_or_the_network_of_a_home(host: str, client: str) -> None:
    assert client_of({"client": (host, 1)}) == client


async def test_a_process_that_stops_ends_its_streams_and_opens_no_more() -> None:
    kernel = Kernel()
    async with served(app_with(pages=[routes(Board())], kernel=kernel)) as url:
        stream = events(url)
        await anext(stream)

        await kernel.live.close()

        assert [event async for event in stream] == []
        with pytest.raises(Problem) as caught, kernel.live.admit(Caller(uuid4(), Role.OPS, uuid4()), "here"):
            pass
        assert caught.value.type is ProblemType.UNAVAILABLE


async def test_the_streams_of_a_session_that_was_ended_are_closed_and_its_token_is_refused() -> None:
    kernel, person = Kernel(), uuid4()
    caller = Caller(person, Role.OPS, uuid4())
    written = Signer.read(SIGNING_KEY, issuer=ORIGIN).token(caller, NOW)
    async with served(app_with(pages=[routes(Board())], kernel=kernel)) as url:
        other, mine = events(url, person), events(url, written=written)
        await anext(other)
        await anext(mine)

        kernel.ended.add(caller.session, NOW, NOW)

        assert [event async for event in mine] == []
        assert kernel.live.open_streams == 1
        async with httpx.AsyncClient() as client:
            again = await client.get(f"{url}/live", headers={"Authorization": f"Bearer {written}"})
        assert again.status_code == 303


async def test_a_stream_ends_after_its_life_so_that_the_sign_in_is_checked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LIFE", 0.2)
    async with served(app_with(pages=[routes(Board())])) as url:
        assert [event async for event in events(url)] == ["data: <p>at\ndata: 1</p>\nid: 1"]


async def test_a_head_request_does_not_hold_a_stream() -> None:
    kernel = Kernel()
    async with served(app_with(pages=[routes(Board())], kernel=kernel)) as url, httpx.AsyncClient() as client:
        answer = await client.head(f"{url}/live", headers=bearer(Role.OPS))

        assert answer.status_code == 200
        await until("the stream is closed", lambda: kernel.live.open_streams == 0)


async def test_a_stream_ends_when_its_token_is_taken_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a session whose end nobody could tell of, with Kafka away, follows nothing for longer either."""
    monkeypatch.setattr(module, "LEEWAY", timedelta(seconds=0.5))
    token = Signer.read(SIGNING_KEY, issuer=ORIGIN).token(
        Caller(UUID(int=5), Role.OPS, UUID(int=7)), NOW, life=timedelta(seconds=1)
    )
    async with served(app_with(pages=[routes(Board())])) as url:
        started = monotonic()
        async with asyncio.timeout(5):
            seen = [event async for event in events(url, written=token)]

    assert len(seen) == 1
    assert monotonic() - started == pytest.approx(1.5, abs=0.4)


async def test_a_stream_on_the_studios_tablet_ends_with_its_token() -> None:
    board, kernel = Board(), Kernel()
    person, commission = UUID(int=5), UUID(int=6)
    there = Caller(person, Role.OPS, UUID(int=7), witness=UUID(int=8), commission=commission)
    token = Signer.read(SIGNING_KEY, issuer=ORIGIN).token(there, NOW, life=timedelta(seconds=1))
    async with served(app_with(pages=[routes(board)], kernel=kernel)) as url:
        stream = events(f"{url}/{commission}", written=token)
        async with asyncio.timeout(5):
            seen = [event async for event in stream]

    assert len(seen) == 1
