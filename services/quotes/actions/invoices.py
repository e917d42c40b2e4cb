"""Invoices: the deposit upon acceptance, the balance before shipping, and what a cancellation comes to."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.quotes.actions.accounts import book, left, load_account, mark_paid_invoices
from services.quotes.actions.context import Context
from services.quotes.domain.account import Contract, Invoice, InvoiceDetails, InvoiceLine
from services.quotes.domain.ledger import (
    Amounts,
    Entry,
    TransactionKind,
    deposit_invoice_entries,
    final_invoice_entries,
)
from services.quotes.domain.quote import Quote
from services.quotes.store import ledger
from services.quotes.store import quotes as store
from shared.contracts.commands.quotes import IssueBalance, IssuedInvoice
from shared.contracts.payments import InvoiceIssued, InvoiceKind
from shared.kernel.money import Money
from shared.kernel.problems import Problem, ProblemType
from shared.outbox import publish
from shared.postgres.database import Tx


async def issue_deposit_invoice(
    tx: Tx, context: Context, contract: Contract, quote: Quote, deposit: Money
) -> InvoiceIssued:
    """Issue the deposit invoice of a quote that is being accepted; the fact to publish."""
    percent = vat_percent(quote)
    amounts = Amounts.of(deposit, percent)
    line = InvoiceLine(
        "Deposit",
        f"On a piece made to order, as agreed with version {quote.version} of its quote.",
        amounts.net,
    )
    details = InvoiceDetails(seller=context.seller, address=contract.address, lines=(line,))
    invoice = await new_invoice(
        tx, context, contract, InvoiceKind.DEPOSIT, amounts=amounts, percent=percent, details=details
    )
    due = replace(invoice, due_on=context.in_days(context.settings.deposit_days))
    return await issue_invoice(tx, context, due, deposit_invoice_entries(amounts))


async def issue_balance(tx: Tx, command: IssueBalance, context: Context) -> IssuedInvoice:
    """Issue the final invoice, which deducts the deposit, and publish it; one that was issued stays as it is.

    Raises:
        Problem: conflict, if nothing was accepted or the commission was cancelled.
    """
    await store.lock_head(tx, command.commission)
    contract = await ledger.contract(tx, command.commission)
    if contract is None or await ledger.settlement(tx, command.commission):
        raise Problem(ProblemType.CONFLICT, "No quote of this commission is accepted.")
    quote = await store.version(tx, contract.quote, contract.version)
    account = await load_account(tx, command.commission, quote.price.total.currency)
    before = account.of(InvoiceKind.BALANCE) if account else None
    invoice = before or await _issue_final_invoice(tx, context, contract, quote, command)
    return IssuedInvoice(
        invoice=invoice.invoice,
        number=invoice.number,
        total=invoice.total,
        left=await left(tx, command.commission, invoice.deducted.currency),
        reference=contract.reference,
        due_on=invoice.due_on,
    )


async def _issue_final_invoice(
    tx: Tx, context: Context, contract: Contract, quote: Quote, command: IssueBalance
) -> Invoice:
    [deposit] = await ledger.invoices(tx, contract.commission)
    whole = total_amounts(quote)
    details = InvoiceDetails(
        seller=context.seller,
        address=contract.address,
        lines=tuple(InvoiceLine(line.title, line.detail, line.amount) for line in quote.price.lines),
        deducted=deposit.number,
        note="The piece is shipped when the balance is here.",
    )
    invoice = await new_invoice(
        tx, context, contract, InvoiceKind.BALANCE, amounts=whole, percent=deposit.vat_percent, details=details
    )
    invoice = replace(
        invoice,
        deducted=deposit.amounts.gross,
        due_on=command.due_on or context.in_days(context.settings.balance_days),
    )
    event = await issue_invoice(tx, context, invoice, final_invoice_entries(whole, deposit.amounts))
    await publish(tx, [event, *await mark_paid_invoices(tx, context, contract.commission, quote.price.total.currency)])
    return invoice


async def new_invoice(
    tx: Tx,
    context: Context,
    contract: Contract,
    kind: InvoiceKind,
    *,
    amounts: Amounts,
    percent: Decimal,
    details: InvoiceDetails,
) -> Invoice:
    """An invoice with the next number of the year, which is taken until the commit; nothing is deducted yet."""
    number = await ledger.next_number(tx, context.today.year)
    return Invoice(
        invoice=context.new_id(),
        number=f"{context.today.year}-{number:04d}",
        commission=contract.commission,
        kind=kind,
        issued_on=context.today,
        issued_at=context.at,
        due_on=None,
        vat_percent=percent,
        amounts=amounts,
        deducted=Money.zero(amounts.gross.currency),
        details=details,
        customer=contract.customer,
    )


async def issue_invoice(tx: Tx, context: Context, invoice: Invoice, entries: tuple[Entry, ...]) -> InvoiceIssued:
    """Issue an invoice and book what it asks for; the fact to publish."""
    await ledger.issue(tx, invoice)
    await book(tx, context, invoice.commission, TransactionKind.INVOICED, about=invoice.invoice, entries=entries)
    return InvoiceIssued(
        at=context.at,
        commission=invoice.commission,
        invoice=invoice.invoice,
        number=invoice.number,
        kind=invoice.kind,
        total=invoice.total,
        left=await left(tx, invoice.commission, invoice.deducted.currency),
        due_on=invoice.due_on,
    )


def total_amounts(quote: Quote) -> Amounts:
    """The price of a quote, with its VAT as it was reckoned there."""
    return Amounts(net=quote.price.net, vat=quote.price.vat.amount)


def vat_percent(quote: Quote) -> Decimal:
    return quote.price.vat.quantity or Decimal(0)


async def accepted_contract(tx: Tx, commission: UUID) -> tuple[Contract, Quote] | None:
    """What was agreed about a commission, and its quote."""
    contract = await ledger.contract(tx, commission)
    return (contract, await store.version(tx, contract.quote, contract.version)) if contract else None
