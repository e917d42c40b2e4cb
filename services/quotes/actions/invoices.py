"""Asking for money: the deposit upon acceptance, the balance before shipping, and what a cancellation comes to."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.quotes.actions.accounts import Books, book, cover, left, standing
from services.quotes.domain.ledger import (
    Amounts,
    Entry,
    JournalKind,
    balance_asked,
    deposit_asked,
)
from services.quotes.domain.money import Contract, Document, Invoice, InvoiceLine
from services.quotes.domain.quote import Quote
from services.quotes.store import money
from services.quotes.store import quotes as store
from shared.contracts.commands.quotes import IssueBalance, IssuedInvoice
from shared.contracts.payments import InvoiceIssued, InvoiceKind
from shared.kernel.money import Money
from shared.kernel.problems import Problem, ProblemType
from shared.outbox import publish
from shared.postgres.database import Tx


async def ask_for_deposit(tx: Tx, books: Books, contract: Contract, quote: Quote, deposit: Money) -> InvoiceIssued:
    """Issue the deposit invoice of a quote that is being accepted; the fact to tell."""
    percent = vat_percent(quote)
    amounts = Amounts.of(deposit, percent)
    line = InvoiceLine(
        "Deposit",
        f"On a piece made to order, as agreed with version {quote.version} of its quote.",
        amounts.net,
    )
    document = Document(seller=books.seller, address=contract.address, lines=(line,))
    invoice = await drawn_up(
        tx, books, contract, InvoiceKind.DEPOSIT, amounts=amounts, percent=percent, document=document
    )
    due = replace(invoice, due_on=books.in_days(books.settings.deposit_days))
    return await issued(tx, books, due, deposit_asked(amounts))


async def issue_balance(tx: Tx, command: IssueBalance, books: Books) -> IssuedInvoice:
    """Issue the final invoice, which takes the deposit off the price, and tell; one that was issued stays as it is.

    Raises:
        Problem: conflict, if nothing was accepted or the commission was cancelled.
    """
    await store.lock_head(tx, command.commission)
    contract = await money.contract(tx, command.commission)
    if contract is None or await money.settlement(tx, command.commission):
        raise Problem(ProblemType.CONFLICT, "No quote of this commission is accepted.")
    quote = await store.version(tx, contract.quote, contract.version)
    stood = await standing(tx, command.commission, quote.price.total.currency)
    before = stood.of(InvoiceKind.BALANCE) if stood else None
    invoice = before or await _ask_for_balance(tx, books, contract, quote, command)
    return IssuedInvoice(
        invoice=invoice.invoice,
        number=invoice.number,
        total=invoice.total,
        left=await left(tx, command.commission, invoice.deducted.currency),
        reference=contract.reference,
        due_on=invoice.due_on,
    )


async def _ask_for_balance(tx: Tx, books: Books, contract: Contract, quote: Quote, command: IssueBalance) -> Invoice:
    [deposit] = await money.invoices(tx, contract.commission)
    whole = whole_of(quote)
    document = Document(
        seller=books.seller,
        address=contract.address,
        lines=tuple(InvoiceLine(line.title, line.detail, line.amount) for line in quote.price.lines),
        deducted=deposit.number,
        note="The piece is shipped when the balance is here.",
    )
    invoice = await drawn_up(
        tx, books, contract, InvoiceKind.BALANCE, amounts=whole, percent=deposit.vat_percent, document=document
    )
    invoice = replace(
        invoice,
        deducted=deposit.amounts.gross,
        due_on=command.due_on or books.in_days(books.settings.balance_days),
    )
    told = await issued(tx, books, invoice, balance_asked(whole, deposit.amounts))
    await publish(tx, [told, *await cover(tx, books, contract.commission, quote.price.total.currency)])
    return invoice


async def drawn_up(
    tx: Tx,
    books: Books,
    contract: Contract,
    kind: InvoiceKind,
    *,
    amounts: Amounts,
    percent: Decimal,
    document: Document,
) -> Invoice:
    """An invoice with the next number of the year, which is taken until the commit; nothing is deducted yet."""
    number = await money.next_number(tx, books.today.year)
    return Invoice(
        invoice=books.new_id(),
        number=f"{books.today.year}-{number:04d}",
        commission=contract.commission,
        kind=kind,
        issued_on=books.today,
        issued_at=books.at,
        due_on=None,
        vat_percent=percent,
        amounts=amounts,
        deducted=Money.zero(amounts.gross.currency),
        document=document,
        customer=contract.customer,
    )


async def issued(tx: Tx, books: Books, invoice: Invoice, entries: tuple[Entry, ...]) -> InvoiceIssued:
    """Issue an invoice and book what it asks for; the fact to tell."""
    await money.issue(tx, invoice)
    await book(tx, books, invoice.commission, JournalKind.INVOICED, about=invoice.invoice, entries=entries)
    return InvoiceIssued(
        at=books.at,
        commission=invoice.commission,
        invoice=invoice.invoice,
        number=invoice.number,
        kind=invoice.kind,
        total=invoice.total,
        left=await left(tx, invoice.commission, invoice.deducted.currency),
        due_on=invoice.due_on,
    )


def whole_of(quote: Quote) -> Amounts:
    """The price of a quote, with its VAT as it was reckoned there."""
    return Amounts(net=quote.price.net, vat=quote.price.vat.amount)


def vat_percent(quote: Quote) -> Decimal:
    return quote.price.vat.quantity or Decimal(0)


async def agreed(tx: Tx, commission: UUID) -> tuple[Contract, Quote] | None:
    """What was agreed about a commission, and its quote."""
    contract = await money.contract(tx, commission)
    return (contract, await store.version(tx, contract.quote, contract.version)) if contract else None
