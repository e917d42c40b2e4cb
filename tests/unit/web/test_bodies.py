"""JSON is taken as its schema says, no more."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from pydantic import Field

from shared.auth.roles import Caller
from shared.kernel.text import Line
from shared.web.access import Public
from shared.web.bodies import Body, JsonBody
from tests.support.web import app_with, client_of

GOOD: dict[str, Any] = {
    "name": "Ring",
    "size": 54,
    "day": "2027-05-31",
    "maker": "01a2069e-4853-7005-a5dd-85d56fc48802",
    "stones": [{"carat": 1}],
}


class Stone(Body):
    carat: int


class Ring(Body):
    name: Annotated[str, Line(longest=40)]
    size: int
    day: date
    maker: UUID
    stones: list[Stone] = Field(default_factory=list)


async def send(body: object) -> tuple[int, Any]:
    router = APIRouter()

    @router.post("/rings")
    async def make(ring: JsonBody[Ring], _: Annotated[Caller | None, Public()]) -> Ring:
        return ring

    async with client_of(app_with([router])) as client:
        answer = await client.post("/api/v1/intake/rings", json=body)
        return answer.status_code, answer.json()


async def test_what_fits_is_taken() -> None:
    assert await send(GOOD) == (200, GOOD)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": 0}, "/day"),
        ({"size": "54"}, "/size"),
        ({"size": 54.5}, "/size"),
        ({"size": True}, "/size"),
        ({"maker": "me"}, "/maker"),
        ({"name": 7}, "/name"),
        ({"nome": "x"}, "/nome"),
        ({"stones": [{"carat": "1"}]}, "/stones/0/carat"),
        ({"stones": [{"carat": 1}, 7]}, "/stones/1"),
    ],
)
async def test_what_does_not_fit_is_named(change: dict[str, object], field: str) -> None:
    status, problem = await send({**GOOD, **change})

    assert status == 422
    assert [found["field"] for found in problem["fields"]] == [field]


@pytest.mark.parametrize("body", [None, 7, "x", [], {}])
async def test_what_is_no_ring_at_all_is_refused(body: object) -> None:
    status, problem = await send(body)

    assert status == 422
    assert problem["fields"]


async def test_another_format_is_not_guessed_at() -> None:
    router = APIRouter()

    @router.post("/rings")
    async def make(ring: JsonBody[Ring], _: Annotated[Caller | None, Public()]) -> Ring:
        return ring

    async with client_of(app_with([router])) as client:
        answer = await client.post("/api/v1/intake/rings", content=b"{}", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415
