"""How quotes end, or live longer: by the life cycle's commands."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from services.quotes.actions.accounts import Books, book, cover, owe_back, standing
from services.quotes.actions.invoices import agreed, drawn_up, issued, vat_percent, whole_of
from services.quotes.domain.ledger import Amounts, JournalKind, cancellation_asked, owed_back
from services.quotes.domain.money import Contract, Document, InvoiceLine, Settled, Standing
from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.store import money
from services.quotes.store import quotes as store
from shared.contracts.commands.quotes import (
    ExpireQuote,
    ExtendedQuote,
    ExtendQuote,
    QuoteEnding,
    SettleCancellation,
    Settlement,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.quotes import QuoteExpired
from shared.kernel.money import Money
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.outbox import publish
from shared.postgres.database import Tx

_HUNDRED = 100


async def expire_quote(tx: Tx, command: ExpireQuote, *, at: datetime) -> QuoteEnding:
    """End every version that is not accepted, for good, and tell; or answer that the customer was quicker.

    Raises:
        Problem: not-found, if the commission has no such quote.
    """
    head = await store.lock_head(tx, command.commission)
    known = await store.version_known(tx, command.commission, command.quote, command.quote_version)
    if head is None or not known:
        raise not_found("This commission has no such quote.")
    if head.accepted is not None:
        return await _ending(tx, await store.version(tx, head.quote, head.accepted))
    if ended := await store.end_open(tx, head.quote, at=at, reason=command.reason):
        tx.touch(command.commission)
        told = QuoteExpired(
            at=at,
            commission=command.commission,
            quote=head.quote,
            quote_version=ended[-1],
            reason=command.reason,
        )
        await publish(tx, [told])
    return QuoteEnding()


async def extend_quote(tx: Tx, command: ExtendQuote) -> ExtendedQuote:
    """Let what was sent be accepted for longer, and a draft be sent for as long; never shorter.

    Raises:
        Problem: not-found, if the commission has no such quote.
    """
    head = await store.lock_head(tx, command.commission)
    if head is None or head.quote != command.quote:
        raise not_found("This commission has no such quote.")
    if head.accepted is not None:
        accepted = await store.version(tx, head.quote, head.accepted)
        return ExtendedQuote(valid_until=_valid_until(accepted, command.valid_until), accepted=True)
    newest = await store.version(tx, head.quote, head.newest)
    if not newest.state.open:
        return ExtendedQuote(valid_until=_valid_until(newest, command.valid_until), ended=True)
    tx.touch(command.commission)
    until = await store.extend(tx, head.quote, command.valid_until)
    return ExtendedQuote(valid_until=until or command.valid_until)


async def settle_cancellation(tx: Tx, command: SettleCancellation, books: Books) -> Settlement:
    """Cancel an accepted quote: ask for what is owed instead of what was asked for, and owe the rest back. Once.

    Raises:
        Problem: conflict, if nothing was accepted.
    """
    await store.lock_head(tx, command.commission)
    if before := await money.settlement(tx, command.commission):
        return _settlement(before)
    found = await agreed(tx, command.commission)
    if found is None:
        raise Problem(ProblemType.CONFLICT, "No quote of this commission is accepted.")
    contract, quote = found
    stood = await standing(tx, command.commission, quote.price.total.currency)
    settled = _reckoned(quote, stood, command, books.at)
    facts = await _settle(tx, books, contract, quote, settled)
    await publish(tx, facts)
    return _settlement(settled)


async def _settle(tx: Tx, books: Books, contract: Contract, quote: Quote, settled: Settled) -> list[CommissionFact]:
    commission, currency = contract.commission, settled.owed.currency
    asked = await money.invoices(tx, commission)
    owed = _owed(quote, settled.percent)
    document = Document(
        seller=books.seller,
        address=contract.address,
        lines=(InvoiceLine("Cancellation", _what_for(settled.percent), owed.net),),
        replaces=tuple(each.number for each in asked),
        note="What was paid beyond goes back to you." if settled.refund.minor else "",
    )
    invoice = await drawn_up(
        tx, books, contract, InvoiceKind.CANCELLATION, amounts=owed, percent=vat_percent(quote), document=document
    )
    if settled.left.minor:
        invoice = replace(invoice, due_on=books.in_days(books.settings.balance_days))
    back = [await money.booked_about(tx, each.invoice) for each in asked]
    await store.cancel_accepted(tx, quote.quote, quote.version, at=books.at, reason=settled.reason)
    await money.settle(tx, commission, settled)
    issuing = await issued(tx, books, invoice, cancellation_asked(owed, back))
    facts: list[CommissionFact] = [issuing.model_copy(update={"left": settled.left})]
    if settled.refund.minor:
        refund = await owe_back(tx, books, commission, settled.refund, RefundReason.CANCELLED)
        await book(
            tx, books, commission, JournalKind.REFUND_DUE, about=refund.refund, entries=owed_back(settled.refund)
        )
        facts.append(refund)
    return [*facts, *await cover(tx, books, commission, currency)]


def _reckoned(quote: Quote, stood: Standing | None, command: SettleCancellation, at: datetime) -> Settled:
    owed = _owed(quote, command.owed_percent).gross
    paid = stood.applied if stood else Money.zero(owed.currency)
    return Settled(
        percent=command.owed_percent,
        reason=command.reason,
        owed=owed,
        paid=paid,
        refund=_above_zero(paid.less(owed)),
        left=_above_zero(owed.less(paid)),
        settled_at=at,
    )


def _owed(quote: Quote, percent: int) -> Amounts:
    if percent == _HUNDRED:
        return whole_of(quote)
    return Amounts.of(quote.price.total.times(Decimal(percent) / _HUNDRED), vat_percent(quote))


def _what_for(percent: int) -> str:
    if not percent:
        return "Nothing is owed."
    return f"{percent} percent of the price, for what was done until then."


def _above_zero(amount: Money) -> Money:
    return amount if amount.minor > 0 else Money.zero(amount.currency)


def _settlement(settled: Settled) -> Settlement:
    return Settlement(owed=settled.owed, paid=settled.paid, refund=settled.refund, left=settled.left)


async def _ending(tx: Tx, quote: Quote) -> QuoteEnding:
    if quote.state is not QuoteState.ACCEPTED or quote.offer is None:
        return QuoteEnding()
    invoices = await money.invoices(tx, quote.commission)
    asked = next((each for each in invoices if each.kind is InvoiceKind.DEPOSIT), None)
    return QuoteEnding(
        accepted=True,
        total=quote.price.total,
        deposit=quote.offer.deposit,
        deposit_due_on=asked.due_on if asked else None,
        deposit_paid=asked is not None and asked.paid_at is not None,
    )


def _valid_until(quote: Quote, otherwise: datetime) -> datetime:
    return quote.offer.valid_until if quote.offer else otherwise
