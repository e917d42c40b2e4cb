"""How a life waits: for what people do, and for the clock, which is durable and rings in months as in seconds."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from temporalio import workflow

from services.lifecycle.workflow.mails import Mails
from services.lifecycle.workflow.steps import LeftOffError

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.domain.standing import Alarm, Ring, escalation_of, next_alarm, reminder_of
    from shared.contracts.lifecycle import Outcome, Phase

Chore = Callable[[], Awaitable[None]]
"""Something to be done while a stage lasts: by itself, and once."""


def nothing() -> Chore | None:
    return None


class Waiting(Mails):
    """Stays at a stage for as long as it takes."""

    async def _stay(
        self,
        stage: Phase,
        is_over: Callable[[], bool],
        chore: Callable[[], Chore | None] = nothing,
        *,
        in_vain: Outcome = Outcome.LAPSED,
    ) -> None:
        """Until it is over; meanwhile tell who holds the clock, do what is to be done, and heed the clock.

        Raises:
            LeftOffError: somebody took it back, or nobody moved until it was due, which it comes to `in_vain`.
        """

        def is_called() -> bool:
            moved = self._where(stage) != self._so_far.standing
            return is_over() or self._so_far.taken_back or moved or chore() is not None

        heeds_a_newer_alarm = workflow.patched("heed-a-newer-alarm")
        while not is_over():
            self._go_on_unless_taken_back()
            alarm = next_alarm(self._so_far, self._start.patience)
            if (here := self._where(stage)) != self._so_far.standing:
                await self._stand(here)
            elif (todo := chore()) is not None:
                await todo()
            elif alarm is not None and alarm.at <= workflow.now():
                await self._heed(alarm, in_vain)
            else:
                await self._until(is_called, alarm, heeds_a_newer_alarm=heeds_a_newer_alarm)

    async def _until(self, calls: Callable[[], bool], alarm: Alarm | None, *, heeds_a_newer_alarm: bool) -> None:
        """Wait by a durable timer, or until something calls; a long history goes on as a fresh run meanwhile.

        A sign of life sets the clock anew: after an escalation it has rung for the last time, and would not ring again.
        """

        def is_called() -> bool:
            return calls() or (heeds_a_newer_alarm and self._rings_before(alarm))

        left = alarm.at - workflow.now() if alarm is not None else None
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: is_called() or self._is_time_for_a_fresh_run(), timeout=left)
            if not is_called():
                await self._go_on_in_a_fresh_run()

    def _rings_before(self, alarm: Alarm | None) -> bool:
        newest = next_alarm(self._so_far, self._start.patience)
        return newest is not None and (alarm is None or newest.at < alarm.at)

    async def _heed(self, alarm: Alarm, in_vain: Outcome) -> None:
        """Remind, tell ops, or give up."""
        standing, silence = self._so_far.standing, self._so_far.silence
        if alarm.ring is Ring.DUE:
            raise LeftOffError(in_vain)
        if standing is None or alarm.ring is Ring.TURN:
            return
        silence.since, silence.reminded = workflow.now(), silence.reminded + 1
        if alarm.ring is Ring.ESCALATE:
            await self._escalate(escalation_of(standing, self._start.patience))
        elif (intent := reminder_of(standing)) is not None:
            self._remind(intent)

    async def _begin_chapter(self, chapter: int) -> None:
        """Each phase has a history of its own, so that a worker that remembers nothing has little to read."""
        if self._so_far.chapter < chapter:
            self._so_far.chapter = chapter
            await self._go_on_in_a_fresh_run()

    def _is_time_for_a_fresh_run(self) -> bool:
        return workflow.info().is_continue_as_new_suggested() and not self._so_far.mails

    async def _go_on_in_a_fresh_run(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(self._start.model_copy(update={"so_far": self._so_far}))
