"""The price range that anybody may ask for: a line of the form, a page, and JSON."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.quotes.main import web
from shared.postgres.database import Database
from tests.support.quotes import kernel_of
from tests.support.web import client_of

RING = {"craft": "jewellery", "offering": "engraved-ring", "version": "1"}
PATHS = ("/api/v1/quotes/estimate", "/quotes/estimate")


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def test_a_stranger_reads_the_range_with_vat(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATHS[0], params={**RING, "metal": "silver_925", "engraving": "ignored"})
    line = await client.get(PATHS[1], params={**RING, "metal": "silver_925"}, headers={"HX-Request": "true"})
    page = await client.get(PATHS[1], params=RING)

    assert answer.json() == {
        "least": {"minor": 60972, "currency": "EUR"},
        "most": {"minor": 88206, "currency": "EUR"},
    }
    assert "<strong>€609.72</strong> and <strong>€882.06</strong>" in line.text
    assert "VAT included." in line.text
    assert "<html" not in line.text
    assert "<h1>What it may cost</h1>" in page.text


@pytest.mark.parametrize("country", ["", "XX", "DE", "AT", "US"])
async def test_the_country_of_delivery_is_taken_as_the_quote_takes_it(client: httpx.AsyncClient, country: str) -> None:
    answer = await client.get(PATHS[0], params={**RING, "metal": "silver_925", "delivery_country": country})

    assert answer.json()["least"]["minor"] == 60972, "without other rules it has the studio's own VAT"


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"version": "99"}, 404), ({"offering": "none"}, 404), ({"version": "x"}, 422), ({"craft": "x" * 61}, 422)],
)
@pytest.mark.parametrize("path", PATHS)
async def test_what_is_not_offered_is_answered_so(
    client: httpx.AsyncClient, path: str, changed: dict[str, str], status: int
) -> None:
    assert (await client.get(path, params=RING | changed)).status_code == status
