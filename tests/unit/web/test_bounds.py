"""How much of a body is taken, and how little it costs to refuse the rest."""

import json
import time
from contextlib import suppress
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Form, UploadFile
from pydantic import BaseModel, Field

from shared.auth.roles import Caller
from shared.kernel.problems import Problem
from shared.kernel.text import Line, Prose
from shared.web import bounds
from shared.web.access import Public
from shared.web.bodies import Body, JsonBody
from shared.web.forms import MULTIPART, Sent
from shared.web.validation import MOST_LISTED
from tests.support.web import app_with, client_of

Anybody = Annotated[Caller | None, Public()]
API = "/api/v1/intake"
FORM = "application/x-www-form-urlencoded"


class Short(Body):
    name: Annotated[str, Line(longest=40)] = ""
    lists: list[Any] = Field(default_factory=list)


class Long(Body):
    words: Annotated[str, Prose(longest=2000)] | None = None


class WithPhoto(BaseModel):
    photo: UploadFile | None = None


def api() -> APIRouter:
    router = APIRouter()

    @router.post("/short")
    async def short(given: JsonBody[Short], _: Anybody) -> None: ...
    @router.post("/long")
    async def long(given: Long, _: Anybody) -> None: ...
    @router.post("/answers")
    async def answers(answers: dict[str, str], _: Anybody) -> None: ...
    @router.post("/upload")
    async def upload(photo: UploadFile, name: Annotated[str, Form()], _: Anybody) -> None: ...
    @router.delete("/nothing")
    async def nothing(_: Anybody) -> None: ...

    return router


def pages() -> APIRouter:
    router = APIRouter()

    @router.post("/short")
    async def short(sent: Annotated[Sent[Short], Form()], _: Anybody) -> None: ...
    @router.post("/long")
    async def long(sent: Annotated[Sent[Long], Form()], _: Anybody) -> None: ...
    @router.post("/photo")
    async def photo(sent: Annotated[Sent[WithPhoto], Form()], _: Anybody) -> None: ...
    @router.post("/chosen")
    async def chosen(sent: Annotated[Sent[Short], Form(media_type=MULTIPART)], _: Anybody) -> None: ...

    return router


async def send(path: str, body: bytes, media: str = "application/json", method: str = "POST") -> Any:
    async with client_of(app_with([api()], [pages()])) as client:
        return await client.request(method, path, content=body, headers={"Content-Type": media})


LARGEST = {
    f"{API}/short": bounds.PLAIN_BYTES,
    f"{API}/long": bounds.JSON_BYTES,
    f"{API}/answers": bounds.JSON_BYTES,
    f"{API}/upload": bounds.UPLOAD_BYTES,
    f"{API}/nowhere": bounds.PLAIN_BYTES,
    "/short": bounds.PLAIN_BYTES,
    "/long": bounds.PROSE_BYTES,
    "/photo": bounds.UPLOAD_BYTES,
    "/chosen": bounds.UPLOAD_BYTES,
}


@pytest.mark.parametrize(("path", "largest"), LARGEST.items(), ids=LARGEST)
async def test_a_body_is_as_large_as_its_route_expects(path: str, largest: int) -> None:
    media = "multipart/form-data; boundary=x" if largest == bounds.UPLOAD_BYTES else FORM

    assert (await send(path, b"x" * largest, media)).status_code != 413
    assert (await send(path, b"x" * (largest + 1), media)).status_code == 413


async def test_what_is_too_large_is_said_in_its_own_unit() -> None:
    assert "at most 16 KB." in (await send(f"{API}/short", b"x" * 20_000)).json()["detail"]
    assert "at most 256 KB." in (await send(f"{API}/long", b"x" * 2_000_000)).json()["detail"]
    assert "at most 1 MB." in (await send("/long", b"x" * 2_000_000, FORM)).text


async def test_a_route_that_reads_nothing_takes_little() -> None:
    assert (await send(f"{API}/nothing", b"x" * 20_000, method="DELETE")).status_code == 413


@pytest.mark.parametrize("depth", [21, 400, *range(800, 1100, 10), 8000])
async def test_lists_within_lists_are_refused_and_never_a_fault(depth: int) -> None:
    for body in ("[" * depth + "]" * depth, '{"lists":' + "[" * depth + "]" * depth + "}"):
        answer = await send(f"{API}/short", body.encode())

        assert answer.status_code in {400, 413}, depth


@pytest.mark.parametrize("path", [f"{API}/long", f"{API}/answers"])
@pytest.mark.parametrize("many", [20_000, 80_000])
async def test_a_hundred_thousand_fields_cost_next_to_nothing(path: str, many: int) -> None:
    body = json.dumps({f"k{each}": 0 for each in range(many)}).encode()
    started = time.process_time()

    answer = await send(path, body)

    assert answer.status_code == 413
    assert time.process_time() - started < 0.5
    assert len(answer.content) < 1000


async def test_twenty_problems_are_listed_and_the_rest_is_counted() -> None:
    body = json.dumps({"x" * 300 if not each else f"k{each}": 0 for each in range(100)}).encode()

    fields = (await send(f"{API}/short", body)).json()["fields"]

    assert len(fields) == MOST_LISTED + 1
    assert all(len(each["field"]) <= 200 for each in fields)
    assert fields[-1]["message"] == "80 more fields are wrong."


@pytest.mark.parametrize("text", [b'"', b'\\"', b'"\\', b"\\", b'"\\"', b"[[[[", b'{"', b'","'])
def test_an_outline_takes_time_by_its_length_alone(text: bytes) -> None:
    body = text * (bounds.PROSE_BYTES // len(text))
    started = time.process_time()

    with suppress(Problem):
        bounds.check_json(body)

    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
async def test_json_is_read_in_utf_8_alone(encoding: str) -> None:
    body = json.dumps({"name": "Zoë"}, ensure_ascii=False).encode(encoding)

    assert (await send(f"{API}/short", body)).status_code == 400


async def test_brackets_in_a_text_are_text() -> None:
    body = json.dumps({"words": '[{"' * 600 + "\\"}).encode()

    assert (await send(f"{API}/long", body)).status_code == 200
