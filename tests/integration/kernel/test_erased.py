"""Erased for good: tombstones pass what is parked, are repeated, and a database that was restored obeys them again."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

import services.quotes
from shared.contracts.fact import Topic
from shared.contracts.people import PersonRecorded, Role
from shared.erasure import store
from shared.erasure.keeping import ErasureKeeping
from shared.erasure.keys_file import ErasedKey, KeysFile
from shared.inbox import Inbox
from shared.outbox import Tombstone
from shared.postgres.database import Database
from shared.postgres.migrate import migrate
from shared.runtime.health import Health
from shared.runtime.service import Kernel
from shared.runtime.settings import ServiceSettings
from shared.temporal.client import Temporal
from shared.web.live import Live
from tests.integration.kernel.sample.main import NAME
from tests.support.kafka import TestTopics, as_record, as_tombstone
from tests.support.kernel import AT, Listener, commit_facts
from tests.support.service import NOBODY, running, settings
from tests.support.studio import MakeDatabase
from tests.support.waiting import until

REPEATS = (timedelta(minutes=10), timedelta(hours=25))


@pytest.fixture
def people(listener: Listener) -> Inbox:
    inbox = Inbox("people", Topic.PEOPLE)
    inbox.handler(listener.handle)
    inbox.tombstone(listener.erase)
    return inbox


@pytest.fixture
def keys(tmp_path: Path) -> KeysFile:
    return KeysFile(tmp_path / "erased", NAME)


def keeping(database: Database, keys: KeysFile, *inboxes: Inbox) -> ErasureKeeping:
    settings = ServiceSettings.model_construct(kafka=NOBODY, temporal=NOBODY, prefix="")
    kernel = Kernel(
        name=NAME,
        settings=settings,
        database=database,
        live=Live(),
        temporal=Temporal(settings),
        health=Health(NAME),
        inboxes=inboxes,
    )
    return ErasureKeeping(kernel, folder=keys, repeats=REPEATS, every=60)


async def tombstones(database: Database, key: UUID) -> int:
    async with database.statement() as tx:
        return int(await tx.connection.fetchval("SELECT count(*) FROM outbox WHERE key = $1 AND data IS NULL", key))


def ada(person: UUID) -> PersonRecorded:
    return PersonRecorded(at=AT, person=person, role=Role.CUSTOMER, name="Ada", email="ada@example.org")


async def test_a_tombstone_passes_what_is_parked_of_its_key_and_erases_it(
    topics: TestTopics, listener: Listener, people: Inbox
) -> None:
    """Otherwise somebody who was erased would live on in what waits for a decision."""
    person = uuid4()
    listener.fails[2] = ValueError("a fault of ours")
    async with listener.on(people):
        await topics.put(Topic.PEOPLE, *(as_record(ada(person), version) for version in (1, 2, 3)))
        await listener.parks((2, "failed"), (3, "behind"))

        await topics.put(Topic.PEOPLE, as_tombstone(Topic.PEOPLE, person, 4), as_record(ada(person), 5))

        await listener.handled(person, 1, 4, 5)
    assert await listener.parked() == []
    async with listener.database.statement() as tx:
        kept = await tx.connection.fetch("SELECT state, data FROM parked ORDER BY id")
    assert [(row["state"], row["data"]) for row in kept] == [("dropped", None)] * 2


async def test_a_tombstone_is_published_again_after_each_of_its_times_and_no_more(
    database: Database, keys: KeysFile
) -> None:
    person, now = uuid4(), datetime.now(UTC)
    await commit_facts(database, [Tombstone(Topic.PEOPLE, person)])
    keeper, counts = keeping(database, keys), [1]

    for later in (timedelta(minutes=9), timedelta(minutes=11), timedelta(hours=24), timedelta(hours=26), timedelta(9)):
        await keeper.repeat_tombstones(now + later)
        counts.append(await tombstones(database, person))

    assert counts == [1, 1, 2, 2, 3, 3]


async def test_however_much_was_erased_it_is_filed_and_repeated_at_one_look(
    database: Database, keys: KeysFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look every minute at some hundreds would take hours for the requests that a flood has left."""
    monkeypatch.setattr(store, "_AT_ONCE", 1)
    erased, now = [uuid4() for _ in range(3)], datetime.now(UTC)
    await commit_facts(database, [Tombstone(Topic.PEOPLE, each) for each in erased])
    keeper = keeping(database, keys)
    looking = asyncio.create_task(keeper.run())

    await until("all are filed", lambda: {each.key for each in keys.read()} >= set(erased))
    looking.cancel()
    await keeper.repeat_tombstones(now + timedelta(minutes=11))

    assert [await tombstones(database, each) for each in erased] == [2, 2, 2]


