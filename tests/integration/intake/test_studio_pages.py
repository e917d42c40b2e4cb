"""Imprint, privacy, terms and contact, which the foot of every page leads to."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from services.intake.main import web
from shared.postgres.database import Database
from tests.support.intake import kernel_of
from tests.support.web import client_of

SUPPORT = Path(__file__).parents[2] / "support" / "studio_pages"


async def asked(database: Database, path: str, language: str = "en", **settings: str) -> httpx.Response:
    changes: dict[str, Any] = {**settings}
    async with client_of(web(await kernel_of(database, **changes))) as client:
        return await client.get(path, headers={"Accept-Language": language})


@pytest.mark.parametrize(("language", "said"), [("en", "Responsible for this site"), ("de", "Verantwortlich")])
async def test_a_page_is_shown_in_the_readers_language_without_signing_in(
    database: Database, language: str, said: str
) -> None:
    page = await asked(database, "/imprint", language, imprint=str(SUPPORT / "imprint.txt"))

    assert page.status_code == 200
    assert said in page.text
    assert "Musterweg 1<br>" in page.text


async def test_every_page_leads_to_what_there_is_and_to_nothing_else(database: Database) -> None:
    page = await asked(database, "/", "de", imprint=str(SUPPORT / "imprint.txt"), terms="https://kiln.example/terms")

    assert '<a href="/imprint">Impressum</a>' in page.text
    assert '<a href="https://kiln.example/terms">AGB</a>' in page.text
    assert "/privacy" not in page.text


async def test_a_page_that_is_elsewhere_leads_there(database: Database) -> None:
    page = await asked(database, "/terms", terms="https://kiln.example/terms")

    assert (page.status_code, page.headers["Location"]) == (303, "https://kiln.example/terms")


@pytest.mark.parametrize("settings", [{}, {"privacy": "/nowhere/privacy.md"}])
async def test_a_page_that_there_is_none_of_is_not_found(database: Database, settings: dict[str, str]) -> None:
    page = await asked(database, "/privacy", **settings)

    assert page.status_code == 404
