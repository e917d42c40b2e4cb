"""Who signed in by the studio's own provider and signs out is offered to sign out there too: against a real one."""

import re
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.roles import Role
from shared.postgres.database import Database
from tests.support.intake import COOKIES, ORIGIN, app_of, browser, kernel_of, sign_in_link, signed_in
from tests.support.openid import RunningProvider, running_provider
from tests.support.provider import CALLBACK, Invited, back

OFFER, DONE = "/sign-out/provider", "/sign-out/provider/done"


@pytest.mark.usefixtures("bo_here")
async def test_they_are_led_to_the_provider_by_a_link_and_back_from_there(
    page: httpx.AsyncClient, provider: RunningProvider
) -> None:
    out = await page.post("/sign-out", data={"sure": ""})
    offered = await page.get(OFFER)
    came = urlsplit(await provider.sign_out(link_of(offered)))
    done = await page.get(f"{came.path}?{came.query}")
    again = await page.get(f"{came.path}?{came.query}")

    assert (out.status_code, out.headers["location"]) == (303, OFFER)
    assert COOKIES.token not in page.cookies
    assert "form-action 'self';" in offered.headers["content-security-policy"]
    assert "At Kiln ID you are still signed in" in offered.text
    assert (f"{came.scheme}://{came.netloc}", came.path) == (ORIGIN, DONE)
    assert "Here, and at Kiln ID" in done.text
    assert again.headers["location"] == "/"


@pytest.mark.usefixtures("bo_here")
@pytest.mark.parametrize("way", ["/sessions/end", "/sessions/{this}/end"])
async def test_also_who_signs_out_everywhere_or_here_from_their_own_page(page: httpx.AsyncClient, way: str) -> None:
    answer = await page.get("/api/v1/intake/sessions", headers={"Accept": "application/json"})
    [this] = [each["session"] for each in answer.json() if each["this"]]

    out = await page.post(way.replace("{this}", this))

    assert out.headers["location"] == OFFER


async def test_who_ends_another_session_of_theirs_stays_here(
    app: FastAPI, page: httpx.AsyncClient, bo_here: Invited, provider: RunningProvider
) -> None:
    async with browser(app) as another:
        await another.get(await back(another, provider, bo_here.account()))
        answer = await another.get("/api/v1/intake/sessions", headers={"Accept": "application/json"})
    [that] = [each["session"] for each in answer.json() if each["this"]]

    assert (await page.post(f"/sessions/{that}/end")).headers["location"] == "/sessions"


async def test_who_came_by_mail_is_signed_out_as_ever(app: FastAPI, bo_here: Invited, database: Database) -> None:
    async with browser(app) as other:
        await other.post("/sign-in/link", data={"link": await sign_in_link(database, bo_here.person)})

        out = await other.post("/sign-out", data={"sure": ""})
        offered = await other.get(OFFER)

    assert (out.headers["location"], offered.headers["location"]) == ("/", "/")


@pytest.mark.usefixtures("bo_here")
async def test_nobody_is_told_that_they_are_signed_out_there_who_was_not_sent(
    app: FastAPI, page: httpx.AsyncClient
) -> None:
    await page.post("/sign-out", data={"sure": ""})
    state = page.cookies[COOKIES.leaving]

    async with browser(app) as stranger:
        answers = [
            await stranger.get(DONE, params={"state": state}),
            await page.get(DONE),
            await page.get(DONE, params={"state": "ü" * 22}),
        ]

    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, "/")] * 3


async def test_who_is_signed_in_again_is_not_told_that_they_are_out(
    page: httpx.AsyncClient, bo_here: Invited, provider: RunningProvider
) -> None:
    await page.post("/sign-out", data={"sure": ""})
    await page.get(await back(page, provider, bo_here.account()))

    assert (await page.get(OFFER)).headers["location"] == "/"


async def test_where_the_provider_is_away_or_was_changed_nothing_else_changes(database: Database) -> None:
    async with running_provider(f"{ORIGIN}{CALLBACK}") as short_lived:
        app = app_of(await kernel_of(database, **short_lived.settings()))
        later = app_of(await kernel_of(database, **short_lived.settings()))
        without = app_of(await kernel_of(database))
        somebody, kept = await Invited(app).come(), []
        for _ in range(2):
            async with browser(app) as page:
                await page.get(await back(page, short_lived, somebody.account()))
                kept.append(dict(page.cookies))

    answers = []
    for app_of_later, cookies in zip((later, without), kept, strict=True):
        async with browser(app_of_later) as page:
            for name, value in cookies.items():
                page.cookies.set(name, value, domain="studio.test", path="/")
            answers.append(await page.post("/sign-out", data={"sure": ""}))
            assert COOKIES.token not in page.cookies

    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, "/")] * 2


async def test_a_customer_is_asked_first_as_ever(app: FastAPI) -> None:
    async with signed_in(app, Role.CUSTOMER) as ada:
        assert "Sign out of this browser?" in (await ada.post("/sign-out", data={"sure": ""})).text


def link_of(offered: httpx.Response) -> str:
    found = re.search(r'<a class="button" href="([^"]+)"', offered.text)
    assert found, offered.text
    return unescape(found[1])
