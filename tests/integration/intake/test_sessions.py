"""Where somebody is signed in: listed, ended one by one or all at once, and over for good after a while."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.roles import Role
from shared.contracts.sessions import SessionEnded
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    Program,
    app_of,
    browser,
    facts_about,
    kernel_of,
    local_link,
    newest_fact,
    person_of,
    signed_in,
    token,
)

FIREFOX = {"User-Agent": "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"}


async def come(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    """The seeded maker, in one more browser."""
    client = browser(app)
    client.headers.update(headers)
    answer = await client.post("/sign-in/local", data={"link": local_link(Role.MAKER)})
    assert answer.status_code == 303
    return client


async def renews(client: httpx.AsyncClient) -> bool:
    answer = await client.get("/session/renew?next=/sessions")
    return answer.headers["location"] == "/sessions"


async def own(ada: Program) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = (await ada.http.get("/sessions")).json()
    return listed


async def test_a_session_is_listed_with_its_device(app: FastAPI) -> None:
    phone = await come(app, **FIREFOX)

    page = await phone.get("/sessions")

    assert page.status_code == 200
    assert "Firefox on Android" in page.text
    assert "This device" in page.text


async def test_the_api_lists_the_same_and_says_which_one_asks(ada: Program) -> None:
    [only] = await own(ada)

    assert only["this"] is True
    assert only["last_used_at"] == only["opened_at"]


async def test_ending_one_leaves_the_others_and_is_published(app: FastAPI, database: Database) -> None:
    phone, desk = await come(app), await come(app)
    mine = (await desk.get("/api/v1/intake/sessions", headers={"Accept": "application/json"})).json()
    [this] = [each["session"] for each in mine if each["this"]]

    ended = await phone.post(f"/sessions/{this}/end")
    again = await phone.post(f"/sessions/{this}/end")

    assert (ended.status_code, ended.headers["location"], again.status_code) == (303, "/sessions", 303)
    assert not await renews(desk)
    assert await renews(phone)
    assert await facts_about(database, UUID(this)) == ["SessionEnded"]
    assert (await newest_fact(database, UUID(this), SessionEnded)).session == UUID(this)


async def test_signing_out_everywhere_ends_them_all(app: FastAPI) -> None:
    ada, other = await Program(app).join(), browser(app)
    other.cookies.set(COOKIES.session, ada.session, domain="studio.test", path="/")

    answer = await ada.http.delete("/sessions")

    assert answer.status_code == 204
    assert not await renews(other)
    assert await own(ada) == []


async def test_the_page_forgets_its_cookies_when_it_signs_out_everywhere(customer: httpx.AsyncClient) -> None:
    answer = await customer.post("/sessions/end")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert not customer.cookies


async def test_a_session_of_somebody_else_is_as_one_that_is_missing(ada: Program, ben: Program) -> None:
    [foreign] = [each["session"] for each in await own(ben)]

    theirs = await ada.http.delete(f"/sessions/{foreign}")
    nobodys = await ada.http.delete(f"/sessions/{uuid4()}")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.json()["detail"] == nobodys.json()["detail"]
    assert len(await own(ben)) == 1


async def test_a_session_that_is_used_all_the_time_ends_all_the_same(database: Database) -> None:
    now = system_clock()
    moved = {"by": timedelta()}
    app = app_of(await kernel_of(database, clock=lambda: now + moved["by"], session_days=30, session_longest_days=40))
    ada = await Program(app).join()

    renewed = []
    for days in (20, 39, 41):
        moved["by"] = timedelta(days=days)
        renewed.append(await ada.http.post("/session/renew", json={"session": ada.session}))

    assert [answer.status_code for answer in renewed] == [200, 200, 401]
    assert renewed[1].json()["session_expires_at"] < (now + timedelta(days=40, seconds=2)).isoformat()


@pytest.mark.parametrize("kind", ["", "refused"])
async def test_ops_see_who_came_in_and_who_did_not(app: FastAPI, kind: str) -> None:
    stranger = await browser(app).post("/invitation", data={"secret": "made up"})
    await come(app)

    async with signed_in(app, Role.OPS) as page:
        shown = await page.get(f"/people/security?kind={kind}")

    assert stranger.status_code == 403
    assert shown.status_code == 200
    assert "Not let in" in shown.text
    assert ("Local Maker" in shown.text) == (not kind)


async def test_the_api_has_the_same_events_for_ops_alone(app: FastAPI, ada: Program) -> None:
    desk = Program(app)
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    await ada.http.delete("/session")

    listed = (await desk.http.get("/security-events?limit=100")).json()["items"]
    refused = await ada.http.get("/security-events")

    mine = [(each["kind"], each["way"]) for each in listed if each["person"] == str(ada.person)]
    assert mine == [("session_ended", None), ("signed_in", "sign_up")]
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "ended", ["UPDATE person SET access_ended_at = now()", "UPDATE person SET erased_at = now(), name = '', email = ''"]
)
async def test_whose_access_is_over_renews_nothing(
    app: FastAPI, database: Database, customer: httpx.AsyncClient, ended: str
) -> None:
    """Not by a session either that was opened while the others were ended."""
    person = person_of(app, customer)
    assert await renews(customer)

    async with database.transaction() as tx:
        await tx.connection.execute(f"{ended} WHERE person = $1", person)

    assert not await renews(customer)


async def test_strangers_cannot_fill_the_table(app: FastAPI) -> None:
    desk = Program(app)
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    began = system_clock()
    async with browser(app) as stranger:
        for _ in range(70):
            await stranger.post("/invitation", data={"secret": "made up"})

    listed = (await desk.http.get("/security-events?kind=refused&limit=100")).json()["items"]
    here = [each for each in listed if began <= datetime.fromisoformat(each["at"]) <= system_clock()]

    assert len(here) <= 60


async def test_a_page_says_who_is_signed_in(customer: httpx.AsyncClient) -> None:
    page = await customer.get("/commissions")

    assert "Ada Lovelace" in page.text.partition("<header")[2].partition("</header>")[0]
