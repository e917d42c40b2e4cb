"""What a maker learns of a customer: the first name, and from packing to delivery to whom the parcel goes. No more."""

from collections.abc import AsyncIterator
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.production.actions import makers, parcels, photos
from services.production.main import web
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.people import PersonRecorded
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.production import MAKER, NOW, OPS, Production, kernel_of
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/production"
EMAIL = "zoe.secret@example.org"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


def zoe(person: UUID, name: str = "Zoë O'Brien") -> PersonRecorded:
    return PersonRecorded(at=NOW, person=person, role=Role.CUSTOMER, name=name, email=EMAIL)


@pytest.fixture
async def customer(production: Production) -> UUID:
    """Somebody whose name is here."""
    person = new_id()
    await production.handle(makers.record_person, zoe(person), 1)
    return person


@pytest.fixture
async def commission(production: Production, customer: UUID) -> UUID:
    """Her piece, at the bench."""
    booked = await production.booked()
    await production.handle(photos.record_customer, confirmed_by(customer, booked))
    return booked


def confirmed_by(customer: UUID, commission: UUID) -> CommissionConfirmed:
    return CommissionConfirmed(
        at=NOW,
        commission=commission,
        customer=customer,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        brief_version=1,
        delivery_country="AT",
    )


async def everything(client: httpx.AsyncClient, production: Production, commission: UUID, by: Caller) -> str:
    """All that somebody at the bench gets of a piece, by page and API."""
    piece = await production.piece(commission)
    paths = ["/bench", f"/bench/pieces/{piece.piece}", "/bench/promises", "/makers"]
    paths += [f"/bench/tasks/{task.task}" for task in piece.tasks]
    answers = [await client.get(path, headers=cookie(by.role, by.person)) for path in paths]
    paths = [f"{API}/board", f"{API}/commissions/{commission}/piece", f"{API}/promises"]
    paths += [f"{API}/tasks/{task.task}" for task in piece.tasks]
    answers += [await client.get(path, headers=bearer(by.role, by.person)) for path in paths]
    return "\n".join(unescape(answer.raise_for_status().text) for answer in answers)


async def card(client: httpx.AsyncClient, commission: UUID, by: Caller = MAKER) -> dict[str, Any]:
    """The piece as the board has it for a program."""
    board = (await client.get(f"{API}/board", headers=bearer(by.role, by.person))).raise_for_status().json()
    found: dict[str, Any] = next(each for each in board["items"] if each["commission"] == str(commission))
    return found


async def test_held_hours_name_the_customer_by_the_first_name_and_the_piece(
    client: httpx.AsyncClient, production: Production, customer: UUID
) -> None:
    commission = new_id()
    await production.hold(commission)
    await production.handle(photos.record_customer, confirmed_by(customer, commission))

    page = await client.get("/bench/promises", headers=cookie(MAKER.role, MAKER.person))
    said = (await client.get(f"{API}/promises", headers=bearer(MAKER.role, MAKER.person))).json()["items"]
    [one] = [each for each in said if each["commission"] == str(commission)]

    assert "Zoë · " in page.text
    assert (one["customer_first_name"], one["customer_erased"]) == ("Zoë", False)
    assert f"Zoë · {one['named']}" in unescape(page.text)
    assert "O'Brien" not in unescape(page.text)


async def test_board_and_ticket_name_the_customer_by_the_first_name_and_the_piece(
    client: httpx.AsyncClient, production: Production, commission: UUID
) -> None:
    task = (await production.current(commission)).task
    german = {**cookie(MAKER.role, MAKER.person), "Accept-Language": "de"}

    board = await client.get("/bench", headers=cookie(MAKER.role, MAKER.person))
    ticket = await client.get(f"/bench/tasks/{task}", headers=german)
    said = await card(client, commission)

    assert "Zoë · ring, 18 ct, size" in board.text
    assert "Zoë · Ring, 750 Gold, Größe" in ticket.text
    assert (said["customer_first_name"], said["customer_erased"], said["deliver_to"]) == ("Zoë", False, None)
    assert str(said["named"]).startswith("ring, 18 ct, size")


async def test_board_and_ticket_show_what_is_ordered_and_by_which_day_it_is_needed(
    client: httpx.AsyncClient, production: Production, customer: UUID
) -> None:
    commission = new_id()
    held = await production.hold(commission, needed_by=date(2027, 6, 5))
    await production.wish(commission)
    await production.book(commission, held.promise)
    await production.handle(photos.record_customer, confirmed_by(customer, commission))
    task = (await production.current(commission)).task

    board = await client.get("/bench", headers=cookie(MAKER.role, MAKER.person))
    ticket = unescape((await client.get(f"/bench/tasks/{task}", headers=cookie(MAKER.role, MAKER.person))).text)
    said = await card(client, commission)

    assert [each["field"] for each in said["ordered"]][:2] == ["size", "metal"]
    assert "engraving" not in {each["field"] for each in said["ordered"]}, "what is written freely stays on the ticket"
    assert [each["title"] for each in said["measures"]] == ["Length of the wire"]
    for each in said["ordered"]:
        assert each["shown"] in unescape(board.text)
        assert each["shown"] in ticket.partition("Brief</h2>")[0]
    assert 'needed by <time datetime="2027-06-05"' in board.text
    assert "5 June 2027" in ticket.partition("Planned at the bench")[0]
    assert "Length of the wire" in board.text


