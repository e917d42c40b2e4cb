"""What is decided about an account: invoices, payments, refunds, and what a cancellation comes to.

Each decision takes the account as it is and answers with one change: ledger transactions, documents and events.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.quotes.domain.account import (
    Account,
    CancellationSettlement,
    Change,
    Contract,
    Invoice,
    InvoiceDetails,
    InvoiceLine,
    InvoiceLineCode,
    InvoiceNote,
    Payment,
    Refund,
    Seller,
    covered,
)
from services.quotes.domain.ledger import (
    Amounts,
    Entry,
    Transaction,
    TransactionKind,
    cancellation_entries,
    deposit_invoice_entries,
    final_invoice_entries,
    forgiven_entries,
    payment_entries,
    refund_due_entries,
    refund_paid_entries,
)
from services.quotes.domain.quote import Quote
from services.quotes.domain.vat import Vat
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    PaymentMethod,
    PaymentReceived,
    RefundDue,
    RefundPaid,
    RefundReason,
)
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money

_HUNDRED = 100


@dataclass(frozen=True)
class InvoiceHead:
    """What every new invoice starts from: its id, the next number of the year, its days, and who issues it."""

    invoice: UUID
    number: str
    issued_on: date
    issued_at: datetime
    due_on: date
    seller: Seller


@dataclass(frozen=True)
class Received:
    """Money as the bank statement or the till has it, and the ids of what becomes of it.

    `forgives` is how much may be missing, in minor units, without being asked for.
    """

    payment: UUID
    refund: UUID
    amount: Money
    received_on: date
    recorded_at: datetime
    recorded_by: UUID
    bank_reference: str | None = None
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    forgives: int = 0


@dataclass(frozen=True)
class AgreedCancellation:
    """Why an accepted quote ends, what percentage of its price is owed, and the id of a refund."""

    percent: int
    reason: QuoteEnd
    refund: UUID
    at: datetime


def issue_deposit(account: Account, contract: Contract, quote: Quote, deposit: Money, head: InvoiceHead) -> Change:
    """Ask for the deposit of a quote that is being accepted."""
    amounts = Amounts.of(deposit, vat_of(quote).percent)
    line = InvoiceLine(InvoiceLineCode.DEPOSIT, amounts.net, version=quote.version)
    details = InvoiceDetails(seller=head.seller, address=contract.address, lines=(line,))
    invoice = new_invoice(head, contract, InvoiceKind.DEPOSIT, amounts, vat=vat_of(quote), details=details)
    return with_invoice(account, invoice, (posted(invoice, deposit_invoice_entries(amounts)),))


def issue_balance(account: Account, contract: Contract, quote: Quote, head: InvoiceHead) -> Change:
    """Ask for the rest of the price: the final invoice, which deducts what was asked for before."""
    whole, deducted = total_amounts(quote), account.prepaid
    details = InvoiceDetails(
        seller=head.seller,
        address=contract.address,
        lines=tuple(InvoiceLine(InvoiceLineCode.QUOTE_LINE, each.amount, line=each.code) for each in quote.price.lines),
        deducted=tuple(each.invoice for each in account.of(InvoiceKind.DEPOSIT, InvoiceKind.TOP_UP)),
        note=InvoiceNote.SHIPPED_WHEN_PAID,
    )
    invoice = new_invoice(head, contract, InvoiceKind.BALANCE, whole, vat=vat_of(quote), details=details)
    invoice = replace(invoice, deducted=deducted.gross)
    return with_invoice(account, invoice, (posted(invoice, final_invoice_entries(whole, deducted)),))


def receive(account: Account, given: Received) -> Change:
    """Money came in: it covers the oldest invoice first, and what exceeds all of them is refunded.

    What is missing after it is forgiven, where it is as little as `given.forgives`.
    """
    applied = Money(minor=min(given.amount.minor, account.left.minor), currency=account.left.currency)
    missing = account.left.less(applied)
    forgiven = missing if missing.minor <= given.forgives else Money.zero(missing.currency)
    payment = Payment(
        payment=given.payment,
        commission=account.commission,
        amount=given.amount,
        applied=applied,
        left=missing.less(forgiven),
        received_on=given.received_on,
        recorded_at=given.recorded_at,
        recorded_by=given.recorded_by,
        bank_reference=given.bank_reference,
        method=given.method,
        forgiven_minor=forgiven.minor,
    )
    entries = payment_entries(given.amount, account.left)
    received = PaymentReceived(
        at=given.recorded_at,
        commission=account.commission,
        payment=payment.payment,
        amount=payment.amount,
        left=payment.left,
        method=payment.method,
        forgiven=forgiven if forgiven.minor else None,
        by=given.recorded_by,
    )
    change = Change(
        transactions=(
            Transaction(TransactionKind.RECEIVED, payment.payment, entries),
            Transaction(TransactionKind.FORGIVEN, payment.payment, forgiven_entries(forgiven)),
        ),
        payments=(payment,),
        events=(received,),
    )
    change = with_paid_invoices(account, change, given.recorded_at)
    if not payment.back.minor:
        return change
    in_force = account.contract is not None and account.settlement is None
    reason = RefundReason.OVERPAID if in_force else RefundReason.NOT_OWED
    return with_refund(change, Refund(given.refund, account.commission, payment.back, reason, given.recorded_at))


def pay_refund(refund: Refund, *, on: date, at: datetime, by: UUID) -> Change:
    """A refund was transferred."""
    entries = refund_paid_entries(refund.amount)
    paid = RefundPaid(at=at, commission=refund.commission, refund=refund.refund, amount=refund.amount, by=by)
    return Change(
        transactions=(Transaction(TransactionKind.REFUNDED, refund.refund, entries),),
        refunds_paid=(replace(refund, paid_on=on, paid_at=at, paid_by=by),),
        events=(paid,),
    )


def cancel(
    account: Account, contract: Contract, quote: Quote, given: AgreedCancellation, head: InvoiceHead
) -> tuple[Change, CancellationSettlement]:
    """Ask for what is owed instead of what was asked for before, and refund the rest."""
    owed = _owed(quote, given.percent)
    settlement = _settlement(account, owed.gross, given)
    details = InvoiceDetails(
        seller=head.seller,
        address=contract.address,
        lines=(InvoiceLine(InvoiceLineCode.CANCELLATION, owed.net, percent=given.percent),),
        replaces=tuple(each.number for each in account.invoices),
        note=InvoiceNote.REST_REFUNDED if settlement.refund.minor else None,
    )
    invoice = new_invoice(head, contract, InvoiceKind.CANCELLATION, owed, vat=vat_of(quote), details=details)
    invoice = replace(invoice, due_on=head.due_on if settlement.left.minor else None)
    again = asked_again(account.forgiven_minor, owed.gross.currency)
    transactions = [
        posted(invoice, cancellation_entries(owed, account.invoiced)),
        Transaction(TransactionKind.FORGIVEN, invoice.invoice, again),
    ]
    refund = Refund(given.refund, account.commission, settlement.refund, RefundReason.CANCELLED, given.at)
    if settlement.refund.minor:
        entries = refund_due_entries(refund.amount)
        transactions.append(Transaction(TransactionKind.REFUND_DUE, refund.refund, entries))
    issued = with_invoice(account, invoice, tuple(transactions), refund=refund if settlement.refund.minor else None)
    return replace(issued, settlement=settlement), settlement


def asked_again(minor: int, currency: str) -> tuple[Entry, ...]:
    """The entries by which what was forgiven is asked for again; none where nothing was."""
    return forgiven_entries(Money(minor=-minor, currency=currency))


def total_amounts(quote: Quote) -> Amounts:
    """The price of a quote, with its VAT as the quote states it."""
    return Amounts(net=quote.price.net, vat=quote.price.vat.amount)


def vat_of(quote: Quote) -> Vat:
    return Vat.of_line(quote.price.vat)


def new_invoice(
    head: InvoiceHead,
    contract: Contract,
    kind: InvoiceKind,
    amounts: Amounts,
    *,
    vat: Vat,
    details: InvoiceDetails,
) -> Invoice:
    """A new invoice, of which nothing is deducted yet."""
    return Invoice(
        invoice=head.invoice,
        number=head.number,
        commission=contract.commission,
        amendment=contract.current.number,
        kind=kind,
        issued_on=head.issued_on,
        issued_at=head.issued_at,
        due_on=head.due_on,
        vat_percent=vat.percent,
        amounts=amounts,
        deducted=Money.zero(amounts.gross.currency),
        details=replace(details, vat_country=vat.country),
        customer=contract.customer,
    )


def posted(invoice: Invoice, entries: tuple[Entry, ...]) -> Transaction:
    return Transaction(TransactionKind.INVOICED, invoice.invoice, entries)


def with_invoice(
    account: Account, invoice: Invoice, transactions: tuple[Transaction, ...], *, refund: Refund | None = None
) -> Change:
    """The invoice with its event; then the refund, if there is one, and the invoices that are covered by now."""
    change = Change(transactions=transactions, invoices=(invoice,))
    event = InvoiceIssued(
        at=invoice.issued_at,
        commission=invoice.commission,
        invoice=invoice.invoice,
        number=invoice.number,
        kind=invoice.kind,
        total=invoice.total,
        left=account.after(change).left,
        due_on=invoice.due_on,
        amendment=invoice.amendment,
        reference=account.reference,
    )
    change = replace(change, events=(event,))
    if refund:
        change = with_refund(change, refund)
    return with_paid_invoices(account, change, invoice.issued_at)


def with_paid_invoices(account: Account, change: Change, at: datetime) -> Change:
    """The change, with the invoices that are paid in full after it."""
    after = account.after(change)
    paid = covered(after.open_invoices, after.left)
    events = tuple(
        InvoicePaid(at=at, commission=account.commission, invoice=each.invoice, kind=each.kind) for each in paid
    )
    return replace(
        change, invoices_paid=tuple(replace(each, paid_at=at) for each in paid), events=(*change.events, *events)
    )


def with_contract(change: Change, paper: UUID) -> Change:
    """The change, whose invoices are told of together with the paper of the contract."""
    events = (
        each.model_copy(update={"contract": paper}) if isinstance(each, InvoiceIssued) else each
        for each in change.events
    )
    return replace(change, events=tuple(events))


def with_refund(change: Change, refund: Refund) -> Change:
    due = RefundDue(
        at=refund.due_at,
        commission=refund.commission,
        refund=refund.refund,
        amount=refund.amount,
        reason=refund.reason,
    )
    return replace(change, refunds=(refund,), events=(*change.events, due))


def _settlement(account: Account, owed: Money, given: AgreedCancellation) -> CancellationSettlement:
    """What was sent back for a payment that was reversed since is owed besides: nothing less than nothing was paid."""
    paid = account.applied
    return CancellationSettlement(
        percent=given.percent,
        reason=given.reason,
        owed=owed,
        paid=_above_zero(paid),
        refund=_above_zero(paid.less(owed)),
        left=_above_zero(owed.less(paid)),
        settled_at=given.at,
    )


def _owed(quote: Quote, percent: int) -> Amounts:
    if percent == _HUNDRED:
        return total_amounts(quote)
    return Amounts.of(quote.price.total.times(Decimal(percent) / _HUNDRED), vat_of(quote).percent)


def _above_zero(amount: Money) -> Money:
    return amount if amount.minor > 0 else Money.zero(amount.currency)
