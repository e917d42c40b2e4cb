"""Bodies that come slowly, and files that come all at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Annotated
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Form, UploadFile
from pydantic import BaseModel

from shared.auth.roles import Caller, Role
from shared.web import bounds
from shared.web.access import Allow
from shared.web.bounds import MOST_COMING
from shared.web.forms import Sent
from shared.web.uploads import MOST
from tests.support.web import app_with, bearer, served

FORM = {"Content-Type": "multipart/form-data; boundary=x"}


class Photo(BaseModel):
    photo: UploadFile


class Note(BaseModel):
    note: str


class Coming:
    """An upload that goes on until it is let go."""

    def __init__(self, url: str, role: Role, person: UUID, client: str, to: str = "/photos") -> None:
        self._url = f"{url}{to}"
        self._headers = {**bearer(role, person), **FORM, "X-Forwarded-For": client}
        self._enough = asyncio.Event()
        self.begun = asyncio.Event()
        self.answer = asyncio.create_task(self._send())

    async def _send(self) -> httpx.Response:
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.post(self._url, content=self._pieces(), headers=self._headers)

    async def _pieces(self) -> AsyncIterator[bytes]:
        yield b"--x\r\nContent-Disposition: form-data; name=photo; filename=a.jpg\r\n\r\n"
        self.begun.set()
        await self._enough.wait()
        yield b"\r\n--x--\r\n"

    async def end(self) -> int:
        self._enough.set()
        return (await self.answer).status_code


def pages() -> APIRouter:
    router = APIRouter()

    @router.post("/photos")
    async def send(caller: Annotated[Caller, Allow(*Role)], sent: Annotated[Sent[Photo], Form()]) -> None: ...

    @router.post("/notes")
    async def note(caller: Annotated[Caller, Allow(*Role)], sent: Annotated[Sent[Note], Form()]) -> None: ...

    return router


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with served(app_with(pages=[pages()])) as url:
        yield url


async def refused(url: str, role: Role, person: UUID, client: str) -> bool:
    """Whether one upload more is turned away."""
    one = Coming(url, role, person, client)
    status = await one.end()
    assert status in {200, 429}
    if status == httpx.codes.TOO_MANY_REQUESTS:
        assert (await one.answer).headers["Retry-After"]
    return status == httpx.codes.TOO_MANY_REQUESTS


async def hold(url: str, stack: AsyncExitStack, role: Role, persons: Sequence[UUID]) -> None:
    """One upload of each, all from the same place."""
    for person in persons:
        one = Coming(url, role, person, "203.0.113.1")
        await asyncio.wait_for(one.begun.wait(), 10)
        stack.push_async_callback(one.end)


async def test_a_person_sends_a_few_files_at_once(url: str) -> None:
    ada = uuid4()
    async with AsyncExitStack() as stack:
        await hold(url, stack, Role.OPS, [ada] * 4)

        assert await refused(url, Role.OPS, ada, "203.0.113.1")
        assert not await refused(url, Role.OPS, uuid4(), "203.0.113.1")

    assert not await refused(url, Role.OPS, ada, "203.0.113.1")


async def test_many_who_come_from_one_place_leave_room_for_others(url: str) -> None:
    async with AsyncExitStack() as stack:
        await hold(url, stack, Role.CUSTOMER, [uuid4() for _ in range(8)])

        assert await refused(url, Role.CUSTOMER, uuid4(), "203.0.113.1")
        assert not await refused(url, Role.MAKER, uuid4(), "203.0.113.1")
        assert not await refused(url, Role.CUSTOMER, uuid4(), "203.0.113.2")


async def test_a_process_takes_as_many_as_there_is_room_for(url: str) -> None:
    async with AsyncExitStack() as stack:
        await hold(url, stack, Role.OPS, [uuid4() for _ in range(MOST)])

        assert await refused(url, Role.OPS, uuid4(), "203.0.113.2")


async def test_a_body_that_trickles_is_ended_by_its_size(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SECONDS", -1000.0)
    one = Coming(url, Role.OPS, uuid4(), "203.0.113.1")

    assert await one.end() == httpx.codes.REQUEST_TIMEOUT


async def test_a_client_whose_bodies_do_not_end_keeps_nobody_else_out(url: str) -> None:
    """Each is a connection of the edge to this process, which has only so many for everybody."""
    slow = [Coming(url, Role.CUSTOMER, uuid4(), "203.0.113.1", "/notes") for _ in range(MOST_COMING)]
    await asyncio.wait_for(asyncio.gather(*(one.begun.wait() for one in slow)), 10)

    of_the_same = Coming(url, Role.CUSTOMER, uuid4(), "203.0.113.1", "/notes")
    of_another = Coming(url, Role.CUSTOMER, uuid4(), "203.0.113.2", "/notes")
    statuses = await of_the_same.end(), await of_another.end()
    async with httpx.AsyncClient() as browser:
        looks = await browser.get(f"{url}/nothing", headers={"X-Forwarded-For": "203.0.113.1"})

    assert statuses == (429, 200)
    assert (await of_the_same.answer).headers["Retry-After"]
    assert looks.status_code == 404
    assert {await one.end() for one in slow} == {200}
    assert await Coming(url, Role.CUSTOMER, uuid4(), "203.0.113.1", "/notes").end() == 200
