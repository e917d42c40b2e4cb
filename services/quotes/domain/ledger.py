"""The money of one commission: what is booked when it is asked for, comes in, is owed back, and goes back.

Every booking adds up to zero. What is left to be paid is the balance of the commission's receivable and nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared.kernel.money import Money

_PERCENT = Decimal(100)


class Account(StrEnum):
    """The accounts of the ledger; `schema.sql` says what each of them holds."""

    RECEIVABLE = "receivable"
    BANK = "bank"
    PREPAYMENTS = "prepayments"
    REVENUE = "revenue"
    VAT_PAYABLE = "vat_payable"
    REFUNDS_PAYABLE = "refunds_payable"


class JournalKind(StrEnum):
    """What was booked."""

    INVOICED = "invoiced"
    RECEIVED = "received"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class Entry:
    """A debit above zero, a credit below."""

    account: Account
    amount: Money


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
        """This gross amount, its VAT reckoned out of it and rounded half to even."""
        vat = gross.times(vat_percent / (_PERCENT + vat_percent))
        return cls(net=gross.less(vat), vat=vat)

    def less(self, other: "Amounts") -> "Amounts":
        return Amounts(self.net.less(other.net), self.vat.less(other.vat))


def deposit_asked(deposit: Amounts) -> tuple[Entry, ...]:
    """The deposit is asked for: it is no revenue yet, but its VAT is owed (§ 13 (1) 1 a UStG)."""
    return booked(
        (Account.RECEIVABLE, deposit.gross),
        (Account.PREPAYMENTS, _credit(deposit.net)),
        (Account.VAT_PAYABLE, _credit(deposit.vat)),
    )


def balance_asked(whole: Amounts, deposit: Amounts) -> tuple[Entry, ...]:
    """The final invoice: the rest is asked for, and the deposit becomes revenue."""
    rest = whole.less(deposit)
    return booked(
        (Account.RECEIVABLE, rest.gross),
        (Account.PREPAYMENTS, deposit.net),
        (Account.REVENUE, _credit(whole.net)),
        (Account.VAT_PAYABLE, _credit(rest.vat)),
    )


def cancellation_asked(owed: Amounts, asked: Sequence[Iterable[Entry]]) -> tuple[Entry, ...]:
    """What was asked for before (the entries of each invoice) is taken back, and what is owed is asked for instead."""
    back = [(entry.account, _credit(entry.amount)) for entries in asked for entry in entries]
    instead = [
        (Account.RECEIVABLE, owed.gross),
        (Account.REVENUE, _credit(owed.net)),
        (Account.VAT_PAYABLE, _credit(owed.vat)),
    ]
    return booked(*back, *instead)


def came_in(amount: Money, left: Money) -> tuple[Entry, ...]:
    """Money came in: what was asked for is covered, and the rest is owed back."""
    applied = min(amount.minor, left.minor)
    return booked(
        (Account.BANK, amount),
        (Account.RECEIVABLE, Money(minor=-applied, currency=amount.currency)),
        (Account.REFUNDS_PAYABLE, Money(minor=applied - amount.minor, currency=amount.currency)),
    )


def owed_back(amount: Money) -> tuple[Entry, ...]:
    """More was paid than is owed after all."""
    return booked((Account.RECEIVABLE, amount), (Account.REFUNDS_PAYABLE, _credit(amount)))


def went_back(amount: Money) -> tuple[Entry, ...]:
    """A refund was transferred."""
    return booked((Account.REFUNDS_PAYABLE, amount), (Account.BANK, _credit(amount)))


def booked(*sides: tuple[Account, Money]) -> tuple[Entry, ...]:
    """These sides, one entry an account in the accounts' order, without those that come to nothing."""
    found: dict[Account, Money] = {}
    for account, amount in sides:
        found[account] = found[account] + amount if account in found else amount
    return tuple(Entry(account, found[account]) for account in Account if account in found and found[account].minor)


def _credit(amount: Money) -> Money:
    return Money(minor=-amount.minor, currency=amount.currency)
