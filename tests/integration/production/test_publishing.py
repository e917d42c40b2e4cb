"""Notes and photos wait before the customer sees them, and can be taken back until then."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest

from services.production.actions import leaving, photos, publishing, tasks
from services.production.actions.context import ProductionContext
from services.production.activities import loops
from services.production.main import web
from services.production.settings import ProductionSettings
from services.production.store import journal as store
from shared.auth.roles import Role
from shared.certificates.journal import broken_links
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.fact import Topic
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database, Tx
from shared.runtime.service import Kernel
from shared.web.idempotency import request_key
from tests.support.production import MAKER, NOW, Production, kernel_of, settings_of
from tests.support.waiting import until
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/production"
WORDS = "The wire has come, and it is a warm one."
CUSTOMER = new_id()
MAKERS_PAGE = {**cookie(Role.MAKER, MAKER.person), "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def production(database: Database) -> Production:
    """A bench whose notes and photos wait for two minutes."""
    bench = Production(database)
    bench.settings = settings_of(publish_after_seconds=120)
    return bench


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database, publish_after_seconds=120))) as asking:
        yield asking


@pytest.fixture
async def commission(production: Production) -> UUID:
    commission = await production.booked()
    confirmed = CommissionConfirmed(
        at=NOW,
        commission=commission,
        customer=CUSTOMER,
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        brief_version=1,
    )
    await production.handle(photos.record_customer, confirmed)
    return commission


async def test_a_note_waits_and_is_published_once_when_it_is_due(production: Production, commission: UUID) -> None:
    note = await write(production, commission)

    production.later(seconds=119)
    early = await publish(production)
    production.later(seconds=1)
    due = [await publish(production) for _ in range(2)]

    assert (early, due) == ([], [[commission], []])
    assert await notes_told(production, commission) == [str(note)]
    assert await texts(production, note) == [WORDS]
    assert (await entries(production, commission)).count("note_written") == 1


async def test_a_note_that_was_taken_back_reaches_nobody(production: Production, commission: UUID) -> None:
    note = await write(production, commission)
    task = (await production.current(commission)).task

    for _ in range(2):
        await production.act(publishing.withdraw_note, task, note)
    production.later(minutes=5)
    await publish(production)

    assert await notes_told(production, commission) == []
    assert await texts(production, note) == []
    assert "note_written" not in await entries(production, commission)
    assert await kept(production, "SELECT body FROM note WHERE note = $1", note) is None


async def test_a_note_that_the_customer_can_read_is_not_taken_back(
    production: Production, commission: UUID, client: httpx.AsyncClient
) -> None:
    note = await write(production, commission)
    task = (await production.current(commission)).task
    production.later(minutes=2)
    await publish(production)

    page = await client.post(f"/bench/tasks/{task}/notes/{note}/withdraw", headers=MAKERS_PAGE)
    program = await client.post(f"{API}/tasks/{task}/notes/{note}/withdraw", headers=bearer(Role.MAKER, MAKER.person))

    assert (page.status_code, program.status_code) == (409, 409)
    assert "It is too late to take this back: the customer can see it already." in unescape(page.text)
    assert await texts(production, note) == [WORDS]


async def test_a_process_that_dies_while_it_publishes_has_published_nothing(
    production: Production, commission: UUID
) -> None:
    note = await write(production, commission)
    production.later(minutes=2)

    with suppress(ConnectionResetError):
        async with production.database.transaction() as tx:
            await publishing.publish_due(tx, commission, production.context)
            raise ConnectionResetError("the process ends here")
    between = await notes_told(production, commission)
    await publish(production)

    assert (between, await notes_told(production, commission)) == ([], [str(note)])
    assert await chain_holds(production, commission)


async def test_two_processes_publish_a_note_once(production: Production, commission: UUID) -> None:
    note = await write(production, commission)
    production.later(minutes=2)

    await asyncio.gather(*(publish(production) for _ in range(4)))

    assert await notes_told(production, commission) == [str(note)]
    assert await chain_holds(production, commission)


async def test_what_is_taken_back_while_it_is_published_is_either_seen_or_gone(
    production: Production, commission: UUID
) -> None:
    note = await write(production, commission)
    task = (await production.current(commission)).task
    production.later(minutes=2)

    async def take_back() -> bool:
        """Whether it was too late."""
        try:
            await production.act(publishing.withdraw_note, task, note)
        except Problem as problem:
            return problem.type is ProblemType.CONFLICT
        return False

    refused, _ = await asyncio.gather(take_back(), publish(production))

    assert (await texts(production, note) == [WORDS]) is refused
    assert (await notes_told(production, commission) == [str(note)]) is refused


async def test_a_photo_is_the_makers_alone_until_it_is_due(
    production: Production, commission: UUID, client: httpx.AsyncClient
) -> None:
    photo = await production.photograph(commission)
    address = f"/bench/commissions/{commission}/photos/{photo}"

    before = [(await client.get(address, headers=headers)).status_code for headers in viewers()]
    production.later(minutes=2)
    await publish(production)
    after = [(await client.get(address, headers=headers)).status_code for headers in viewers()]

    assert (before, after) == ([404, 200, 200], [200, 200, 200])
    assert (await entries(production, commission)).count("photo_taken") == 1
    assert await chain_holds(production, commission)


async def test_a_photo_that_was_taken_back_is_there_for_nobody(
    production: Production, commission: UUID, client: httpx.AsyncClient
) -> None:
    photo = await production.photograph(commission)
    task = (await production.current(commission)).task

    page = await client.post(f"/bench/tasks/{task}/photos/{photo}/withdraw", headers=MAKERS_PAGE)
    again = await client.post(f"{API}/tasks/{task}/photos/{photo}/withdraw", headers=bearer(Role.MAKER, MAKER.person))
    production.later(minutes=5)
    await publish(production)

    assert (page.status_code, again.status_code) == (303, 204)
    address = f"/bench/commissions/{commission}/photos/{photo}"
    assert [(await client.get(address, headers=headers)).status_code for headers in viewers()] == [404] * 3
    assert "PhotoTaken" not in await production.fact_names(commission)
    assert "photo_taken" not in await entries(production, commission)
    assert await kept(production, "SELECT content FROM bench_photo WHERE photo = $1", photo) == b""


async def test_the_maker_reads_from_when_the_customer_sees_it(
    production: Production, commission: UUID, client: httpx.AsyncClient
) -> None:
    await write(production, commission)
    await production.photograph(commission)
    task = (await production.current(commission)).task
    ticket = (await client.get(f"/bench/tasks/{task}", headers=MAKERS_PAGE)).text
    pictures = (await client.get(f"/bench/tasks/{task}/photos", headers=MAKERS_PAGE)).text
    german = await client.get(f"/bench/tasks/{task}", headers={**MAKERS_PAGE, "Accept-Language": "de"})

    for page in (ticket, pictures):
        assert "Shown to the customer from 10:32\N{NO-BREAK SPACE}CET" in page
        assert "Take back" in page
    assert "Für die Kundschaft zu sehen ab 10:32\N{NO-BREAK SPACE}MEZ" in german.text


async def test_what_waits_for_somebody_who_leaves_is_never_published(production: Production, commission: UUID) -> None:
    note = await write(production, commission)
    await production.photograph(commission)

    await production.handle(leaving.erase_person, CUSTOMER, 2)
    production.later(minutes=2)
    await publish(production)

    assert await texts(production, note) == []
    assert not {"NoteWritten", "PhotoTaken"} & set(await production.fact_names(commission))


async def test_somebody_elses_note_is_not_there_to_be_taken_back(
    production: Production, commission: UUID, client: httpx.AsyncClient
) -> None:
    note = await write(production, commission)
    other = await production.booked()
    tasks_of = [(await production.current(each)).task for each in (commission, other)]

    foreign = await client.post(f"{API}/tasks/{tasks_of[0]}/notes/{note}/withdraw", headers=bearer(Role.MAKER))
    elsewhere = await client.post(
        f"{API}/tasks/{tasks_of[1]}/notes/{note}/withdraw", headers=bearer(Role.MAKER, MAKER.person)
    )

    assert (foreign.status_code, elsewhere.status_code) == (404, 404)


async def test_the_process_publishes_by_itself(production: Production, commission: UUID) -> None:
    note = await write(production, commission)
    production.later(minutes=2)
    kernel = kernel_of(production.database, publish_after_seconds=120)
    [publishing_loop] = loops(kernel_at(kernel, production))

    async def published() -> bool:
        return await notes_told(production, commission) != []

    running = asyncio.ensure_future(publishing_loop.run())
    try:
        await until("the note is published", published)
    finally:
        running.cancel()

    assert await texts(production, note) == [WORDS]


async def test_one_that_cannot_be_published_keeps_no_other_from_its_customer(
    production: Production, commission: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, publish_due = await production.booked(), publishing.publish_due
    for each in (broken, commission):
        await write(production, each)
    production.later(minutes=2)

    async def failing(tx: Tx, commission: UUID, context: ProductionContext) -> None:
        if commission == broken:
            raise LookupError("it has no journal")
        await publish_due(tx, commission, context)

    monkeypatch.setattr(publishing, "publish_due", failing)
    [publishing_loop] = loops(kernel_at(kernel_of(production.database, publish_after_seconds=120), production))

    async def published() -> bool:
        return await notes_told(production, commission) != []

    running = asyncio.ensure_future(publishing_loop.run())
    try:
        await until("the other note is published", published)
    finally:
        running.cancel()

    assert await notes_told(production, broken) == []


def kernel_at(kernel: Kernel[ProductionSettings], production: Production) -> Kernel[ProductionSettings]:
    return replace(kernel, clock=lambda: production.now)


def viewers() -> tuple[dict[str, str], ...]:
    return cookie(Role.CUSTOMER, CUSTOMER), cookie(Role.MAKER, MAKER.person), cookie(Role.OPS)


async def write(production: Production, commission: UUID) -> UUID:
    """A note at the piece's first step."""
    task = (await production.current(commission)).task
    key = request_key(MAKER, "note", str(uuid4()))
    answer = await production.act(tasks.write_note, task, body=WORDS, key=key)
    return UUID(answer.body["note"])


