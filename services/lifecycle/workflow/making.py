"""From the booked hours to the certificate: gates and approvals, the balance, the parcel, and pauses meanwhile."""

from functools import partial

from services.lifecycle.workflow.bench_needs import BenchNeed, next_need
from services.lifecycle.workflow.changing import ChangingSteps
from services.lifecycle.workflow.guards import bench_follows
from services.lifecycle.workflow.state import GateProgress
from services.lifecycle.workflow.waiting import Chore
from shared.contracts.commands.intake import AskApproval
from shared.contracts.commands.production import (
    BookPromise,
    IssueCertificate,
    OpenGate,
    PauseMaking,
    ReleaseParcel,
    ResumeMaking,
)
from shared.contracts.commands.quotes import IssueBalance
from shared.contracts.lifecycle import Escalation, Phase
from shared.contracts.payments import InvoiceKind


class MakingSteps(ChangingSteps):
    """The bench makes the piece, and the customer signs off what cannot be undone; it is paid for, sent and certified.

    From the booking until the parcel is handed over the bench stops and resumes with the commission. Gates come first:
    while paused the customer is still asked to sign, and a refusal still reaches ops.
    """

    async def _book_the_promise(self) -> None:
        """From now on the hours are booked, and the bench has its tasks."""
        state, promise = self._state, self._state.promise
        if state.booked is not None or promise is None:
            return
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
        if (changing := self._chore_of_a_change()) is not None:
            return changing
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

    async def _wait_for_the_balance(self) -> None:
        """Nothing is sent before it is paid; nobody is asked for what is paid already."""
        if self._state.balance is None:
            self._enter(Phase.BALANCE)
            command = IssueBalance(id=self._next_id(IssueBalance), commission=self._start.commission)
            self._state.balance = await self._carry_out(command)
        await self._stay(Phase.BALANCE, self._is_paid, self._chore_after_the_making)

    def _is_paid(self) -> bool:
        """A parcel that was released stays so, though a payment is reversed then.

        Where nothing was left when the balance was issued, the deposit has to be paid still.
        """
        balance, paid = self._state.balance, self._state.paid
        if self._state.parcel.released:
            return True
        nothing_left = balance is not None and balance.left.minor <= 0
        return InvoiceKind.BALANCE in paid or (nothing_left and InvoiceKind.DEPOSIT in paid)

    async def _ship_the_parcel(self) -> None:
        """The maker packs and hands over; the carrier brings it."""
        parcel = self._state.parcel
        if not parcel.released:
            self._enter(Phase.SHIPPING)
            command = ReleaseParcel(id=self._next_id(ReleaseParcel), commission=self._start.commission)
            await self._carry_out(command)
            parcel.released = True
        await self._stay(Phase.SHIPPING, lambda: parcel.delivered, self._chore_of_the_parcel)

    async def _certify_the_piece(self) -> None:
        """The last step; if somebody asked to cancel meanwhile, a mail says that it is too late."""
        if self._state.serial is None:
            self._enter(Phase.CERTIFYING)
            command = IssueCertificate(id=self._next_id(IssueCertificate), commission=self._start.commission)
            issued = await self._carry_out(command)
            self._state.serial = issued.serial
        self._stop_if_end_requested()

    def _chore_after_the_making(self) -> Chore | None:
        return self._chore_of_a_change() or self._chore_of_a_pause()

    def _chore_of_the_parcel(self) -> Chore | None:
        """Ops hear at once that a parcel is missed; what comes of it, they decide."""
        parcel = self._state.parcel
        untold = parcel.missed and not parcel.missed_told
        return self._tell_of_the_missed_parcel if untold else self._chore_after_the_making()

    async def _tell_of_the_missed_parcel(self) -> None:
        self._state.parcel.missed_told = True
        await self._escalate(Escalation.PARCEL_REPORTED)

    # The clock stops at once; the bench is asked to stop beside it.

    def _chore_of_a_pause(self) -> Chore | None:
        state = self._state
        wanted, there = state.paused_at is not None, state.bench.paused
        follows = bench_follows(booked=state.booked is not None, handed_over=state.parcel.tracking is not None)
        if wanted == there or (wanted and not follows):
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
