"""How a commission ends, and how each end is compensated.

| outcome | the quote | the hours | money |
|---|---|---|---|
| lapsed at the desk, withdrawn, declined, refused, expired | expired | released | none was asked for |
| lapsed without a deposit | settled | released | what came in goes back |
| cancelled before the booking | settled, or expired if it was not accepted | released | what came in goes back |
| cancelled after it | settled | the making is stopped | by the gates that were passed; nothing if it was the studio |
| withdrawn from the contract | settled | the making is stopped | nothing is owed; refunded if the parcel is gone |
| completed | | | |

In every case the page is closed, and the end is recorded.
"""

from typing import Final

from temporalio import workflow

from services.lifecycle.workflow.commission_base import passed_phases
from services.lifecycle.workflow.messages import CancelCause
from services.lifecycle.workflow.state import Acceptance, CommissionStart, PendingCancellation
from services.lifecycle.workflow.waiting import PhaseWaiting
from shared.contracts.commands.intake import CancellationRefusal, CloseCommission, RefuseCancellation
from shared.contracts.commands.lifecycle import RecordEnd
from shared.contracts.commands.production import StopMaking, StoppedMaking
from shared.contracts.commands.quotes import (
    ExpireQuote,
    QuoteDraft,
    QuoteEnding,
    RefundWithdrawal,
    SettleCancellation,
)
from shared.contracts.lifecycle import Escalation, Outcome, Phase
from shared.contracts.payments import InvoiceKind
from shared.contracts.production import PromiseEnd
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money

_TIME_RAN_OUT: Final = {Outcome.LAPSED, Outcome.EXPIRED}


class ClosingSteps(PhaseWaiting):
    """First ask the service that decides a race: quotes or the bench. Then compensate."""

    def __init__(self, start: CommissionStart) -> None:
        super().__init__(start)
        # Not in the state: they are set once the end is certain, and from then on no new run begins.
        self._quote_is_over = False
        self._owed_percent = 0

    # Races: was it accepted, paid or past a gate before it ended?

    async def _decide_the_outcome(self, outcome: Outcome) -> Outcome | None:
        """The outcome; None if the customer or the bench was quicker, and the commission continues."""
        self._compensating = True
        ended = await self._end_or_be_overtaken(outcome)
        self._compensating = ended is not None
        return ended

    async def _end_or_be_overtaken(self, outcome: Outcome) -> Outcome | None:
        """What was accepted or paid in the last second counts: a timeout is void, anything else is a cancellation."""
        if self._state.acceptance is None:
            if self._state.quote is None:
                return outcome
            if not await self._expire(QuoteEnd(outcome)):
                return None if outcome in _TIME_RAN_OUT else await self._stop_the_making()
            return outcome
        if outcome not in _TIME_RAN_OUT:
            return await self._stop_the_making()
        return outcome if await self._expire_unless_paid(QuoteEnd(outcome)) else None

    async def _expire_unless_paid(self, reason: QuoteEnd) -> bool:
        """False if quotes has the deposit already, although no fact has said so here yet."""
        if self._state.quote is None:
            return True
        if (await self._ask_to_expire(self._state.quote, reason)).deposit_paid:
            self._state.paid.add(InvoiceKind.DEPOSIT)
        return InvoiceKind.DEPOSIT not in self._state.paid

    async def _stop_the_making(self) -> Outcome | None:
        """It stops if no more is owed than was agreed to; a withdrawal after the acceptance agreed to owe nothing."""
        asked = self._state.cancellations[0] if self._state.cancellations else PendingCancellation(at_most_percent=0)
        if self._state.booked is None:
            return Outcome.CANCELLED
        by_studio = asked.cause is CancelCause.STUDIO
        command = StopMaking(
            id=self._next_id(StopMaking),
            commission=self._start.commission,
            at_most_percent=None if by_studio else asked.at_most_percent,
            owes=not by_studio,
        )
        stopped = await self._carry_out(command)
        if not stopped.stopped:
            await self._refuse(asked, stopped)
            return None
        self._owed_percent = 0 if by_studio else stopped.owed_percent
        return Outcome.CANCELLED

    async def _refuse(self, asked: PendingCancellation, stopped: StoppedMaking) -> None:
        """A gate was passed, or the parcel is gone. The customer may ask again, under the new terms."""
        if asked.cancellation is not None:
            command = RefuseCancellation(
                id=self._next_id(RefuseCancellation),
                commission=self._start.commission,
                cancellation=asked.cancellation,
                refusal=stopped.refusal or CancellationRefusal.GATE_PASSED,
                owed_percent=stopped.owed_percent,
            )
            await self._carry_out(command)
        elif asked.withdrawn:
            refund = RefundWithdrawal(id=self._next_id(RefundWithdrawal), commission=self._start.commission)
            await self._carry_out(refund)
        else:
            await self._escalate(Escalation.STEP_REFUSED)
        if self._state.cancellations:
            self._state.cancellations.pop(0)
        else:
            self._state.withdrawn = False

    async def _expire(self, reason: QuoteEnd) -> bool:
        """Expire the quote; False if it was accepted before."""
        if (quote := self._state.quote) is None or self._quote_is_over:
            return True
        ending = await self._ask_to_expire(quote, reason)
        self._quote_is_over = not ending.accepted
        if ending.accepted and self._state.acceptance is None:
            self._state.acceptance = Acceptance(deposit=ending.deposit, deposit_due_on=ending.deposit_due_on)
        return self._quote_is_over

    async def _ask_to_expire(self, quote: QuoteDraft, reason: QuoteEnd) -> QuoteEnding:
        """An accepted quote stays accepted; the answer says which it is."""
        offer = self._state.offer
        command = ExpireQuote(
            id=self._next_id(ExpireQuote),
            commission=self._start.commission,
            quote=quote.quote,
            quote_version=max(quote.quote_version, offer.quote_version if offer else 0),
            reason=reason,
        )
        return await self._carry_out(command)

    # Compensation.

    async def _close(self, outcome: Outcome) -> None:
        counted = dict(self._state.sequencer.versions)
        self._compensating = True
        refund: Money | None = None
        self._enter(Phase.ENDED)
        if outcome is not Outcome.COMPLETED:
            refund = await self._end_the_quote(QuoteEnd(outcome))
            await self._release_the_promise(PromiseEnd(outcome))
        await self._close_the_page(outcome)
        while self._state.unreadable:
            await self._escalate_what_is_unreadable()
        # A reminder that ops asked for before may still be on its way: the end is the last that is told.
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._record_the_end(outcome, refund, counted)

    async def _end_the_quote(self, reason: QuoteEnd) -> Money | None:
        """The refund, if there was anything to settle."""
        if self._state.acceptance is None:
            await self._expire(reason)
            return None
        command = SettleCancellation(
            id=self._next_id(SettleCancellation),
            commission=self._start.commission,
            owed_percent=self._owed_percent,
            reason=reason,
        )
        return (await self._carry_out(command)).refund

    async def _close_the_page(self, outcome: Outcome) -> None:
        command = CloseCommission(id=self._next_id(CloseCommission), commission=self._start.commission, outcome=outcome)
        await self._carry_out(command)

    async def _record_the_end(self, outcome: Outcome, refund: Money | None, counted: dict[str, int]) -> None:
        command = RecordEnd(
            id=self._next_id(RecordEnd),
            commission=self._start.commission,
            outcome=outcome,
            refund=refund,
            at=workflow.now(),
            counted=counted,
            passed=passed_phases(self._state.unrecorded),
        )
        await self._record(command)
