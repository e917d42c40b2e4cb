"""Every phase meets every fact and every request: what `transitions.py` says happens, and nothing else does."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from shared.contracts.commands.lifecycle import RecordEnd, RecordPhase
from shared.contracts.lifecycle import Phase
from tests.support.counterparts import Counterparts
from tests.support.lives import KEPT_BY, Life, at
from tests.support.rest import broken_off
from tests.support.time_skipping import start
from tests.support.waiting import until
from tests.workflow.transitions import (
    KINDS,
    OF_FACTS,
    OF_UPDATES,
    UPDATES,
    VARIANTS,
    Does,
    Ends,
    Expected,
    Ignored,
    Reaches,
    Refused,
    fact_of,
)

STAGES: Final = [phase for phase in Phase if phase is not Phase.REQUESTED]
"""No workflow is in `requested`: the dashboard shows this until the workflow has started."""


@pytest.fixture(scope="module")
async def shared() -> AsyncIterator[Counterparts]:
    """One server for all rows: no clock is moved in any of them."""
    async with start() as environment:
        counterparts = Counterparts(environment.client, "", environment.get_current_time)
        async with counterparts.at_work():
            yield counterparts


@pytest.fixture(scope="module")
def unmoved() -> dict[Phase, Life]:
    """One life at each stage that nothing has moved yet: what is ignored may be sent to the same one."""
    return {}


@pytest.mark.parametrize("name", [*KINDS, *VARIANTS])
@pytest.mark.parametrize("phase", STAGES)
async def test_every_fact_at_every_stage(
    shared: Counterparts, unmoved: dict[Phase, Life], phase: Phase, name: str
) -> None:
    expected = OF_FACTS[phase].get(name, Ignored())
    life = await _life(shared, unmoved, phase, expected)
    before = await _asked_so_far(life)

    await life.receives(fact_of(name, life))

    await _comes_to(life, phase, expected, before)


@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize("phase", STAGES)
async def test_every_request_at_every_stage(
    shared: Counterparts, unmoved: dict[Phase, Life], phase: Phase, name: str
) -> None:
    expected = OF_UPDATES[phase][name]
    life = await _life(shared, {} if name == "pause" else unmoved, phase, expected)
    before = await _asked_so_far(life)

    refusal = await _asked(life, name)

    assert refusal == (expected.refusal if isinstance(expected, Refused) else None)
    await _comes_to(life, phase, expected, before)


async def _life(shared: Counterparts, unmoved: dict[Phase, Life], phase: Phase, expected: Expected) -> Life:
    if not isinstance(expected, Ignored | Refused):
        return await at(phase, shared)
    if phase not in unmoved:
        unmoved[phase] = await at(phase, shared)
    return unmoved[phase]


async def _asked_so_far(life: Life) -> dict[str, int]:
    """How many commands of each name it has made; a record of a phase counts as it is carried out."""
    counts = (await life.state()).command_counts
    return counts | {RecordPhase.activity(): life.did(RecordPhase)}


async def _asked(life: Life, name: str) -> str | None:
    """The word by which the workflow refused, if it did."""
    try:
        await life.handle.execute_update(name, UPDATES[name]())
    except WorkflowUpdateFailedError as error:
        return error.cause.type if isinstance(error.cause, ApplicationError) else "unknown"
    return None


async def _comes_to(life: Life, phase: Phase, expected: Expected, asked: dict[str, int]) -> None:
    if isinstance(expected, Ignored | Refused):
        after = await life.state()
        assert after.current is not None
        assert (after.current.phase, await _asked_so_far(life)) == (phase, asked)
        return
    if phase in {Phase.PROMISING, Phase.QUOTING}:
        await broken_off(life.handle)  # the test server fails on an activity that is cancelled as it completes
    if phase in KEPT_BY:
        life.services.closed[KEPT_BY[phase], life.commission].set()
    match expected:
        case Reaches():
            await life.reaches(expected.phase, expected.holder)
        case Ends():
            await life.has_done(RecordEnd)
            assert life.services.of(RecordEnd, life.commission)[0].outcome is expected.outcome
        case Does():
            name = expected.command.activity()
            already = asked.get(name, 0)
            await until(f"{name} is done", lambda: life.did(expected.command) > already)
