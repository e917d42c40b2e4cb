"""How the bench learns of a pause: from the booking to the parcel, as long as there is something to be left alone."""

from temporalio import workflow

from services.lifecycle.workflow.waiting import Chore, Waiting

with workflow.unsafe.imports_passed_through():
    from shared.contracts.commands.command import Done
    from shared.contracts.commands.production import PauseMaking, ResumedMaking, ResumeMaking


class Pausing(Waiting):
    """The clock stands still at once; the bench is told beside."""

    def _chore_of_a_pause(self) -> Chore | None:
        wanted, there = self._so_far.paused_at is not None, self._so_far.bench.paused
        if wanted == there:
            return None
        return self._pause_the_bench if wanted else self._resume_the_bench

    async def _pause_the_bench(self) -> None:
        command = PauseMaking(id=self._next_id(PauseMaking), commission=self._start.commission)
        await self._carry_out(command, Done)
        self._so_far.bench.paused = True

    async def _resume_the_bench(self) -> None:
        command = ResumeMaking(id=self._next_id(ResumeMaking), commission=self._start.commission)
        resumed = await self._carry_out(command, ResumedMaking)
        self._so_far.bench.paused, self._so_far.bench.ready_by = False, resumed.ready_by
