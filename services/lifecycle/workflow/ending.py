"""How a life ends, and what is undone by it: the compensation of every end, in one place.

| outcome | the quote | the hours | money |
|---|---|---|---|
| lapsed at the desk, withdrawn, declined, expired | expired | released | none was asked for |
| lapsed without a deposit | settled | released | what came in goes back |
| cancelled before the booking | settled, or expired if it was not accepted | released | what came in goes back |
| cancelled after it | settled | the making is stopped | by the gates that were passed; nothing if it was the studio |
| completed | | | |

In every case the page is closed, people are told, and the end is written down.
"""

from temporalio import workflow

from services.lifecycle.workflow.waiting import Waiting

with workflow.unsafe.imports_passed_through():
    from services.lifecycle.domain.life import Agreement, Cancellation, CommissionStart
    from services.lifecycle.domain.updates import CancelCause
    from shared.contracts.commands.command import Done
    from shared.contracts.commands.intake import CancellationRefusal, CloseCommission, RefuseCancellation
    from shared.contracts.commands.lifecycle import RecordEnd
    from shared.contracts.commands.production import ReleasePromise, StopMaking, StoppedMaking
    from shared.contracts.commands.quotes import ExpireQuote, QuoteDraft, QuoteEnding, SettleCancellation, Settlement
    from shared.contracts.lifecycle import Escalation, Outcome, Phase
    from shared.contracts.notifications import Intent
    from shared.contracts.payments import InvoiceKind
    from shared.contracts.production import PromiseEnd
    from shared.contracts.quotes import QuoteEnd
    from shared.kernel.money import Money

_TIME_RAN_OUT = {Outcome.LAPSED, Outcome.EXPIRED}


