"""How a phase waits: for what people do, and for durable timers."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from temporalio import workflow

from services.lifecycle.workflow.commission_base import CommissionBase, EarlyEndError
from services.lifecycle.workflow.deadlines import (
    Alarm,
    AlarmKind,
    comes_after,
    escalation_of,
    is_makers,
    look,
    may_be_reminded,
    next_alarm,
    outcome_when_due,
    wait_for_an_answer,
)
from shared.contracts.commands.production import LookAtBench, ReleasePromise
from shared.contracts.lifecycle import Escalation, Phase
from shared.contracts.production import PromiseEnd

Chore = Callable[[], Awaitable[None]]
"""Something to do while a phase lasts."""


def nothing() -> Chore | None:
    return None


class PhaseWaiting(CommissionBase):
    """Stays in a phase for as long as it takes."""

    async def _stay(
        self,
        phase: Phase,
        is_over: Callable[[], bool],
        chore: Callable[[], Chore | None] = nothing,
    ) -> None:
        """Wait until the phase is over; meanwhile do the chores, record who is waited for, and handle alarms.

        One that is over already is passed: what was sent, accepted and paid at once was offered too.

        Raises:
            EarlyEndError: somebody cancelled, or nobody acted until it was due.
        """

        def is_called() -> bool:
            changed = self._current_at(phase) != self._state.current
            to_tell = bool(self._state.unreadable) or self._is_unpaid_again()
            return is_over() or self._state.end_requested or changed or to_tell or chore() is not None

        if is_over():
            self._pass(phase)
        while not is_over():
            self._stop_if_end_requested()
            alarm = next_alarm(self._state, self._start.timeouts)
            if (here := self._current_at(phase)) != self._state.current:
                self._enter_current(here)
            elif (todo := chore()) is not None:
                await todo()
            elif self._state.unrecorded:
                await self._record_phases()
            elif self._state.unreadable:
                await self._escalate_what_is_unreadable()
            elif self._is_unpaid_again():
                self._state.reopened.clear()
                await self._escalate(Escalation.PAYMENT_REVERSED)
            elif alarm is not None and alarm.at <= workflow.now():
                await self._handle_alarm(alarm)
            else:
                await self._until(is_called, alarm)

    def _is_unpaid_again(self) -> bool:
        """Whether ops have to decide, since work goes on that is not paid for any more."""
        return self._state.booked is not None and bool(self._state.reopened)

    def _pass(self, phase: Phase) -> None:
        """Enter a phase that nobody is waited for in; once, since a continued run comes here again."""
        current = self._state.current
        if current is None or comes_after(phase, current.phase):
            self._enter_current(self._current_at(phase))

    async def _until(self, calls: Callable[[], bool], alarm: Alarm | None) -> None:
        """Wait for the alarm, or until something calls; a long history is continued as a new run meanwhile."""

        def is_called() -> bool:
            return calls() or self._is_overtaken(alarm)

        left = alarm.at - workflow.now() if alarm is not None else None
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: is_called() or self._should_continue_as_new(), timeout=left)
            if not is_called():
                await self._continue_as_new()

    def _is_overtaken(self, alarm: Alarm | None) -> bool:
        newest = next_alarm(self._state, self._start.timeouts)
        return newest is not None and (alarm is None or newest.at < alarm.at)

    async def _handle_alarm(self, alarm: Alarm) -> None:
        """Remind, escalate, or end the commission."""
        current = self._state.current
        if current is None:
            return
        if alarm.kind is AlarmKind.DUE:
            if current.phase is Phase.OFFERED and wait_for_an_answer(self._state, self._start.timeouts):
                return
            raise EarlyEndError(outcome_when_due(current, self._state))
        inactivity = self._state.inactivity
        if alarm.kind is AlarmKind.WARN:
            inactivity.warned_of = current.due
            await self._escalate(escalation_of(current, self._start.timeouts))
            return
        if is_makers(current) and inactivity.looked_at != workflow.now():
            await self._look_at_the_bench()
            return  # the alarm may be off now, and much else may have happened meanwhile
        inactivity.since, inactivity.reminders_sent = workflow.now(), inactivity.reminders_sent + 1
        if alarm.kind is AlarmKind.ESCALATE:
            await self._escalate(escalation_of(current, self._start.timeouts))
        elif may_be_reminded(current):
            await self._ask_lifecycle(self._reminder())

    async def _release_the_promise(self, reason: PromiseEnd) -> None:
        """Booked hours were freed when the making was stopped."""
        if (promise := self._state.promise) is None or self._state.booked is not None:
            return
        command = ReleasePromise(
            id=self._next_id(ReleasePromise),
            commission=self._start.commission,
            promise=promise.promise,
            reason=reason,
        )
        await self._carry_out(command)
        self._state.promise = self._state.held_until = None

    async def _look_at_the_bench(self) -> None:
        command = LookAtBench(id=self._next_id(LookAtBench), commission=self._start.commission)
        look(self._state, await self._carry_out(command), workflow.now())

    def _should_continue_as_new(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    async def _continue_as_new(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(self._start.model_copy(update={"state": self._state}))
