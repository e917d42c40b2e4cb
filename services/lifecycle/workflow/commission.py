"""One commission from the request to the certificate, and what ops may ask of it."""

from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from services.lifecycle.workflow import guards
from services.lifecycle.workflow.closing import ClosingSteps
from services.lifecycle.workflow.commission_base import EarlyEndError
from services.lifecycle.workflow.deadlines import resume
from services.lifecycle.workflow.making import MakingSteps
from services.lifecycle.workflow.messages import (
    Cancel,
    Extend,
    Nudge,
    OperationRefusal,
    Pause,
    Resume,
    TryAgain,
    Update,
)
from services.lifecycle.workflow.quoting import QuotingSteps
from services.lifecycle.workflow.reducer import apply
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import (
    CommissionResult,
    CommissionStart,
    CommissionState,
    PendingCancellation,
    UnreadableFact,
)
from shared.contracts.lifecycle import Outcome


@workflow.defn(name="Commission")
class CommissionWorkflow(QuotingSteps, MakingSteps, ClosingSteps):
    """One commission, from the customer's request to its end."""

    @workflow.init
    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CommissionStart) -> CommissionResult:  # noqa: ARG002 (`__init__` has it already)
        """The whole process. A step that is done is skipped, so that a continued run starts where it was."""
        outcome: Outcome | None = None
        while outcome is None:
            try:
                await self._preview_the_day()
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
    def facts(self, envelopes: list[Any]) -> None:
        """Facts of this commission, from the bridge; repeated and disordered ones are sorted out here.

        Untyped, since Temporal drops a signal whose arguments it cannot read. A fact that is none is kept for ops, and
        the others count: an error here would fail this workflow task again and again. A record that even an inbox
        cannot read never comes here: it is parked (`shared/inbox/processor.py`).
        """
        for envelope in self._state.sequencer.take([each for each in map(self._envelope, envelopes) if each]):
            if envelope.is_unreadable or not self._applied(envelope):
                self._state.keep_unreadable(UnreadableFact(topic=envelope.topic, version=envelope.version))

    def _applied(self, envelope: FactEnvelope) -> bool:
        try:
            apply(self._state, envelope, workflow.now())
        except ValidationError:
            return False
        return True

    def _envelope(self, raw: Any) -> FactEnvelope | None:
        """The envelope; of one that cannot be read its place, if that can."""
        with suppress(ValidationError):
            return FactEnvelope.model_validate(raw)
        with suppress(ValidationError):
            return FactEnvelope.unreadable(raw, workflow.now())
        self._state.keep_unreadable(UnreadableFact())
        return None

    @workflow.query
    def state(self) -> CommissionState:
        """The whole state, for the ops dashboard."""
        return self._state

    @workflow.update
    async def nudge(self, asked: Nudge) -> None:
        """Remind the person that the commission waits for, now; the wait for the next reminder starts again."""
        if not self._remember(asked):
            return
        self._state.inactivity.since = workflow.now()
        await self._ask(self._reminder())  # if that is refused for good, so is the nudge

    @nudge.validator
    def _there_is_somebody_to_nudge(self, asked: Nudge) -> None:
        self._refuse_if_blocked(asked)

    @workflow.update
    def extend(self, asked: Extend) -> None:
        """Give the person that the commission waits for more time."""
        if self._remember(asked):
            self._state.extra_time += asked.by

    @extend.validator
    def _there_is_something_to_extend(self, asked: Extend) -> None:
        self._refuse_if_blocked(asked)

    @workflow.update
    def pause(self, asked: Pause) -> None:
        """Stop the clock. Facts are still applied: what people do counts."""
        if self._remember(asked):
            self._state.paused_at = workflow.now()

    @pause.validator
    def _it_can_be_paused(self, asked: Pause) -> None:
        self._refuse_if_blocked(asked)

    @workflow.update
    def resume(self, asked: Resume) -> None:
        """Let the clock run again."""
        if self._remember(asked):
            resume(self._state, workflow.now())

    @resume.validator
    def _it_is_paused(self, asked: Resume) -> None:
        self._refuse_if_blocked(asked)

    @workflow.update
    def cancel(self, asked: Cancel) -> None:
        """End the commission; facts say what came of it."""
        if not self._remember(asked):
            return
        wanted = PendingCancellation(cause=asked.cause, at_most_percent=asked.at_most_percent)
        self._state.cancellations.append(wanted)

    @cancel.validator
    def _it_can_be_cancelled(self, asked: Cancel) -> None:
        self._refuse_if_blocked(asked)

    @workflow.update
    def try_again(self, asked: TryAgain) -> None:
        """Ops have put right what was refused: ask the service, or the customer, once more."""
        if not self._remember(asked):
            return
        self._state.trouble = None
        for gate in self._state.gates.values():
            if gate.refused:
                gate.refused, gate.approval = False, None

    @try_again.validator
    def _there_is_something_to_try_again(self, asked: TryAgain) -> None:
        self._refuse_if_blocked(asked)

    def _remember(self, asked: Update) -> bool:
        """False if the same request was carried out before: Temporal knows that within one run only."""
        is_new = asked.request not in self._state.requests
        self._state.requests.add(asked.request)
        return is_new

    def _refuse_if_blocked(self, asked: Update) -> None:
        """What is done already is not refused, so that somebody who did not get the answer gets it now."""
        if asked.request in self._state.requests:
            return
        here = guards.situation_of(self._state, closing=self._compensating)
        if (refusal := guards.why_not(type(asked), here)) is not None:
            raise _refused(refusal)


def _refused(refusal: OperationRefusal) -> ApplicationError:
    """The error by which a validator refuses: its type is the refusal."""
    return ApplicationError(refusal.value, type=refusal.value, non_retryable=True)
