"""What a change order does to an account, once it is applied: a top-up invoice, or a credit note and a refund.

The deposit, the top-ups and what credit notes take off them are asked for before the piece is made; the final invoice
asks for the rest of the price that is agreed by then. So a price that falls needs a credit note only where more was
asked for than the piece costs now, and only what was paid of that goes back.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.quotes.domain.account import (
    Account,
    Change,
    Contract,
    Credit,
    Invoice,
    InvoiceDetails,
    InvoiceLine,
    InvoiceLineCode,
    Refund,
)
from services.quotes.domain.billing import (
    InvoiceHead,
    new_invoice,
    posted,
    total_amounts,
    vat_of,
    with_invoice,
    with_paid_invoices,
    with_refund,
)
from services.quotes.domain.ledger import (
    Amounts,
    Transaction,
    TransactionKind,
    deposit_invoice_entries,
    prepayment_credit_entries,
    refund_due_entries,
)
from services.quotes.domain.quote import Quote
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.kernel.money import Money


@dataclass(frozen=True)
class AgreedLess:
    """The ids of a credit note and of what goes back, the number of the note, and its day."""

    credit: UUID
    refund: UUID
    number: str
    issued_on: date
    at: datetime


def asked_too_much(account: Account, price: Amounts) -> Money:
    """How much more was asked for before than this price comes to; zero where it is not."""
    beyond = account.prepaid.gross.minor - price.gross.minor
    return Money(minor=max(0, beyond), currency=account.left.currency)


def top_up(account: Account, contract: Contract, before: Quote, after: Quote, head: InvoiceHead) -> Change:
    """Ask for what the change adds to the price; `contract` has the change already."""
    amounts = total_amounts(after).less(total_amounts(before))
    line = InvoiceLine(InvoiceLineCode.TOP_UP, amounts.net, version=after.version)
    details = InvoiceDetails(seller=head.seller, address=contract.address, lines=(line,))
    invoice = new_invoice(head, contract, InvoiceKind.TOP_UP, amounts, vat=vat_of(after), details=details)
    return with_invoice(account, invoice, (posted(invoice, deposit_invoice_entries(amounts)),))


def lower(account: Account, after: Quote, given: AgreedLess) -> Change:
    """Take off what was asked for too much: what is still to be paid first; what was paid of it goes back."""
    amount = asked_too_much(account, total_amounts(after))
    amounts = Amounts.of(amount, vat_of(after).percent)
    credit = Credit(given.credit, None, amounts, given.at, given.number, _corrected(account).invoice, given.issued_on)
    back = Money(minor=max(0, amount.minor - max(0, account.left.minor)), currency=amount.currency)
    refund = Refund(given.refund, account.commission, back, RefundReason.CHANGE_ORDER, given.at)
    change = Change(
        transactions=(
            Transaction(TransactionKind.CREDITED, given.credit, prepayment_credit_entries(amounts)),
            Transaction(TransactionKind.REFUND_DUE, refund.refund, refund_due_entries(back)),
        ),
        credits=(credit,),
    )
    change = with_paid_invoices(account, change, given.at)
    return with_refund(change, refund) if back.minor else change


def _corrected(account: Account) -> Invoice:
    """The invoice that a credit note is about: the largest of those before the final one."""
    before = account.of(InvoiceKind.DEPOSIT, InvoiceKind.TOP_UP)
    return max(before, key=lambda each: each.total.minor)
