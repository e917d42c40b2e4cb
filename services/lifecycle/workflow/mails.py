"""What people are told: asked of notify beside the life, in order. A mail server's bad day stops nobody's clock."""

import asyncio
from datetime import date
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from services.lifecycle.workflow.steps import Steps, problem_of

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.domain.life import CommissionStart, Standing
    from services.lifecycle.domain.standing import last_day
    from shared.contracts.commands.notify import MailAccepted, SendNow
    from shared.contracts.notifications import Intent
    from shared.kernel.money import Money


class Mails(Steps):
    """A queue of mails, and who takes them to notify one by one."""

    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)
        self._postman: asyncio.Task[None] | None = None
        self._is_open = False

    def _open_the_post(self) -> None:
        self._is_open = True
        self._postman = asyncio.create_task(self._carry_the_mails())

    async def _close_the_post(self) -> None:
        """What was not taken yet is not worth sending any more.

        Not in a `finally`: a run that is evicted from the worker's cache must not wait for anything any more.
        """
        self._is_open = False
        if self._postman is not None:
            self._postman.cancel()  # a mail that notify is just taking is waited for
            await asyncio.gather(self._postman, return_exceptions=True)
        self._so_far.mails.clear()

    def _tell(
        self,
        intent: Intent,
        *,
        about: UUID | None = None,
        day: date | None = None,
        amount: Money | None = None,
        code: str | None = None,
    ) -> None:
        """The customer gets one mail of this intent, or one for each thing that it is about."""
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
        self._so_far.mails.append(mail)

    def _tell_again(
        self, intent: Intent, *, day: date | None = None, amount: Money | None = None, code: str | None = None
    ) -> None:
        """A mail of an intent that may come more than once: it is about its own command."""
        self._tell(intent, day=day, amount=amount, code=code)
        mail = self._so_far.mails[-1]
        self._so_far.mails[-1] = mail.model_copy(update={"about": mail.id})

    def _remind(self, intent: Intent) -> None:
        """Whoever holds the clock gets a mail that says once more what the first one said."""
        so_far, standing = self._so_far, self._so_far.standing
        match intent:
            case Intent.QUOTE_REMINDER if so_far.offer is not None and standing is not None:
                self._tell_again(intent, day=self._last_day(standing), amount=so_far.offer.total)
            case Intent.DEPOSIT_REMINDER if so_far.deposit is not None and standing is not None:
                day = self._last_day(standing)
                self._tell_again(intent, day=day, amount=so_far.left, code=so_far.deposit.number)
            case Intent.BALANCE_REMINDER if so_far.balance is not None:
                self._tell_again(intent, amount=so_far.left, code=so_far.balance.reference)
            case _:
                self._tell_again(intent)
        if intent is Intent.MAKER_REMINDER and (maker := so_far.bench.maker) is not None:
            so_far.mails[-1] = so_far.mails[-1].model_copy(update={"person": maker})

    def _last_day(self, standing: Standing) -> date | None:
        return last_day(standing.due, self._start.patience, workflow.now())

    async def _until_all_is_told(self) -> None:
        await workflow.wait_condition(lambda: not self._so_far.mails)

    async def _carry_the_mails(self) -> None:
        mails = self._so_far.mails
        while self._is_open:
            await workflow.wait_condition(lambda: bool(mails))
            await self._carry(mails[0])
            self._so_far.told.add(mails.pop(0).intent)

    async def _carry(self, mail: SendNow) -> None:
        """A mail that notify refuses for good stops nothing: notify keeps account of its mails."""
        try:
            await self._ask(mail, MailAccepted)
        except ActivityError as refusal:
            if is_cancelled_exception(refusal):
                raise
            workflow.logger.warning("%s was refused: %s", mail.intent.value, problem_of(refusal))
