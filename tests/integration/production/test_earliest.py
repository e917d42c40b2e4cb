"""The earliest honest day, asked by anybody: worked out once in a while, and bounded."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from services.production.actions.earliest import GOOD_FOR, EarliestDays
from services.production.main import web
from shared.kernel.ids import new_id
from shared.offerings.key import OfferingKey
from shared.postgres.database import Database
from tests.support.production import Production, kernel_of
from tests.support.web import client_of

RING = {"craft": "jewellery", "offering": "engraved-ring", "version": "1"}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def test_it_is_the_day_that_a_quote_would_have_and_takes_no_hours(
    client: httpx.AsyncClient, production: Production
) -> None:
    previewed = await production.preview()

    answers = [(await client.get("/api/v1/production/earliest", params=RING)).json() for _ in range(3)]

    assert answers == [{"ready_by": previewed.ready_by.isoformat()}] * 3
    assert await production.preview() == previewed


async def test_the_form_reads_it_as_a_line_and_a_browser_without_scripts_as_a_page(client: httpx.AsyncClient) -> None:
    line = await client.get("/bench/earliest", params=RING, headers={"HX-Request": "true"})
    page = await client.get("/bench/earliest", params=RING)

    assert "The earliest day that we can promise now is <strong>Thursday, 24 December 2026" in line.text
    assert "<html" not in line.text
    assert "<h1>The earliest day</h1>" in page.text


@pytest.mark.parametrize(
    ("needed", "said"), [("2026-12-23", True), ("2026-12-24", False), ("soon", False), ("", False)]
)
async def test_a_day_that_is_too_early_is_said_at_once(client: httpx.AsyncClient, needed: str, *, said: bool) -> None:
    answer = await client.get("/bench/earliest", params={**RING, "needed_by": needed})

    assert answer.status_code == 200
    assert ("Not by the day you need it" in answer.text) is said


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"version": "99"}, 404), ({"offering": "none"}, 404), ({"version": "0"}, 422), ({"craft": "x" * 61}, 422)],
)
async def test_what_is_not_offered_is_answered_so(
    client: httpx.AsyncClient, changed: dict[str, str], status: int
) -> None:
    answers = [
        await client.get(path, params=RING | changed) for path in ("/api/v1/production/earliest", "/bench/earliest")
    ]

    assert [answer.status_code for answer in answers] == [status, status]


async def test_however_many_ask_at_once_it_is_worked_out_once_in_a_while(production: Production) -> None:
    days, key = EarliestDays(production.database), OfferingKey("jewellery", "engraved-ring", 1)

    first = await asyncio.gather(*(days.of(key, production.context) for _ in range(20)))
    for _ in range(3):
        await production.hold(new_id())
    again = await days.of(key, production.context)
    production.now += GOOD_FOR + timedelta(seconds=1)
    later = await days.of(key, production.context)

    assert all(each is first[0] for each in first)
    assert again is first[0]
    assert later.ready_by is not None
    assert first[0].ready_by is not None
    assert later.ready_by > first[0].ready_by
