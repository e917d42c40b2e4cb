"""What change orders do to the money: whatever is agreed, paid and sent back, it ends where it should."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.quotes.domain.account import Account, Amendment, Change, Contract, Seller
from services.quotes.domain.billing import (
    InvoiceHead,
    Received,
    issue_balance,
    issue_deposit,
    pay_refund,
    receive,
    total_amounts,
)
from services.quotes.domain.change_orders import AgreedLess, asked_too_much, lower, top_up
from services.quotes.domain.claims import price_now
from services.quotes.domain.ledger import LedgerAccount
from services.quotes.domain.price import summed
from services.quotes.domain.quote import Quote, QuoteLine, QuoteState
from services.quotes.domain.vat import Vat
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.kernel.money import Money

NOW, TODAY = datetime(2026, 12, 1, 12, tzinfo=UTC), date(2026, 12, 1)
ONE = UUID(int=1)
SELLER = Seller("", "", "", "", "", "")
PRICES = st.integers(min_value=1, max_value=100_000)


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def quoted(net: int, version: int = 1) -> Quote:
    price = summed((QuoteLine("work", euros(net)),), "EUR", Vat(Decimal(19)))
    return Quote(ONE, version, ONE, 1, "jewellery", "ring", 1, QuoteState.ACCEPTED, price, NOW)


class MoneyOfOneCommission(RuleBasedStateMachine):
    """One commission's money from the acceptance on."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0
        self.sums = dict.fromkeys(LedgerAccount, 0)

    @initialize(net=PRICES, percent=st.integers(min_value=1, max_value=100))
    def accepted(self, net: int, percent: int) -> None:
        self.quote = quoted(net)
        amendment = Amendment(0, ONE, 1, "en", "", "", NOW)
        self.contract = Contract(ONE, ONE, "", "", (amendment,))
        self.account = Account(ONE, euros(0), contract=self.contract)
        deposit = self.quote.price.total.times(Decimal(percent) / 100)
        self.follow(issue_deposit(self.account, self.contract, self.quote, deposit, self.head()))

    @rule(net=PRICES)
    @precondition(lambda self: not self.over)
    def changed(self, net: int) -> None:
        before, after = self.quote, quoted(net, self.quote.version + 1)
        owed, was = self.account.applied, self.account.left
        if after.price.total.minor > before.price.total.minor:
            self.follow(top_up(self.account, self.contract, before, after, self.head()))
        elif asked_too_much(self.account, total_amounts(after)).minor:
            self.follow(lower(self.account, after, self.less()))
            back = sum(each.amount.minor for each in self.account.refunds if each.reason is RefundReason.CHANGE_ORDER)
            assert back <= sum(each.amount.minor for each in self.account.payments)
        assert self.account.left.minor >= 0
        assert owed.minor + was.minor >= self.account.applied.minor
        self.quote = after

    @rule(amount=st.integers(min_value=1, max_value=150_000))
    def paid(self, amount: int) -> None:
        self.follow(receive(self.account, Received(uuid4(), uuid4(), euros(amount), TODAY, NOW, ONE)))

    @rule()
    @precondition(lambda self: self.account.open_refunds)
    def sent_back(self) -> None:
        self.follow(pay_refund(self.account.open_refunds[0], on=TODAY, at=NOW, by=ONE))

    @rule()
    @precondition(lambda self: not self.over)
    def made(self) -> None:
        self.follow(issue_balance(self.account, self.contract, self.quote, self.head()))

    @invariant()
    def money_is_conserved(self) -> None:
        came = sum(each.amount.minor for each in self.account.payments)
        open_ = sum(each.amount.minor for each in self.account.open_refunds)
        went = sum(each.amount.minor for each in self.account.refunds if each.paid_on)
        assert self.sums[LedgerAccount.BANK] == came - went
        assert self.sums[LedgerAccount.REFUNDS_PAYABLE] == -open_
        assert self.sums[LedgerAccount.RECEIVABLE] == self.account.left.minor
        asked = self.quote.price.total.minor if self.over else self.account.prepaid.gross.minor
        assert self.account.applied.minor + self.account.left.minor == asked
        assert asked <= self.quote.price.total.minor
        assert all(amount >= 0 for amount in (self.account.applied.minor, self.account.left.minor))

    @invariant()
    def once_it_is_invoiced_the_price_is_earned(self) -> None:
        if self.over:
            price = total_amounts(self.quote)
            assert self.sums[LedgerAccount.PREPAYMENTS] == 0
            assert self.sums[LedgerAccount.REVENUE] == -price.net.minor
            assert self.sums[LedgerAccount.VAT_PAYABLE] == -price.vat.minor
            assert price_now(self.account, price) == price
            assert (not self.account.left.minor) == (not self.account.open_invoices)
        else:
            assert self.sums[LedgerAccount.REVENUE] == 0

    @property
    def over(self) -> bool:
        return bool(self.account.of(InvoiceKind.BALANCE))

    def follow(self, change: Change) -> None:
        for transaction in change.transactions:
            assert sum(each.amount.minor for each in transaction.entries) == 0
            for entry in transaction.entries:
                self.sums[entry.account] += entry.amount.minor
        self.account = self.account.after(change)

    def head(self) -> InvoiceHead:
        self.numbers += 1
        return InvoiceHead(uuid4(), f"{self.numbers:04}", TODAY, NOW, TODAY, SELLER)

    def less(self) -> AgreedLess:
        self.numbers += 1
        return AgreedLess(uuid4(), uuid4(), f"C{self.numbers:04}", TODAY, NOW)


TestMoneyIsConserved = MoneyOfOneCommission.TestCase
TestMoneyIsConserved.settings = settings(max_examples=40, stateful_step_count=25)


def test_a_credit_larger_than_what_was_paid_gives_back_what_was_paid_and_no_more() -> None:
    """Of a deposit of 595.00 and a top-up of 119.00 only the deposit was paid; then the price falls to 119.00."""
    life = MoneyOfOneCommission()
    life.accepted(net=100_000, percent=50)
    life.paid(amount=59_500)
    life.changed(net=110_000)

    life.changed(net=10_000)

    (credit,), (refund,) = life.account.credits, life.account.open_refunds
    assert (credit.amounts.gross, refund.amount) == (euros(59_500), euros(47_600))
    assert (life.account.applied, life.account.left) == (euros(11_900), euros(0))
    assert life.account.open_invoices == ()


def test_a_top_up_that_was_never_paid_is_left_to_be_paid_with_the_balance() -> None:
    life = MoneyOfOneCommission()
    life.accepted(net=100_000, percent=50)
    life.paid(amount=59_500)
    life.changed(net=110_000)

    life.made()

    top_up, balance = life.account.open_invoices
    assert (life.account.asks(top_up), balance.total) == (euros(11_900), euros(59_500))
    assert life.account.left == euros(71_400)
