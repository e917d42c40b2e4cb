"""Mails: asked of notify beside the main flow, in order. A mail server that is down delays nothing else."""

import asyncio
from datetime import date
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from services.lifecycle.workflow.commission_base import CommissionBase, problem_of

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.workflow.deadlines import last_day
    from services.lifecycle.workflow.state import CommissionStart, CurrentPhase
    from shared.contracts.commands.notify import SendNow
    from shared.contracts.notifications import Intent
    from shared.kernel.money import Money


class MailQueue(CommissionBase):
    """A queue of mails, and the task that hands them to notify one by one."""

    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)
        self._mail_sender: asyncio.Task[None] | None = None
        self._is_open = False

    def _start_sending_mails(self) -> None:
        self._is_open = True
        self._mail_sender = asyncio.create_task(self._send_the_mails())

    async def _stop_sending_mails(self) -> None:
        """Drop what notify has not accepted yet: it is out of date.

        Not in a `finally`: a run that is evicted from the worker's cache must not wait for anything.
        """
        self._is_open = False
        if self._mail_sender is not None:
            self._mail_sender.cancel()  # waits for the mail that notify is accepting now
            await asyncio.gather(self._mail_sender, return_exceptions=True)
        self._state.mails.clear()

    def _mail(
        self,
        intent: Intent,
        *,
        about: UUID | None = None,
        day: date | None = None,
        amount: Money | None = None,
        code: str | None = None,
    ) -> None:
        """Queue one mail of this intent to the customer, or one for each thing that it is about."""
        mail = SendNow(
            id=self._next_id(SendNow),
            commission=self._start.commission,
            person=self._start.customer,
            intent=intent,
            about=about,
            day=day,
            amount=amount,
            code=code,
        )
        self._state.mails.append(mail)

    def _mail_again(
        self, intent: Intent, *, day: date | None = None, amount: Money | None = None, code: str | None = None
    ) -> None:
        """Queue a mail of an intent that may be sent more than once: it is about its own command."""
        self._mail(intent, day=day, amount=amount, code=code)
        mail = self._state.mails[-1]
        self._state.mails[-1] = mail.model_copy(update={"about": mail.id})

    def _remind(self, intent: Intent) -> None:
        """Remind the customer or the maker of what the first mail asked for."""
        state, current = self._state, self._state.current
        match intent:
            case Intent.QUOTE_REMINDER if state.offer is not None and current is not None:
                self._mail_again(intent, day=self._last_day(current), amount=state.offer.total)
            case Intent.DEPOSIT_REMINDER if state.deposit is not None and current is not None:
                day = self._last_day(current)
                self._mail_again(intent, day=day, amount=state.left, code=state.deposit.number)
            case Intent.BALANCE_REMINDER if state.balance is not None:
                self._mail_again(intent, amount=state.left, code=state.balance.reference)
            case _:
                self._mail_again(intent)
        if intent is Intent.MAKER_REMINDER and (maker := state.bench.maker) is not None:
            state.mails[-1] = state.mails[-1].model_copy(update={"person": maker})

    def _last_day(self, current: CurrentPhase) -> date | None:
        return last_day(current.due, self._start.timeouts, workflow.now())

    async def _until_all_is_sent(self) -> None:
        await workflow.wait_condition(lambda: not self._state.mails)

    async def _send_the_mails(self) -> None:
        mails = self._state.mails
        while self._is_open:
            await workflow.wait_condition(lambda: bool(mails))
            await self._send_mail(mails[0])
            self._state.mails_sent.add(mails.pop(0).intent)

    async def _send_mail(self, mail: SendNow) -> None:
        """A mail that notify refuses for good stops nothing: notify keeps a log of its mails."""
        try:
            await self._ask(mail)
        except ActivityError as refusal:
            if is_cancelled_exception(refusal):
                raise
            workflow.logger.warning("%s was refused: %s", mail.intent.value, problem_of(refusal))
