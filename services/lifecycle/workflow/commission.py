"""One commission's life, top to bottom, and what ops may ask of it."""

from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from services.lifecycle.workflow.agreeing import Agreeing
from services.lifecycle.workflow.ending import Ending
from services.lifecycle.workflow.leaving import Leaving
from services.lifecycle.workflow.making import Making
from services.lifecycle.workflow.steps import LeftOffError

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.domain import allowing
    from services.lifecycle.domain.heard import FactEnvelope
    from services.lifecycle.domain.hearing import note
    from services.lifecycle.domain.life import Cancellation, CommissionResult, CommissionStart, Progress
    from services.lifecycle.domain.standing import go_on, reminder_of
    from services.lifecycle.domain.updates import Cancel, Extend, Nudge, Pause, Refusal, Resume, TryAgain
    from shared.contracts.lifecycle import Outcome

Answer = Refusal | None


@workflow.defn(name="Commission")
class Commission(Agreeing, Making, Leaving, Ending):
    """One commission, from the customer's request to its end."""

    @workflow.init
    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CommissionStart) -> CommissionResult:  # noqa: ARG002 (`__init__` has it already)
        """The whole life. Each step knows whether it is done: a life goes on where it stood, in a fresh run as well."""
        self._open_the_post()
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
            except LeftOffError as left_off:
                # None: quotes or the bench were quicker, and the life goes on.
                outcome = await self._agree_on_the_end(left_off.outcome)
        await self._bring_to_the_end(outcome)
        return CommissionResult(outcome=outcome)

    # What people did, and what ops ask.

    @workflow.signal
    def facts(self, envelopes: list[FactEnvelope]) -> None:
        """Facts of one commission, from the bridge; repeated and disordered ones are sorted out here."""
        for fact in self._so_far.heard.take(envelopes):
            note(self._so_far, fact, workflow.now())

    @workflow.query
    def progress(self) -> Progress:
        """All that the commission has come to so far, for the ops room."""
        return self._so_far

    @workflow.update
    def nudge(self, asked: Nudge) -> None:  # noqa: ARG002 (its id is the update's)
        """Remind whoever holds the clock, now; the next reminder comes that much later."""
        standing = self._so_far.standing
        if standing is not None and (intent := reminder_of(standing)) is not None:
            self._remind(intent)
            self._so_far.silence.since = workflow.now()

    @nudge.validator
    def _there_is_somebody_to_nudge(self, asked: Nudge) -> None:  # noqa: ARG002
        self._refuse_unless(allowing.why_not_nudge)

    @workflow.update
    def extend(self, asked: Extend) -> None:
        """Let whoever holds the clock have so much longer."""
        self._so_far.more += asked.by

    @extend.validator
    def _there_is_something_to_extend(self, asked: Extend) -> None:  # noqa: ARG002
        self._refuse_unless(allowing.why_not_extend)

    @workflow.update
    def pause(self, asked: Pause) -> None:  # noqa: ARG002
        """Let the clock stand still. Facts are heard all the same: what people do counts."""
        self._so_far.paused_at = workflow.now()

    @pause.validator
    def _it_can_be_paused(self, asked: Pause) -> None:  # noqa: ARG002
        self._refuse_unless(allowing.why_not_pause)

    @workflow.update
    def resume(self, asked: Resume) -> None:  # noqa: ARG002
        """Let the clock go on where it stood."""
        go_on(self._so_far, workflow.now())

    @resume.validator
    def _it_is_paused(self, asked: Resume) -> None:  # noqa: ARG002
        self._refuse_unless(allowing.why_not_resume)

    @workflow.update
    def cancel(self, asked: Cancel) -> None:
        """Bring it to its end; facts tell what comes of it."""
        wanted = Cancellation(cause=asked.cause, at_most_percent=asked.at_most_percent)
        self._so_far.cancellations.append(wanted)

    @cancel.validator
    def _it_can_be_cancelled(self, asked: Cancel) -> None:  # noqa: ARG002
        self._refuse_unless(allowing.why_not_cancel)

    @workflow.update
    def try_again(self, asked: TryAgain | None = None) -> None:  # noqa: ARG002
        """Ops put right what was refused: ask the service once more, or the customer."""
        self._so_far.trouble = None
        for gate in self._so_far.gates.values():
            if gate.refused:
                gate.refused, gate.approval = False, None

    @try_again.validator
    def _there_is_something_to_try_again(self, asked: TryAgain | None = None) -> None:  # noqa: ARG002
        if (refusal := allowing.why_not_try_again(self._so_far)) is not None:
            raise _refused(refusal)

    def _refuse_unless(self, why_not: Callable[[Progress], Answer]) -> None:
        """Nothing but a second try is taken once it is being brought to its end."""
        refusal = Refusal.OVER if self._undoing else why_not(self._so_far)
        if refusal is not None:
            raise _refused(refusal)


def _refused(refusal: Refusal) -> ApplicationError:
    """What a validator says no by: the word is the error's type."""
    return ApplicationError(refusal.value, type=refusal.value, non_retryable=True)
