"""Signing in by the studio's own provider: against a real one, by the pages, as a browser without scripts would."""

import asyncio
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from deploy.cli.doctor import provider_fault
from services.intake.domain.provider import ATTEMPT_LIFE
from services.intake.pages.provider import BEGUN_AN_HOUR
from services.intake.store import erasure
from shared.auth.provider.model import ProviderFault
from shared.auth.roles import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import COOKIES, ORIGIN, Program, app_of, browser, kernel_of, signed_in
from tests.support.openid import ALGORITHMS, PUBLIC_CLIENT, RunningProvider, client_of, running_provider
from tests.support.provider import CALLBACK, Invited, accounts_of, back, begin


def assert_nobody(answer: httpx.Response, page: httpx.AsyncClient, why: str, status: int = 403) -> None:
    """It says why, offers the mail, and nobody is signed in."""
    assert answer.status_code == status, answer.text
    assert why in answer.text
    assert '<form method="post" action="/sign-in"' in answer.text
    assert COOKIES.token not in page.cookies
    assert COOKIES.provider not in page.cookies


@pytest.mark.parametrize("client", [*(client_of(each) for each in ALGORITHMS), PUBLIC_CLIENT])
async def test_a_maker_signs_in_by_the_provider(database: Database, provider: RunningProvider, client: str) -> None:
    app = app_of(await kernel_of(database, **provider.settings(client)))
    bo = await Invited(app).come()

    async with browser(app) as page:
        answer = await page.get(await back(page, provider, bo.account()))
        sessions = await page.get("/sessions")

    assert (answer.status_code, answer.headers["location"]) == (303, "/bench")
    assert "Bo Hammer" in sessions.text
    assert COOKIES.provider not in page.cookies
    assert await accounts_of(database, bo.person) == [bo.subject]
    async with signed_in(app, Role.OPS) as desk:
        assert "by the studio&#39;s own sign-in" in (await desk.get("/people/security")).text


async def test_the_button_is_there_where_it_is_set_and_nowhere_else(
    page: httpx.AsyncClient, database: Database
) -> None:
    without = app_of(await kernel_of(database))

    shown = await page.get("/sign-in?next=/bench")
    async with browser(without) as other:
        plain = await other.get("/sign-in")
        answers = [await other.get("/sign-in/provider"), await other.get(f"{CALLBACK}?code=a&state=b")]

    assert 'href="/sign-in/provider?next=%2Fbench"' in shown.text
    assert "Sign in with Kiln ID" in shown.text
    assert "form-action 'self';" in shown.headers["content-security-policy"]
    assert "/sign-in/provider" not in plain.text
    assert [answer.status_code for answer in answers] == [404, 404]


async def test_an_account_names_its_person_whatever_its_address_becomes(
    app: FastAPI, bo: Invited, provider: RunningProvider, database: Database
) -> None:
    other = await Invited(app).come()
    async with browser(app) as page:
        await page.get(await back(page, provider, bo.account()))
    changed = bo.account(email=other.address, verified="no")

    async with browser(app) as page:
        await page.get(await back(page, provider, changed))
        mine = await page.get("/api/v1/intake/sessions", headers={"Accept": "application/json"})

    assert mine.status_code == 200
    assert len(mine.json()) == 2
    assert await accounts_of(database, other.person) == []


async def test_the_same_address_in_another_account_is_not_the_same_person_until_ops_give_a_new_link(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider, database: Database
) -> None:
    await page.get(await back(page, provider, bo.account()))
    page.cookies.clear()
    successor = bo.account(subject=uuid4().hex)

    refused = await page.get(await back(page, provider, successor))
    assert_nobody(refused, page, "You have signed in with another account")
    await bo.new_link()
    came = await page.get(await back(page, provider, successor))

    assert came.status_code == 303
    assert await accounts_of(database, bo.person) == [successor.partition("|")[0]]


async def test_an_address_that_the_provider_has_not_verified_is_nobodys(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider, database: Database
) -> None:
    answer = await page.get(await back(page, provider, bo.account(verified="no")))

    assert_nobody(answer, page, "does not confirm your email address")
    assert await accounts_of(database, bo.person) == []


