"""Every booking adds up to zero."""

from decimal import Decimal
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from services.quotes.domain.ledger import (
    Amounts,
    Entry,
    LedgerAccount,
    cancellation_entries,
    deposit_invoice_entries,
    final_invoice_entries,
    payment_entries,
    refund_due_entries,
    refund_paid_entries,
)
from shared.kernel.money import Money

MINOR = st.integers(1, 10_000_000)
PERCENT = st.sampled_from((Decimal(0), Decimal(7), Decimal(19), Decimal("8.1")))


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def _sum(entries: tuple[Entry, ...]) -> int:
    return sum(entry.amount.minor for entry in entries)


def _on(account: LedgerAccount, *transactions: tuple[Entry, ...]) -> int:
    return sum(entry.amount.minor for entries in transactions for entry in entries if entry.account is account)


@given(MINOR, PERCENT)
def test_vat_and_net_are_the_gross_amount_again(minor: int, percent: Decimal) -> None:
    amounts = Amounts.of(euros(minor), percent)

    assert amounts.gross == euros(minor)
    assert abs(amounts.net.minor * percent / 100 - amounts.vat.minor) < 1


@given(MINOR, MINOR, MINOR, PERCENT)
def test_every_booking_adds_up_to_zero(whole: int, deposit: int, paid: int, percent: Decimal) -> None:
    price, first = Amounts.of(euros(whole + deposit), percent), Amounts.of(euros(deposit), percent)
    asked = deposit_invoice_entries(first), final_invoice_entries(price, first)
    owed = Amounts.of(euros(paid), percent)

    for entries in (
        *asked,
        payment_entries(euros(paid), euros(deposit)),
        cancellation_entries(owed, chain(*asked)),
        refund_due_entries(euros(paid)),
        refund_paid_entries(euros(paid)),
    ):
        assert _sum(entries) == 0


@given(MINOR, MINOR, PERCENT)
def test_the_final_invoice_turns_the_deposit_into_revenue(rest: int, deposit: int, percent: Decimal) -> None:
    price, first = Amounts.of(euros(rest + deposit), percent), Amounts.of(euros(deposit), percent)
    asked = deposit_invoice_entries(first), final_invoice_entries(price, first)

    assert _on(LedgerAccount.PREPAYMENTS, *asked) == 0
    assert _on(LedgerAccount.RECEIVABLE, *asked) == price.gross.minor
    assert _on(LedgerAccount.REVENUE, *asked) == -price.net.minor
    assert _on(LedgerAccount.VAT_PAYABLE, *asked) == -price.vat.minor


@given(MINOR, MINOR, MINOR, PERCENT)
def test_a_cancellation_leaves_what_is_owed_and_nothing_else(
    rest: int, deposit: int, owed: int, percent: Decimal
) -> None:
    price, first = Amounts.of(euros(rest + deposit), percent), Amounts.of(euros(deposit), percent)
    asked = deposit_invoice_entries(first), final_invoice_entries(price, first)
    instead = Amounts.of(euros(owed), percent)

    transactions = (*asked, cancellation_entries(instead, chain(*asked)))

    assert _on(LedgerAccount.RECEIVABLE, *transactions) == owed
    assert _on(LedgerAccount.PREPAYMENTS, *transactions) == 0
    assert _on(LedgerAccount.REVENUE, *transactions) == -instead.net.minor


def test_what_comes_to_nothing_is_not_booked() -> None:
    accounts = [entry.account for entry in payment_entries(euros(500), euros(0))]

    assert accounts == [LedgerAccount.BANK, LedgerAccount.REFUNDS_PAYABLE]
