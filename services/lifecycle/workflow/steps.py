"""How a step is carried out: a command to the service that owns the thing, asked until it is done."""

import asyncio
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.domain.life import CommissionStart, Progress, Standing, Trouble
    from services.lifecycle.domain.standing import stand, where
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


class LeftOffError(Exception):
    """The life does not go on as planned: somebody took it back, or nobody moved in time."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class Steps:
    """What a life has come to, and how it asks for more."""

    def __init__(self, start: CommissionStart) -> None:
        self._start = start
        self._so_far: Progress = start.so_far.model_copy(deep=True)
        self._undoing = False

    # Where it stands.

    async def _enter(self, stage: Phase) -> None:
        self._go_on_unless_taken_back()
        await self._stand(self._where(stage))

    def _where(self, stage: Phase) -> Standing:
        return where(stage, self._so_far, self._start.patience, workflow.now())

    async def _stand(self, standing: Standing) -> None:
        stand(self._so_far, standing, workflow.now())
        workflow.set_current_details(f"{standing.phase}, held by {standing.holder}, due {standing.due}")
        command = RecordPhase(
            id=self._next_id(RecordPhase),
            commission=self._start.commission,
            at=workflow.now(),
            **standing.model_dump(),
        )
        await self._ask(command, Done)

    async def _escalate(self, reason: Escalation) -> None:
        standing = self._so_far.standing
        if standing is None:
            raise RuntimeError("something is escalated before any stage was entered")
        command = RecordEscalation(
            id=self._next_id(RecordEscalation),
            commission=self._start.commission,
            phase=standing.phase,
            holder=standing.holder,
            reason=reason,
            at=workflow.now(),
        )
        await self._ask(command, Done)

    def _go_on_unless_taken_back(self) -> None:
        so_far = self._so_far
        if self._undoing or not so_far.taken_back:
            return
        if so_far.cancellations:
            raise LeftOffError(Outcome.CANCELLED)
        raise LeftOffError(Outcome.WITHDRAWN if so_far.withdrawn else Outcome.DECLINED)

    # How steps are carried out.

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
        self._so_far.trouble = Trouble(command=command.activity(), problem=problem_of(refusal), since=now)
        held = self._so_far.paused_at is not None
        await self._stand(Standing(phase=before.phase, holder=Holder.STUDIO, since=now, due=now, paused=held))
        if workflow.patched("escalate-what-is-refused"):
            await self._escalate(Escalation.STEP_REFUSED)
        await workflow.wait_condition(
            lambda: self._so_far.trouble is None or (self._so_far.taken_back and not self._undoing)
        )
        self._so_far.trouble = None
        await self._enter(before.phase)

    async def _what_became_of(self, step: "asyncio.Task[R]", command: Command, result: type[R]) -> R | None:
        """The result of a step that was broken off, if it had an effect: the same id asked again answers exactly."""
        step.cancel()
        try:
            return await step
        except LeftOffError:
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


def problem_of(refusal: ActivityError) -> str:
    return refusal.cause.type or "unknown" if isinstance(refusal.cause, ApplicationError) else "unknown"
