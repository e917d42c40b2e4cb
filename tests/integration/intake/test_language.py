"""The language of a person: from the browser, and by choice."""

import httpx
import pytest

from shared.contracts.people import PersonRecorded
from shared.postgres.database import Database
from tests.support.intake import Program, app_of, browser, facts_about, kernel_of, newest_fact

WHO = {"name": "Ada Lovelace", "email": "ada@example.org"}


async def test_a_person_has_the_language_of_their_browser(visitor: httpx.AsyncClient, database: Database) -> None:
    page = await visitor.get("/sign-up", headers={"Accept-Language": "de-AT,de;q=0.9"})
    await visitor.post("/sign-up", data=WHO, headers={"Accept-Language": "de-AT,de;q=0.9"})

    async with database.transaction() as tx:
        language = await tx.connection.fetchval("SELECT language FROM person ORDER BY recorded_at DESC LIMIT 1")
    assert "Wer sind Sie?" in page.text
    assert language == "de"


async def test_a_chosen_language_stays_in_the_browser_and_is_published(
    customer: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as tx:
        person = await tx.connection.fetchval("SELECT person FROM person ORDER BY recorded_at DESC LIMIT 1")

    chosen = [await customer.post("/language", data={"language": "de", "back": "/commissions"}) for _ in range(2)]
    page = await customer.get("/commissions")

    assert [(answer.status_code, answer.headers["location"]) for answer in chosen] == [(303, "/commissions")] * 2
    assert "Noch keine Anfragen" in page.text
    assert (await newest_fact(database, person, PersonRecorded)).language == "de"
    assert await facts_about(database, person) == ["PersonRecorded", "PersonRecorded"]


async def test_anybody_may_choose_a_language(visitor: httpx.AsyncClient) -> None:
    chosen = await visitor.post("/language", data={"language": "de", "back": "/"})
    page = await visitor.get("/")

    assert chosen.status_code == 303
    assert '<html lang="de"' in page.text


@pytest.mark.parametrize(("origin", "secure"), [("https://studio.test", True), ("http://studio.test", False)])
async def test_a_browser_keeps_the_language_over_https_and_over_http(
    database: Database, origin: str, *, secure: bool
) -> None:
    app = app_of(await kernel_of(database, public_url=origin))

    async with browser(app, at=origin) as visitor:
        chosen = await visitor.post("/language", data={"language": "de", "back": "/"})
        page = await visitor.get("/")

    assert ("Secure" in chosen.headers["set-cookie"]) is secure
    assert '<html lang="de"' in page.text


@pytest.mark.parametrize("language", ["", "xx", "de; drop table person"])
async def test_a_language_that_there_is_not_changes_nothing(visitor: httpx.AsyncClient, language: str) -> None:
    chosen = await visitor.post("/language", data={"language": language, "back": "https://elsewhere.example/"})

    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    assert "set-cookie" not in chosen.headers


async def test_a_program_chooses_the_language_of_its_person(ada: Program, database: Database) -> None:
    assert ada.person

    chosen = await ada.http.put("/people/me/language", json={"language": "de"})
    refused = await ada.http.put("/people/me/language", json={"language": "xx"})

    assert (chosen.status_code, refused.status_code) == (204, 422)
    assert (await newest_fact(database, ada.person, PersonRecorded)).language == "de"
