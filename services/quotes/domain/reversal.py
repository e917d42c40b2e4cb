"""What follows from a payment that does not count: it was a mistake, or the bank took it back.

Reversing and recording it rightly ends where a right recording ends: what has been owed back since, by this payment or
by those after it, is withdrawn first; only what is beyond that has to be paid again. A refund that was sent already is
money that is gone: the customer owes it, and `left` says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.quotes.domain.account import Account, Change, Invoice, Payment, Refund, covered
from services.quotes.domain.billing import asked_again
from services.quotes.domain.ledger import Transaction, TransactionKind, reversal_entries
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import InvoiceReopened, PaymentReversed, RefundDue, RefundWithdrawn, ReversalReason
from shared.kernel.money import Money


@dataclass(frozen=True)
class Reversal:
    """Why a payment is reversed, by whom, and the id of a refund that is owed in place of a larger one."""

    reason: ReversalReason
    at: datetime
    by: UUID
    refund: UUID


def reverse(account: Account, payment: Payment, given: Reversal) -> Change:
    """The payment does not count: refunds are withdrawn, invoices are open again, and what was forgiven is not."""
    currency = account.left.currency
    withdrawn, rest = _withdrawn(account, payment, given)
    back = sum(each.amount.minor for each in withdrawn) - (rest.amount.minor if rest else 0)
    entries = reversal_entries(payment.amount, Money(minor=back, currency=currency))
    forgiven = asked_again(min(payment.forgiven_minor, account.forgiven_minor), currency)
    undone = replace(payment, reversal=given.reason, reversed_at=given.at, reversed_by=given.by)
    change = Change(
        transactions=(
            Transaction(TransactionKind.REVERSED, payment.payment, entries),
            Transaction(TransactionKind.FORGIVEN, payment.payment, forgiven),
        ),
        payments_reversed=(undone,),
        refunds_withdrawn=withdrawn,
        refunds=(rest,) if rest else (),
    )
    reopened = _reopened(account.after(change))
    change = replace(change, invoices_reopened=reopened)
    return replace(change, events=tuple(_told(account, change, payment, given)))


def _withdrawn(account: Account, payment: Payment, given: Reversal) -> tuple[tuple[Refund, ...], Refund | None]:
    """The refunds that are not owed, newest first, and one for what of the last of them still is."""
    found: list[Refund] = []
    missing = payment.amount.minor + min(payment.forgiven_minor, account.forgiven_minor)
    for refund in reversed(account.open_refunds):
        if missing <= 0 or (refund.due_at, refund.refund) < (payment.recorded_at, payment.payment):
            break
        found.append(replace(refund, withdrawn_at=given.at))
        missing -= refund.amount.minor
    if missing >= 0:
        return tuple(found), None
    still = Money(minor=-missing, currency=payment.amount.currency)
    return tuple(found), replace(found[-1], refund=given.refund, amount=still, due_at=given.at, withdrawn_at=None)


def _reopened(after: Account) -> tuple[Invoice, ...]:
    """The invoices that count as paid and are not covered any more."""
    asked = tuple(each for each in after.invoices if not after.void(each))
    paid = {each.invoice for each in covered(asked, after.left)}
    return tuple(replace(each, paid_at=None) for each in asked if each.paid_at and each.invoice not in paid)


def _told(account: Account, change: Change, payment: Payment, given: Reversal) -> Iterable[CommissionFact]:
    of, at = account.commission, given.at
    yield PaymentReversed(
        at=at,
        commission=of,
        payment=payment.payment,
        amount=payment.amount,
        left=account.after(change).left,
        reason=given.reason,
        by=given.by,
    )
    for invoice in change.invoices_reopened:
        yield InvoiceReopened(at=at, commission=of, invoice=invoice.invoice, kind=invoice.kind)
    for refund in change.refunds_withdrawn:
        yield RefundWithdrawn(at=at, commission=of, refund=refund.refund, amount=refund.amount)
    for refund in change.refunds:
        yield RefundDue(at=at, commission=of, refund=refund.refund, amount=refund.amount, reason=refund.reason)
