"""In which language a request is answered."""

from typing import Annotated

import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.auth.roles import Caller
from shared.web.access import Public
from shared.web.templates import Pages
from tests.support.web import app_with, client_of

GERMAN = {"Accept-Language": "de-DE,de;q=0.9"}


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        (GERMAN, "de"),
        ({**GERMAN, "Cookie": "language=en"}, "en"),
        ({"Cookie": "language=de"}, "de"),
        ({**GERMAN, "Cookie": "language=tlh"}, "de"),
    ],
)
async def test_a_choice_comes_before_what_the_browser_wants(headers: dict[str, str], language: str) -> None:
    router = APIRouter()

    @router.get("/page")
    async def page(request: Request, pages: Pages, _: Annotated[Caller | None, Public()]) -> HTMLResponse:
        return pages.page(request, "layout.html")

    async with client_of(app_with(pages=[router])) as client:
        answer = await client.get("/page", headers=headers)

    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]


async def test_a_problem_is_answered_to_programs_by_code_and_in_their_language() -> None:
    async with client_of(app_with()) as client:
        german = await client.get("/api/v1/intake/nothing", headers=GERMAN)
        english = await client.get("/api/v1/intake/nothing")

    assert german.json()["title"] == "Seite nicht gefunden"
    assert english.json()["title"] == "Page not found"
    assert german.json()["type"] == english.json()["type"]


async def test_every_page_offers_every_language() -> None:
    async with client_of(app_with()) as client:
        text = (await client.get("/nowhere")).text

    assert '<button class="as-link" name="language" value="de" lang="de">Deutsch</button>' in text
    assert 'value="en" lang="en" aria-current="true">English</button>' in text
