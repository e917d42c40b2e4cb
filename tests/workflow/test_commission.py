"""A commission's life on Temporal's time-skipping server: months pass in milliseconds."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateFailedError

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import TryAgain
from shared.contracts.commands.command import Command
from shared.contracts.commands.intake import CloseCommission
from shared.contracts.commands.lifecycle import RecordEnd, RecordPhase
from shared.contracts.commands.production import PreviewPromise
from shared.contracts.commands.quotes import DraftQuote, ExpireQuote
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.contracts.quotes import QuoteEnd
from tests.support.counterparts import DESK, STEP, Counterparts, commission_of, submitted, withdraw, withdrawn
from tests.support.rest import at_rest, awaits_another_attempt, broken_off, draft_mailed
from tests.support.waiting import until

COMMISSIONS = Topic.COMMISSIONS.value


async def test_a_request_comes_to_the_desk_by_a_day_and_a_quote_and_holds_nothing(services: Counterparts) -> None:
    handle = await services.begin()

    await draft_mailed(handle)

    assert services.stages() == [Phase.PROMISING, Phase.QUOTING, Phase.DESK]
    assert services.names() == ["PreviewPromise", "DraftQuote"]


async def test_a_draft_that_nobody_takes_from_the_desk_lapses_and_everything_is_undone(services: Counterparts) -> None:
    handle = await services.begin()
    await draft_mailed(handle)

    result = await handle.result()

    assert result.outcome is Outcome.LAPSED
    assert services.stages() == [Phase.PROMISING, Phase.QUOTING, Phase.DESK, Phase.ENDED]
    assert services.names() == [
        "PreviewPromise", "DraftQuote", "ExpireQuote", "CloseCommission", "RecordEnd",
    ]  # fmt: skip
    assert services.of(ExpireQuote)[0].reason is QuoteEnd.LAPSED
    assert services.of(CloseCommission)[0].outcome is Outcome.LAPSED


async def test_a_draft_waits_on_the_desk_as_long_as_the_settings_say(services: Counterparts) -> None:
    handle = await services.begin()

    await handle.result()

    desk = next(each for each in services.of(RecordPhase) if each.phase is Phase.DESK)
    assert desk.holder is Holder.STUDIO
    assert desk.due is not None
    assert desk.due - desk.since == DESK
    assert services.of(RecordEnd)[0].at - desk.since >= DESK


async def test_a_step_of_the_process_is_due_after_the_patience_that_it_gets(services: Counterparts) -> None:
    gate = services.shut(PreviewPromise)
    await services.begin()
    await until("it waits for the day", lambda: services.of(RecordPhase) != [])

    promising = services.of(RecordPhase)[0]
    gate.set()

    assert (promising.phase, promising.holder) == (Phase.PROMISING, Holder.PROCESS)
    assert promising.due == promising.since + STEP


async def test_a_withdrawal_at_the_desk_undoes_everything(services: Counterparts) -> None:
    handle = await services.begin()
    await draft_mailed(handle)

    await withdraw(handle)

    assert (await handle.result()).outcome is Outcome.WITHDRAWN
    assert services.of(ExpireQuote)[0].reason is QuoteEnd.WITHDRAWN
    assert services.of(CloseCommission)[0].outcome is Outcome.WITHDRAWN


async def test_a_withdrawal_that_comes_with_the_request_holds_nothing(services: Counterparts) -> None:
    commission = uuid4()

    handle = await services.begin(submitted(commission), withdrawn(commission), commission=commission)

    assert (await handle.result()).outcome is Outcome.WITHDRAWN
    assert services.names() == ["CloseCommission", "RecordEnd"]


async def test_a_withdrawal_while_the_day_is_being_found_waits_for_nothing(services: Counterparts) -> None:
    gate = services.shut(PreviewPromise)
    handle = await services.begin()
    await services.reached[PreviewPromise].wait()

    await withdraw(handle)
    await broken_off(handle)
    gate.set()

    assert (await handle.result()).outcome is Outcome.WITHDRAWN
    assert services.names() == ["PreviewPromise", "CloseCommission", "RecordEnd"]


async def test_a_withdrawal_while_the_quote_is_being_drafted_expires_it(services: Counterparts) -> None:
    gate = services.shut(DraftQuote)
    handle = await services.begin()
    await services.reached[DraftQuote].wait()

    await withdraw(handle)
    await broken_off(handle)
    gate.set()

    assert (await handle.result()).outcome is Outcome.WITHDRAWN
    assert len(services.of(DraftQuote)) == 1
    assert services.of(ExpireQuote)[0].quote_version == 1


async def test_a_withdrawal_does_not_wait_for_a_brief_that_never_comes(services: Counterparts) -> None:
    services.not_yet[DraftQuote] = 1_000_000
    services.again_in = timedelta(hours=1)
    handle = await services.begin()
    await awaits_another_attempt(handle)

    await withdraw(handle)

    assert (await handle.result()).outcome is Outcome.WITHDRAWN
    assert services.names() == ["PreviewPromise", "CloseCommission", "RecordEnd"]


async def test_a_withdrawal_during_the_end_changes_nothing_any_more(services: Counterparts) -> None:
    gate = services.shut(CloseCommission)
    handle = await services.begin(desk=timedelta(seconds=1))
    await services.reached[CloseCommission].wait()

    await withdraw(handle)
    gate.set()

    assert (await handle.result()).outcome is Outcome.LAPSED
    assert len(services.of(ExpireQuote)) == 1
    assert services.of(RecordEnd)[0].counted == {COMMISSIONS: 1}


async def test_a_brief_on_its_way_is_waited_for(services: Counterparts) -> None:
    services.not_yet[DraftQuote] = 3
    handle = await services.begin()

    await draft_mailed(handle)

    assert services.attempts[DraftQuote] == 4
    assert len({each.id for each in services.of(DraftQuote)}) == 1


# Facts, often and in any order.


async def test_a_fact_that_comes_twice_counts_once(services: Counterparts) -> None:
    commission = uuid4()
    handle = await services.begin(submitted(commission), submitted(commission), commission=commission)
    await draft_mailed(handle)

    await handle.signal(CommissionWorkflow.facts, [submitted(commission)])

    state = await handle.query(CommissionWorkflow.state)
    assert state.sequencer.versions == {COMMISSIONS: 1}
    assert services.names() == ["PreviewPromise", "DraftQuote"]


async def test_a_fact_after_a_gap_waits_for_the_one_between(services: Counterparts) -> None:
    handle = await services.begin()
    await draft_mailed(handle)

    await withdraw(handle, version=3)
    waiting = await handle.query(CommissionWorkflow.state)
    unknown = withdrawn(commission_of(handle), 2).model_copy(update={"type": "touchmark.commissions.SomethingNew"})
    await handle.signal(CommissionWorkflow.facts, [unknown])

    assert not waiting.withdrawn
    assert list(waiting.sequencer.waiting[COMMISSIONS]) == [3]
    assert (await handle.result()).outcome is Outcome.WITHDRAWN


async def test_a_fact_waits_for_none_that_the_bridge_could_not_read(services: Counterparts) -> None:
    handle = await services.begin()
    await draft_mailed(handle)

    fact = withdrawn(commission_of(handle), 5).model_copy(update={"follows": 1})
    await handle.signal(CommissionWorkflow.facts, [fact])

    assert (await handle.result()).outcome is Outcome.WITHDRAWN


async def test_facts_that_come_before_the_first_step_are_handled(services: Counterparts) -> None:
    """The signal is in the history before `run` begins: no worker takes the workflow until then."""
    commission = uuid4()
    late = Counterparts(services.client, "late.", services.clock)
    handle = await late.begin(commission=commission)
    await handle.signal(CommissionWorkflow.facts, [withdrawn(commission)])

    async with late.at_work():
        assert (await handle.result()).outcome is Outcome.WITHDRAWN

    assert late.names() == ["CloseCommission", "RecordEnd"]


async def test_a_life_goes_on_where_the_worker_remembers_nothing(services: Counterparts) -> None:
    forgetful = Counterparts(services.client, "forgetful.", services.clock)
    forgetful.cached = 0

    async with forgetful.at_work():
        lapsing, withdrawing = await forgetful.begin(), await forgetful.begin()
        await draft_mailed(withdrawing)
        await withdraw(withdrawing)
        outcomes = [(await handle.result()).outcome for handle in (withdrawing, lapsing)]

    assert outcomes == [Outcome.WITHDRAWN, Outcome.LAPSED]
    assert len(forgetful.of(DraftQuote)) == len(forgetful.of(ExpireQuote)) == 2


# Ids, refusals, ops.


async def test_every_command_has_an_id_of_its_own(services: Counterparts) -> None:
    handle = await services.begin()

    await handle.result()

    ids = [each.id for each in services.done]
    assert len(set(ids)) == len(ids)
    assert {each.version for each in ids} == {5}


@pytest.mark.parametrize("command", [PreviewPromise, DraftQuote])
async def test_a_step_that_is_refused_waits_for_ops_and_is_tried_again(
    services: Counterparts, command: type[Command]
) -> None:
    services.refusals[command] = 1
    handle = await services.begin()
    await until("the studio holds it", lambda: Holder.STUDIO in {each.holder for each in services.of(RecordPhase)})
    trouble = (await handle.query(CommissionWorkflow.state)).trouble

    await handle.execute_update(CommissionWorkflow.try_again, TryAgain(request=uuid4()))
    await draft_mailed(handle)

    assert trouble is not None
    assert (trouble.command, trouble.problem) == (command.activity(), "conflict")
    assert (await handle.query(CommissionWorkflow.state)).trouble is None


@pytest.mark.parametrize("command", [PreviewPromise, DraftQuote])
async def test_a_refused_step_can_be_withdrawn_from(services: Counterparts, command: type[Command]) -> None:
    services.refusals[command] = 1
    handle = await services.begin()
    await until("the studio holds it", lambda: Holder.STUDIO in {each.holder for each in services.of(RecordPhase)})
    await at_rest(handle, services.clock)
    services.refusals[command] = 1

    await withdraw(handle)

    assert (await handle.result()).outcome is Outcome.WITHDRAWN
    assert not services.of(command)


async def test_nothing_can_be_tried_again_where_nothing_was_refused(services: Counterparts) -> None:
    handle = await services.begin()
    await draft_mailed(handle)

    with pytest.raises(WorkflowUpdateFailedError):
        await handle.execute_update(CommissionWorkflow.try_again, TryAgain(request=uuid4()))


async def test_asking_for_progress_changes_nothing(services: Counterparts) -> None:
    handle = await services.begin()
    await draft_mailed(handle)
    before = (await handle.describe()).history_length

    answers = await asyncio.gather(*(handle.query(CommissionWorkflow.state) for _ in range(3)))

    assert answers[0] == answers[1] == answers[2]
    assert (await handle.describe()).history_length == before
