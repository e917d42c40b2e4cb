"""From the request to the deposit: a day, a quote, the hours for it, the customer's answer."""

import asyncio
from datetime import date, datetime

from temporalio import workflow

from services.lifecycle.workflow.deadlines import offer_again
from services.lifecycle.workflow.state import QuoteOffer
from services.lifecycle.workflow.waiting import Chore, PhaseWaiting
from shared.contracts.commands.production import ExtendHold, HoldOutcome, HoldPromise, PreviewPromise
from shared.contracts.commands.quotes import DraftQuote, ExtendQuote, KeepDraft, SendQuote
from shared.contracts.lifecycle import Escalation, Phase
from shared.contracts.payments import InvoiceKind
from shared.contracts.production import PromiseEnd
from shared.contracts.quotes import SendRefusal


class QuotingSteps(PhaseWaiting):
    """The customer and the studio agree on a quote, or do not."""

    async def _preview_the_day(self) -> None:
        """Nothing is held by it, so a withdrawal does not wait for it."""
        if self._state.preview is not None:
            return
        self._enter(Phase.PROMISING)
        command = PreviewPromise(
            id=self._next_id(PreviewPromise),
            commission=self._start.commission,
            craft=self._start.craft,
            offering=self._start.offering,
            offering_version=self._start.offering_version,
        )
        previewing = asyncio.create_task(self._carry_out(command))
        await workflow.wait_condition(lambda: previewing.done() or self._state.end_requested)
        if self._state.end_requested:
            self._state.preview = await self._result_after_cancelling(previewing, command)
            self._stop_if_end_requested()
        self._state.preview = await previewing

    async def _draft_a_quote(self) -> None:
        """May wait long for the brief (`NotYet`), so a withdrawal does not wait for it."""
        if self._state.quote is not None:
            return
        self._enter(Phase.QUOTING)
        preview, changed = self._state.preview, self._state.changed
        command = DraftQuote(
            id=self._next_id(DraftQuote),
            commission=self._start.commission,
            brief_version=changed.brief_version if changed else self._start.brief_version,
            ready_by=preview.ready_by if preview else None,
            ready_by_p50=preview.ready_by_p50 if preview else None,
        )
        drafting = asyncio.create_task(self._carry_out(command))
        await workflow.wait_condition(lambda: drafting.done() or self._state.end_requested)
        if self._state.end_requested:
            self._state.quote = await self._result_after_cancelling(drafting, command)
            self._stop_if_end_requested()
        self._state.quote = await drafting

    async def _wait_on_the_desk(self) -> None:
        """The studio looks over the draft, and asks to send it: then hours are held, and it is sent."""
        await self._stay(Phase.DESK, self._is_offered, self._chore_at_the_desk)

    async def _wait_for_an_answer(self) -> None:
        """The customer decides, and may ask questions. Quotes says whether they accepted in time."""
        await self._stay(Phase.OFFERED, self._is_agreed, self._chore_of_the_offer)

    async def _wait_for_the_deposit(self) -> None:
        """If it is late, the table in `deadlines.py` says who is told and when, that in `closing.py` what is undone."""
        await self._stay(Phase.DEPOSIT, self._is_secured, self._chore_of_the_deposit)
        while self._state.promise is None:  # it was accepted before it was known here that it was sent
            self._state.promise = (await self._hold(None)).held
            if self._state.promise is None:
                await self._escalate(Escalation.STEP_REFUSED)
                await workflow.sleep(self._start.timeouts.desk)

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
        return self._send_the_quote if self._state.sending is not None else None

    def _chore_of_the_offer(self) -> Chore | None:
        offer, current = self._state.offer, self._state.current
        if self._state.sending is not None:
            return self._send_the_quote
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

    async def _send_the_quote(self) -> None:
        """Hold the hours, then send what the studio asked for last. Without hours, or for a later day, it is kept.

        Quotes decides: who drafted another version meanwhile, or took the asking back, does not want it sent any more.
        """
        if not await self._hold_the_hours():
            return
        asked, quote, promise = self._state.sending, self._state.quote, self._state.promise
        if asked is None or quote is None or promise is None or self._state.end_requested:
            return  # the customer was quicker; an end releases the hours
        command = SendQuote(
            id=self._next_id(SendQuote),
            commission=self._start.commission,
            quote=quote.quote,
            quote_version=asked.quote_version,
            sending=asked.number,
            held_until=self._state.held_until or promise.held_until,
            ready_by=promise.ready_by,
            ready_by_p50=promise.ready_by_p50,
        )
        sent = await self._carry_out(command)
        if self._state.sending == asked:
            self._state.sending = None
        if sent.total is not None and sent.deposit is not None and sent.valid_until is not None:
            self._state.offer = QuoteOffer(
                quote_version=asked.quote_version,
                total=sent.total,
                deposit=sent.deposit,
                valid_until=sent.valid_until,
            )
            offer_again(self._state)
            self._state.offer_withdrawn = False
        elif self._state.sending is None and self._state.offer is None and not self._state.end_requested:
            await self._release_the_promise(PromiseEnd.NOT_SENT)

    async def _hold_the_hours(self) -> bool:
        """Whether they are held, no later than the studio saw. Runs to its end: what is held must be known."""
        asked, quote = self._state.sending, self._state.quote
        if asked is None or quote is None or self._state.promise is not None:
            return asked is not None
        outcome = await self._hold(asked.ready_by)
        self._state.promise = outcome.held
        if outcome.held is not None:
            return True
        possible = outcome.possible
        kept = KeepDraft(
            id=self._next_id(KeepDraft),
            commission=self._start.commission,
            quote=quote.quote,
            sending=asked.number,
            reason=SendRefusal.LATER_DAY if possible else SendRefusal.NO_HOURS,
            ready_by=possible.ready_by if possible else None,
            ready_by_p50=possible.ready_by_p50 if possible else None,
        )
        await self._carry_out(kept)
        if self._state.sending == asked:
            self._state.sending = None
        return False

    async def _hold(self, at_latest: date | None) -> HoldOutcome:
        """The hours of the maker who can have it ready first; none, where that is after `at_latest`."""
        command = HoldPromise(
            id=self._next_id(HoldPromise),
            commission=self._start.commission,
            craft=self._start.craft,
            offering=self._start.offering,
            offering_version=self._start.offering_version,
            asked_at=self._start.asked_at,
            needed_by=self._needed_by,
            at_latest=at_latest,
        )
        return await self._carry_out(command)

    async def _extend_the_hold(self) -> None:
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
