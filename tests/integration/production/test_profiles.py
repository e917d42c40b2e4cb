"""Makers decide for themselves whether certificates name them."""

from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from PIL import Image

from services.production.actions import makers
from services.production.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.certificates import Bench
from tests.support.production import MAKER, kernel_of
from tests.support.web import bearer, client_of, cookie

PAGE = f"/makers/{MAKER.person}/profile"
API = f"/api/v1/production/makers/{MAKER.person}"
NO_FILE = {"none": ("", b"")}
"""So that a form without a file is sent as the page sends it."""
PORTRAIT = f"/makers/{MAKER.person}/portrait"


def face() -> dict[str, tuple[str, bytes]]:
    made = BytesIO()
    Image.new("RGB", (300, 300), "#8a5a12").save(made, "JPEG")
    return {"portrait": ("me.jpg", made.getvalue())}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


@pytest.fixture
def own() -> dict[str, str]:
    return {**cookie(Role.MAKER, MAKER.person), "Sec-Fetch-Site": "same-origin"}


async def certificate(client: httpx.AsyncClient, database: Database, maker: UUID = MAKER.person) -> str:
    """The page of a certificate of a piece of this maker's."""
    bench = Bench(database, maker)
    await bench.make()
    return (await client.get(f"/c/{await bench.certify()}")).raise_for_status().text


async def test_a_maker_is_named_while_they_want_it(
    client: httpx.AsyncClient, database: Database, own: dict[str, str]
) -> None:
    form = {"name": "Ada Kern", "words": "I learnt it in Pforzheim.", "public": "yes"}

    await client.post(PAGE, data=form, files=face(), headers=own)
    named = await certificate(client, database)
    portrait = await client.get(PORTRAIT)
    await client.post(PAGE, data={**form, "public": ""}, files=NO_FILE, headers=own)
    unnamed = await certificate(client, database)

    assert "Made by Ada Kern" in named
    assert "I learnt it in Pforzheim." in named
    assert portrait.headers["content-type"] == "image/jpeg"
    assert "Ada Kern" not in unnamed
    assert (await client.get(PORTRAIT)).status_code == httpx.codes.NOT_FOUND


async def test_programs_can_do_the_same(client: httpx.AsyncClient) -> None:
    headers = bearer(Role.MAKER, MAKER.person)

    written = await client.put(
        f"{API}/profile", json={"public": True, "name": "Ada", "words": "So it is."}, headers=headers
    )
    shown = await client.put(f"{API}/portrait", files=face(), headers=headers)
    portrait = await client.get(f"{API}/portrait")
    dropped = await client.delete(f"{API}/portrait", headers=headers)

    assert written.raise_for_status().json()["name"] == "Ada"
    assert shown.raise_for_status().json()["has_portrait"]
    assert portrait.content.startswith(b"\xff\xd8")
    assert dropped.raise_for_status().json() == {
        "public": True,
        "name": "Ada",
        "words": "So it is.",
        "has_portrait": False,
    }
    assert (await client.get(f"{API}/profile", headers=headers)).json() == dropped.json()


async def test_nobody_writes_for_a_maker(client: httpx.AsyncClient) -> None:
    body = {"public": True, "name": "Somebody else", "words": ""}

    assert (await client.put(f"{API}/profile", json=body, headers=bearer(Role.MAKER))).status_code == 404
    assert (await client.put(f"{API}/profile", json=body, headers=bearer(Role.OPS))).status_code == 403
    assert (await client.get(PAGE, headers=cookie(Role.MAKER))).status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " ", "public": "yes"}, "This is empty."),
        ({"name": "A\x00", "public": "yes"}, "a character that cannot be saved"),
        ({"name": "A" * 81, "words": "B" * 601}, "Shorten it to 600 characters."),
    ],
)
async def test_what_cannot_be_kept_is_said_and_stays_on_the_form(
    client: httpx.AsyncClient, own: dict[str, str], form: dict[str, str], said: str
) -> None:
    answer = await client.post(PAGE, data={"words": "Typed with care.", **form}, files=NO_FILE, headers=own)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert said in answer.text
    assert form.get("words", "Typed with care.") in answer.text


async def test_who_is_forgotten_is_named_no_more(client: httpx.AsyncClient, database: Database) -> None:
    somebody = new_id()
    form = {"name": "Bea Brandt", "public": "yes"}
    own = {**cookie(Role.MAKER, somebody), "Sec-Fetch-Site": "same-origin"}
    await client.post(f"/makers/{somebody}/profile", data=form, files=NO_FILE, headers=own)
    before = await certificate(client, database, somebody)

    async with database.transaction() as tx:
        await makers.erase_person(tx, somebody, 2)

    assert "Bea Brandt" in before
    assert "Bea Brandt" not in await certificate(client, database, somebody)


async def test_a_maker_without_a_profile_has_an_empty_form(client: httpx.AsyncClient) -> None:
    somebody = new_id()

    page = await client.get(f"/makers/{somebody}/profile", headers=cookie(Role.MAKER, somebody))

    assert "You are not named" in page.raise_for_status().text
