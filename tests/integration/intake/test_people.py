"""Joining, staying signed in, signing out, and the one-machine stack's links."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.people import SEEDED
from shared.contracts.people import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    ORIGIN,
    Program,
    app_of,
    browser,
    facts_about,
    kernel_of,
    local_link,
    signed_in,
    token,
)

WHO = {"name": "Ada Lovelace", "email": "ada@example.org"}


async def test_a_stranger_is_led_to_the_form_through_the_sign_up(visitor: httpx.AsyncClient) -> None:
    asked = await visitor.get("/commissions/new/jewellery/engraved-ring")
    renewing = await visitor.get(asked.headers["location"])
    joining = await visitor.get(renewing.headers["location"])
    joined = await visitor.post("/sign-up", data={**WHO, "next": "/commissions/new/jewellery/engraved-ring"})
    form = await visitor.get(joined.headers["location"])

    assert [asked.status_code, renewing.status_code, joining.status_code] == [303, 303, 200]
    assert 'name="next" value="/commissions/new/jewellery/engraved-ring"' in joining.text
    assert (joined.status_code, joined.headers["location"]) == (303, "/commissions/new/jewellery/engraved-ring")
    assert "Ask for a ring" in form.text


async def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(visitor: httpx.AsyncClient) -> None:
    joined = await visitor.post("/sign-up", data=WHO)

    cookies = joined.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {COOKIES.token, COOKIES.session}
    for cookie in cookies:
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}


async def test_over_plain_http_the_cookies_are_such_as_a_browser_keeps(database: Database) -> None:
    origin = "http://studio.test"
    app = app_of(await kernel_of(database, public_url=origin))

    async with browser(app, at=origin) as visitor:
        joined = await visitor.post("/sign-up", data=WHO)
        cookies = joined.headers.get_list("set-cookie")
        listed = await visitor.get("/commissions")
        signed_out = await visitor.post("/sign-out", data={"sure": "yes"})

    assert {cookie.partition("=")[0] for cookie in cookies} == {"touchmark", "touchmark-session"}
    for cookie in [*cookies, *signed_out.headers.get_list("set-cookie")]:
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Secure" not in cookie
    assert (listed.status_code, signed_out.status_code) == (200, 303)
    assert not visitor.cookies


async def test_one_client_joins_so_often_an_hour_over_page_and_api(database: Database) -> None:
    app = app_of(await kernel_of(database, joins_an_hour=2))
    stranger, other = (httpx.ASGITransport(app, client=(f"203.0.113.{number}", 1)) for number in (7, 8))

    async with (
        httpx.AsyncClient(transport=stranger, base_url=ORIGIN) as client,
        httpx.AsyncClient(transport=other, base_url=ORIGIN) as elsewhere,
    ):
        await client.post("/sign-up", data={"name": "", "email": ""})  # nobody joins by what is refused
        by_page = await client.post("/sign-up", data=WHO)
        client.cookies.clear()
        by_api = await client.post("/api/v1/intake/people", json=WHO)
        page, api = await client.post("/sign-up", data=WHO), await client.post("/api/v1/intake/people", json=WHO)
        there = await elsewhere.post("/api/v1/intake/people", json=WHO)

    assert (by_page.status_code, by_api.status_code) == (303, 201)
    assert (page.status_code, api.status_code, there.status_code) == (429, 429, 201)
    assert "too often from your network" in page.text
    assert int(page.headers["Retry-After"]) == int(api.headers["Retry-After"]) > 3000


async def test_the_same_address_twice_is_two_people(app: FastAPI, database: Database) -> None:
    first, second = await Program(app).join(), await Program(app).join()
    commission = await first.commission()

    assert first.person != second.person
    assert (await second.http.get(f"/commissions/{commission}")).status_code == 404
    assert first.person
    assert await facts_about(database, first.person) == ["PersonRecorded"]


async def test_signing_up_again_does_not_lose_who_one_is(customer: httpx.AsyncClient) -> None:
    before = dict(customer.cookies)

    asked = await customer.get("/sign-up?next=/commissions")
    again = await customer.post("/sign-up", data=WHO)
    customer.cookies.delete(COOKIES.token)
    over = await customer.get("/sign-up?next=/commissions")

    assert "You are already signed in" in asked.text
    assert "You are already signed in" in again.text
    assert (over.status_code, over.headers["location"]) == (303, "/session/renew?next=%2Fcommissions")
    assert before[COOKIES.session] == customer.cookies[COOKIES.session]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\t/evil.example",
        "evil.example",
        "/\x00",
    ],
)
async def test_the_sign_up_leads_nowhere_else(visitor: httpx.AsyncClient, target: str) -> None:
    joined = await visitor.post("/sign-up", data={**WHO, "next": target})
    renewed = await visitor.get("/session/renew", params={"next": target})

    assert joined.headers["location"] == "/"
    assert renewed.headers["location"] == "/"


async def test_a_token_that_is_over_is_renewed_from_the_session_on_the_way(customer: httpx.AsyncClient) -> None:
    customer.cookies.delete(COOKIES.token)

    asked = await customer.get("/commissions?limit=7")
    renewed = await customer.get(asked.headers["location"])
    shown = await customer.get(renewed.headers["location"])

    assert (renewed.status_code, renewed.headers["location"]) == (303, "/commissions?limit=7")
    assert shown.status_code == 200


async def test_a_form_sent_after_its_token_was_over_arrives_all_the_same(customer: httpx.AsyncClient) -> None:
    customer.cookies.delete(COOKIES.token)
    body = {"reason": "other"}

    sent = await customer.post("/commissions", data=body)
    renewed = await customer.post(sent.headers["location"], data=body)

    assert (sent.status_code, renewed.status_code) == (307, 307)
    assert renewed.headers["location"] == "/commissions"
    assert customer.cookies.get(COOKIES.token)


async def test_a_session_that_was_signed_out_renews_nothing(customer: httpx.AsyncClient) -> None:
    secret = customer.cookies[COOKIES.session]
    kept = {"Cookie": f"{COOKIES.session}={secret}"}

    left = await customer.post("/sign-out", data={"sure": "yes"})
    assert (left.status_code, left.headers["location"]) == (303, "/")
    assert not customer.cookies.get(COOKIES.token)
    renewed = await customer.get("/session/renew?next=/commissions", headers=kept)

    assert (renewed.status_code, renewed.headers["location"]) == (303, "/sign-in?next=%2Fcommissions")


async def test_a_customer_is_asked_before_signing_out(customer: httpx.AsyncClient) -> None:
    asked = await customer.post("/sign-out", headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert asked.status_code == 200
    assert "Sign out of this browser?" in asked.text
    assert (await customer.get("/commissions")).status_code == 200


async def test_a_session_ends_when_it_was_not_used_for_long(database: Database) -> None:
    now = system_clock()
    app = app_of(await kernel_of(database, clock=lambda: now, session_days=30))
    ada = await Program(app).join()

    now += timedelta(days=29)
    assert (await ada.http.post("/session/renew", json={"session": ada.session})).status_code == 200
    now += timedelta(days=29)
    assert (await ada.http.post("/session/renew", json={"session": ada.session})).status_code == 200
    now += timedelta(days=30, seconds=1)
    assert (await ada.http.post("/session/renew", json={"session": ada.session})).status_code == 401


async def test_a_renewed_token_is_the_same_persons(ada: Program) -> None:
    renewed = await ada.http.post("/session/renew", json={"session": ada.session})

    said = renewed.json()
    assert (UUID(said["person"]), said["role"]) == (ada.person, "customer")
    assert "session" not in said
    ada.http.headers["Authorization"] = f"Bearer {said['token']}"
    assert (await ada.http.get("/commissions")).status_code == 200


async def test_a_program_signs_out_for_good(ada: Program) -> None:
    assert (await ada.http.delete("/session")).status_code == 204
    assert (await ada.http.post("/session/renew", json={"session": ada.session})).status_code == 401


@pytest.mark.parametrize("secret", ["x", "x" * 200, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
async def test_a_made_up_session_is_none(ada: Program, secret: str) -> None:
    assert (await ada.http.post("/session/renew", json={"session": secret})).status_code == 401


@pytest.mark.parametrize(("role", "home"), [(Role.OPS, "/ops"), (Role.MAKER, "/bench")])
async def test_a_sign_in_link_works_once_and_looking_at_it_does_not_use_it_up(
    app: FastAPI, visitor: httpx.AsyncClient, database: Database, role: Role, home: str
) -> None:
    given = local_link(role)

    for _ in range(2):
        assert f"Sign in as {role.value}" in (await visitor.get("/sign-in/local", params={"link": given})).text
    first = await visitor.post("/sign-in/local", data={"link": given})
    async with browser(app) as other:
        second = await other.post("/sign-in/local", data={"link": given})
        assert not other.cookies

    assert (first.status_code, first.headers["location"]) == (303, home)
    assert second.status_code == 403
    assert "Make a new one." in second.text
    async with database.transaction() as tx:
        rows = await tx.connection.fetch("SELECT person FROM person WHERE person = $1", SEEDED[role].person)
    assert len(rows) == 1
    assert await facts_about(database, rows[0]["person"]) == ["PersonRecorded"]


async def test_a_program_signs_in_by_a_local_link_once(ada: Program) -> None:
    given = local_link(Role.OPS)

    first = await ada.http.post("/session/local-link", json={"link": given})
    second = await ada.http.post("/session/local-link", json={"link": given})

    assert (first.status_code, first.json()["role"]) == (201, "ops")
    assert second.status_code == 403


async def test_a_sign_in_token_is_no_local_link(ada: Program) -> None:
    token = ada.http.headers["Authorization"].removeprefix("Bearer ")

    assert (await ada.http.post("/session/local-link", json={"link": token})).status_code == 403


async def test_without_local_link_keys_there_are_no_local_links(database: Database) -> None:
    app = app_of(await kernel_of(database, local_link_keys=""))
    async with browser(app) as visitor:
        assert (await visitor.get("/sign-in/local", params={"link": local_link(Role.OPS)})).status_code == 404
        assert (await visitor.post("/sign-in/local", data={"link": local_link(Role.OPS)})).status_code == 404


@pytest.mark.parametrize("typed", ["\x00", "ada", "a" * 2_000 + "@example.org"])
async def test_what_is_no_address_is_nobodys(app: FastAPI, typed: str) -> None:
    desk = Program(app)
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"

    by_api = await desk.http.get("/people/by-address", params={"email": typed})
    async with signed_in(app, Role.OPS) as page:
        by_page = await page.get("/people", params={"address": typed})

    assert (by_api.status_code, by_page.status_code) == (422, 200)
    assert "Nobody is known by this address." in by_page.text


async def test_another_site_can_sign_nobody_in(app: FastAPI) -> None:
    async with browser(app) as visitor:
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
        answer = await visitor.post("/sign-up", data=WHO, headers=headers)

    assert answer.status_code == 403
    assert str(answer.request.url).startswith(ORIGIN)