class Ending(Waiting):
    """First whoever can be quicker is asked; what they say stands. Then all is undone."""

    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)
        self._quote_is_over = False
        self._owed_percent = 0

    # Who was quicker?

    async def _agree_on_the_end(self, outcome: Outcome) -> Outcome | None:
        """What it comes to; None where the customer or the bench was quicker, and the life goes on."""
        self._undoing = True
        ended = await self._ask_quotes(outcome)
        self._undoing = ended is not None
        return ended

    async def _ask_quotes(self, outcome: Outcome) -> Outcome | None:
        """What was accepted or paid in the last second stays so: what ran out goes on, all else is a cancellation."""
        if self._so_far.agreement is None:
            # Lives that ended under 0.1.0 entered their end before they asked.
            if self._so_far.quote is None or not workflow.patched("ask-quotes-first"):
                return outcome
            if not await self._is_expired(QuoteEnd(outcome)):
                return None if outcome in _TIME_RAN_OUT else await self._ask_the_bench()
            return outcome
        if outcome not in _TIME_RAN_OUT:
            return await self._ask_the_bench()
        return None if await self._is_the_deposit_here(QuoteEnd(outcome)) else outcome

    async def _is_the_deposit_here(self, reason: QuoteEnd) -> bool:
        """Whether quotes has it already, though nobody has said so here yet."""
        if self._so_far.quote is None or not workflow.patched("ask-for-the-deposit"):
            return False
        if (await self._ask_to_expire(self._so_far.quote, reason)).deposit_paid:
            self._so_far.paid.add(InvoiceKind.DEPOSIT)
        return InvoiceKind.DEPOSIT in self._so_far.paid

    async def _ask_the_bench(self) -> Outcome | None:
        """It stops if no more is owed than was agreed to; a withdrawal after the acceptance agreed to nothing."""
        asked = self._so_far.cancellations[0] if self._so_far.cancellations else Cancellation(at_most_percent=0)
        if self._so_far.booked is None:
            return Outcome.CANCELLED
        gives_up = asked.cause is CancelCause.STUDIO
        command = StopMaking(
            id=self._next_id(StopMaking),
            commission=self._start.commission,
            at_most_percent=None if gives_up else asked.at_most_percent,
            owes=not gives_up,
        )
        stopped = await self._carry_out(command, StoppedMaking)
        if not stopped.stopped:
            await self._refuse(asked, stopped)
            return None
        self._owed_percent = 0 if gives_up else stopped.owed_percent
        return Outcome.CANCELLED

    async def _refuse(self, asked: Cancellation, stopped: StoppedMaking) -> None:
        """It was overtaken: a gate was passed, or the parcel is gone. They may ask again, under the new terms."""
        if asked.cancellation is not None:
            command = RefuseCancellation(
                id=self._next_id(RefuseCancellation),
                commission=self._start.commission,
                cancellation=asked.cancellation,
                refusal=stopped.refusal or CancellationRefusal.GATE_PASSED,
                owed_percent=stopped.owed_percent,
            )
            await self._carry_out(command, Done)
            self._tell(Intent.CANCELLATION_REFUSED, about=asked.cancellation)
        else:
            await self._escalate(Escalation.STEP_REFUSED)
        if self._so_far.cancellations:
            self._so_far.cancellations.pop(0)
        else:
            self._so_far.withdrawn = False

    async def _is_expired(self, reason: QuoteEnd) -> bool:
        """Whether the quote cannot be accepted any more; not so, if it was accepted before."""
        if (quote := self._so_far.quote) is None or self._quote_is_over:
            return True
        ending = await self._ask_to_expire(quote, reason)
        self._quote_is_over = not ending.accepted
        if ending.accepted and self._so_far.agreement is None:
            self._so_far.agreement = Agreement(deposit=ending.deposit, deposit_due_on=ending.deposit_due_on)
        return self._quote_is_over

    async def _ask_to_expire(self, quote: QuoteDraft, reason: QuoteEnd) -> QuoteEnding:
        """What was accepted stays so: the answer says how it stands."""
        offer = self._so_far.offer
        command = ExpireQuote(
            id=self._next_id(ExpireQuote),
            commission=self._start.commission,
            quote=quote.quote,
            quote_version=max(quote.quote_version, offer.quote_version if offer else 0),
            reason=reason,
        )
        return await self._carry_out(command, QuoteEnding)

    # The end, which undoes what was done.

    async def _bring_to_the_end(self, outcome: Outcome) -> None:
        counted = dict(self._so_far.heard.versions)
        self._undoing = True
        if outcome is Outcome.COMPLETED:
            await self._enter(Phase.ENDED)
            await self._close_the_page(outcome)
        else:
            await self._close_the_post()
            await self._enter(Phase.ENDED)
            refund = await self._end_the_quote(QuoteEnd(outcome))
            await self._release_the_promise(PromiseEnd(outcome))
            await self._close_the_page(outcome)
            self._open_the_post()
            self._tell_of_the_end(outcome, refund)
        await self._until_all_is_told()
        await self._record_the_end(outcome, counted)

    async def _end_the_quote(self, reason: QuoteEnd) -> Money | None:
        """What goes back to the customer, where there was anything to settle."""
        if self._so_far.agreement is None:
            await self._is_expired(reason)
            return None
        command = SettleCancellation(
            id=self._next_id(SettleCancellation),
            commission=self._start.commission,
            owed_percent=self._owed_percent,
            reason=reason,
        )
        return (await self._carry_out(command, Settlement)).refund

    async def _release_the_promise(self, reason: PromiseEnd) -> None:
        """Hours that are booked were freed when the making was stopped."""
        if (promise := self._so_far.promise) is not None and self._so_far.booked is None:
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

    def _tell_of_the_end(self, outcome: Outcome, refund: Money | None) -> None:
        if outcome is Outcome.CANCELLED:
            self._tell(Intent.COMMISSION_CANCELLED, amount=refund)
        else:
            self._tell(Intent.COMMISSION_ENDED)

    async def _record_the_end(self, outcome: Outcome, counted: dict[str, int]) -> None:
        command = RecordEnd(
            id=self._next_id(RecordEnd),
            commission=self._start.commission,
            outcome=outcome,
            at=workflow.now(),
            counted=counted,
        )
        await self._ask(command, Done)
