"""The bridge on the real engines: facts reach workflows once, whatever is stopped, killed, forgotten or read again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from temporalio.client import WorkflowExecutionStatus

from shared.contracts.commands.production import PreviewPromise
from shared.contracts.commands.quotes import DraftQuote
from shared.contracts.fact import Topic
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.forwarder import forwarder
from tests.support.lifecycle import Room, opened, submitted, withdrawn
from tests.support.lifecycle_process import READ, Lifecycle, open_lifecycle

TO_THE_DESK = ["PhaseEntered desk"]
ALL_READ = (*READ, Topic.LIFECYCLE)


@pytest.fixture
async def lifecycle(make_database: MakeDatabase, kafka: Kafka, temporal: str, prefix: str) -> AsyncIterator[Lifecycle]:
    dsn = await make_database("lifecycle")
    async with opened(dsn) as database, open_lifecycle(Room(database), dsn, kafka, temporal, prefix) as lifecycle:
        yield lifecycle


async def asked_for(lifecycle: Lifecycle) -> UUID:
    commission = new_id()
    await lifecycle.tell(submitted(commission, datetime.now(UTC)), 1)
    return commission


async def lived(lifecycle: Lifecycle) -> UUID:
    """A commission that came to the desk and was taken back."""
    commission = await asked_for(lifecycle)
    await lifecycle.reaches(commission, "desk")
    await lifecycle.tell(withdrawn(commission, datetime.now(UTC)), 2)
    await lifecycle.ends(commission)
    return commission


async def test_a_request_comes_to_the_desk_and_a_withdrawal_to_the_end(lifecycle: Lifecycle) -> None:
    async with lifecycle.runs():
        commission = await lived(lifecycle)
        await lifecycle.has_passed(commission, (1, "started"), (2, "signalled"))

    assert await lifecycle.facts(commission) == [*TO_THE_DESK, "CommissionEnded"]
    (row,) = await lifecycle.room.rows("SELECT * FROM commission WHERE commission = $1", commission)
    assert (row["phase"], row["holder"], row["due"], row["outcome"]) == ("ended", "nobody", None, "withdrawn")
    assert (row["craft"], row["withdrawn_at"] is not None) == ("jewellery", True)
    assert await lifecycle.status(commission) is WorkflowExecutionStatus.COMPLETED


async def test_facts_of_many_commissions_arrive_in_any_case(lifecycle: Lifecycle) -> None:
    commissions = [await asked_for(lifecycle) for _ in range(12)]
    for commission in commissions[::2]:
        await lifecycle.tell(withdrawn(commission, datetime.now(UTC)), 2)

    async with lifecycle.runs():
        for number, commission in enumerate(commissions):
            await (lifecycle.reaches(commission, "desk") if number % 2 else lifecycle.ends(commission))

    assert lifecycle.services.attempts[DraftQuote] == 6


async def test_a_fact_after_the_end_is_recorded_and_begins_no_second_life(lifecycle: Lifecycle) -> None:
    async with lifecycle.runs():
        commission = await lived(lifecycle)
        await lifecycle.tell(withdrawn(commission, datetime.now(UTC)), 3)
        await lifecycle.has_passed(commission, (1, "started"), (2, "signalled"), (3, "after_the_end"))

    assert len(await lifecycle.runs_of(commission)) == 1
    assert await lifecycle.status(commission) is WorkflowExecutionStatus.COMPLETED


async def test_a_replayed_request_begins_no_second_life_after_temporal_forgot_the_first(lifecycle: Lifecycle) -> None:
    async with lifecycle.runs():
        commission = await lived(lifecycle)
        await lifecycle.forget(commission)
        asked = len(lifecycle.services.done)

        await lifecycle.forget_marks(commission)
        await lifecycle.tell(submitted(commission), 1)
        await lifecycle.marked("bridge", commission, 1)

    assert await lifecycle.status(commission) is None
    assert await lifecycle.passed(commission) == [(1, "started"), (2, "signalled")]
    assert len(lifecycle.services.done) == asked


async def test_a_commission_whose_workflow_was_ended_by_hand_is_shown_as_lost(lifecycle: Lifecycle) -> None:
    async with lifecycle.runs():
        commission = await asked_for(lifecycle)
        await lifecycle.reaches(commission, "desk")
        await lifecycle.workflow(commission).terminate()
        await lifecycle.tell(withdrawn(commission), 2)
        await lifecycle.has_passed(commission, (1, "started"), (2, "after_the_end"))

    (life,) = await lifecycle.room.rows("SELECT * FROM commission_workflow WHERE commission = $1", commission)
    assert life["lost_at"] is not None
    assert len(await lifecycle.runs_of(commission)) == 1


async def test_a_withdrawal_of_a_commission_that_nobody_knows_is_seen_by_ops(lifecycle: Lifecycle) -> None:
    commission = new_id()
    async with lifecycle.runs():
        await lifecycle.tell(withdrawn(commission), 1)
        await lifecycle.has_passed(commission, (1, "no_workflow"))

    assert await lifecycle.status(commission) is None


async def test_reading_everything_again_changes_nothing(lifecycle: Lifecycle) -> None:
    async with lifecycle.runs():
        over, waiting = await lived(lifecycle), await asked_for(lifecycle)
        await lifecycle.reaches(waiting, "desk")
        for inbox, topics in (("bridge", [Topic.COMMISSIONS]), ("projection", ALL_READ)):
            await lifecycle.has_read_all(inbox, *topics)
    before = await lifecycle.everything()
    await lifecycle.rewind("bridge", Topic.COMMISSIONS)
    await lifecycle.rewind("projection", *ALL_READ)

    async with lifecycle.runs():
        for inbox, topics in (("bridge", [Topic.COMMISSIONS]), ("projection", ALL_READ)):
            await lifecycle.has_read_all(inbox, *topics)

    assert await lifecycle.everything() == before
    assert [len(await lifecycle.runs_of(each)) for each in (over, waiting)] == [1, 1]


@pytest.mark.parametrize("point", ["bridge.before_signal", "bridge.after_signal", "inbox.before_commit"])
async def test_a_bridge_that_is_killed_lets_the_commission_arrive_once(
    lifecycle: Lifecycle, tmp_path: Path, point: str
) -> None:
    marker = tmp_path / "killed"
    commission = await asked_for(lifecycle)

    async with lifecycle.runs({point: marker}) as doomed:
        assert await doomed.ended(40) == -9
    assert marker.read_text().startswith(f"{point} {doomed.pid}")
    async with lifecycle.runs({point: marker}):
        await lifecycle.reaches(commission, "desk")
        await lifecycle.has_passed(commission, (1, "started"))

    assert await lifecycle.facts(commission) == TO_THE_DESK
    assert len(lifecycle.services.of(PreviewPromise)) == 1
    assert len(await lifecycle.runs_of(commission)) == 1


async def test_a_life_that_ends_before_its_bridge_is_back_is_not_taken_for_lost(
    lifecycle: Lifecycle, tmp_path: Path
) -> None:
    marker = tmp_path / "killed"
    commission = await asked_for(lifecycle)
    await lifecycle.tell(withdrawn(commission, datetime.now(UTC)), 2)

    async with lifecycle.runs(roles="worker,relay"):
        async with lifecycle.runs({"bridge.after_signal": marker}, roles="inbox") as doomed:
            assert await doomed.ended(60) == -9
        await lifecycle.workflow(commission).result()
        async with lifecycle.runs(roles="inbox"):
            await lifecycle.ends(commission)
            await lifecycle.marked("bridge", commission, 2)

    assert {passed for _, passed in await lifecycle.passed(commission)} == {"signalled"}
    (life,) = await lifecycle.room.rows(
        "SELECT outcome, lost_at FROM commission_workflow WHERE commission = $1", commission
    )
    assert (life["outcome"], life["lost_at"]) == ("withdrawn", None)
    assert len(await lifecycle.runs_of(commission)) == 1


async def test_with_temporal_away_facts_are_kept_and_pages_answer_until_it_is_back(lifecycle: Lifecycle) -> None:
    async with forwarder(lifecycle.temporal) as door, lifecycle.runs(temporal=door.address) as process:
        await process.ready()
        commissions = [await asked_for(lifecycle) for _ in range(3)]
        await lifecycle.reaches(commissions[-1], "requested")
        async with httpx.AsyncClient(base_url=await process.url()) as anybody:
            answered = await anybody.get("/api/v1/lifecycle/commissions")
        unhandled = [await lifecycle.passed(each) for each in commissions]

        await door.open()
        for commission in commissions:
            await lifecycle.reaches(commission, "desk", within=90)

    assert answered.status_code == 401
    assert unhandled == [[], [], []]
    assert [await lifecycle.passed(each) for each in commissions] == [[(1, "started")]] * 3


async def test_temporal_that_goes_away_in_between_loses_nothing(lifecycle: Lifecycle) -> None:
    async with forwarder(lifecycle.temporal) as door, lifecycle.runs(temporal=door.address):
        await door.open()
        commission = await asked_for(lifecycle)
        await lifecycle.reaches(commission, "desk")

        await door.shut()
        await lifecycle.tell(withdrawn(commission, datetime.now(UTC)), 2)
        later = await asked_for(lifecycle)
        await lifecycle.reaches(later, "requested")
        await door.open()

        await lifecycle.ends(commission, within=90)
        await lifecycle.reaches(later, "desk", within=90)
