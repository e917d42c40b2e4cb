"""From the deposit to the finished piece: booked hours, gates and approvals, pauses and delays."""

from functools import partial

from services.lifecycle.workflow.bench_needs import BenchNeed, next_need
from services.lifecycle.workflow.pausing import PauseSteps
from services.lifecycle.workflow.state import GateProgress
from services.lifecycle.workflow.waiting import Chore
from shared.contracts.commands.intake import AskApproval
from shared.contracts.commands.production import BookPromise, OpenGate
from shared.contracts.lifecycle import Escalation, Phase


class MakingSteps(PauseSteps):
    """The bench makes the piece; the customer signs off what cannot be undone."""

    async def _book_the_promise(self) -> None:
        """From now on the hours are booked, and the bench has its tasks."""
        state, promise = self._state, self._state.promise
        if state.booked is not None or promise is None:
            return
        self._stop_if_end_requested()
        self._enter(Phase.MAKING)
        command = BookPromise(
            id=self._next_id(BookPromise),
            commission=self._start.commission,
            promise=promise.promise,
            brief_version=self._start.brief_version,
        )
        booked = await self._carry_out(command)
        state.booked, bench = booked, state.bench
        # A fact from the bench may already be newer than this answer.
        bench.maker, bench.ready_by = bench.maker or booked.maker, bench.ready_by or booked.ready_by

    async def _make_the_piece(self) -> None:
        """Mishaps and rework are the bench's own business: it replans, and the work continues where it must."""
        await self._stay(Phase.MAKING, lambda: self._state.bench.made, self._chore_at_the_bench)

    def _chore_at_the_bench(self) -> Chore | None:
        if (found := next_need(self._state)) is None:
            return self._chore_of_a_pause()
        need, gate = found
        chores = {
            BenchNeed.OPEN: self._open_the_gate,
            BenchNeed.ESCALATE: self._escalate_a_refusal,
            BenchNeed.ASK: self._ask_for_approval,
        }
        return partial(chores[need], gate)

    async def _ask_for_approval(self, name: str) -> None:
        gate = self._state.gates.setdefault(name, GateProgress())
        command = AskApproval(id=self._next_id(AskApproval), commission=self._start.commission, gate=name)
        asking = await self._carry_out(command)
        gate.approval = asking.approval

    async def _open_the_gate(self, name: str) -> None:
        gate = self._state.gates[name]
        if (signed := gate.signed) is None:
            return
        command = OpenGate(
            id=self._next_id(OpenGate),
            commission=self._start.commission,
            gate=name,
            approval=signed.approval,
            brief_version=signed.brief_version,
        )
        await self._carry_out(command)
        gate.opened = True

    async def _escalate_a_refusal(self, name: str) -> None:
        """The maker and the customer talk; ops then have the approval asked for again."""
        self._state.gates[name].escalated = True
        await self._escalate(Escalation.APPROVAL_REFUSED)
