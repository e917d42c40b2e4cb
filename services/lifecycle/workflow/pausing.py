"""Pauses: from the booking until the parcel is gone, the bench stops and resumes with the commission.

Gates come first (`making.py`): while paused the customer is still asked to sign, and a refusal still reaches ops.
"""

from services.lifecycle.workflow.waiting import Chore, PhaseWaiting
from shared.contracts.commands.production import PauseMaking, ResumeMaking


class PauseSteps(PhaseWaiting):
    """The clock stops at once; the bench is asked to stop beside it."""

    def _chore_of_a_pause(self) -> Chore | None:
        wanted, there = self._state.paused_at is not None, self._state.bench.paused
        if wanted == there:
            return None
        return self._pause_the_bench if wanted else self._resume_the_bench

    async def _pause_the_bench(self) -> None:
        command = PauseMaking(id=self._next_id(PauseMaking), commission=self._start.commission)
        await self._carry_out(command)
        self._state.bench.paused = True

    async def _resume_the_bench(self) -> None:
        command = ResumeMaking(id=self._next_id(ResumeMaking), commission=self._start.commission)
        resumed = await self._carry_out(command)
        self._state.bench.paused, self._state.bench.ready_by = False, resumed.ready_by
