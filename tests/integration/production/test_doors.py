"""Production over HTTP: what the bench has promised, as a page and as JSON, for makers and ops."""

import re
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from services.production.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.production import MAKER, Production, kernel_of
from tests.support.web import bearer, client_of, cookie


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


@pytest.mark.parametrize("role", [Role.MAKER, Role.OPS])
async def test_the_bench_sees_what_is_held(client: httpx.AsyncClient, production: Production, role: Role) -> None:
    commission = new_id()
    held = await production.hold(commission, needed_by=date(2026, 12, 1))

    answer = await client.get("/api/v1/production/promises?state=held&limit=1", headers=bearer(role, MAKER.person))
    page = await client.get("/bench/promises", headers=cookie(role, MAKER.person))

    (shown,) = answer.raise_for_status().json()["items"]
    assert (shown["promise"], shown["ready_by"]) == (str(held.promise), held.ready_by.isoformat())
    assert sum(each["minutes"] for each in shown["hours"]) == shown["hands_on_minutes"]
    text = page.raise_for_status().text
    assert "Needed earlier" in text
    assert "Bend, close the joint and solder" in text
    assert (f"/ops/commissions/{commission}" in text) == (role is Role.OPS)


async def test_released_promises_are_no_longer_on_the_page(client: httpx.AsyncClient, production: Production) -> None:
    commission = new_id()
    held = await production.hold(commission)
    await production.release(commission, held.promise)

    page = await client.get("/bench/promises", headers=cookie(Role.MAKER, MAKER.person))
    answer = await client.get("/api/v1/production/promises?state=released", headers=bearer(Role.MAKER, MAKER.person))

    assert str(held.promise) not in page.text
    assert str(held.promise) in answer.text


async def test_a_maker_reads_their_own_promises_alone(client: httpx.AsyncClient, production: Production) -> None:
    held = await production.hold(new_id())

    answer = await client.get("/api/v1/production/promises", headers=bearer(Role.MAKER))
    page = await client.get("/bench/promises", headers=cookie(Role.MAKER))

    assert answer.raise_for_status().json()["items"] == []
    assert str(held.promise) not in page.raise_for_status().text
    assert "Needed" not in page.text


@pytest.mark.parametrize("path", ["/bench/commissions/{}", "/bench/commissions/{}/photos/{}"])
async def test_to_another_maker_a_commission_whose_hours_are_held_is_one_that_there_is_not(
    client: httpx.AsyncClient, production: Production, path: str
) -> None:
    held, photo = new_id(), new_id()
    await production.hold(held)

    there, not_there = [
        await client.get(path.format(commission, photo), headers=cookie(Role.MAKER)) for commission in (held, new_id())
    ]

    assert there.status_code == not_there.status_code == httpx.codes.NOT_FOUND
    assert bare(there) == bare(not_there)


def bare(answer: httpx.Response) -> str:
    """The page without what names this one request."""
    text = answer.text.replace(answer.headers["X-Request-Id"], "")
    return re.sub(r"nonce=\"[^\"]*\"", "", text).replace(answer.request.url.path, "")


async def test_customers_see_no_bench(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/production/promises", headers=bearer(Role.CUSTOMER))).status_code == 403
    for path in ("/bench/promises", "/bench/promises/live"):
        assert (await client.get(path, headers=cookie(Role.CUSTOMER))).status_code == 403


async def test_a_state_that_there_is_not_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/production/promises?state=lost", headers=bearer(Role.MAKER))

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_is_published_and_read_on_kafka_is_described(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/production/asyncapi.json")

    channels = answer.raise_for_status().json()["channels"].values()
    assert {channel["address"] for channel in channels} == {
        "touchmark.production",
        "touchmark.failures",
        *("touchmark.commissions", "touchmark.people", "touchmark.briefs", "touchmark.texts"),
    }
