"""Phases are recorded within the workflow task: whatever is killed there, the ops room shows where the life stands."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from shared.contracts.lifecycle import Holder, Phase
from shared.contracts.quotes import QuoteSendAsked
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.conftest import MakeDatabase
from tests.support.lifecycle import Room, entered, opened, submitted
from tests.support.lifecycle_process import Lifecycle, open_lifecycle
from tests.support.waiting import until


@pytest.fixture
async def lifecycle(make_database: MakeDatabase, kafka: Kafka, temporal: str, prefix: str) -> AsyncIterator[Lifecycle]:
    dsn = await make_database("lifecycle")
    async with opened(dsn) as database, open_lifecycle(Room(database), dsn, kafka, temporal, prefix) as lifecycle:
        yield lifecycle


def asked_to_send(commission: UUID) -> QuoteSendAsked:
    return QuoteSendAsked(at=datetime.now(UTC), commission=commission, quote=new_id(), quote_version=1, sending=1)


async def test_a_worker_that_is_killed_after_the_effect_comes_back_with_another_phase_which_is_recorded(
    lifecycle: Lifecycle, tmp_path: Path
) -> None:
    """The desk is recorded, nobody knows; meanwhile the quote is sent, and the desk is passed."""
    marker, commission = tmp_path / "killed", new_id()
    await lifecycle.tell(submitted(commission, datetime.now(UTC)), 1)

    async with lifecycle.runs(roles="inbox,relay"):
        async with lifecycle.runs({"worker.after_commit": marker}, roles="worker") as doomed:
            assert await doomed.ended(60) == -9
        await lifecycle.reaches(commission, "desk")
        await lifecycle.tell(asked_to_send(commission), 1)

        async def both_passed() -> bool:
            return len(await lifecycle.passed(commission)) == 2

        await until("the quote is with the workflow", both_passed)
        async with lifecycle.runs(roles="worker"):
            await lifecycle.reaches(commission, "offered")

    assert await lifecycle.facts(commission) == ["PhaseEntered desk", "PhaseEntered offered"]
    spans = await lifecycle.room.rows(
        "SELECT number, phase FROM holder_span WHERE commission = $1 ORDER BY number", commission
    )
    assert [(each["number"], each["phase"]) for each in spans] == [
        (0, "requested"),
        (1, "promising"),
        (2, "quoting"),
        (3, "desk"),
        (4, "offered"),
    ]


async def test_an_older_phase_changes_nothing_and_of_one_number_the_last_word_counts(database: Database) -> None:
    room, commission = Room(database), new_id()

    await room.receives(
        entered(commission, Phase.DESK, Holder.STUDIO, number=4),
        entered(commission, Phase.QUOTING, number=3),
        entered(commission, Phase.OFFERED, Holder.CUSTOMER, number=4),
    )

    rows = await room.rows("SELECT phase, phase_number FROM commission WHERE commission = $1", commission)
    spans = await room.rows("SELECT number, phase FROM holder_span WHERE commission = $1", commission)
    assert rows == [{"phase": "offered", "phase_number": 4}]
    assert spans == [{"number": 4, "phase": "offered"}]
