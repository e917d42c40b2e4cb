"""Quotes over HTTP: the desk as a page and as JSON, for ops."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.quotes import Quotes, brief, kernel_of
from tests.support.web import bearer, client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def test_the_api_shows_the_lines_beside_the_brief(client: httpx.AsyncClient, quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    draft = await quotes.draft(commission)

    answer = await client.get(f"/api/v1/quotes/commissions/{commission}/quote", headers=bearer(Role.OPS))

    shown = answer.raise_for_status().json()
    assert shown["brief"]["version"] == 1
    assert shown["quote"]["price"]["total"] == draft.total.model_dump()
    metal = shown["quote"]["price"]["lines"][0]
    assert (metal["quantity"], metal["unit"], metal["unit_price"]) == ("5.59", "g", {"minor": 7048, "currency": "EUR"})


async def test_a_brief_without_a_quote_says_that_the_lines_are_on_their_way(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))

    page = await client.get(f"/quotes/{commission}", headers=cookie(Role.OPS))
    answer = await client.get(f"/api/v1/quotes/commissions/{commission}/quote", headers=bearer(Role.OPS))

    assert "On its way" in page.raise_for_status().text
    assert answer.raise_for_status().json()["quote"] is None


async def test_a_commission_that_no_fact_mentions_is_missing(client: httpx.AsyncClient) -> None:
    page = await client.get(f"/quotes/{new_id()}", headers=cookie(Role.OPS))
    answer = await client.get(f"/api/v1/quotes/commissions/{new_id()}/quote", headers=bearer(Role.OPS))

    assert (page.status_code, answer.status_code) == (404, 404)
    assert "load the page again in a moment" in page.text


async def test_quotes_are_listed_newest_first_in_pages(client: httpx.AsyncClient, quotes: Quotes) -> None:
    drafted = []
    for _ in range(3):
        commission = new_id()
        await quotes.record_brief(brief(commission))
        await quotes.draft(commission)
        drafted.append(str(commission))

    seen, after = [], ""
    while True:
        answer = await client.get(f"/api/v1/quotes/quotes?limit=2{after}", headers=bearer(Role.OPS))
        page = answer.raise_for_status().json()
        seen += [each["commission"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert len(seen) == len(set(seen))
    assert set(drafted) <= set(seen)


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MAKER])
async def test_nobody_but_ops_sees_the_desk(client: httpx.AsyncClient, role: Role) -> None:
    for path in ("/api/v1/quotes/quotes", f"/api/v1/quotes/commissions/{new_id()}/quote"):
        assert (await client.get(path, headers=bearer(role))).status_code == 403
    for path in ("/quotes", "/quotes/payments", f"/quotes/{new_id()}/adjust"):
        assert (await client.get(path, headers=cookie(role))).status_code == 403


async def test_what_a_customer_wrote_is_shown_as_text(client: httpx.AsyncClient, quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission, why="<script>alert(1)</script>"))

    page = await client.get(f"/quotes/{commission}", headers=cookie(Role.OPS))

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_what_is_published_and_read_on_kafka_is_described(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/quotes/asyncapi.json")

    channels = answer.raise_for_status().json()["channels"].values()
    assert {channel["address"] for channel in channels} == {
        "touchmark.quotes",
        "touchmark.payments",
        "touchmark.documents",
        "touchmark.failures",
        "touchmark.briefs",
        "touchmark.commissions",
        "touchmark.lifecycle",
        "touchmark.people",
        "touchmark.texts",
    }
