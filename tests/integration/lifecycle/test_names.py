"""Names in the ops room: from lifecycle's own read model of people and briefs, obeying every tombstone."""

import secrets
from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID

import httpx
import pytest

from services.lifecycle import actions
from services.lifecycle.main import web
from shared.auth.roles import Role
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.payments import InvoiceIssued, InvoiceKind
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.lifecycle import NOW, Room, kernel_of, submitted, wished
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/lifecycle/commissions"
REFERENCE = "RF18539007547034"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


@pytest.fixture
async def request_(room: Room) -> CommissionConfirmed:
    """A ring that somebody asked for, whose name and brief are here."""
    fact = submitted(new_id())
    await room.receives(fact)
    await room.knows(fact.customer, "Zoë O'Brien", f"z{fact.customer.hex}@example.org")
    await room.reads(wished(fact))
    return fact


async def told(client: httpx.AsyncClient, commission: UUID) -> dict[str, object]:
    answer: dict[str, object] = (
        (await client.get(f"{API}/{commission}", headers=bearer(Role.OPS))).raise_for_status().json()
    )
    return answer


async def page(client: httpx.AsyncClient, path: str, language: str = "en") -> str:
    asked = {**cookie(Role.OPS), "Accept-Language": language}
    return unescape((await client.get(path, headers=asked)).raise_for_status().text)


async def found(client: httpx.AsyncClient, query: str) -> list[UUID]:
    """All that a search finds, page by page."""
    ids, after = list[UUID](), ""
    while True:
        asked = {"q": query, "limit": "2"} | ({"after": after} if after else {})
        answer = (await client.get(API, params=asked, headers=bearer(Role.OPS))).raise_for_status().json()
        ids += [UUID(each["commission"]) for each in answer["items"]]
        if not answer["next"]:
            return ids
        after = answer["next"]


async def test_a_commission_is_named_by_its_customer_and_by_what_is_made(
    client: httpx.AsyncClient, request_: CommissionConfirmed
) -> None:
    here = f"/ops/commissions/{request_.commission}"

    alone, german = await page(client, here), await page(client, here, "de")
    listed = await page(client, f"/ops?q={request_.commission}")
    answer = await told(client, request_.commission)

    assert "<h1>Zoë O'Brien · ring, 14 ct, size 54</h1>" in alone
    assert "<h1>Zoë O'Brien · Ring, 585 Gold, Größe 54</h1>" in german
    assert "Zoë O'Brien</span>" in listed
    assert '<span class="made">ring, 14 ct, size 54</span>' in listed
    assert (answer["customer_name"], answer["piece"]) == ("Zoë O'Brien", "ring, 14 ct, size 54")


async def test_what_was_written_freely_is_not_kept_here(room: Room, request_: CommissionConfirmed) -> None:
    (row,) = await room.rows("SELECT answers::text FROM brief WHERE commission = $1", request_.commission)

    assert "54" in row["answers"]
    assert "forever" not in row["answers"]


async def test_a_name_that_is_not_here_leaves_the_piece_and_is_said_to_be_missing(
    client: httpx.AsyncClient, room: Room
) -> None:
    """Where a read model is built anew, nothing says any more that somebody was erased long ago."""
    fact = submitted(new_id())
    await room.receives(fact)

    answer = await told(client, fact.commission)

    assert "<h1>no name · ring</h1>" in await page(client, f"/ops/commissions/{fact.commission}")
    assert "<h1>ohne Namen · Ring</h1>" in await page(client, f"/ops/commissions/{fact.commission}", "de")
    assert (answer["customer_name"], answer["customer_erased"], answer["piece"]) == (None, False, "ring")


async def test_an_older_record_changes_nothing(
    client: httpx.AsyncClient, room: Room, request_: CommissionConfirmed
) -> None:
    await room.knows(request_.customer, "Zoë Quist", version=3)
    await room.knows(request_.customer, "Zoë O'Brien", version=2)
    await room.reads(wished(request_, "56", version=2))
    await room.reads(wished(request_, "54", version=1))

    answer = await told(client, request_.commission)

    assert (answer["customer_name"], answer["piece"]) == ("Zoë Quist", "ring, 14 ct, size 56")
    assert request_.commission in await found(client, "zoe quist")
    assert request_.commission not in await found(client, "zoe obrien")


async def test_an_erased_person_reads_erased_and_is_found_by_no_name(
    client: httpx.AsyncClient, room: Room, request_: CommissionConfirmed
) -> None:
    await room.forgets(request_.customer)
    await room.knows(request_.customer, "Zoë O'Brien", version=2000)  # a relay that was taken for dead

    answer = await told(client, request_.commission)

    assert (answer["customer_name"], answer["customer_email"], answer["customer_erased"]) == (None, None, True)
    assert "<h1>erased · ring, 14 ct, size 54</h1>" in await page(client, f"/ops/commissions/{request_.commission}")
    assert "<h1>gelöscht · Ring" in await page(client, f"/ops/commissions/{request_.commission}", "de")
    assert request_.commission not in await found(client, "zoe")
    assert await room.rows("SELECT word FROM person_word WHERE person = $1", request_.customer) == []


