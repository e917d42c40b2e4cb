"""What only a real server shows: bodies that are refused while they come, and clients that leave."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Form
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from shared.auth.roles import Caller, Role
from shared.web import app as module
from shared.web.access import Public
from shared.web.forms import MULTIPART, Sent
from tests.support.waiting import until
from tests.support.web import app_with, bearer, served

Anybody = Annotated[Caller | None, Public()]


class Uploads:
    """Counts what arrives, and what does not."""

    def __init__(self) -> None:
        self.taken = 0
        self.left = 0

    def routes(self) -> APIRouter:
        uploads = self

        class Watched(APIRoute):
            """Sees also what ends while a body is read, which is before the route itself runs."""

            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                handle = super().get_route_handler()

                async def watch(request: Request) -> Response:
                    try:
                        return await handle(request)
                    except asyncio.CancelledError:
                        uploads.left += 1
                        raise

                return watch

        router = APIRouter(route_class=Watched)

        @router.post("/uploads")
        async def upload(sent: Annotated[Sent[BaseModel], Form(media_type=MULTIPART)], _: Anybody) -> dict[str, int]:
            self.taken += 1
            return {"bytes": sum(file.size or 0 for file in sent.form.files.values())}

        return router


@pytest.fixture
async def uploads() -> Uploads:
    return Uploads()


@pytest.fixture
async def client(uploads: Uploads) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        served(app_with(pages=[uploads.routes()])) as url,
        httpx.AsyncClient(base_url=url, headers=bearer(Role.CUSTOMER)) as client,
    ):
        yield client


async def test_fifty_megabytes_are_refused_with_an_answer_that_arrives(
    client: httpx.AsyncClient, uploads: Uploads
) -> None:
    answer = await client.post("/uploads", files={"reference": ("ring.jpg", b"\xff" * 50_000_000)})

    assert answer.status_code == 413
    assert "at most 16 MB" in answer.text
    assert uploads.taken == 0
    assert (await client.post("/uploads", files={"reference": ("ring.jpg", b"\xff")})).json() == {"bytes": 1}


async def test_a_photo_of_fifteen_megabytes_comes_in(client: httpx.AsyncClient) -> None:
    answer = await client.post("/uploads", files={"reference": ("ring.jpg", b"\xff" * 15_000_000)})

    assert answer.json() == {"bytes": 15_000_000}


async def test_an_upload_may_take_longer_than_a_request_as_long_as_it_moves(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.REQUEST_SECONDS < 60
    moving = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"--x\r\nContent-Disposition: form-data; name=why\r\n\r\n"
        for piece in range(5):
            # five pieces, each in nearly the time that is allowed for one
            await asyncio.wait({asyncio.ensure_future(moving.wait())}, timeout=0.15)
            yield f"{piece}".encode()
        yield b"\r\n--x--\r\n"

    uploads = Uploads()
    monkeypatch.setattr(module, "REQUEST_SECONDS", 0.4)
    async with served(app_with(pages=[uploads.routes()])) as url:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = await client.post(f"{url}/uploads", content=pieces(), headers=headers)

    assert answer.json() == {"bytes": 0}


async def test_a_stalled_upload_is_ended(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REQUEST_SECONDS", 0.2)
    uploads, asleep = Uploads(), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"--x\r\n"
        await asleep.wait()

    async with served(app_with(pages=[uploads.routes()])) as url:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        sending = asyncio.create_task(client.post(f"{url}/uploads", content=pieces(), headers=headers))
        await until("it is given up", lambda: uploads.left == 1)
        sending.cancel()

    assert uploads.taken == 0
