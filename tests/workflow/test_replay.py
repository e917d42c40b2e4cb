"""Commissions live for months: every history that was ever stored must replay on today's workflow."""

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.state import CommissionResult, CommissionStart
from shared.contracts.lifecycle import Outcome
from tests.workflow.export_histories import COMMISSION, HISTORIES, LIVES, export, life_of


def _stored(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


STORED = _stored(HISTORIES)
BOOKED = [path for path in STORED if "production.BookPromise" in path.read_text()]
# The changed workflows are in this module, whose other imports are then no part of the sandbox either.
_RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules("services", "shared", "tests")
)


@workflow.defn(name="Commission")
class QuotedBeforePromised(CommissionWorkflow):
    """A change of the order of commands that somebody made without `workflow.patched`."""

    @workflow.init
    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CommissionStart) -> CommissionResult:  # noqa: ARG002 (as the original)
        await self._draft_a_quote()
        await self._preview_the_day()
        await self._wait_on_the_desk()
        return CommissionResult(outcome=Outcome.LAPSED)


@workflow.defn(name="Commission")
class AskedBeforeBooked(CommissionWorkflow):
    """The same at the bench: approvals are asked for before the hours are booked."""

    @workflow.init
    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CommissionStart) -> CommissionResult:
        return await super().run(start)

    async def _book_the_promise(self) -> None:
        if self._state.booked is None:
            await self._ask_for_approval("cut")
        await super()._book_the_promise()


@workflow.defn(name="Commission")
class PatchedToTellFirst(CommissionWorkflow):
    """The same kind of change made as it should be: lives that began without it go on without it."""

    @workflow.init
    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CommissionStart) -> CommissionResult:
        if workflow.patched("pause-before-promise"):
            await workflow.sleep(1)
        return await super().run(start)


def _read(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(str(COMMISSION), path.read_text())


async def _replay(path: Path, definition: type = CommissionWorkflow) -> None:
    replayer = Replayer(workflows=[definition], data_converter=pydantic_data_converter, workflow_runner=_RUNNER)
    await replayer.replay_workflow(_read(path))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_stored_history_replays(path: Path) -> None:
    await _replay(path)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_change_without_a_patch_is_caught(path: Path) -> None:
    with pytest.raises(workflow.NondeterminismError):
        await _replay(path, QuotedBeforePromised)


@pytest.mark.parametrize("path", BOOKED, ids=lambda path: path.stem)
async def test_a_change_at_the_bench_without_a_patch_is_caught(path: Path) -> None:
    with pytest.raises(workflow.NondeterminismError):
        await _replay(path, AskedBeforeBooked)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_change_behind_a_patch_leaves_old_lives_as_they_are(path: Path) -> None:
    await _replay(path, PatchedToTellFirst)


def test_every_kind_of_life_is_stored() -> None:
    stored = {life_of(path) for path in STORED}

    assert stored == LIVES.keys()


def test_no_history_tells_of_a_machine_or_a_person() -> None:
    for path in STORED:
        text = path.read_text()
        assert [word for word in ('"identity"', '"stackTrace"', "@") if word in text] == []


async def test_what_is_stored_today_replays_too(tmp_path: Path) -> None:
    await export("today", tmp_path)

    played = _stored(tmp_path)
    for path in played:
        await _replay(path)
    assert {life_of(path) for path in played} == LIVES.keys()
