"""A long history is continued as a fresh run: on a real server that suggests it early."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from services.lifecycle.actions.history import _read
from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import Extend, Pause
from shared.contracts.commands.lifecycle import RecordEnd, RecordPhase
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Outcome, Phase
from shared.temporal.worker import RUNNER
from tests.support.counterparts import Counterparts, Handle, commission_of, submitted, withdraw, withdrawn
from tests.support.rest import draft_mailed
from tests.support.time_skipping import start_real
from tests.support.waiting import until

COMMISSIONS = Topic.COMMISSIONS.value


@pytest.fixture
async def services() -> AsyncIterator[Counterparts]:
    async with start_real("limit.historyCount.suggestContinueAsNew=80") as environment:
        counterparts = Counterparts(environment.client, "")
        async with counterparts.at_work():
            yield counterparts


def _without_a_run(services: Counterparts, begun: Handle) -> Handle:
    """A handle that follows the life from run to run."""
    return services.client.get_workflow_handle_for(CommissionWorkflow.run, begun.id)


async def _continued(handle: Handle) -> Handle:
    """Repeat a fact until the history is long enough, and wait for the run that follows."""
    run = (await handle.describe()).run_id

    async def another_run() -> bool:
        await handle.signal(CommissionWorkflow.facts, [submitted(commission_of(handle))])
        return (await handle.describe()).run_id != run

    await until("a fresh run", another_run, 60)
    return handle


async def test_a_fresh_run_knows_all_that_the_one_before_had_come_to(services: Counterparts) -> None:
    begun = await services.begin(commission=uuid4())
    handle = _without_a_run(services, begun)
    before = await draft_mailed(handle)

    after = await (await _continued(handle)).query(CommissionWorkflow.state)

    assert after == before
    assert after.sequencer.versions == {COMMISSIONS: 1}
    assert services.names() == ["PreviewPromise", "DraftQuote"]


async def test_a_fresh_run_keeps_what_waits_for_a_gap(services: Counterparts) -> None:
    begun = await services.begin(commission=uuid4())
    handle = _without_a_run(services, begun)
    await draft_mailed(handle)
    await withdraw(handle, version=3)

    await _continued(handle)
    between = withdrawn(commission_of(handle), 2).model_copy(update={"type": "touchmark.commissions.SomethingNew"})
    await handle.signal(CommissionWorkflow.facts, [between])

    assert (await handle.result()).outcome is Outcome.WITHDRAWN


async def test_a_fresh_run_lapses_when_the_first_one_would_have(services: Counterparts) -> None:
    begun = await services.begin(commission=uuid4(), desk=timedelta(seconds=20))
    handle = _without_a_run(services, begun)
    await draft_mailed(handle)

    await _continued(handle)
    result = await handle.result()

    assert result.outcome is Outcome.LAPSED
    (desk,) = (each for each in services.of(RecordPhase) if each.phase is Phase.DESK)
    assert desk.due is not None
    assert desk.due <= services.of(RecordEnd)[0].at < desk.due + timedelta(seconds=10)
    assert len({each.id for each in services.done}) == len(services.done)


async def test_every_run_of_a_continued_life_replays(services: Counterparts) -> None:
    begun = await services.begin(commission=uuid4())
    handle = _without_a_run(services, begun)
    await draft_mailed(handle)
    await _continued(handle)
    await withdraw(handle)
    await handle.result()

    replayer = Replayer(workflows=[CommissionWorkflow], data_converter=pydantic_data_converter, workflow_runner=RUNNER)
    runs = [each.run_id async for each in services.client.list_workflows(f'WorkflowId = "{handle.id}"')]
    for run in runs:
        history = await services.client.get_workflow_handle(handle.id, run_id=run).fetch_history()
        await replayer.replay_workflow(history)

    assert len(runs) >= 2


async def test_what_ops_asked_for_counts_once_in_whatever_run_it_is_asked_again(services: Counterparts) -> None:
    begun = await services.begin(commission=uuid4())
    handle = _without_a_run(services, begun)
    await draft_mailed(handle)
    more, paused = Extend(request=uuid4(), by=timedelta(days=2)), Pause(request=uuid4())
    for name, asked in (("extend", more), ("pause", paused)):
        await handle.execute_update(name, asked, id=str(asked.request))

    await _continued(handle)
    for name, asked in (("extend", more), ("pause", paused)):
        await handle.execute_update(name, asked, id=str(asked.request))

    state = await handle.query(CommissionWorkflow.state)
    assert state.extra_time == timedelta(days=2)
    assert state.paused_at is not None


async def test_a_story_of_several_runs_is_told_from_the_first(services: Counterparts) -> None:
    begun = await services.begin(commission=uuid4())
    handle = _without_a_run(services, begun)
    await draft_mailed(handle)
    await _continued(handle)
    await withdraw(handle)
    await handle.result()

    story = await _read(services.client, handle.id)

    names = [step.name for step in sorted(story.steps, key=lambda step: step.at)]
    assert names.index("production.PreviewPromise") < names.index("intake.CloseCommission")
