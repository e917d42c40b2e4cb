"""What a page of ours allows a browser to do, and what another site cannot make it do."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.auth.roles import Caller, Role
from shared.web.access import Public
from shared.web.templates import Pages
from tests.support.web import ORIGIN, app_with, bearer, client_of, cookie

Anybody = Annotated[Caller | None, Public()]
BACKSLASHES = "\\" * 64_000
"""Takes CPython 3.11.7 more than ten seconds to read as a cookie."""


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    router = APIRouter()

    @router.get("/rings")
    async def page(request: Request, templates: Pages, _: Anybody) -> HTMLResponse:
        return templates.page(request, "layout.html")

    @router.post("/rings")
    async def send(_: Anybody) -> dict[str, str]:
        return {}

    @router.get("/api/v1/intake/fault")
    async def fault(_: Anybody) -> None:
        raise ZeroDivisionError

    async with client_of(app_with(pages=[router])) as client:
        yield client


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/rings", "/nowhere", "/api/v1/intake/fault", "/static/none/none.css"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Permissions-Policy"]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


async def test_scripts_carry_the_nonce_of_their_own_answer(client: httpx.AsyncClient) -> None:
    nonces = set()
    for _ in range(2):
        answer = await client.get("/rings")
        nonce = answer.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
        assert answer.text.count("<script") == answer.text.count(f'<script nonce="{nonce}"') > 0
        nonces.add(nonce)

    assert len(nonces) == 2


async def test_pages_are_not_kept_and_static_files_are(client: httpx.AsyncClient) -> None:
    page = await client.get("/rings")
    sheet = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]

    assert page.headers["Cache-Control"] == "no-store"
    assert "immutable" in (await client.get(sheet)).headers["Cache-Control"]
    old = await client.get("/static/0123456789ab/tokens.css")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "/etc/passwd", ".gitignore"])
async def test_static_files_stay_in_their_folder(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/static/x/{path}")).status_code == 404


SENT_BY = {
    "a page of ours": ({"Sec-Fetch-Site": "same-origin"}, 200),
    "an older browser, a page of ours": ({"Origin": ORIGIN}, 200),
    "the address that was asked": ({"Origin": "http://localhost:8101", "Host": "localhost:8101"}, 200),
    "another site": ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, 403),
    "a neighbour": ({"Sec-Fetch-Site": "same-site"}, 403),
    "an older browser, another site": ({"Origin": "https://evil.example"}, 403),
    "a sandboxed frame": ({"Origin": "null"}, 403),
    "our name in another scheme": ({"Origin": "https://studio.test", "Host": "elsewhere"}, 403),
    "what is no origin": ({"Origin": "http://["}, 403),
    "nobody says": ({}, 403),
}


@pytest.mark.parametrize(("headers", "status"), SENT_BY.values(), ids=SENT_BY)
async def test_who_may_send_with_a_cookie(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    answer = await client.post("/rings", headers={**cookie(Role.OPS), **headers})

    assert answer.status_code == status


async def test_a_program_without_cookies_needs_no_origin(client: httpx.AsyncClient) -> None:
    assert (await client.post("/rings", headers=bearer(Role.OPS))).status_code == 200
    assert (await client.post("/rings")).status_code == 200


async def test_another_site_cannot_sign_somebody_in_either(client: httpx.AsyncClient) -> None:
    answer = await client.post("/rings", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


async def test_a_cookie_that_is_none_costs_no_time_and_hides_no_other(client: httpx.AsyncClient) -> None:
    started = time.process_time()

    answer = await client.get("/rings", headers={"Cookie": f'language="{BACKSLASHES}"; language=de'})

    assert '<html lang="de">' in answer.text
    assert time.process_time() - started < 5