async def test_an_erased_brief_leaves_what_its_offering_is_called(
    client: httpx.AsyncClient, room: Room, request_: CommissionConfirmed
) -> None:
    await room.unreads(request_.commission)
    await room.reads(wished(request_), version=2000)

    assert (await told(client, request_.commission))["piece"] == "ring"


async def test_the_names_can_be_rebuilt_from_the_first_record(room: Room, request_: CommissionConfirmed) -> None:
    tables = {"person": request_.customer, "person_word": request_.customer, "brief": request_.commission}

    async def everything() -> list[list[str]]:
        query = "SELECT * FROM {} WHERE {} = $1"
        return [
            sorted(map(str, await room.rows(query.format(table, "commission" if table == "brief" else "person"), of)))
            for table, of in tables.items()
        ]

    before = await everything()
    for table, of in tables.items():
        await room.rows(
            "DELETE FROM {} WHERE {} = $1".format(table, "commission" if table == "brief" else "person"),  # noqa: S608
            of,
        )
    forgotten = await everything()
    await room.knows(request_.customer, "Zoë O'Brien", f"z{request_.customer.hex}@example.org")
    await room.reads(wished(request_))

    assert forgotten == [[], [], []]
    assert await everything() == before
    assert all(before)


@pytest.mark.parametrize("typed", ["zoe", "O'BRIEN", "obrien zo", "Zoë O\u2019B"])
async def test_a_commission_is_found_by_the_beginnings_of_its_customers_names(
    client: httpx.AsyncClient, request_: CommissionConfirmed, typed: str
) -> None:
    assert request_.commission in await found(client, typed)


async def test_a_commission_is_found_by_address_number_and_reference(
    client: httpx.AsyncClient, room: Room, request_: CommissionConfirmed
) -> None:
    number = f"TM-{request_.commission.hex[-8:]}"
    await room.receives(
        InvoiceIssued(
            at=NOW,
            commission=request_.commission,
            invoice=new_id(),
            number=number,
            kind=InvoiceKind.DEPOSIT,
            amendment=0,
            total=Money(minor=100, currency="EUR"),
            left=Money(minor=100, currency="EUR"),
            reference=f"{REFERENCE}{request_.commission.hex[-4:].upper()}",
        )
    )
    typed = [
        f"z{request_.customer.hex}@exam",
        f"Z{request_.customer.hex}",
        str(request_.commission),
        request_.commission.hex[-9:],
        f"…{request_.commission.hex[-6:]}",
        str(request_.commission)[:27],
        number.lower(),
        f"RF18 5390 0754 7034 {request_.commission.hex[-4:]}",
    ]

    for each in typed:
        assert await found(client, each) == [request_.commission], each


async def test_a_search_that_finds_very_many_is_read_page_by_page(
    client: httpx.AsyncClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"Ines X{new_id().hex}"
    wanted = []
    for _ in range(5):
        fact = submitted(new_id())
        await room.receives(fact)
        await room.knows(fact.customer, name)
        wanted.append(fact.commission)
    gathered = await found(client, name)
    monkeypatch.setattr("services.lifecycle.store.listing.MOST_GATHERED", 2)
    monkeypatch.setattr("services.lifecycle.store.listing.MOST_GATHERED_AFTER_ALL", 2)

    walked = await found(client, name)

    assert sorted(gathered) == sorted(wanted)
    assert walked == gathered


async def test_a_beginning_that_very_many_numbers_share_finds_them_too(
    client: httpx.AsyncClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    beginning = new_id().hex[:8] + secrets.token_hex(4)
    wanted = [UUID(f"{beginning}{number:016x}") for number in range(5)]
    await room.receives(*map(submitted, wanted))
    gathered = await found(client, beginning)
    monkeypatch.setattr("services.lifecycle.store.listing.MOST_GATHERED", 2)
    monkeypatch.setattr("services.lifecycle.store.listing.MOST_GATHERED_AFTER_ALL", 2)

    walked = await found(client, beginning)

    assert sorted(gathered) == wanted
    assert walked == gathered


async def test_an_erased_reason_goes_from_the_open_page(room: Room, request_: CommissionConfirmed) -> None:
    await room.rows(
        "INSERT INTO audit_entry (id, commission, action, person, at, reason)"
        " VALUES ($1, $2, 'nudge', $1, $3, 'She asked.')",
        new_id(),
        request_.commission,
        NOW,
    )

    async def revision() -> str:
        async with room.database.statement() as tx:
            return await actions.commission_revision(tx, request_.commission, NOW)

    before = await revision()
    await room.forgets(request_.customer)

    assert await revision() != before


async def test_the_audit_log_names_who_did_it(client: httpx.AsyncClient, room: Room) -> None:
    who, fact = new_id(), submitted(new_id())
    await room.receives(fact)
    await room.knows(who, "Ines Okafor")
    await room.rows(
        "INSERT INTO audit_entry (id, commission, action, person, at) VALUES ($1, $2, 'nudge', $3, $4)",
        new_id(),
        fact.commission,
        who,
        NOW,
    )
    answer = await client.get(
        "/api/v1/lifecycle/audit", params={"commission": str(fact.commission)}, headers=bearer(Role.OPS)
    )

    assert "Ines Okafor" in await page(client, f"/ops/audit?commission={fact.commission}")
    assert [each["person_name"] for each in answer.json()["items"]] == ["Ines Okafor"]
