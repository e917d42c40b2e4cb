"""A step that is refused for good: the life waits for ops, and nothing of what people have is lost meanwhile."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import Extend, Nudge, Pause, Resume, TryAgain
from shared.contracts.commands.command import Command
from shared.contracts.commands.lifecycle import RecordEnd, RecordEscalation, RecordPhase, RecordReminder
from shared.contracts.commands.production import ExtendHold, LookAtBench
from shared.contracts.lifecycle import Holder, Phase
from tests.support.counterparts import DEPOSIT_WITHIN, Counterparts
from tests.support.lives import Life, at
from tests.support.waiting import until

DAY: Final = timedelta(days=1)


async def _extended_in_vain(services: Counterparts) -> Life:
    """Ops extended the deposit, and the hours cannot be held for so long."""
    services.hold = DEPOSIT_WITHIN + DAY
    life = await at(Phase.DEPOSIT, services)
    services.refusals[ExtendHold] = 1
    await life.handle.execute_update(CommissionWorkflow.extend, Extend(request=uuid4(), by=30 * DAY))
    await life.has_done(RecordEscalation)
    await life.settles()
    return life


async def _tries_again(life: Life) -> None:
    await life.handle.execute_update(CommissionWorkflow.try_again, TryAgain(request=uuid4()))


async def test_what_ops_extended_stays_so_where_the_first_step_of_it_is_refused(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    life = await _extended_in_vain(services)
    before = next(each.due for each in life.records if each.phase is Phase.DEPOSIT)
    await environment.sleep(DEPOSIT_WITHIN + DAY)

    await _tries_again(life)
    await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)
    await life.settles()

    assert before is not None
    assert life.records[-1].due == before + 30 * DAY
    assert [each.held_until for each in services.of(ExtendHold)] == [before + 30 * DAY]
    assert life.did(RecordEnd) == 0


async def test_a_pause_is_seen_while_ops_are_waited_for(services: Counterparts) -> None:
    life = await _extended_in_vain(services)

    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))
    await until("the pause is written down", lambda: life.records[-1].paused)
    await life.handle.execute_update(CommissionWorkflow.resume, Resume(request=uuid4()))
    await until("its end is", lambda: not life.records[-1].paused)

    assert life.phases()[-1] == (Phase.DEPOSIT, Holder.STUDIO)
    assert life.did(RecordEscalation) == 1, "ops are told once of a step that was refused"


# What is told through lifecycle, or looked up.


@pytest.mark.parametrize(("command", "days"), [(RecordReminder, 3), (RecordEscalation, 9)])
async def test_a_life_survives_that_nobody_can_be_told(
    environment: WorkflowEnvironment, services: Counterparts, command: type[Command], days: int
) -> None:
    services.refusals[command] = 1
    life = await at(Phase.OFFERED, services)
    await environment.sleep(days * DAY + timedelta(minutes=1))  # each reminder takes a moment
    await life.settles()
    trouble = (await life.state()).trouble

    await _tries_again(life)
    await life.has_done(command)

    assert trouble is not None
    assert trouble.command == command.activity()
    assert (await life.state()).trouble is None


async def test_a_life_survives_that_its_phases_cannot_be_written_down(services: Counterparts) -> None:
    life = await at(Phase.DESK, services)
    services.refusals[RecordPhase] = 2
    await life.receives(life.sent())
    await until("it was refused twice", lambda: services.refusals[RecordPhase] == 0)
    await life.settles()

    await _tries_again(life)

    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)


async def test_ops_see_that_the_bench_cannot_be_looked_at(
    environment: WorkflowEnvironment, services: Counterparts
) -> None:
    services.refusals[LookAtBench] = 1
    life = await at(Phase.MAKING, services)
    await environment.sleep(9 * DAY)
    await life.reaches(Phase.MAKING, Holder.STUDIO)
    await life.settles()

    await _tries_again(life)

    await life.has_done(RecordReminder)


async def test_a_nudge_that_is_refused_tells_ops_so(services: Counterparts) -> None:
    services.refusals[RecordReminder] = 1
    life = await at(Phase.OFFERED, services)

    with pytest.raises(WorkflowUpdateFailedError):
        await life.handle.execute_update(CommissionWorkflow.nudge, Nudge(request=uuid4()))

    assert (await life.state()).trouble is None
