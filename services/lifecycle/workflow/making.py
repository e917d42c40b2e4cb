"""From the deposit to the finished piece: hours, gates, approvals, and what goes wrong at a bench."""

from functools import partial

from temporalio import workflow

from services.lifecycle.workflow.pausing import Pausing
from services.lifecycle.workflow.waiting import Chore

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.domain.bench import Need, next_need
    from services.lifecycle.domain.life import Gate
    from shared.contracts.commands.command import Done
    from shared.contracts.commands.intake import ApprovalAsking, AskApproval
    from shared.contracts.commands.production import BookedPromise, BookPromise, OpenGate
    from shared.contracts.lifecycle import Escalation, Phase
    from shared.contracts.notifications import Intent


class Making(Pausing):
    """The bench makes the piece; the customer signs what cannot be undone."""

    async def _book_the_promise(self) -> None:
        """From now on the hours are the commission's: a bench has its tasks."""
        so_far, promise = self._so_far, self._so_far.promise
        if so_far.booked is not None or promise is None:
            return
        self._go_on_unless_taken_back()
        await self._begin_chapter(1)
        await self._enter(Phase.MAKING)
        command = BookPromise(
            id=self._next_id(BookPromise),
            commission=self._start.commission,
            promise=promise.promise,
            brief_version=self._start.brief_version,
        )
        booked = await self._carry_out(command, BookedPromise)
        so_far.booked, bench = booked, so_far.bench
        # The bench may have told of something newer by now than what it answers here.
        bench.maker, bench.ready_by = bench.maker or booked.maker, bench.ready_by or booked.ready_by
        bench.said = booked.ready_by
        self._tell(Intent.MAKING_BEGINS, day=booked.ready_by)

    async def _make_the_piece(self) -> None:
        """Mishaps and rework are the bench's own: it plans anew, and the piece goes on from where it has to."""
        await self._stay(Phase.MAKING, lambda: self._so_far.bench.made, self._chore_at_the_bench)

    def _chore_at_the_bench(self) -> Chore | None:
        if (found := next_need(self._so_far)) is None:
            return self._chore_of_a_pause()
        need, gate = found
        chores = {
            Need.OPEN: self._open_the_gate,
            Need.ESCALATE: self._tell_ops_of_a_refusal,
            Need.ASK: self._ask_for_approval,
        }
        return partial(chores[need], gate) if need in chores else self._tell_of_a_delay

    async def _ask_for_approval(self, name: str) -> None:
        gate = self._so_far.gates.setdefault(name, Gate())
        command = AskApproval(id=self._next_id(AskApproval), commission=self._start.commission, gate=name)
        asking = await self._carry_out(command, ApprovalAsking)
        gate.approval = asking.approval
        if gate.signed is None and not gate.refused:  # the answer may have been quicker than this one
            self._tell(Intent.APPROVAL_ASKED, about=asking.approval)

    async def _open_the_gate(self, name: str) -> None:
        gate = self._so_far.gates[name]
        if (signed := gate.signed) is None:
            return
        command = OpenGate(
            id=self._next_id(OpenGate),
            commission=self._start.commission,
            gate=name,
            approval=signed.approval,
            brief_version=signed.brief_version,
        )
        await self._carry_out(command, Done)
        gate.opened = True

    async def _tell_ops_of_a_refusal(self, name: str) -> None:
        """Maker and customer talk it over; ops then have the approval asked for again."""
        self._so_far.gates[name].escalated = True
        await self._escalate(Escalation.APPROVAL_REFUSED)

    async def _tell_of_a_delay(self) -> None:
        bench = self._so_far.bench
        bench.said = bench.ready_by
        self._tell_again(Intent.PIECE_DELAYED, day=bench.ready_by)
