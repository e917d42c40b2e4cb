"""The money of one commission: the entries of each invoice, payment, refund due and refund paid.

Every booking adds up to zero. What is left to be paid is the balance of the commission's receivable account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from uuid import UUID

from shared.kernel.money import Money

_PERCENT = Decimal(100)


class LedgerAccount(StrEnum):
    """The accounts of the ledger; `schema.sql` says what each of them holds."""

    RECEIVABLE = "receivable"
    BANK = "bank"
    PREPAYMENTS = "prepayments"
    REVENUE = "revenue"
    VAT_PAYABLE = "vat_payable"
    REFUNDS_PAYABLE = "refunds_payable"
    WRITTEN_OFF = "written_off"


class TransactionKind(StrEnum):
    """What was balanced_entries."""

    INVOICED = "invoiced"
    RECEIVED = "received"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    REVERSED = "reversed"
    FORGIVEN = "forgiven"
    CREDITED = "credited"


@dataclass(frozen=True)
class Entry:
    """A debit above zero, a credit below."""

    account: LedgerAccount
    amount: Money


@dataclass(frozen=True)
class Transaction:
    """One thing that happened, about an invoice, a payment or a refund; its entries add up to zero."""

    kind: TransactionKind
    about: UUID
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Amounts:
    """An amount with what of it is VAT."""

    net: Money
    vat: Money

    @property
    def gross(self) -> Money:
        return self.net + self.vat

    @classmethod
    def of(cls, gross: Money, vat_percent: Decimal) -> "Amounts":
        """This gross amount, with the VAT in it, rounded half up."""
        vat = gross.times(vat_percent / (_PERCENT + vat_percent))
        return cls(net=gross.less(vat), vat=vat)

    @classmethod
    def sum(cls, amounts: Iterable["Amounts"], currency: str) -> "Amounts":
        zero = cls(net=Money.zero(currency), vat=Money.zero(currency))
        return reduce(lambda one, other: cls(one.net + other.net, one.vat + other.vat), amounts, zero)

    def less(self, other: "Amounts") -> "Amounts":
        return Amounts(self.net.less(other.net), self.vat.less(other.vat))


def deposit_invoice_entries(deposit: Amounts) -> tuple[Entry, ...]:
    """The deposit is asked for: it is no revenue yet, but its VAT is owed (§ 13 (1) 1 a UStG)."""
    return balanced_entries(
        (LedgerAccount.RECEIVABLE, deposit.gross),
        (LedgerAccount.PREPAYMENTS, _credit(deposit.net)),
        (LedgerAccount.VAT_PAYABLE, _credit(deposit.vat)),
    )


def final_invoice_entries(whole: Amounts, deposit: Amounts) -> tuple[Entry, ...]:
    """The final invoice: the rest is asked for, and the deposit becomes revenue."""
    rest = whole.less(deposit)
    return balanced_entries(
        (LedgerAccount.RECEIVABLE, rest.gross),
        (LedgerAccount.PREPAYMENTS, deposit.net),
        (LedgerAccount.REVENUE, _credit(whole.net)),
        (LedgerAccount.VAT_PAYABLE, _credit(rest.vat)),
    )


def cancellation_entries(owed: Amounts, invoiced: Iterable[Entry]) -> tuple[Entry, ...]:
    """What was invoiced before is reversed, and what is owed is invoiced instead."""
    back = [(entry.account, _credit(entry.amount)) for entry in invoiced]
    instead = [
        (LedgerAccount.RECEIVABLE, owed.gross),
        (LedgerAccount.REVENUE, _credit(owed.net)),
        (LedgerAccount.VAT_PAYABLE, _credit(owed.vat)),
    ]
    return balanced_entries(*back, *instead)


def payment_entries(amount: Money, left: Money) -> tuple[Entry, ...]:
    """Money came in: what was asked for is covered, and the rest is owed back."""
    applied = min(amount.minor, left.minor)
    return balanced_entries(
        (LedgerAccount.BANK, amount),
        (LedgerAccount.RECEIVABLE, Money(minor=-applied, currency=amount.currency)),
        (LedgerAccount.REFUNDS_PAYABLE, Money(minor=applied - amount.minor, currency=amount.currency)),
    )


def reversal_entries(amount: Money, withdrawn: Money) -> tuple[Entry, ...]:
    """A payment does not count: what was owed back is not owed so far, and the rest is to be paid again."""
    return balanced_entries(
        (LedgerAccount.BANK, _credit(amount)),
        (LedgerAccount.REFUNDS_PAYABLE, withdrawn),
        (LedgerAccount.RECEIVABLE, amount.less(withdrawn)),
    )


def forgiven_entries(amount: Money) -> tuple[Entry, ...]:
    """So little is missing that it is not asked for any more; below zero, it is asked for again."""
    return balanced_entries((LedgerAccount.RECEIVABLE, _credit(amount)), (LedgerAccount.WRITTEN_OFF, amount))


def refund_due_entries(amount: Money) -> tuple[Entry, ...]:
    """More was paid than is owed after all."""
    return balanced_entries((LedgerAccount.RECEIVABLE, amount), (LedgerAccount.REFUNDS_PAYABLE, _credit(amount)))


def refund_paid_entries(amount: Money) -> tuple[Entry, ...]:
    """A refund was transferred."""
    return balanced_entries((LedgerAccount.REFUNDS_PAYABLE, amount), (LedgerAccount.BANK, _credit(amount)))


def credit_entries(amounts: Amounts) -> tuple[Entry, ...]:
    """The price that was invoiced falls: so much less is asked for, earned, and owed as VAT."""
    return balanced_entries(
        (LedgerAccount.RECEIVABLE, _credit(amounts.gross)),
        (LedgerAccount.REVENUE, amounts.net),
        (LedgerAccount.VAT_PAYABLE, amounts.vat),
    )


def prepayment_credit_entries(amounts: Amounts) -> tuple[Entry, ...]:
    """A deposit or a top-up that was asked for falls: so much less is asked for, owed as work, and owed as VAT."""
    return balanced_entries(
        (LedgerAccount.RECEIVABLE, _credit(amounts.gross)),
        (LedgerAccount.PREPAYMENTS, amounts.net),
        (LedgerAccount.VAT_PAYABLE, amounts.vat),
    )


def balanced_entries(*sides: tuple[LedgerAccount, Money]) -> tuple[Entry, ...]:
    """These sides, one entry an account in the accounts' order, without those that come to nothing."""
    found: dict[LedgerAccount, Money] = {}
    for account, amount in sides:
        found[account] = found[account] + amount if account in found else amount
    return tuple(
        Entry(account, found[account]) for account in LedgerAccount if account in found and found[account].minor
    )


def _credit(amount: Money) -> Money:
    return Money(minor=-amount.minor, currency=amount.currency)