async def test_a_key_is_filed_as_soon_as_it_is_erased(database: Database, keys: KeysFile) -> None:
    """If the disk were lost before, a backup would revive who was erased."""
    before, here, elsewhere = uuid4(), uuid4(), uuid4()
    await commit_facts(database, [Tombstone(Topic.PEOPLE, before)])
    keeper = keeping(database, keys)
    database.on_commit(keeper.wake)
    looking = asyncio.create_task(keeper.run())
    await until("the first is filed", lambda: before in {each.key for each in keys.read()})

    await commit_facts(database, [Tombstone(Topic.PEOPLE, here)])
    await until("it is filed", lambda: here in {each.key for each in keys.read()}, within=0.9)
    async with database.statement() as tx:  # as another process does it, of which this one hears nothing
        statement = "INSERT INTO erased_key (topic, key, own, erased_at) VALUES ($1, $2, true, now())"
        await tx.connection.execute(statement, Topic.PEOPLE.value, elsewhere)

    await until("it is filed, too", lambda: elsewhere in {each.key for each in keys.read()}, within=10)
    looking.cancel()


async def test_a_database_that_is_restored_erases_again_what_was_erased_since(
    topics: TestTopics, listener: Listener, people: Inbox, keys: KeysFile
) -> None:
    """Both what it had been told to erase, and what it had told others to."""
    database, obeyed, own = listener.database, uuid4(), uuid4()
    async with listener.on(people):
        await topics.put(Topic.PEOPLE, as_record(ada(obeyed), 1), as_tombstone(Topic.PEOPLE, obeyed, 2))
        await commit_facts(database, [Tombstone(Topic.TEXTS, own)])
        await listener.handled(obeyed, 1, 2)
    keeper = keeping(database, keys, people)
    await keeper.file_keys()
    async with database.transaction() as tx:  # as the backup has it
        await tx.connection.execute("DELETE FROM erased_key; DELETE FROM effect; DELETE FROM outbox")

    again = [await keeper.erase_again(), await keeper.erase_again()]

    assert again == [2, 0]
    assert [said for _, said in await listener.effects(obeyed)] == ["erased"]
    assert await tombstones(database, own) == 1


async def test_a_line_that_a_crash_cut_off_spoils_no_other(keys: KeysFile, database: Database, tmp_path: Path) -> None:
    keeper, first, second = keeping(database, keys), uuid4(), uuid4()
    await commit_facts(database, [Tombstone(Topic.TEXTS, first)])
    await keeper.file_keys()
    path = next((tmp_path / "erased").iterdir())
    path.write_text(path.read_text() + '{"topic": "touchmark.te')

    await commit_facts(database, [Tombstone(Topic.TEXTS, second)])
    await keeper.file_keys()

    assert [each.key for each in keys.read()] == [first, second]
    assert path.stat().st_mode & 0o077 == 0


async def test_a_process_of_a_restored_service_erases_before_it_answers_anybody(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    """Also one that serves pages alone."""
    dsn, person = await make_database("quotes"), uuid4()
    await migrate(dsn, Path(services.quotes.__file__).parent / "sql" / "migrations")
    connection = await asyncpg.connect(dsn)
    await connection.execute("INSERT INTO person (person, version, name) VALUES ($1, 1, 'Ada')", person)
    KeysFile(tmp_path, "quotes").add([ErasedKey(Topic.PEOPLE, person, own=False, erased_at=AT)])

    environment = settings(database=dsn, roles="web", erased_keys=str(tmp_path))
    async with running("services.quotes.main:build", environment) as quotes:
        await quotes.ready()
        left = await connection.fetchval("SELECT count(*) FROM person")
    await connection.close()

    assert left == 0
