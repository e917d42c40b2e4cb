"""From the request to the deposit: a promise, a quote, the customer's answer."""

import asyncio
from datetime import datetime

from temporalio import workflow

from services.lifecycle.workflow.waiting import Chore, Waiting

with workflow.unsafe.imports_passed_through():
    from shared.contracts.commands.command import Done
    from shared.contracts.commands.production import ExtendHold, HeldPromise, HoldPromise
    from shared.contracts.commands.quotes import DraftQuote, ExtendedQuote, ExtendQuote, QuoteDraft
    from shared.contracts.lifecycle import Outcome, Phase
    from shared.contracts.notifications import Intent
    from shared.contracts.payments import InvoiceKind


class Agreeing(Waiting):
    """The customer and the studio come to terms, or do not."""

    async def _hold_a_promise(self) -> None:
        """Run to its end even while the customer withdraws: only who knows the promise can release it."""
        if self._so_far.promise is not None:
            return
        await self._enter(Phase.PROMISING)
        command = HoldPromise(
            id=self._next_id(HoldPromise),
            commission=self._start.commission,
            craft=self._start.craft,
            offering=self._start.offering,
            offering_version=self._start.offering_version,
            asked_at=self._start.asked_at,
            needed_by=self._start.needed_by,
        )
        self._so_far.promise = await self._carry_out(command, HeldPromise)

    async def _draft_a_quote(self) -> None:
        """May wait long for the brief (`NotYet`), so a withdrawal need not wait for it."""
        if self._so_far.quote is not None:
            return
        await self._enter(Phase.QUOTING)
        promise = self._so_far.promise
        command = DraftQuote(
            id=self._next_id(DraftQuote),
            commission=self._start.commission,
            brief_version=self._start.brief_version,
            customer=self._start.customer,
            held_until=promise.held_until if promise else None,
            ready_by=promise.ready_by if promise else None,
        )
        drafting = asyncio.create_task(self._carry_out(command, QuoteDraft))
        await workflow.wait_condition(lambda: drafting.done() or self._so_far.taken_back)
        if self._so_far.taken_back:
            self._so_far.quote = await self._what_became_of(drafting, command, QuoteDraft)
            self._go_on_unless_taken_back()
        self._so_far.quote = await drafting

    async def _wait_on_the_desk(self) -> None:
        """The studio looks over the draft, and sends it."""
        await self._stay(Phase.DESK, self._is_offered, self._chore_at_the_desk)

    async def _wait_for_an_answer(self) -> None:
        """The customer thinks it over, and may ask. Quotes says whether they were in time."""
        await self._stay(Phase.OFFERED, self._is_agreed, self._chore_of_the_offer, in_vain=Outcome.EXPIRED)

    async def _wait_for_the_deposit(self) -> None:
        await self._stay(Phase.DEPOSIT, self._is_secured, self._chore_of_the_deposit)

    def _is_offered(self) -> bool:
        return self._so_far.offer is not None or self._is_agreed()

    def _is_agreed(self) -> bool:
        return self._so_far.agreement is not None

    def _is_secured(self) -> bool:
        """The deposit is here, or none is asked for."""
        agreement = self._so_far.agreement
        asked = agreement.deposit if agreement is not None else None
        return InvoiceKind.DEPOSIT in self._so_far.paid or (asked is not None and asked.minor <= 0)

    # What is to be done meanwhile.

    def _chore_at_the_desk(self) -> Chore | None:
        known = self._so_far.told | {mail.intent for mail in self._so_far.mails}
        if Intent.QUOTE_DRAFTED not in known:
            return self._tell_of_the_draft
        return self._extend_both if self._is_held_too_briefly() else None

    def _chore_of_the_offer(self) -> Chore | None:
        offer, standing = self._so_far.offer, self._so_far.standing
        if offer is None or standing is None or standing.due is None:
            return None
        if offer.quote_version > self._so_far.announced:
            return self._tell_of_the_offer
        if standing.phase is Phase.OFFERED and standing.due > (self._so_far.valid_until or offer.valid_until):
            return self._extend_both if self._is_held_too_briefly() else self._extend_the_quote
        return None

    def _chore_of_the_deposit(self) -> Chore | None:
        known = self._so_far.told | {mail.intent for mail in self._so_far.mails}
        if self._so_far.deposit is not None and Intent.QUOTE_ACCEPTED not in known:
            return self._tell_how_to_pay
        return self._extend_the_hold if self._is_held_too_briefly() else None

    def _is_held_too_briefly(self) -> bool:
        """The maker's hours are held for as long as somebody may still take them."""
        standing, promise = self._so_far.standing, self._so_far.promise
        if standing is None or standing.due is None or promise is None:
            return False
        return standing.due > (self._so_far.held_until or promise.held_until)

    async def _tell_of_the_draft(self) -> None:
        self._tell(Intent.QUOTE_DRAFTED)

    async def _tell_of_the_offer(self) -> None:
        offer, standing = self._so_far.offer, self._so_far.standing
        if offer is not None and standing is not None:
            self._so_far.announced = offer.quote_version
            self._tell_again(Intent.QUOTE_READY, day=self._last_day(standing), amount=offer.total)

    async def _tell_how_to_pay(self) -> None:
        deposit, standing = self._so_far.deposit, self._so_far.standing
        if deposit is not None and standing is not None:
            day = self._last_day(standing)
            self._tell(Intent.QUOTE_ACCEPTED, day=day, amount=self._so_far.left, code=deposit.number)

    async def _extend_the_hold(self) -> None:
        """A draft on the desk may be sent for as long as the hours are held."""
        promise, due = self._so_far.promise, self._due_now()
        if promise is None:
            return
        command = ExtendHold(
            id=self._next_id(ExtendHold),
            commission=self._start.commission,
            promise=promise.promise,
            held_until=due,
        )
        await self._carry_out(command, Done)
        self._so_far.held_until = due

    async def _extend_the_quote(self) -> None:
        """Quotes is the arbiter: whether it is accepted or ended meanwhile comes as a fact, or when it is due."""
        quote, due = self._so_far.quote, self._due_now()
        if quote is None:
            return
        command = ExtendQuote(
            id=self._next_id(ExtendQuote),
            commission=self._start.commission,
            quote=quote.quote,
            valid_until=due,
        )
        await self._carry_out(command, ExtendedQuote)
        self._so_far.valid_until = due

    async def _extend_both(self) -> None:
        await asyncio.gather(self._extend_the_hold(), self._extend_the_quote())

    def _due_now(self) -> datetime:
        """Of what somebody is awaited for."""
        standing = self._so_far.standing
        if standing is None or standing.due is None:
            raise RuntimeError("something is extended that is not due at all")
        return standing.due
