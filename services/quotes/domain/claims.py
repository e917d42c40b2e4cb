"""What the studio answers to something that is wrong with a piece, and what that does to its price.

A credit lowers the price that was invoiced: what is still to be paid first, and the rest goes back. Never more goes
back than was paid and kept.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from services.quotes.domain.account import Account, Change, Credit, Refund
from services.quotes.domain.billing import asked_again, with_paid_invoices, with_refund
from services.quotes.domain.ledger import Amounts, Transaction, TransactionKind, credit_entries, refund_due_entries
from shared.contracts.commissions import ClaimKind
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.money import Money

MONEY: frozenset[ClaimRemedy] = frozenset({ClaimRemedy.REDUCTION, ClaimRemedy.REFUND})
"""The remedies by which the price falls."""


@dataclass(frozen=True)
class ReportedClaim:
    """Something that is wrong with a piece, and the answer, if there is one; `answer_body` is None once erased."""

    claim: UUID
    commission: UUID
    kind: ClaimKind
    made_at: datetime
    answer_by: datetime
    remedy: ClaimRemedy | None = None
    answer: UUID | None = None
    answer_body: str | None = None
    answered_by: UUID | None = None
    answered_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.remedy is None

    @property
    def last_day(self) -> datetime:
        """An instant of the last day for an answer."""
        return self.answer_by - timedelta(seconds=1)


@dataclass(frozen=True)
class AgreedCredit:
    """Why the price falls, by how much, and the ids of what follows; a withdrawal has no claim."""

    claim: UUID | None
    amount: Money
    credit: UUID
    refund: UUID
    at: datetime
    number: str
    issued_on: date


def price_now(account: Account, price: Amounts) -> Amounts:
    """The price, less what it fell by so far; what a change order did to it is in it."""
    fell = account.credits_of(account.of(InvoiceKind.BALANCE))
    return price.less(Amounts.sum((each.amounts for each in fell), account.left.currency))


def most(account: Account, price: Amounts) -> Money:
    """What the price may fall by at most: what was paid and kept; nothing before all was invoiced, or once it ended."""
    if account.settlement or not account.of(InvoiceKind.BALANCE):
        return Money.zero(account.left.currency)
    kept = min(account.applied.minor, price_now(account, price).gross.minor)
    return Money(minor=max(0, kept), currency=account.left.currency)


def refunded(account: Account, price: Amounts) -> Money:
    """What the price falls by where all that was paid goes back: nothing is to be paid any more either."""
    return price_now(account, price).gross if most(account, price).minor else most(account, price)


def credit(account: Account, price: Amounts, percent: Decimal, given: AgreedCredit) -> Change:
    """The price falls by this much; what was paid beyond it goes back. The last credit takes what VAT is left."""
    rest = price_now(account, price)
    amounts = rest if rest.gross == given.amount else Amounts.of(given.amount, percent)
    credit = Credit(
        given.credit,
        given.claim,
        amounts,
        given.at,
        given.number,
        account.of(InvoiceKind.BALANCE)[-1].invoice,
        given.issued_on,
    )
    credited = Transaction(TransactionKind.CREDITED, given.credit, credit_entries(amounts))
    forgiven = account.forgiven_minor if rest.gross == given.amount else 0  # it was never paid
    again = asked_again(forgiven, given.amount.currency)
    less = max(0, account.left.minor) + forgiven
    back = Money(minor=max(0, given.amount.minor - less), currency=given.amount.currency)
    reason = RefundReason.CLAIM if given.claim else RefundReason.WITHDRAWN
    refund = Refund(given.refund, account.commission, back, reason, given.at)
    due = Transaction(TransactionKind.REFUND_DUE, refund.refund, refund_due_entries(back))
    transactions = (credited, Transaction(TransactionKind.FORGIVEN, given.credit, again), due)
    change = Change(transactions=transactions, credits=(credit,))
    change = with_paid_invoices(account, change, given.at)
    return with_refund(change, refund) if back.minor else change
