"""How quotes end, or live longer: by the life cycle's commands."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from services.quotes.actions.accounts import add_refund, book, load_account, mark_paid_invoices
from services.quotes.actions.context import Context
from services.quotes.actions.invoices import accepted_contract, issue_invoice, new_invoice, total_amounts, vat_percent
from services.quotes.domain.account import Account, CancellationSettlement, Contract, InvoiceDetails, InvoiceLine
from services.quotes.domain.ledger import Amounts, TransactionKind, cancellation_entries, refund_due_entries
from services.quotes.domain.quote import Quote, QuoteState
from services.quotes.store import ledger
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
    """End every version that is not accepted, for good, and publish it; or answer that the customer was quicker.

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
        event = QuoteExpired(
            at=at,
            commission=command.commission,
            quote=head.quote,
            quote_version=ended[-1],
            reason=command.reason,
        )
        await publish(tx, [event])
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


async def settle_cancellation(tx: Tx, command: SettleCancellation, context: Context) -> Settlement:
    """Cancel an accepted quote: ask for what is owed instead of what was asked for, and owe the rest back. Once.

    Raises:
        Problem: conflict, if nothing was accepted.
    """
    await store.lock_head(tx, command.commission)
    if before := await ledger.settlement(tx, command.commission):
        return _settlement(before)
    found = await accepted_contract(tx, command.commission)
    if found is None:
        raise Problem(ProblemType.CONFLICT, "No quote of this commission is accepted.")
    contract, quote = found
    account = await load_account(tx, command.commission, quote.price.total.currency)
    settled = _reckoned(quote, account, command, context.at)
    facts = await _settle(tx, context, contract, quote, settled)
    await publish(tx, facts)
    return _settlement(settled)


async def _settle(
    tx: Tx, context: Context, contract: Contract, quote: Quote, settled: CancellationSettlement
) -> list[CommissionFact]:
    commission, currency = contract.commission, settled.owed.currency
    asked = await ledger.invoices(tx, commission)
    owed = _owed(quote, settled.percent)
    details = InvoiceDetails(
        seller=context.seller,
        address=contract.address,
        lines=(InvoiceLine("Cancellation", _what_for(settled.percent), owed.net),),
        replaces=tuple(each.number for each in asked),
        note="What was paid beyond goes back to you." if settled.refund.minor else "",
    )
    invoice = await new_invoice(
        tx, context, contract, InvoiceKind.CANCELLATION, amounts=owed, percent=vat_percent(quote), details=details
    )
    if settled.left.minor:
        invoice = replace(invoice, due_on=context.in_days(context.settings.balance_days))
    back = [await ledger.entries_of_invoice(tx, each.invoice) for each in asked]
    await store.cancel_accepted(tx, quote.quote, quote.version, at=context.at, reason=settled.reason)
    await ledger.settle(tx, commission, settled)
    issuing = await issue_invoice(tx, context, invoice, cancellation_entries(owed, back))
    facts: list[CommissionFact] = [issuing.model_copy(update={"left": settled.left})]
    if settled.refund.minor:
        refund = await add_refund(tx, context, commission, settled.refund, RefundReason.CANCELLED)
        await book(
            tx,
            context,
            commission,
            TransactionKind.REFUND_DUE,
            about=refund.refund,
            entries=refund_due_entries(settled.refund),
        )
        facts.append(refund)
    return [*facts, *await mark_paid_invoices(tx, context, commission, currency)]


def _reckoned(
    quote: Quote, account: Account | None, command: SettleCancellation, at: datetime
) -> CancellationSettlement:
    owed = _owed(quote, command.owed_percent).gross
    paid = account.applied if account else Money.zero(owed.currency)
    return CancellationSettlement(
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
        return total_amounts(quote)
    return Amounts.of(quote.price.total.times(Decimal(percent) / _HUNDRED), vat_percent(quote))


def _what_for(percent: int) -> str:
    if not percent:
        return "Nothing is owed."
    return f"{percent} percent of the price, for what was done until then."


def _above_zero(amount: Money) -> Money:
    return amount if amount.minor > 0 else Money.zero(amount.currency)


def _settlement(settled: CancellationSettlement) -> Settlement:
    return Settlement(owed=settled.owed, paid=settled.paid, refund=settled.refund, left=settled.left)


async def _ending(tx: Tx, quote: Quote) -> QuoteEnding:
    if quote.state is not QuoteState.ACCEPTED or quote.offer is None:
        return QuoteEnding()
    invoices = await ledger.invoices(tx, quote.commission)
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