async def test_a_customers_address_is_not_taken_over_and_nobody_is_made(
    app: FastAPI, page: httpx.AsyncClient, provider: RunningProvider, database: Database
) -> None:
    address = f"ada.{uuid4().hex}@example.org"
    ada = await Program(app).join("Ada Lovelace", address)
    assert ada.person

    known = await page.get(await back(page, provider, f"{uuid4().hex}|{address}|verified"))
    assert_nobody(known, page, "Nobody of the studio is known by your account")
    stranger = await page.get(await back(page, provider, f"{uuid4().hex}|x{address}|verified"))
    assert_nobody(stranger, page, "Nobody of the studio is known by your account")

    assert await accounts_of(database, ada.person) == []
    async with database.transaction() as tx:
        assert not await tx.connection.fetchval("SELECT count(*) FROM person WHERE email = $1", f"x{address}")


async def test_whose_access_has_ended_is_not_let_in_by_their_account(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider, database: Database
) -> None:
    await page.get(await back(page, provider, bo.account()))
    page.cookies.clear()

    await bo.end_access()
    answer = await page.get(await back(page, provider, bo.account()))

    assert_nobody(answer, page, "Nobody of the studio is known by your account")
    assert await accounts_of(database, bo.person) == []


async def test_access_that_ends_while_somebody_is_at_the_provider_lets_them_in_no_more(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider
) -> None:
    answer = await back(page, provider, bo.account())

    await bo.end_access()

    assert_nobody(await page.get(answer), page, "Nobody of the studio is known by your account")


async def test_the_account_does_not_outlive_its_person(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider, database: Database
) -> None:
    await page.get(await back(page, provider, bo.account()))

    async with database.transaction() as tx:
        await erasure.erase_person(tx, bo.person, [], system_clock())

    assert await accounts_of(database, bo.person) == []


async def test_an_answer_is_taken_once(page: httpx.AsyncClient, bo: Invited, provider: RunningProvider) -> None:
    begun = await begin(page)
    kept = page.cookies[COOKIES.provider]
    answer = await provider.sign_in(begun, bo.account())
    first = await page.get(answer)
    page.cookies.clear()

    page.cookies.set(COOKIES.provider, kept, domain="studio.test", path="/")
    again = await page.get(answer)

    assert first.status_code == 303
    assert again.status_code == 403
    assert "This sign-in is no longer valid" in again.text
    assert COOKIES.token not in page.cookies


async def test_an_answer_is_for_the_browser_that_asked(
    app: FastAPI, page: httpx.AsyncClient, bo: Invited, provider: RunningProvider
) -> None:
    answer = await back(page, provider, bo.account())

    async with browser(app) as another:
        bare = await another.get(answer)
        await begin(another)
        own = await another.get(answer)
        assert_nobody(bare, another, "This sign-in is no longer valid")
        assert_nobody(own, another, "This sign-in is no longer valid")


async def test_a_code_of_another_sign_in_lets_nobody_in(
    app: FastAPI, page: httpx.AsyncClient, bo: Invited, provider: RunningProvider
) -> None:
    """It is bound to the verifier and the nonce of its own, however well the state fits."""
    async with browser(app) as attacker:
        code = dict(httpx.QueryParams(urlsplit(await back(attacker, provider, bo.account())).query))["code"]
    state = dict(httpx.QueryParams(urlsplit(await begin(page)).query))["state"]

    answer = await page.get(f"{CALLBACK}?{urlencode({'code': code, 'state': state, 'iss': provider.issuer})}")

    assert_nobody(answer, page, "was not valid")


@pytest.mark.parametrize("iss", ["https://other.example", ""])
async def test_an_answer_of_another_provider_lets_nobody_in(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider, iss: str
) -> None:
    answer = await back(page, provider, bo.account())
    said = dict(httpx.QueryParams(urlsplit(answer).query)) | {"iss": iss}

    assert_nobody(await page.get(f"{CALLBACK}?{urlencode(said)}"), page, "was not valid")


@pytest.mark.parametrize("state", ["", "of-another", "ü", "x" * 3000])
async def test_a_state_that_is_not_ours_lets_nobody_in(page: httpx.AsyncClient, state: str) -> None:
    await begin(page)

    answer = await page.get(f"{CALLBACK}?{urlencode({'code': 'a-code', 'state': state})}")

    assert_nobody(answer, page, "This sign-in is no longer valid")


