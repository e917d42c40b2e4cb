"""What pages say where something is not there yet, and in the language of the person who reads."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from services.production.actions import board, photos
from services.production.domain import serials
from services.production.main import web
from shared.auth.roles import Role
from shared.contracts.commissions import CommissionConfirmed
from shared.kernel.ids import new_id
from shared.postgres.database import Database, Tx
from tests.support.certificates import Bench
from tests.support.production import MAKER, NOW, Production, kernel_of
from tests.support.statements import statements_of
from tests.support.web import bearer, client_of, cookie

GERMAN = {"Accept-Language": "de"}
SERIAL = serials.draw(lambda _: 1234567)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as client:
        yield client


@pytest.mark.parametrize("typed", [SERIAL, SERIAL.lower(), SERIAL.replace("-", ""), f" {SERIAL.replace('-', ' ')} "])
async def test_a_serial_leads_to_its_certificate_however_it_is_typed(client: httpx.AsyncClient, typed: str) -> None:
    answer = await client.get("/c", params={"serial": typed})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{SERIAL}")


async def test_what_cannot_be_a_serial_is_shown_again_with_what_is_wrong(client: httpx.AsyncClient) -> None:
    empty = await client.get("/c")
    wrong = await client.get("/c", params={"serial": "7K3M-9XQT-R2V"})

    assert (empty.status_code, wrong.status_code) == (200, 422)
    assert "This is not a certificate number." in wrong.text
    assert 'value="7K3M-9XQT-R2V"' in wrong.text
    assert "This is not a certificate number." not in empty.text


async def test_a_board_asks_the_database_for_many_pieces_no_more_than_for_one(production: Production) -> None:
    def board_of(production: Production) -> Callable[[Tx], Awaitable[object]]:
        return lambda tx: board.read_board(tx, MAKER, production.context)

    await production.booked()
    single = await statements_of(production.database, board_of(production))
    for _ in range(2):
        await production.booked()
    many = await statements_of(production.database, board_of(production))

    assert many == single


async def test_ops_read_what_a_commission_without_a_promise_waits_for(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = new_id()
    submitted = CommissionConfirmed(
        at=NOW,
        commission=commission,
        customer=new_id(),
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        brief_version=1,
    )
    await production.handle(photos.record_customer, submitted)

    page = await client.get(f"/bench/commissions/{commission}", headers=cookie(Role.OPS))
    unknown = await client.get(f"/bench/commissions/{new_id()}", headers=cookie(Role.OPS))

    assert page.status_code == httpx.codes.OK
    assert "Nothing is promised for this commission yet." in page.text
    assert unknown.status_code == httpx.codes.NOT_FOUND


async def test_a_commission_leads_to_its_piece(production: Production, client: httpx.AsyncClient) -> None:
    commission = await production.booked()
    piece = (await production.piece(commission)).piece

    page = await client.get(f"/bench/commissions/{commission}", headers=cookie(Role.MAKER, MAKER.person))
    found = await client.get(f"/api/v1/production/commissions/{commission}/piece", headers=bearer(Role.OPS))
    packed_early = await client.post(f"/api/v1/production/pieces/{piece}/pack", json={}, headers=bearer(Role.OPS))
    no_piece = await client.get(f"/api/v1/production/pieces/{commission}", headers=bearer(Role.OPS))
    foreign = await client.get(f"/api/v1/production/pieces/{piece}", headers=bearer(Role.MAKER))

    assert (page.status_code, page.headers["location"]) == (303, f"/bench/pieces/{piece}")
    assert found.json()["piece"]["piece"] == str(piece)
    assert [each.status_code for each in (packed_early, no_piece, foreign)] == [409, 404, 404]


async def test_promises_come_ten_to_a_page(production: Production, client: httpx.AsyncClient) -> None:
    for _ in range(11):
        await production.hold(new_id())

    page = await client.get("/bench/promises", headers=cookie(Role.OPS))

    assert page.text.count("<article") == 10
    assert "Older promises" in page.text


async def test_a_maker_without_skills_reads_that_none_are_set(
    production: Production, client: httpx.AsyncClient
) -> None:
    maker = await production.another_maker()

    page = await client.get("/bench", headers=cookie(Role.MAKER, maker.person))

    assert "No skills are set for you yet" in page.text


async def test_a_day_without_hours_is_free(client: httpx.AsyncClient) -> None:
    page = await client.get(f"/makers/{MAKER.person}", headers=cookie(Role.MAKER, MAKER.person))

    assert "less than a minute" not in page.text
    assert page.text.count("free</dd>") == 2


async def test_the_bench_is_in_the_language_of_the_person_who_reads(
    production: Production, client: httpx.AsyncClient
) -> None:
    await production.booked()

    page = await client.get("/bench", headers={**cookie(Role.MAKER, MAKER.person), **GERMAN})

    assert "Ring, 750 Gold, Größe" in page.text
    assert "Wartet auf eine Freigabe" in page.text


async def test_a_refusal_is_in_the_language_of_the_person_who_reads(
    production: Production, client: httpx.AsyncClient
) -> None:
    task = await production.current(await production.booked())

    refused = await client.post(
        f"/bench/tasks/{task.task}/start",
        data={"then": ""},
        headers={**cookie(Role.MAKER, MAKER.person), **GERMAN, "Sec-Fetch-Site": "same-origin"},
    )

    assert refused.status_code == httpx.codes.CONFLICT
    assert "Die Freigabe der Kundschaft fehlt noch" in refused.text


async def test_a_certificate_is_shown_in_the_language_of_the_person_who_reads(
    database: Database, client: httpx.AsyncClient
) -> None:
    bench = Bench(database)
    await bench.make()
    serial = await bench.certify()

    page = await client.get(f"/c/{serial}", headers=GERMAN)

    assert "Der gravierte Ring" in page.text
    assert "Gelbgold (585)" in page.text
    assert "Gerade geprüft" in page.text
