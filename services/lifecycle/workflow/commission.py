"""One commission from the request to the certificate, and what ops may ask of it."""

from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from services.lifecycle.workflow.closing import ClosingSteps
from services.lifecycle.workflow.commission_base import EarlyEndError
from services.lifecycle.workflow.fulfilment import FulfilmentSteps
from services.lifecycle.workflow.making import MakingSteps
from services.lifecycle.workflow.quoting import QuotingSteps

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.workflow import guards
    from services.lifecycle.workflow.deadlines import reminder_of, resume
    from services.lifecycle.workflow.messages import Cancel, Extend, Nudge, OperationRefusal, Pause, Resume, TryAgain
    from services.lifecycle.workflow.reducer import apply
    from services.lifecycle.workflow.sequencing import FactEnvelope
    from services.lifecycle.workflow.state import (
        CommissionResult,
        CommissionStart,
        CommissionState,
        PendingCancellation,
    )
    from shared.contracts.lifecycle import Outcome

Answer = OperationRefusal | None


@workflow.defn(name="Commission")
class CommissionWorkflow(QuotingSteps, MakingSteps, FulfilmentSteps, ClosingSteps):
    """One commission, from the customer's request to its end."""

    @workflow.init
    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CommissionStart) -> CommissionResult:  # noqa: ARG002 (`__init__` has it already)
        """The whole process. A step that is done is skipped, so that a continued run starts where it was."""
        self._start_sending_mails()
        outcome: Outcome | None = None
        while outcome is None:
            try:
                await self._hold_a_promise()
                await self._draft_a_quote()
                await self._wait_on_the_desk()
                await self._wait_for_an_answer()
                await self._wait_for_the_deposit()
                await self._book_the_promise()
                await self._make_the_piece()
                await self._wait_for_the_balance()
                await self._ship_the_parcel()
                await self._certify_the_piece()
                outcome = Outcome.COMPLETED
            except EarlyEndError as end:
                # None: quotes or the bench was quicker, and the commission continues.
                outcome = await self._decide_the_outcome(end.outcome)
        await self._close(outcome)
        return CommissionResult(outcome=outcome)

    # What people did, and what ops ask.

    @workflow.signal
    def facts(self, envelopes: list[FactEnvelope]) -> None:
        """Facts of this commission, from the bridge; repeated and disordered ones are sorted out here."""
        for fact in self._state.sequencer.take(envelopes):
            apply(self._state, fact, workflow.now())

    @workflow.query
    def state(self) -> CommissionState:
        """The whole state, for the ops dashboard."""
        return self._state

    @workflow.update
    def nudge(self, asked: Nudge) -> None:  # noqa: ARG002 (its id is the update's)
        """Remind the person that the commission waits for, now; the wait for the next reminder starts again."""
        current = self._state.current
        if current is not None and (intent := reminder_of(current)) is not None:
            self._remind(intent)
            self._state.inactivity.since = workflow.now()

    @nudge.validator
    def _there_is_somebody_to_nudge(self, asked: Nudge) -> None:  # noqa: ARG002
        self._refuse_unless(guards.why_not_nudge)

    @workflow.update
    def extend(self, asked: Extend) -> None:
        """Give the person that the commission waits for more time."""
        self._state.extra_time += asked.by

    @extend.validator
    def _there_is_something_to_extend(self, asked: Extend) -> None:  # noqa: ARG002
        self._refuse_unless(guards.why_not_extend)

    @workflow.update
    def pause(self, asked: Pause) -> None:  # noqa: ARG002
        """Stop the clock. Facts are still applied: what people do counts."""
        self._state.paused_at = workflow.now()

    @pause.validator
    def _it_can_be_paused(self, asked: Pause) -> None:  # noqa: ARG002
        self._refuse_unless(guards.why_not_pause)

    @workflow.update
    def resume(self, asked: Resume) -> None:  # noqa: ARG002
        """Let the clock run again."""
        resume(self._state, workflow.now())

    @resume.validator
    def _it_is_paused(self, asked: Resume) -> None:  # noqa: ARG002
        self._refuse_unless(guards.why_not_resume)

    @workflow.update
    def cancel(self, asked: Cancel) -> None:
        """End the commission; facts say what came of it."""
        wanted = PendingCancellation(cause=asked.cause, at_most_percent=asked.at_most_percent)
        self._state.cancellations.append(wanted)

    @cancel.validator
    def _it_can_be_cancelled(self, asked: Cancel) -> None:  # noqa: ARG002
        self._refuse_unless(guards.why_not_cancel)

    @workflow.update
    def try_again(self, asked: TryAgain | None = None) -> None:  # noqa: ARG002
        """Ops have put right what was refused: ask the service, or the customer, once more."""
        self._state.trouble = None
        for gate in self._state.gates.values():
            if gate.refused:
                gate.refused, gate.approval = False, None

    @try_again.validator
    def _there_is_something_to_try_again(self, asked: TryAgain | None = None) -> None:  # noqa: ARG002
        if (refusal := guards.why_not_try_again(self._state)) is not None:
            raise _refused(refusal)

    def _refuse_unless(self, why_not: Callable[[CommissionState], Answer]) -> None:
        """Once the commission is being closed, only `try_again` is accepted."""
        refusal = OperationRefusal.OVER if self._compensating else why_not(self._state)
        if refusal is not None:
            raise _refused(refusal)


def _refused(refusal: OperationRefusal) -> ApplicationError:
    """The error by which a validator refuses: its type is the refusal."""
    return ApplicationError(refusal.value, type=refusal.value, non_retryable=True)
