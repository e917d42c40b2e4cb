"""What all steps share: the current phase, and commands to the services, retried until they are done."""

import asyncio
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.workflow.deadlines import current_phase, enter
    from services.lifecycle.workflow.state import CommissionStart, CommissionState, CurrentPhase, Trouble
    from shared.contracts.commands.command import Command, Done, Result
    from shared.contracts.commands.lifecycle import RecordEscalation, RecordPhase
    from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
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


class EarlyEndError(Exception):
    """The commission ends before it is completed: somebody cancelled it, or nobody acted in time."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class CommissionBase:
    """The state of a commission, and how its steps are carried out."""

    def __init__(self, start: CommissionStart) -> None:
        self._start = start
        self._state: CommissionState = start.state.model_copy(deep=True)
        self._compensating = False

    # The current phase.

    async def _enter(self, phase: Phase) -> None:
        self._stop_if_end_requested()
        await self._enter_current(self._current_at(phase))

    def _current_at(self, phase: Phase) -> CurrentPhase:
        return current_phase(phase, self._state, self._start.timeouts, workflow.now())

    async def _enter_current(self, current: CurrentPhase) -> None:
        enter(self._state, current, workflow.now())
        workflow.set_current_details(f"{current.phase}, waiting for {current.holder}, due {current.due}")
        command = RecordPhase(
            id=self._next_id(RecordPhase),
            commission=self._start.commission,
            at=workflow.now(),
            **current.model_dump(),
        )
        await self._ask(command, Done)

    async def _escalate(self, reason: Escalation) -> None:
        current = self._state.current
        if current is None:
            raise RuntimeError("something is escalated before any phase was entered")
        command = RecordEscalation(
            id=self._next_id(RecordEscalation),
            commission=self._start.commission,
            phase=current.phase,
            holder=current.holder,
            reason=reason,
            at=workflow.now(),
        )
        await self._ask(command, Done)

    def _stop_if_end_requested(self) -> None:
        state = self._state
        if self._compensating or not state.end_requested:
            return
        if state.cancellations:
            raise EarlyEndError(Outcome.CANCELLED)
        raise EarlyEndError(Outcome.WITHDRAWN if state.withdrawn else Outcome.DECLINED)

    # How steps are carried out.

    async def _carry_out(self, command: Command, result: type[R]) -> R:
        """Ask until it is done. If the service refuses for good, wait until ops have put it right and try again."""
        while True:
            try:
                return await self._ask(command, result)
            except ActivityError as refusal:
                if is_cancelled_exception(refusal):
                    raise
                await self._wait_for_ops(command, refusal)

    async def _wait_for_ops(self, command: Command, refusal: ActivityError) -> None:
        before, now = self._state.current, workflow.now()
        if before is None:
            raise RuntimeError("a step was refused before any phase was entered")
        self._state.trouble = Trouble(command=command.activity(), problem=problem_of(refusal), since=now)
        paused = self._state.paused_at is not None
        await self._enter_current(
            CurrentPhase(phase=before.phase, holder=Holder.STUDIO, since=now, due=now, paused=paused)
        )
        await self._escalate(Escalation.STEP_REFUSED)
        await workflow.wait_condition(
            lambda: self._state.trouble is None or (self._state.end_requested and not self._compensating)
        )
        self._state.trouble = None
        await self._enter(before.phase)

    async def _result_after_cancelling(self, step: "asyncio.Task[R]", command: Command, result: type[R]) -> R | None:
        """The result of a step that was cancelled, if it had an effect: the same id gives the same answer again."""
        step.cancel()
        try:
            return await step
        except EarlyEndError:
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
        ordinal = self._state.command_counts[name] = self._state.command_counts.get(name, 0) + 1
        return command_id(info.workflow_id, info.first_execution_run_id, name, ordinal)


def problem_of(refusal: ActivityError) -> str:
    return refusal.cause.type or "unknown" if isinstance(refusal.cause, ApplicationError) else "unknown"