@pytest.mark.parametrize("cookie", ["", "nonsense", "A" * 3000, "AAAA" * 30])
async def test_a_cookie_that_is_not_ours_lets_nobody_in(page: httpx.AsyncClient, cookie: str) -> None:
    state = dict(httpx.QueryParams(urlsplit(await begin(page)).query))["state"]
    page.cookies.clear()
    page.cookies.set(COOKIES.provider, cookie, domain="studio.test", path="/")

    answer = await page.get(f"{CALLBACK}?{urlencode({'code': 'a-code', 'state': state})}")

    assert answer.status_code == 403
    assert "This sign-in is no longer valid" in answer.text


async def test_a_sign_in_waits_for_ten_minutes(database: Database, provider: RunningProvider, bo: Invited) -> None:
    hands = [system_clock()]

    def clock() -> datetime:
        return hands[0]

    app = app_of(await kernel_of(database, clock=clock, **provider.settings()))
    async with browser(app) as page:
        answer = await back(page, provider, bo.account())

        hands[0] += ATTEMPT_LIFE + timedelta(seconds=1)
        late = await page.get(answer)

        assert_nobody(late, page, "This sign-in is no longer valid")


async def test_what_the_provider_says_of_an_error_is_not_shown(page: httpx.AsyncClient) -> None:
    state = dict(httpx.QueryParams(urlsplit(await begin(page)).query))["state"]
    said = {"error": "access_denied", "error_description": "<script>alert(1)</script> call 0900", "state": state}

    answer = await page.get(f"{CALLBACK}?{urlencode(said)}")

    assert_nobody(answer, page, "did not let you in")
    assert "alert(1)" not in answer.text
    assert "0900" not in answer.text


async def test_one_goes_on_to_where_one_wanted_to_go(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider
) -> None:
    answer = await page.get(await back(page, provider, bo.account(), "/bench/tasks/7?photos=yes"))

    assert answer.headers["location"] == "/bench/tasks/7?photos=yes"


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_and_never_to_another_site(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider, to: str
) -> None:
    answer = await page.get(await back(page, provider, bo.account(), to))

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_the_session_that_the_browser_held_before_is_ended(
    page: httpx.AsyncClient, bo: Invited, provider: RunningProvider
) -> None:
    await page.get(await back(page, provider, bo.account()))

    await page.get(await back(page, provider, bo.account()))

    assert len((await page.get("/api/v1/intake/sessions", headers={"Accept": "application/json"})).json()) == 1


async def test_where_the_provider_is_away_the_page_says_so_and_offers_the_mail(database: Database) -> None:
    app = app_of(await kernel_of(database, oidc_issuer="http://127.0.0.1:1", oidc_client_id="touchmark"))
    async with browser(app) as page:
        answer = await page.get("/sign-in/provider?next=/bench")

        assert_nobody(answer, page, "does not answer just now", 503)
        assert 'name="next" value="/bench"' in answer.text
        assert "Sign in with 127.0.0.1" in answer.text


async def test_where_it_goes_away_meanwhile_too(database: Database, bo: Invited) -> None:
    async with running_provider(f"{ORIGIN}{CALLBACK}") as short_lived:
        app = app_of(await kernel_of(database, **short_lived.settings()))
        page = browser(app)
        answer = await back(page, short_lived, bo.account())

    assert_nobody(await page.get(answer), page, "does not answer just now", 503)
    await page.aclose()


async def test_one_client_begins_so_many_an_hour(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Accept": "text/html"}) as client:
        begun = [(await client.get("/sign-in/provider")).status_code for _ in range(BEGUN_AN_HOUR)]

        answer = await client.get("/sign-in/provider")

    assert set(begun) == {303}
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 3000
    assert '<form method="post" action="/sign-in"' in answer.text


async def test_the_doctor_says_whether_it_answers_by_the_name_that_it_was_given(provider: RunningProvider) -> None:
    faults = [await asyncio.to_thread(provider_fault, issuer) for issuer in (provider.issuer, f"{provider.issuer}/")]

    assert faults == [None, ProviderFault.OTHER_ISSUER]
