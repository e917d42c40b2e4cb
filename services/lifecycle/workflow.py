"""The `Commission` workflow: one commission's life as the business process reads, top to bottom.

Only ids, enums, amounts and times pass through here: a workflow's history is not the place for names or prose. What a
service does comes back as the result of its command; what people did comes in as facts, by the bridge.

A history lives as long as its commission. Change the order or number of commands only behind `workflow.patched`, and
let `tests/workflow/test_replay.py` prove that every stored history still replays.
"""

import asyncio
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.domain.heard import FactEnvelope
    from services.lifecycle.domain.life import (
        CommissionResult,
        CommissionStart,
        Progress,
        Standing,
        Trouble,
        desk_due,
    )
    from services.lifecycle.domain.updates import Cancel, Extend, Nudge, Pause, Refusal, Resume, TryAgain
    from shared.contracts.commands.command import Command, Done, Result
    from shared.contracts.commands.intake import CloseCommission
    from shared.contracts.commands.lifecycle import RecordEnd, RecordStage
    from shared.contracts.commands.notify import MailAccepted, SendNow
    from shared.contracts.commands.production import HeldPromise, HoldPromise, ReleasePromise
    from shared.contracts.commands.quotes import DraftQuote, ExpireQuote, QuoteDraft, QuoteEnding
    from shared.contracts.commissions import CommissionWithdrawn
    from shared.contracts.lifecycle import Holder, Outcome, Stage
    from shared.contracts.notifications import Intent
    from shared.contracts.production import PromiseEnd
    from shared.contracts.quotes import QuoteEnd
    from shared.kernel.ids import command_id

R = TypeVar("R", bound=Result)

NOT_YET = "NotYet"
_ATTEMPT = timedelta(seconds=10)
_UNTIL_IT_IS_DONE = RetryPolicy(
    initial_interval=timedelta(milliseconds=250), backoff_coefficient=2, maximum_interval=timedelta(seconds=10)
)
_UNLESS_NOT_YET = RetryPolicy(
    initial_interval=timedelta(milliseconds=250),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
    non_retryable_error_types=[NOT_YET],
)


class WithdrawnError(Exception):
    """The customer took the commission back; whatever was being done for it is undone."""