async def publish(production: Production) -> list[UUID]:
    """One round of the loop; the commissions that something was due for."""
    async with production.database.transaction() as tx:
        due = await publishing.due(tx, production.now)
    for commission in due:
        async with production.database.transaction() as tx:
            await publishing.publish_due(tx, commission, production.context)
    return due


async def notes_told(production: Production, commission: UUID) -> list[str]:
    return [said["note"] for name, said in await production.facts(commission) if name == "NoteWritten"]


async def texts(production: Production, note: UUID) -> list[str]:
    """What is published of the words."""
    async with production.database.transaction() as tx:
        rows = await tx.connection.fetch("SELECT data FROM outbox WHERE topic = $1 AND key = $2", Topic.TEXTS, note)
    return [json.loads(row["data"])["body"] for row in rows if row["data"]]


async def kept(production: Production, query: str, key: UUID) -> object:
    async with production.database.transaction() as tx:
        return await tx.connection.fetchval(query, key)


async def entries(production: Production, commission: UUID) -> list[str]:
    piece = (await production.piece(commission)).piece
    async with production.database.transaction() as tx:
        return [entry.entry for entry in await store.entries(tx, piece)]


async def chain_holds(production: Production, commission: UUID) -> bool:
    piece = (await production.piece(commission)).piece
    async with production.database.transaction() as tx:
        head = await store.journal_of(tx, piece)
        assert head is not None
        return not list(broken_links(head.serial, await store.entries(tx, piece)))
