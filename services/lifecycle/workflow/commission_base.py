"""What all steps share: the current phase, and commands to the services, retried until they are done."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, RetryState, is_cancelled_exception
from temporalio.exceptions import TimeoutError as TimedOut

from services.lifecycle.workflow.deadlines import approval_awaited, current_phase, enter, interrupt
from services.lifecycle.workflow.policies import Asking, policy
from services.lifecycle.workflow.state import (
    CommissionStart,
    CommissionState,
    CurrentPhase,
    Trouble,
    UnreadableFact,
    UnrecordedPhase,
)
from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.commands.lifecycle import RecordEscalation, RecordPhase, RecordReminder
from shared.contracts.lifecycle import Escalation, Holder, Outcome, PassedPhase, Phase
from shared.kernel.command_ids import command_id, content_id

R = TypeVar("R", bound=Result)


class EarlyEndError(Exception):
    """The commission ends before it is completed: somebody cancelled it, or nobody acted in time."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class CommissionBase:
    """The state of a commission, and how its steps are carried out."""

    def __init__(self, start: CommissionStart) -> None:
        self._start = start
        self._state: CommissionState = start.state  # read from the input for this run alone
        self._compensating = False  # not in the state: a new run begins only while a phase waits, and never in an end

    # The current phase.

    def _enter(self, phase: Phase) -> None:
        """Enter a phase. It is written down once the commission waits for something."""
        self._stop_if_end_requested()
        self._enter_current(self._current_at(phase))

    def _current_at(self, phase: Phase) -> CurrentPhase:
        return current_phase(phase, self._state, self._start.timeouts, workflow.now())

    def _enter_current(self, current: CurrentPhase) -> None:
        enter(self._state, current, workflow.now())
        _show(current)

    async def _record_phases(self) -> None:
        """Have all phases that were entered since the last time written down: here the commission waits."""
        state = self._state
        if not state.unrecorded:
            return
        *before, newest = state.unrecorded
        passed = passed_phases(before)
        content = "/".join(each.model_dump_json() for each in (*passed, newest))
        command = RecordPhase(
            id=content_id(*self._run(), RecordPhase.activity(), content),
            commission=self._start.commission,
            passed=passed,
            **newest.model_dump(),
        )
        await self._record(command)
        state.unrecorded = [each for each in state.unrecorded if each.number > newest.number]

    def _reminder(self) -> RecordReminder:
        """To tell that the person whom the commission waits for should act; notify mails them."""
        current, offer = self._state.current, self._state.offer
        if current is None:
            raise RuntimeError("somebody is reminded before any phase was entered")
        self._state.alarms += 1
        return RecordReminder(
            id=self._next_id(RecordReminder),
            commission=self._start.commission,
            number=self._state.alarms,
            phase=current.phase,
            holder=current.holder,
            due=current.due,
            quote_version=offer.quote_version if offer is not None and current.phase is Phase.OFFERED else None,
            approval=approval_awaited(current, self._state),
            at=workflow.now(),
        )

    async def _escalate(self, reason: Escalation, about: UnreadableFact | None = None) -> None:
        await self._record_phases()
        current = self._state.current
        if current is None:
            raise RuntimeError("something is escalated before any phase was entered")
        self._state.alarms += 1
        command = RecordEscalation(
            id=self._next_id(RecordEscalation),
            commission=self._start.commission,
            number=self._state.alarms,
            phase=current.phase,
            holder=current.holder,
            reason=reason,
            due=current.due,
            event_topic=about.topic if about else None,
            event_version=about.version if about else None,
            at=workflow.now(),
        )
        await self._ask_lifecycle(command)

    async def _escalate_what_is_unreadable(self) -> None:
        await self._escalate(Escalation.FACT_UNREADABLE, about=self._state.unreadable.pop(0))

    def _stop_if_end_requested(self) -> None:
        state = self._state
        if self._compensating or not state.end_requested:
            return
        if state.cancellations:
            raise EarlyEndError(Outcome.CANCELLED)
        if state.withdrawn:
            raise EarlyEndError(Outcome.WITHDRAWN)
        raise EarlyEndError(Outcome.DECLINED if state.declined else Outcome.REFUSED)

    # How steps are carried out.

    async def _carry_out(self, command: Command[R]) -> R:
        """Ask until it is done. If the service refuses for good, wait until ops have put it right and try again."""
        while True:
            try:
                return await self._ask_and_record_a_wait(command)
            except ActivityError as refusal:
                if is_cancelled_exception(refusal) or _is_cancelled():
                    raise
                await self._wait_for_ops(command, refusal)

    async def _wait_for_ops(self, command: Command, refusal: ActivityError) -> None:
        state, now = self._state, workflow.now()
        if (before := state.current) is None:
            raise RuntimeError("a step was refused before any phase was entered")
        state.trouble = Trouble(command=command.activity(), problem=problem_of(refusal), since=now)
        self._interrupt(before.phase, now)
        await self._escalate(Escalation.STEP_REFUSED)

        def is_over() -> bool:
            return state.trouble is None or (state.end_requested and not self._compensating)

        def is_shown() -> bool:
            return state.current is not None and state.current.paused == (state.paused_at is not None)

        while not is_over():
            if not is_shown():
                self._interrupt(before.phase, now)
            await self._record_phases()
            await workflow.wait_condition(lambda: is_over() or not is_shown())
        state.trouble = None
        self._enter(before.phase)

    def _interrupt(self, phase: Phase, since: datetime) -> None:
        paused = self._state.paused_at is not None
        current = CurrentPhase(phase=phase, holder=Holder.STUDIO, since=since, due=since, paused=paused)
        interrupt(self._state, current, workflow.now())
        _show(current)

    async def _result_after_cancelling(self, step: "asyncio.Task[R]", command: Command[R]) -> R | None:
        """The result of a step that was cancelled, if it had an effect: the same id gives the same answer again."""
        step.cancel()
        try:
            return await step
        except EarlyEndError:
            return None
        except (ActivityError, asyncio.CancelledError):
            pass
        try:
            return await self._ask(command, Asking.UNLESS_NOT_YET)
        except ActivityError:
            return None

    async def _ask_and_record_a_wait(self, command: Command[R]) -> R:
        """A command that is not done at once is something to wait for, and the ops room has to show that."""
        if not self._state.unrecorded:
            return await self._ask(command)
        try:
            return await self._ask(command, Asking.AT_ONCE)
        except ActivityError as late:
            # Servers differ in what they say of the last attempt, or of a pause that would have been too long.
            if late.retry_state is not RetryState.TIMEOUT and not isinstance(late.cause, TimedOut):
                raise
        await self._record_phases()
        return await self._ask(command)

    async def _record(self, command: Command) -> None:
        """One command to lifecycle itself, within the workflow task; if that does not do it soon, as any other.

        Always awaited: two at once could be committed in the wrong order.
        """
        locally = policy(Asking.LOCALLY, self._start.timeouts.commands)
        try:
            await workflow.execute_local_activity(
                command.activity(),
                command,
                result_type=Done,
                schedule_to_close_timeout=locally.altogether,
                retry_policy=locally.retry,
            )
        except FailureError as failure:  # a local activity's own error is not always within an `ActivityError`
            if is_cancelled_exception(failure):
                raise
            await self._ask_lifecycle(command)

    async def _ask_lifecycle(self, command: Command) -> None:
        """The same for what is told through lifecycle, where nobody can be told that lifecycle refused it for good.

        It is in the state, which the ops room shows, until ops try again: better than a commission that fails.
        """
        while True:
            try:
                await self._ask(command)
            except ActivityError as refusal:
                if is_cancelled_exception(refusal) or _is_cancelled():
                    raise
                self._state.trouble = Trouble(
                    command=command.activity(), problem=problem_of(refusal), since=workflow.now()
                )
                await workflow.wait_condition(lambda: self._state.trouble is None)
            else:
                return

    async def _ask(self, command: Command[R], asking: Asking = Asking.UNTIL_DONE) -> R:
        """One command to the service that owns it; the id makes every attempt the same command.

        Raises:
            asyncio.CancelledError: this step was cancelled before.
        """
        if _is_cancelled():
            raise asyncio.CancelledError
        told = policy(asking, self._start.timeouts.commands)
        answer: R = await workflow.execute_activity(
            command.activity(),
            command,
            task_queue=self._queue(command.service),
            result_type=command.result,
            schedule_to_close_timeout=told.altogether,
            start_to_close_timeout=told.attempt,
            retry_policy=told.retry,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        return answer

    @staticmethod
    def _queue(service: str) -> str:
        """Each service's queue has the prefix that this workflow's own queue has."""
        return workflow.info().task_queue.removesuffix("lifecycle") + service

    def _next_id(self, command: type[Command]) -> UUID:
        """The same on every replay, retry and reset, and in every run that continues this one."""
        name = command.activity()
        ordinal = self._state.command_counts[name] = self._state.command_counts.get(name, 0) + 1
        return command_id(*self._run(), name, ordinal)

    @staticmethod
    def _run() -> tuple[str, str]:
        """The workflow's id and its first run."""
        info = workflow.info()
        return info.workflow_id, info.first_execution_run_id


def _show(current: CurrentPhase) -> None:
    """In Temporal's own pages."""
    workflow.set_current_details(f"{current.phase}, waiting for {current.holder}, due {current.due}")


def _is_cancelled() -> bool:
    """Whether this step was cancelled: an attempt that does not know of it answers or times out all the same."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def passed_phases(phases: Iterable[UnrecordedPhase]) -> tuple[PassedPhase, ...]:
    """These phases, as told of where nobody waited in them."""
    return tuple(
        PassedPhase(number=each.number, phase=each.phase, holder=each.holder, since=each.at, paused=each.paused)
        for each in phases
    )


def problem_of(refusal: ActivityError) -> str:
    return refusal.cause.type or "unknown" if isinstance(refusal.cause, ApplicationError) else "unknown"
