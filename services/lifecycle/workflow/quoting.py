"""From the request to the deposit: a promise, a quote, the customer's answer."""

import asyncio
from datetime import date, datetime

from temporalio import workflow

from services.lifecycle.workflow.waiting import Chore, PhaseWaiting
from shared.contracts.commands.production import ExtendHold, HoldPromise
from shared.contracts.commands.quotes import DraftQuote, ExtendQuote
from shared.contracts.lifecycle import Phase
from shared.contracts.payments import InvoiceKind


class QuotingSteps(PhaseWaiting):
    """The customer and the studio agree on a quote, or do not."""

    async def _hold_a_promise(self) -> None:
        """Runs to its end even if the customer withdraws meanwhile: a promise must be known to be released."""
        if self._state.promise is not None:
            return
        self._enter(Phase.PROMISING)
        command = HoldPromise(
            id=self._next_id(HoldPromise),
            commission=self._start.commission,
            craft=self._start.craft,
            offering=self._start.offering,
            offering_version=self._start.offering_version,
            asked_at=self._start.asked_at,
            needed_by=self._needed_by,
        )
        self._state.promise = await self._carry_out(command)

    async def _draft_a_quote(self) -> None:
        """May wait long for the brief (`NotYet`), so a withdrawal does not wait for it."""
        if self._state.quote is not None:
            return
        self._enter(Phase.QUOTING)
        promise, changed = self._state.promise, self._state.changed
        command = DraftQuote(
            id=self._next_id(DraftQuote),
            commission=self._start.commission,
            brief_version=changed.brief_version if changed else self._start.brief_version,
            held_until=promise.held_until if promise else None,
            ready_by=promise.ready_by if promise else None,
            ready_by_p50=promise.ready_by_p50 if promise else None,
        )
        drafting = asyncio.create_task(self._carry_out(command))
        await workflow.wait_condition(lambda: drafting.done() or self._state.end_requested)
        if self._state.end_requested:
            self._state.quote = await self._result_after_cancelling(drafting, command)
            self._stop_if_end_requested()
        self._state.quote = await drafting

    async def _wait_on_the_desk(self) -> None:
        """The studio looks over the draft, and sends it."""
        await self._stay(Phase.DESK, self._is_offered, self._chore_at_the_desk)

    async def _wait_for_an_answer(self) -> None:
        """The customer decides, and may ask questions. Quotes says whether they accepted in time."""
        await self._stay(Phase.OFFERED, self._is_agreed, self._chore_of_the_offer)

    async def _wait_for_the_deposit(self) -> None:
        """If it is late, the table in `deadlines.py` says who is told and when, that in `closing.py` what is undone."""
        await self._stay(Phase.DEPOSIT, self._is_secured, self._chore_of_the_deposit)

    def _is_offered(self) -> bool:
        return self._state.offer is not None or self._is_agreed()

    def _is_agreed(self) -> bool:
        return self._state.acceptance is not None

    def _is_secured(self) -> bool:
        """The deposit is paid, or none is asked for; or it was, and the hours are booked: a reversal undoes no work."""
        if self._state.booked is not None:
            return True
        acceptance = self._state.acceptance
        deposit = acceptance.deposit if acceptance is not None else None
        return InvoiceKind.DEPOSIT in self._state.paid or (deposit is not None and deposit.minor <= 0)

    @property
    def _needed_by(self) -> date | None:
        """By which day the piece is needed, as it is wished now."""
        changed = self._state.changed
        return changed.needed_by if changed else self._start.needed_by

    # What there is to do while waiting.

    def _chore_at_the_desk(self) -> Chore | None:
        return self._extend_both if self._is_held_too_briefly() else None

    def _chore_of_the_offer(self) -> Chore | None:
        offer, current = self._state.offer, self._state.current
        if offer is None or current is None or current.due is None:
            return None
        if current.phase is Phase.OFFERED and current.due > (self._state.valid_until or offer.valid_until):
            return self._extend_both if self._is_held_too_briefly() else self._extend_the_quote
        return None

    def _chore_of_the_deposit(self) -> Chore | None:
        return self._extend_the_hold if self._is_held_too_briefly() else None

    def _is_held_too_briefly(self) -> bool:
        """The maker's hours must be held for as long as the customer may still accept or pay."""
        current, promise = self._state.current, self._state.promise
        if current is None or current.due is None or promise is None:
            return False
        return current.due > (self._state.held_until or promise.held_until)

    async def _extend_the_hold(self) -> None:
        """A draft on the desk may be sent for as long as the hours are held."""
        promise, due = self._state.promise, self._due_now()
        if promise is None:
            return
        command = ExtendHold(
            id=self._next_id(ExtendHold),
            commission=self._start.commission,
            promise=promise.promise,
            held_until=due,
        )
        await self._carry_out(command)
        self._state.held_until = due

    async def _extend_the_quote(self) -> None:
        """Quotes decides: if the quote was accepted or ended meanwhile, a fact says so, or the due instant does."""
        quote, due = self._state.quote, self._due_now()
        if quote is None:
            return
        command = ExtendQuote(
            id=self._next_id(ExtendQuote),
            commission=self._start.commission,
            quote=quote.quote,
            valid_until=due,
        )
        await self._carry_out(command)
        self._state.valid_until = due

    async def _extend_both(self) -> None:
        """The hours first: an offer is not to outlast them where they cannot be held for longer."""
        await self._extend_the_hold()
        await self._extend_the_quote()

    def _due_now(self) -> datetime:
        """When the current phase is due."""
        current = self._state.current
        if current is None or current.due is None:
            raise RuntimeError("something is extended that is not due at all")
        return current.due
