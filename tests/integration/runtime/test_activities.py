"""Commands: once per id, whatever is retried, doubled or killed; and nothing of anybody's in a history."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.worker import Worker

from shared.contracts.commands.command import Command, Result
from shared.contracts.commands.production import HoldOutcome, HoldPromise, ReleasePromise
from shared.contracts.production import PromiseEnd
from shared.postgres.database import Database, Tx
from shared.runtime import tracing
from shared.temporal.activities import CommandMismatchError, once
from shared.temporal.trace import TraceInterceptor
from tests.integration.runtime.conftest import SAMPLE, through
from tests.integration.runtime.sample.main import hold
from tests.integration.runtime.sample.workflow import AskOnce
from tests.support.forwarder import forwarder
from tests.support.service import running, settings
from tests.support.waiting import until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Handle = WorkflowHandle[AskOnce, HoldOutcome]


def command(craft: str = "jewellery") -> HoldPromise:
    return HoldPromise(
        id=uuid4(), commission=uuid4(), craft=craft, offering="engraved-ring", offering_version=1, asked_at=NOON
    )


async def held(database: Database, given: Command) -> list[UUID]:
    """The promises that this command left behind."""
    async with database.statement() as tx:
        rows = await tx.connection.fetch("SELECT promise FROM held WHERE command = $1", given.id)
    return [row["promise"] for row in rows]


@pytest.fixture
async def client(temporal: str) -> Client:
    return await Client.connect(temporal, data_converter=pydantic_data_converter, interceptors=[TraceInterceptor()])


@pytest.fixture
async def asking(client: Client, prefix: str) -> AsyncIterator[str]:
    """A queue on which `AskOnce` is worked for."""
    async with Worker(client, task_queue=f"{prefix}asking", workflows=[AskOnce]):
        yield f"{prefix}asking"


async def ask(client: Client, asking: str, prefix: str, given: HoldPromise, attempts: int = 0) -> Handle:
    return await client.start_workflow(
        AskOnce.run, args=[given, f"{prefix}sample", attempts], id=f"{prefix}{given.id}", task_queue=asking
    )


async def test_the_same_command_twice_is_done_once_and_answers_the_same(sample_database: Database) -> None:
    given = command()

    first = await once(sample_database, given, hold, NOON)
    second = await once(sample_database, given, hold, NOON)

    assert second == first
    assert first.held is not None
    assert await held(sample_database, given) == [first.held.promise]


async def test_ten_copies_at_once_are_done_once_and_answer_the_same(sample_database: Database) -> None:
    given = command()
    everybody_is_here = asyncio.Barrier(10)

    async def one() -> Result:
        await everybody_is_here.wait()
        return await once(sample_database, given, hold, NOON)

    answers = await asyncio.gather(*(one() for _ in range(10)))

    assert len(set(answers)) == 1
    assert len(await held(sample_database, given)) == 1


async def test_a_command_that_failed_is_done_by_the_next_copy(sample_database: Database) -> None:
    given = command()

    async def half(tx: Tx, asked: HoldPromise) -> HoldOutcome:
        await hold(tx, asked)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        await once(sample_database, given, half, NOON)
    assert await held(sample_database, given) == []

    await once(sample_database, given, hold, NOON)

    assert len(await held(sample_database, given)) == 1


async def test_a_copy_that_waits_does_the_command_when_the_first_one_fails(sample_database: Database) -> None:
    given = command()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def stumbling(_tx: Tx, _asked: HoldPromise) -> HoldOutcome:
        begun.set()
        await go_on.wait()
        raise RuntimeError("in the middle")

    first = asyncio.create_task(once(sample_database, given, stumbling, NOON))
    await begun.wait()
    second = asyncio.create_task(once(sample_database, given, hold, NOON))
    await until("the second copy waits for the first", lambda: somebody_waits(sample_database))
    go_on.set()

    with pytest.raises(RuntimeError):
        await first
    await second
    assert len(await held(sample_database, given)) == 1


async def somebody_waits(database: Database) -> bool:
    async with database.statement() as tx:
        waiting: int = await tx.connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
    return waiting > 0


async def test_an_id_that_was_another_command_is_refused(sample_database: Database) -> None:
    given = command()
    await once(sample_database, given, hold, NOON)
    other = ReleasePromise(id=given.id, commission=given.commission, promise=uuid4(), reason=PromiseEnd.LAPSED)

    async def release(_tx: Tx, _asked: ReleasePromise) -> Result:
        raise AssertionError("must not be carried out")

    with pytest.raises(CommandMismatchError):
        await once(sample_database, other, release, NOON)


@pytest.mark.parametrize("point", ["worker.before_commit", "worker.after_commit"])
async def test_a_command_whose_worker_was_killed_is_done_once(  # noqa: PLR0917 (fixtures)
    sample_dsn: str, temporal: str, client: Client, asking: str, prefix: str, tmp_path: Path, point: str
) -> None:
    given = command()
    marker = tmp_path / "killed-here"
    environment = settings(
        database=sample_dsn, temporal=temporal, prefix=prefix, roles="worker", faults={point: marker}
    )
    async with running(SAMPLE, environment) as first:
        await first.ready()
        asked = await ask(client, asking, prefix, given)
        assert await first.ended() == -9
    assert marker.read_text().startswith(point)

    async with running(SAMPLE, environment) as second:
        await second.ready()
        answer = await asyncio.wait_for(asked.result(), 20)

    connection = await asyncpg.connect(sample_dsn)
    promises = await connection.fetch("SELECT promise FROM held WHERE command = $1", given.id)
    await connection.close()
    assert answer.held is not None
    assert [row["promise"] for row in promises] == [answer.held.promise]


async def test_a_command_that_runs_when_its_worker_is_stopped_is_finished_and_answered(
    sample_dsn: str, temporal: str, client: Client, asking: str, prefix: str
) -> None:
    environment = settings(database=sample_dsn, temporal=temporal, prefix=prefix, roles="worker")
    async with running(SAMPLE, environment) as sample:
        await sample.ready()
        asked = await ask(client, asking, prefix, command("slow"), attempts=1)
        await sample.logged("command_begun")

        code = await sample.stop()

    assert code == 0
    assert isinstance(await asyncio.wait_for(asked.result(), 20), HoldOutcome)


async def test_what_is_not_there_yet_is_asked_for_again_when_it_said(
    sample_dsn: str, temporal: str, client: Client, asking: str, prefix: str
) -> None:
    environment = settings(database=sample_dsn, temporal=temporal, prefix=prefix, roles="worker")
    async with running(SAMPLE, environment) as sample:
        await sample.ready()

        failure = await failure_of(await ask(client, asking, prefix, command("not-yet"), attempts=2))

    assert failure.type == "NotYet"
    assert not failure.non_retryable
    assert failure.message == "not-yet"


async def test_a_problem_is_passed_by_its_slug_and_not_tried_again(
    sample_dsn: str, temporal: str, client: Client, asking: str, prefix: str
) -> None:
    environment = settings(database=sample_dsn, temporal=temporal, prefix=prefix, roles="worker")
    async with running(SAMPLE, environment) as sample:
        await sample.ready()

        failure = await failure_of(await ask(client, asking, prefix, command("refused")))

    assert failure.type == "conflict"
    assert failure.non_retryable


async def test_a_history_and_a_log_keep_nothing_of_what_an_error_said_about_a_person(
    sample_dsn: str, temporal: str, client: Client, asking: str, prefix: str
) -> None:
    environment = settings(database=sample_dsn, temporal=temporal, prefix=prefix, roles="worker")
    async with running(SAMPLE, environment) as sample:
        await sample.ready()
        asked = await ask(client, asking, prefix, command("wrong"), attempts=1)

        failure = await failure_of(asked)
        logged = await sample.logged("command_failed")

    history = (await asked.fetch_history()).to_json()
    assert failure.type == "Unexpected"
    assert "Lovelace" not in history
    assert "ada@example.org" not in history
    assert "RuntimeError" in logged["exception"]
    assert "ada@example.org" not in sample.tail()


async def test_postgresql_away_is_transient_and_the_command_is_done_when_it_is_back(
    sample_dsn: str, temporal: str, client: Client, asking: str, prefix: str
) -> None:
    async with forwarder(urlsplit(sample_dsn).netloc.rpartition("@")[2]) as door:
        await door.open()
        environment = settings(
            database=through(sample_dsn, door.address), temporal=temporal, prefix=prefix, roles="worker"
        )
        async with running(SAMPLE, environment) as sample:
            await sample.ready()
            await door.shut()

            asked = await ask(client, asking, prefix, command())
            await sample.logged("command_will_be_asked_again")
            await door.open()

            await asyncio.wait_for(asked.result(), 30)


async def test_a_trace_goes_from_who_asked_through_the_workflow_into_the_command(
    sample_dsn: str, temporal: str, client: Client, asking: str, prefix: str
) -> None:
    given = command()
    environment = settings(database=sample_dsn, temporal=temporal, prefix=prefix, roles="worker")
    async with running(SAMPLE, environment) as sample:
        await sample.ready()

        with tracing.bind(tracing.make()) as sent:
            await (await ask(client, asking, prefix, given)).result()

    connection = await asyncpg.connect(sample_dsn)
    arrived = await connection.fetchval("SELECT traceparent FROM held WHERE command = $1", given.id)
    await connection.close()
    assert arrived == sent


async def failure_of(asked: Handle) -> ApplicationError:
    """What the workflow learns of a command that failed for good."""
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(asked.result(), 20)
    assert isinstance(failed.value.cause, ActivityError)
    cause = failed.value.cause.cause
    assert isinstance(cause, ApplicationError)
    return cause