async def test_a_finished_step_leads_on_to_the_next_one(client: httpx.AsyncClient, production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "bend")
    piece = await production.piece(commission)
    done, following = piece.tasks[0].task, piece.tasks[1].task

    page = await client.get(f"/bench/tasks/{done}", headers=cookie(MAKER.role, MAKER.person))

    assert f'<a class="button" href="/bench/tasks/{following}">Next step</a>' in page.text


@pytest.mark.parametrize("by", [MAKER, OPS], ids=["maker", "ops"])
async def test_the_bench_gets_no_surname_no_address_and_no_price_while_the_piece_is_made(
    client: httpx.AsyncClient, production: Production, commission: UUID, by: Caller
) -> None:
    shown = await everything(client, production, commission, by)

    assert "Zoë" in shown
    for secret in ("O'Brien", EMAIL, "€", "EUR", "Austria", '"AT"'):
        assert secret not in shown, secret


async def test_the_parcels_address_is_there_from_packing_to_delivery(
    client: httpx.AsyncClient, production: Production, commission: UUID
) -> None:
    piece = (await production.piece(commission)).piece
    path, seen = f"/bench/pieces/{piece}", list[bool]()
    to = {
        "name": "Zoë O'Brien",
        "country": "AT",
        "way": "parcel",
        "street": "Lindenweg 4",
        "extra": "",
        "postcode": "1010",
        "city": "Wien",
        "phone": "+43 1 234567",
    }

    async def look() -> None:
        page = unescape((await client.get(path, headers=cookie(MAKER.role, MAKER.person))).raise_for_status().text)
        asked = f"{API}/commissions/{commission}/piece"
        told = (await client.get(asked, headers=bearer(MAKER.role, MAKER.person))).raise_for_status().json()
        written = "Zoë O'Brien<br>Lindenweg 4<br>1010 Wien<br>Austria"
        assert (written in page) == (told["piece"]["deliver_to"] == to)
        assert told["piece"]["deliver_to"] in (to, None)
        seen.append(told["piece"]["deliver_to"] is not None)

    await look()
    await production.make_until(commission)
    await look()
    await production.act(parcels.pack, commission)
    await look()
    await production.paid(commission)
    await production.act(parcels.hand_over, commission, carrier="other", tracking="A-1234")
    await look()
    await production.act(parcels.note_delivery, commission)
    await look()

    assert seen == [False, True, True, True, False]


async def test_a_maker_gets_nothing_of_another_makers_customers(
    client: httpx.AsyncClient, production: Production, commission: UUID
) -> None:
    other = await production.another_maker()
    piece = (await production.piece(commission)).piece

    board = await client.get("/bench", headers=cookie(Role.MAKER, other.person))
    page = await client.get(f"/bench/pieces/{piece}", headers=cookie(Role.MAKER, other.person))
    told = await client.get(f"{API}/commissions/{commission}/piece", headers=bearer(Role.MAKER, other.person))

    assert "Zoë" not in board.text
    assert (page.status_code, told.status_code) == (404, 404)


async def test_production_keeps_nothing_of_a_customer_but_the_name(database: Database, commission: UUID) -> None:
    async with database.transaction() as tx:
        tables = [
            row[0] for row in await tx.connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        kept = [str(row) for table in tables for row in await tx.connection.fetch(f'SELECT * FROM "{table}"')]  # noqa: S608

    assert str(commission) in "".join(kept)
    assert any("O'Brien" in row for row in kept)
    assert not any(EMAIL in row for row in kept)


async def test_an_erased_customer_reads_erased(
    client: httpx.AsyncClient, production: Production, commission: UUID, customer: UUID
) -> None:
    await production.handle(makers.erase_person, customer, 2)
    await production.handle(makers.record_person, zoe(customer), 3)  # a relay that was taken for dead

    said = await card(client, commission)
    board = await client.get("/bench", headers=cookie(MAKER.role, MAKER.person))

    assert (said["customer_first_name"], said["customer_erased"]) == (None, True)
    assert "<i>erased</i> · ring, 18 ct" in board.text
    assert "Zoë" not in await everything(client, production, commission, OPS)


async def test_of_whom_nothing_is_here_it_says_that_there_is_no_name(
    client: httpx.AsyncClient, production: Production
) -> None:
    booked = await production.booked()
    await production.handle(photos.record_customer, confirmed_by(new_id(), booked))

    board = await client.get("/bench", headers=cookie(MAKER.role, MAKER.person))
    said = await card(client, booked)

    assert "<i>no name</i> · ring, 18 ct" in board.text
    assert (said["customer_first_name"], said["customer_erased"]) == (None, False)


async def test_an_older_record_changes_nothing(
    client: httpx.AsyncClient, production: Production, commission: UUID, customer: UUID
) -> None:
    await production.handle(makers.record_person, zoe(customer, "Zora Quist"), 3)
    await production.handle(makers.record_person, zoe(customer), 2)

    assert (await card(client, commission))["customer_first_name"] == "Zora"