@workflow.defn(name="Commission")
class Commission:
    """One commission, from the customer's request to its end."""

    @workflow.init
    def __init__(self, start: CommissionStart) -> None:
        self._start = start
        self._so_far: Progress = start.so_far.model_copy(deep=True)
        self._ending = False

    @workflow.run
    async def run(self, start: CommissionStart) -> CommissionResult:  # noqa: ARG002 (`__init__` has it already)
        """Promise, quote, desk; then whoever moves first, the clock or the customer, ends it."""
        try:
            await self._hold_a_promise()
            await self._draft_a_quote()
            await self._wait_on_the_desk()
            outcome = Outcome.LAPSED
        except WithdrawnError:
            outcome = Outcome.WITHDRAWN
        counted = dict(self._so_far.heard.versions)
        await self._enter_the_end()
        await self._expire_the_quote(QuoteEnd(outcome))
        await self._release_the_promise(PromiseEnd(outcome))
        await self._close_the_page(outcome)
        await self._tell(Intent.COMMISSION_ENDED)
        await self._record_the_end(outcome, counted)
        return CommissionResult(outcome=outcome)

    # What people did, and what ops ask.

    @workflow.signal
    def facts(self, envelopes: list[FactEnvelope]) -> None:
        """Facts of one commission, from the bridge; repeated and disordered ones are sorted out here."""
        for fact in self._so_far.heard.take(envelopes):
            if fact.type == CommissionWithdrawn.type():
                self._so_far.withdrawn = True

    @workflow.query
    def progress(self) -> Progress:
        """All that the commission has come to so far, for the ops room."""
        return self._so_far

    @workflow.update
    def try_again(self, asked: TryAgain | None = None) -> None:  # noqa: ARG002 (its id is the update's)
        """Ops put right what a service had refused; ask it again."""
        self._so_far.trouble = None

    @try_again.validator
    def _there_is_something_to_try_again(self, asked: TryAgain | None = None) -> None:  # noqa: ARG002
        if self._so_far.trouble is None:
            raise _refused(Refusal.NOTHING_TO_TRY_AGAIN)

    @workflow.update
    def nudge(self, asked: Nudge) -> None:
        """Remind whoever holds the clock."""

    @nudge.validator
    def _there_is_somebody_to_nudge(self, asked: Nudge) -> None:  # noqa: ARG002
        raise _refused(Refusal.NOBODY_TO_NUDGE)

    @workflow.update
    def extend(self, asked: Extend) -> None:
        """Let whoever holds the clock have longer."""

    @extend.validator
    def _there_is_something_to_extend(self, asked: Extend) -> None:  # noqa: ARG002
        raise _refused(Refusal.NOTHING_TO_EXTEND)

    @workflow.update
    def pause(self, asked: Pause) -> None:
        """Let the clock stand still."""

    @pause.validator
    def _it_can_be_paused(self, asked: Pause) -> None:  # noqa: ARG002
        raise _refused(Refusal.OVER)

    @workflow.update
    def resume(self, asked: Resume) -> None:
        """Let the clock go on."""

    @resume.validator
    def _it_is_paused(self, asked: Resume) -> None:  # noqa: ARG002
        raise _refused(Refusal.NOT_PAUSED)

    @workflow.update
    def cancel(self, asked: Cancel) -> None:
        """Bring it to its end."""

    @cancel.validator
    def _it_can_be_cancelled(self, asked: Cancel) -> None:  # noqa: ARG002
        raise _refused(Refusal.OVER)

    # The steps.

    async def _hold_a_promise(self) -> None:
        """Run to its end even while the customer withdraws: only who knows the promise can release it."""
        if self._so_far.promise is not None:
            return
        await self._enter(Stage.PROMISING, Holder.PROCESS)
        command = HoldPromise(
            id=self._next_id(HoldPromise),
            commission=self._start.commission,
            craft=self._start.craft,
            craft_version=self._start.craft_version,
            asked_at=self._start.asked_at,
            needed_by=self._start.needed_by,
        )
        self._so_far.promise = await self._carry_out(command, HeldPromise)

    async def _draft_a_quote(self) -> None:
        """May wait long for the brief (`NotYet`), so a withdrawal need not wait for it."""
        if self._so_far.quote is not None:
            return
        await self._enter(Stage.QUOTING, Holder.PROCESS)
        command = DraftQuote(
            id=self._next_id(DraftQuote),
            commission=self._start.commission,
            brief_version=self._start.brief_version,
        )
        drafting = asyncio.create_task(self._carry_out(command, QuoteDraft))
        await workflow.wait_condition(lambda: drafting.done() or self._so_far.withdrawn)
        if self._so_far.withdrawn:
            self._so_far.quote = await self._what_became_of(drafting, command, QuoteDraft)
            raise WithdrawnError
        self._so_far.quote = await drafting

    async def _wait_on_the_desk(self) -> None:
        """The customer is told meanwhile: a mail server's bad day neither delays the desk nor stops its clock."""
        due = await self._come_to_the_desk()
        telling = asyncio.create_task(self._tell(Intent.QUOTE_DRAFTED))
        await self._until(due, telling)
        # Not in a `finally`: a run that is evicted from the worker's cache must not wait for anything any more.
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        self._go_on_unless_withdrawn()

    async def _come_to_the_desk(self) -> datetime:
        """When the draft lapses. A life that was continued as a new run is at the desk already."""
        standing = self._so_far.standing
        if standing is not None and standing.stage is Stage.DESK and standing.due is not None:
            return standing.due
        promise = self._so_far.promise
        if promise is None:
            raise RuntimeError("a quote came to the desk without a promise")
        due = desk_due(workflow.now(), self._start.patience, promise.held_until)
        await self._enter(Stage.DESK, Holder.STUDIO, due=due)
        return due

    async def _until(self, due: datetime, telling: "asyncio.Task[None]") -> None:
        """Wait by a durable timer, or until the customer withdraws; a long history goes on as a fresh run meanwhile."""
        while not self._so_far.withdrawn and (left := due - workflow.now()) > timedelta(0):
            try:
                await workflow.wait_condition(
                    lambda: self._so_far.withdrawn or self._is_time_for_a_fresh_run(telling), timeout=left
                )
            except TimeoutError:
                break
            if not self._so_far.withdrawn:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._start.model_copy(update={"so_far": self._so_far}))

    @staticmethod
    def _is_time_for_a_fresh_run(telling: "asyncio.Task[None]") -> bool:
        return workflow.info().is_continue_as_new_suggested() and telling.done()

    # The end, which undoes what was done.

    async def _enter_the_end(self) -> None:
        self._ending = True
        await self._enter(Stage.ENDED, Holder.PROCESS)

    async def _expire_the_quote(self, reason: QuoteEnd) -> None:
        if (quote := self._so_far.quote) is not None:
            command = ExpireQuote(
                id=self._next_id(ExpireQuote),
                commission=self._start.commission,
                quote=quote.quote,
                quote_version=quote.quote_version,
                reason=reason,
            )
            await self._carry_out(command, QuoteEnding)

    async def _release_the_promise(self, reason: PromiseEnd) -> None:
        if (promise := self._so_far.promise) is not None:
            command = ReleasePromise(
                id=self._next_id(ReleasePromise),
                commission=self._start.commission,
                promise=promise.promise,
                reason=reason,
            )
            await self._carry_out(command, Done)

    async def _close_the_page(self, outcome: Outcome) -> None:
        command = CloseCommission(id=self._next_id(CloseCommission), commission=self._start.commission, outcome=outcome)
        await self._carry_out(command, Done)

    async def _tell(self, intent: Intent) -> None:
        """A mail that notify refuses for good stops nothing: notify keeps account of its mails."""
        if intent in self._so_far.told:
            return
        command = SendNow(
            id=self._next_id(SendNow),
            commission=self._start.commission,
            person=self._start.customer,
            intent=intent,
        )
        try:
            await self._ask(command, MailAccepted)
        except ActivityError as refusal:
            if is_cancelled_exception(refusal):
                raise
            workflow.logger.warning("%s was refused: %s", intent.value, _problem(refusal))
        self._so_far.told.add(intent)

    async def _record_the_end(self, outcome: Outcome, counted: dict[str, int]) -> None:
        command = RecordEnd(
            id=self._next_id(RecordEnd),
            commission=self._start.commission,
            outcome=outcome,
            at=workflow.now(),
            counted=counted,
        )
        await self._ask(command, Done)

    # How steps are carried out.

    async def _enter(self, stage: Stage, holder: Holder, *, due: datetime | None = None) -> None:
        """Without a `due` it is the process's own step, and due after the patience that such a step gets."""
        self._go_on_unless_withdrawn()
        now = workflow.now()
        await self._stand(Standing(stage=stage, holder=holder, since=now, due=due or now + self._start.patience.step))

    async def _stand(self, standing: Standing) -> None:
        self._so_far.standing = standing
        workflow.set_current_details(f"{standing.stage}, held by {standing.holder}, due {standing.due}")
        command = RecordStage(id=self._next_id(RecordStage), commission=self._start.commission, **standing.model_dump())
        await self._ask(command, Done)

    def _go_on_unless_withdrawn(self) -> None:
        if self._so_far.withdrawn and not self._ending:
            raise WithdrawnError

    async def _carry_out(self, command: Command, result: type[R]) -> R:
        """Ask until it is done. Where the service refuses for good, ops put it right and have it tried again."""
        while True:
            try:
                return await self._ask(command, result)
            except ActivityError as refusal:
                if is_cancelled_exception(refusal):
                    raise
                await self._wait_for_ops(command, refusal)

    async def _wait_for_ops(self, command: Command, refusal: ActivityError) -> None:
        before, now = self._so_far.standing, workflow.now()
        if before is None:
            raise RuntimeError("a step was refused before any stage was entered")
        self._so_far.trouble = Trouble(command=command.activity(), problem=_problem(refusal), since=now)
        await self._stand(Standing(stage=before.stage, holder=Holder.STUDIO, since=now, due=now))
        await workflow.wait_condition(
            lambda: self._so_far.trouble is None or (self._so_far.withdrawn and not self._ending)
        )
        self._so_far.trouble = None
        await self._enter(before.stage, Holder.PROCESS)

    async def _what_became_of(self, step: "asyncio.Task[R]", command: Command, result: type[R]) -> R | None:
        """The result of a step that was broken off, if it had an effect: the same id asked again answers exactly."""
        step.cancel()
        try:
            return await step
        except WithdrawnError:
            return None
        except (ActivityError, asyncio.CancelledError):
            pass
        try:
            return await self._ask(command, result, retry=_UNLESS_NOT_YET)
        except ActivityError:
            return None

    async def _ask(self, command: Command, result: type[R], *, retry: RetryPolicy = _UNTIL_IT_IS_DONE) -> R:
        """One command to the service that owns it; the id makes every attempt the same command."""
        answer: R = await workflow.execute_activity(
            command.activity(),
            command,
            task_queue=self._queue(command.service),
            result_type=result,
            start_to_close_timeout=_ATTEMPT,
            retry_policy=retry,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        return answer

    @staticmethod
    def _queue(service: str) -> str:
        """Each service's queue has the prefix that this workflow's own queue has."""
        return workflow.info().task_queue.removesuffix("lifecycle") + service

    def _next_id(self, command: type[Command]) -> UUID:
        """The same on every replay, retry and reset, and in every run that continues this one."""
        name, info = command.activity(), workflow.info()
        ordinal = self._so_far.asked[name] = self._so_far.asked.get(name, 0) + 1
        return command_id(info.workflow_id, info.first_execution_run_id, name, ordinal)


def _refused(refusal: Refusal) -> ApplicationError:
    """What a validator says no by: the word is the error's type."""
    return ApplicationError(refusal.value, type=refusal.value, non_retryable=True)


def _problem(refusal: ActivityError) -> str:
    return refusal.cause.type or "unknown" if isinstance(refusal.cause, ApplicationError) else "unknown"
