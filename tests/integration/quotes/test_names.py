"""Names on the desk and among the payments: whose a commission is and what is made, and how it is found."""

from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID

import httpx
import pytest

from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.quotes import NOW, Quotes, brief, kernel_of
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/quotes"
OPS = bearer(Role.OPS)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def page(client: httpx.AsyncClient, path: str, language: str = "en", **params: str) -> str:
    asked = {**cookie(Role.OPS), "Accept-Language": language}
    answer = await client.get(path, params=params, headers=asked)
    return " ".join(unescape(answer.raise_for_status().text).split())


async def listed(client: httpx.AsyncClient, q: str) -> dict[UUID, dict[str, object]]:
    """What the desk's list has for a search, page by page, by commission."""
    found, after = dict[UUID, dict[str, object]](), ""
    while True:
        params = {"q": q, "limit": "2"} | ({"after": after} if after else {})
        answer = (await client.get(f"{API}/quotes", params=params, headers=OPS)).raise_for_status().json()
        found |= {UUID(each["commission"]): each for each in answer["items"]}
        if not answer["next"]:
            return found
        after = answer["next"]


async def test_the_desk_names_the_customer_and_the_piece(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.sent(name="Zoë O'Brien")

    desk, german = await page(client, "/quotes", q=str(commission)), await page(client, f"/quotes/{commission}", "de")
    (one,) = (await listed(client, str(commission))).values()

    assert "Zoë O'Brien · ring, 18 ct, size 54" in desk
    assert "<h1>Zoë O'Brien · Ring, 750 Gold, Größe 54</h1>" in german
    assert (one["customer_name"], one["customer_erased"], one["piece"]) == (
        "Zoë O'Brien",
        False,
        "ring, 18 ct, size 54",
    )


async def test_a_question_on_the_desk_names_who_asks(client: httpx.AsyncClient, quotes: Quotes) -> None:
    name = f"Ines {new_id().hex}"
    customer, commission = await quotes.sent(name=name)
    await quotes.ask(customer, commission)

    waiting = (await client.get(f"{API}/questions", headers=OPS)).raise_for_status().json()

    assert name in await page(client, "/quotes")
    assert name in [each["customer_name"] for each in waiting]


async def test_open_invoices_and_refunds_name_the_customer(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    await quotes.record_person(customer, "Zoë Quist")

    invoices = (await client.get(f"{API}/invoices", headers=OPS)).raise_for_status().json()["items"]

    assert "Zoë Quist · ring, 18 ct, size 54" in await page(client, "/quotes/payments")
    assert [(each["customer_name"], each["piece"]) for each in invoices if each["commission"] == str(commission)] == [
        ("Zoë Quist", "ring, 18 ct, size 54")
    ]


async def test_an_erased_person_reads_erased_and_is_found_by_no_name(
    client: httpx.AsyncClient, quotes: Quotes, database: Database
) -> None:
    name = f"Ada X{new_id().hex}"
    customer, commission = await quotes.sent(name=name)
    assert commission in await listed(client, name)

    await quotes.erase_person(customer)
    await quotes.record_person(customer, name)  # a relay that was taken for dead

    one = (await client.get(f"{API}/commissions/{commission}/quote", headers=OPS)).raise_for_status().json()
    assert (one["customer_name"], one["customer_erased"]) == (None, True)
    assert '<i class="aside">erased</i> · ring' in await page(client, "/quotes", q=str(commission))
    assert "<i>gelöscht</i> · Ring" in await page(client, f"/quotes/{commission}", "de")
    assert commission not in await listed(client, name)
    async with database.transaction() as tx:
        assert not await tx.connection.fetch("SELECT word FROM person_word WHERE person = $1", customer)


async def test_an_older_record_of_a_person_changes_nothing(client: httpx.AsyncClient, quotes: Quotes) -> None:
    customer, commission = await quotes.sent(name=None)
    await quotes.record_person(customer, "Zoë Quist", version=3)
    await quotes.record_person(customer, "Zoë O'Brien", version=2)

    assert (await listed(client, str(commission)))[commission]["customer_name"] == "Zoë Quist"


async def test_an_erased_brief_leaves_what_its_offering_is_called(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.sent()

    await quotes.erase_brief(commission)

    assert (await listed(client, str(commission)))[commission]["piece"] == "ring"


async def test_a_quote_is_found_by_name_number_reference_and_invoice(client: httpx.AsyncClient, quotes: Quotes) -> None:
    surname = f"O'Brien{new_id().hex}"
    customer, commission = await quotes.accepted()
    await quotes.record_person(customer, f"Zoë {surname}")
    invoices = (await client.get(f"{API}/invoices", headers=OPS)).raise_for_status().json()["items"]
    (invoice,) = [each for each in invoices if each["commission"] == str(commission)]
    reference = invoice["reference"]
    typed = [
        f"zoe {surname[:20]}",
        surname.replace("'", "").upper(),
        str(commission),
        f"…{commission.hex[-6:]}",
        commission.hex[-9:],
        str(commission)[:27],
        f"{reference[:4]} {reference[4:8]} {reference[8:]}".lower(),
        invoice["number"].lower(),
    ]

    for each in typed:
        assert list(await listed(client, each)) == [commission], each


async def test_a_search_that_finds_nothing_says_where_to_look(client: httpx.AsyncClient) -> None:
    found = await page(client, "/quotes", q="Miss Havisham%")

    assert "Nothing found" in found
    assert 'value="Miss Havisham%"' in found


async def test_a_search_that_finds_very_many_says_so_and_goes_on_page_by_page(
    client: httpx.AsyncClient, quotes: Quotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"Ines X{new_id().hex}"
    wanted = {(await quotes.sent(name=name))[1] for _ in range(3)}
    assert set(await listed(client, name)) == wanted

    monkeypatch.setattr("services.quotes.actions.names.MOST_FOUND", 1)
    monkeypatch.setattr("services.quotes.pages.quotes.MOST_FOUND", 1)

    assert "Very many match" in await page(client, "/quotes", q=name)


@pytest.mark.parametrize("q", ["\0", "x" * 101])
@pytest.mark.parametrize("path", ["/quotes", f"{API}/quotes"])
async def test_what_cannot_be_looked_for_is_refused(client: httpx.AsyncClient, path: str, q: str) -> None:
    answer = await client.get(path, params={"q": q}, headers=cookie(Role.OPS))

    assert answer.status_code == 422


async def test_of_whom_nothing_is_here_it_says_that_there_is_no_name(client: httpx.AsyncClient, quotes: Quotes) -> None:
    _, commission = await quotes.sent(name=None)

    assert "<h1><i>no name</i> · ring" in await page(client, f"/quotes/{commission}")


async def test_a_brief_of_a_commission_that_is_not_confirmed_names_nobody(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission, at=NOW))

    one = (await client.get(f"{API}/commissions/{commission}/quote", headers=OPS)).raise_for_status().json()

    assert (one["customer_name"], one["customer_erased"], one["piece"]) == (None, False, "ring, 18 ct, size 54")


async def test_the_desk_shows_the_reference_pictures_large_on_a_tap_until_the_brief_is_erased(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    commission, image = new_id(), new_id()
    await quotes.record_brief(brief(commission).model_copy(update={"images": (image,)}))
    address = f'href="/commissions/{commission}/images/{image}"'

    desk = await page(client, f"/quotes/{commission}")
    answer = (await client.get(f"{API}/commissions/{commission}/quote", headers=OPS)).json()
    await quotes.erase_brief(commission)
    erased = await page(client, f"/quotes/{commission}")

    assert address in desk
    assert answer["brief"]["images"] == [str(image)]
    assert address not in erased
