"""A quote is sent: the studio asks for it, hours are held for it, then it is with the customer; or it stays a draft."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from services.quotes.actions.context import QuotesContext
from services.quotes.actions.drafting import changeable, offering_of
from services.quotes.domain.guards import check_is_of_brief
from services.quotes.domain.quote import Offer, Quote, QuotedBrief, QuoteHead, QuoteState
from services.quotes.domain.reasons import QuoteReason
from services.quotes.domain.sending import Sending, SendingState
from services.quotes.domain.terms import TermFigures, terms, valid_until, variation
from services.quotes.store import quotes as quote_store
from services.quotes.store import sending as store
from shared.auth.roles import Caller
from shared.contracts.commands.command import Done
from shared.contracts.commands.quotes import KeepDraft, SendQuote, SentQuote
from shared.contracts.quotes import QuoteSendAsked, QuoteSent, SendRefusal
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid, not_found
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.postgres.database import Tx

_HUNDRED: Final = Decimal(100)


async def ask_to_send(
    tx: Tx, caller: Caller, commission: UUID, version: int, context: QuotesContext, *, until: datetime | None = None
) -> Quote:
    """Have a draft sent as soon as a maker's hours are held for it, and publish that; asked twice is asked once.

    One that was sent stays as it is. `until` is when it can be accepted, where the studio wants an answer sooner.

    Raises:
        Problem: not-found; validation-failed, if `until` is past; conflict, if the customer has decided, the total is
            zero, or somebody was quicker.
    """
    quote, offering = await changeable(tx, caller, commission, version)
    asked = await store.sending(tx, quote.quote)
    if quote.state is QuoteState.SENT or (asked is not None and asked.is_asked(version)):
        return quote
    brief = await quote_store.brief(tx, commission)
    check_is_of_brief(quote, brief.version if brief else 0)
    _offer(quote, offering, None, context, brief=None, sooner=until)
    number = await store.ask_to_send(tx, quote.quote, version, at=context.at, by=caller.ops, until=until)
    tx.touch(commission)
    event = QuoteSendAsked(
        at=context.at,
        commission=commission,
        quote=quote.quote,
        quote_version=version,
        sending=number,
        ready_by=quote.ready_by,
        by=caller.ops,
    )
    await publish(tx, [event])
    return quote


async def withdraw_sending(tx: Tx, caller: Caller, commission: UUID, version: int) -> Quote:
    """Let it stay a draft after all, if it is not with the customer yet; hours that are held meanwhile are released.

    Raises:
        Problem: not-found; conflict, if the customer has decided or somebody was quicker.
    """
    quote, _ = await changeable(tx, caller, commission, version)
    await store.end_sending(tx, quote.quote, SendingState.WITHDRAWN)
    tx.touch(commission)
    return quote


async def send_quote(tx: Tx, command: SendQuote, context: QuotesContext) -> SentQuote:
    """Put the version before the customer, and publish it, unless the studio does not want that any more.

    It can be accepted for `valid_days`, and not beyond the instant at which the maker's hours are free again.

    Raises:
        Problem: not-found, if the commission has no such quote.
    """
    head = await _head(tx, command.commission, command.quote)
    asked = await store.sending(tx, head.quote)
    version = await quote_store.version(tx, head.quote, command.quote_version)
    if not _is_wanted(asked, command, head, version):
        return SentQuote(sent=False)
    until = asked.until if asked else None
    if min(command.held_until, until or command.held_until) <= context.at:
        await store.end_sending(tx, head.quote, SendingState.KEPT, SendRefusal.DAY_PASSED)
        tx.touch(command.commission)
        return SentQuote(sent=False)
    offering, brief = await offering_of(tx, version), await quote_store.brief(tx, command.commission)
    if brief is not None and brief.version > version.brief_version:
        return SentQuote(sent=False)  # another draft follows, of what is wished now
    offer = _offer(version, offering, command.held_until, context, ready_by=command.ready_by, brief=brief, sooner=until)
    await quote_store.hold(tx, head.quote, command)
    await quote_store.send(tx, version.version, offer, head.quote, command)
    await store.end_sending(tx, head.quote, SendingState.SENT)
    tx.touch(command.commission)
    event = QuoteSent(
        at=context.at,
        commission=command.commission,
        quote=head.quote,
        quote_version=version.version,
        total=version.price.total,
        deposit=offer.deposit,
        valid_until=offer.valid_until,
        ready_by=command.ready_by,
        ready_by_p50=command.ready_by_p50,
        by=asked.asked_by if asked else None,
    )
    await publish(tx, [event])
    return SentQuote(sent=True, total=version.price.total, deposit=offer.deposit, valid_until=offer.valid_until)


async def keep_draft(tx: Tx, command: KeepDraft) -> Done:
    """Say on the desk why it was not sent, with the day that is possible now.

    Raises:
        Problem: not-found, if the commission has no such quote.
    """
    head = await _head(tx, command.commission, command.quote)
    asked = await store.sending(tx, head.quote)
    if asked is None or asked.number != command.sending:
        return Done()
    await store.end_sending(tx, head.quote, SendingState.KEPT, command.reason)
    if command.ready_by is not None:
        await store.preview(tx, head.quote, command.ready_by, command.ready_by_p50 or command.ready_by)
    tx.touch(command.commission)
    return Done()


async def _head(tx: Tx, commission: UUID, quote: UUID) -> QuoteHead:
    head = await quote_store.lock_head(tx, commission)
    if head is None or head.quote != quote:
        raise not_found(QuoteReason.NO_QUOTE)
    return head


def _is_wanted(asked: Sending | None, command: SendQuote, head: QuoteHead, version: Quote) -> bool:
    """Whether it is still what the studio asked for, and a draft."""
    if asked is None or asked.number != command.sending or not asked.is_asked(command.quote_version):
        return False
    return head.accepted is None and version.state is QuoteState.DRAFTED


def _offer(
    quote: Quote,
    offering: Offering,
    held_until: datetime | None,
    context: QuotesContext,
    *,
    ready_by: date | None = None,
    brief: QuotedBrief | None,
    sooner: datetime | None,
) -> Offer:
    settings = context.settings
    if sooner is not None and sooner <= context.at:
        raise invalid(FieldProblem("valid_until", QuoteReason.PAST))
    valid_days = quote.conditions.valid_days or offering.pricing.valid_days
    until = valid_until(context.at, valid_days, held_until, context.zone)
    until = min(until, sooner or until)
    deposit_percent = quote.conditions.deposit_percent or settings.deposit_percent
    deposit = quote.price.total.times(Decimal(deposit_percent) / _HUNDRED)
    if deposit.minor <= 0:
        raise Problem(ProblemType.CONFLICT, QuoteReason.ZERO)
    return Offer(
        sent_at=context.at,
        valid_until=until,
        deposit=deposit,
        terms=terms(
            offering,
            brief.values if brief else {},
            TermFigures(
                deposit_percent=deposit_percent,
                deposit_days=quote.conditions.deposit_days or settings.deposit_days,
                ready_by=ready_by,
                guarantee_months=settings.guarantee_months,
            ),
        ),
        variation=variation(offering, brief.values if brief else {}),
    )
