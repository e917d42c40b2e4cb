"""The account of a commission, and the postings that invoices and payments share."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.quotes.actions.context import Context
from services.quotes.domain.account import Account, Refund, covered
from services.quotes.domain.ledger import Entry, LedgerAccount, TransactionKind
from services.quotes.store import ledger
from shared.contracts.lifecycle import Holder, Phase, PhaseEntered
from shared.contracts.payments import InvoiceKind, InvoicePaid, RefundDue, RefundReason
from shared.kernel.calendar import day_of
from shared.kernel.money import Money
from shared.postgres.database import Tx

_DAY = timedelta(days=1)
_PAID_AT: Final[Mapping[Phase, InvoiceKind]] = {
    Phase.DEPOSIT: InvoiceKind.DEPOSIT,
    Phase.BALANCE: InvoiceKind.BALANCE,
}


async def load_account(tx: Tx, commission: UUID, currency: str) -> Account | None:
    """The account of a commission; None where nothing was agreed and nothing came in."""
    contract = await ledger.contract(tx, commission)
    payments = await ledger.payments(tx, commission)
    if contract is None and not payments:
        return None
    return Account(
        reference=contract.reference if contract else "",
        left=await left(tx, commission, currency),
        invoices=await ledger.invoices(tx, commission),
        payments=payments,
        refunds=await ledger.refunds(tx, commission),
        settled=await ledger.settlement(tx, commission),
    )


async def extend_deadline(tx: Tx, entered: PhaseEntered, zone: ZoneInfo) -> None:
    """Give the customer until the last whole day before the deadline, where that is later than the invoice says."""
    kind = _PAID_AT.get(entered.phase)
    if kind is None or entered.holder is not Holder.CUSTOMER or entered.due is None:
        return
    if await ledger.extend_invoice(tx, entered.commission, kind, day_of(entered.due, zone) - _DAY):
        tx.touch(entered.commission)


async def left(tx: Tx, commission: UUID, currency: str) -> Money:
    """What is still to be paid of all that was asked for."""
    return Money(minor=await ledger.balance(tx, commission, LedgerAccount.RECEIVABLE), currency=currency)


async def book(
    tx: Tx, context: Context, commission: UUID, kind: TransactionKind, *, about: UUID, entries: Sequence[Entry]
) -> None:
    """Book what happened; a booking without entries is no transaction."""
    if entries:
        await ledger.book(tx, context.new_id(), commission, kind, about=about, at=context.at, entries=tuple(entries))
    tx.touch(commission)


async def mark_paid_invoices(tx: Tx, context: Context, commission: UUID, currency: str) -> list[InvoicePaid]:
    """Record which invoices are paid in full by now; the facts to publish."""
    account = await load_account(tx, commission, currency)
    paid = covered(account.open_invoices, account.left) if account else ()
    for invoice in paid:
        await ledger.mark_paid(tx, invoice.invoice, context.at)
    return [
        InvoicePaid(at=context.at, commission=commission, invoice=invoice.invoice, kind=invoice.kind)
        for invoice in paid
    ]


async def add_refund(tx: Tx, context: Context, commission: UUID, amount: Money, reason: RefundReason) -> RefundDue:
    """Keep that so much goes back to the customer; the fact to publish."""
    refund = Refund(context.new_id(), commission, amount, reason, context.at)
    await ledger.add_refund(tx, refund)
    return RefundDue(at=context.at, commission=commission, refund=refund.refund, amount=amount, reason=reason)
