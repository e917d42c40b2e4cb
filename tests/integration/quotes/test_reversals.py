"""A payment that does not count: what followed from it is undone, and the books say so."""

import asyncio

import asyncpg
import pytest

from shared.auth.roles import Caller, Role
from shared.contracts.payments import InvoiceKind, RefundReason, ReversalReason
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.quote_settings import settings_of
from tests.support.quotes import Quotes


async def test_a_mistyped_payment_is_reversed_and_recorded_rightly(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    wrong = await quotes.pay(commission, deposit * 10)

    await quotes.reverse(wrong.payment)
    right = await quotes.pay(commission, deposit)

    account = await quotes.account(commission)
    assert (account.left.minor, right.applied.minor, account.open_refunds) == (0, deposit, ())
    assert (await quotes.balances(commission))["bank"] == deposit
    assert (await quotes.published(commission))[-7:] == [
        "InvoicePaid",
        "RefundDue",
        "PaymentReversed",
        "InvoiceReopened",
        "RefundWithdrawn",
        "PaymentReceived",
        "InvoicePaid",
    ]
    assert [each.counts for each in account.payments] == [False, True]


async def test_a_payment_that_was_recorded_twice_takes_its_refund_along(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    await quotes.pay(commission, deposit)
    again = await quotes.pay(commission, deposit)

    await quotes.reverse(again.payment, ReversalReason.ENTERED_TWICE)

    account = await quotes.account(commission)
    assert (account.left.minor, account.open_refunds, account.open_invoices) == (0, (), ())
    assert (await quotes.published(commission))[-2:] == ["PaymentReversed", "RefundWithdrawn"]


async def test_a_reversal_after_the_balance_opens_what_is_not_covered_any_more(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left
    first = await quotes.pay(commission, deposit.minor)
    balance = await quotes.issue_balance(commission)
    await quotes.pay(commission, balance.left.minor)

    await quotes.reverse(first.payment, ReversalReason.RETURNED)

    account = await quotes.account(commission)
    assert account.left == deposit
    assert [each.kind for each in account.open_invoices] == [InvoiceKind.BALANCE]
    assert account.asks(account.open_invoices[0]) == deposit


async def test_a_refund_that_was_sent_is_owed_by_the_customer_after_a_reversal(quotes: Quotes) -> None:
    """More went back than ever came in: it is no refund, and what is left says so."""
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    wrong = await quotes.pay(commission, deposit + 500)
    [refund] = (await quotes.account(commission)).refunds
    await quotes.pay_refund(refund.refund)

    await quotes.reverse(wrong.payment)

    assert (await quotes.account(commission)).left.minor == deposit + 500
    assert (await quotes.balances(commission))["bank"] == -500


async def test_a_cancellation_after_a_refund_for_money_that_is_gone_asks_for_that_besides(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    twice = await quotes.pay(commission, deposit * 2)
    (refund,) = (await quotes.account(commission)).open_refunds
    await quotes.pay_refund(refund.refund)
    await quotes.reverse(twice.payment, ReversalReason.RETURNED)

    settled = await quotes.cancel(commission, 0)

    assert (settled.paid.minor, settled.refund.minor, settled.left.minor) == (0, 0, deposit)
    assert (await quotes.account(commission)).left.minor == deposit


async def test_of_a_larger_refund_the_rest_stays_due(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    first = await quotes.pay(commission, 300)
    await quotes.pay(commission, deposit)
    await quotes.pay(commission, 1000)

    await quotes.reverse(first.payment)

    account = await quotes.account(commission)
    assert (account.left.minor, sum(each.amount.minor for each in account.open_refunds)) == (0, 1000)
    assert {each.reason for each in account.open_refunds} == {RefundReason.OVERPAID}


async def test_a_withdrawn_refund_is_not_sent(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    wrong = await quotes.pay(commission, deposit + 500)
    [refund] = (await quotes.account(commission)).refunds
    await quotes.reverse(wrong.payment)

    with pytest.raises(Problem) as refused:
        await quotes.pay_refund(refund.refund)

    assert refused.value.type is ProblemType.CONFLICT


async def test_a_reversal_happens_once_however_often_it_is_asked_for(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    payment = await quotes.pay(commission, 5000)

    await asyncio.gather(*(quotes.reverse(payment.payment) for _ in range(3)))

    assert (await quotes.published(commission)).count("PaymentReversed") == 1
    assert "bank" not in await quotes.balances(commission)


async def test_after_a_reversal_the_same_transfer_may_be_recorded_again(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    wrong = await quotes.pay(commission, 500, bank_reference=f"TX-{commission}")
    await quotes.reverse(wrong.payment)

    right = await quotes.pay(commission, 5000, bank_reference=f"tx {commission}")

    assert right.payment != wrong.payment
    assert (await quotes.account(commission)).applied.minor == 5000


async def test_a_cancellation_after_a_reversal_counts_what_is_really_there(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    wrong = await quotes.pay(commission, deposit)
    await quotes.pay(commission, 700)
    await quotes.reverse(wrong.payment)

    settled = await quotes.cancel(commission, 0)

    assert (settled.paid.minor, settled.refund.minor, settled.left.minor) == (700, 700, 0)


async def test_a_payment_that_is_reversed_after_the_cancellation_is_not_refunded(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    wrong = await quotes.pay(commission, 5000)
    await quotes.cancel(commission, 0)

    await quotes.reverse(wrong.payment)

    assert await quotes.balances(commission) == {}
    assert (await quotes.account(commission)).open_refunds == ()


async def test_what_was_reversed_stays_so(quotes: Quotes, database: Database) -> None:
    _, commission = await quotes.accepted()
    payment = await quotes.pay(commission, 5000)
    await quotes.reverse(payment.payment)

    for change in ("reversal = NULL, reversed_at = NULL, reversed_by = NULL", "amount_minor = 1"):
        with pytest.raises(asyncpg.RestrictViolationError):
            async with database.transaction() as tx:
                await tx.connection.execute(f"UPDATE payment SET {change} WHERE payment = $1", payment.payment)  # noqa: S608


async def test_nobody_else_than_ops_reverses(quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    payment = await quotes.pay(commission, 5000)

    with pytest.raises(Problem) as refused:
        await quotes.reverse(payment.payment, caller=Caller(customer, Role.CUSTOMER, new_id()))

    assert refused.value.type is ProblemType.NOT_FOUND


# What is missing by a few cents.


async def test_what_is_missing_by_as_little_as_the_studio_forgives_closes_the_invoice(quotes: Quotes) -> None:
    quotes.settings = settings_of(forgiven_minor=5)
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor

    payment = await quotes.pay(commission, deposit - 5)

    assert (payment.left.minor, payment.forgiven.minor) == (0, 5)
    assert (await quotes.account(commission)).open_invoices == ()
    assert (await quotes.balances(commission))["written_off"] == 5


async def test_a_cent_more_is_not_forgiven(quotes: Quotes) -> None:
    quotes.settings = settings_of(forgiven_minor=5)
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor

    payment = await quotes.pay(commission, deposit - 6)

    assert (payment.left.minor, payment.forgiven.minor) == (6, 0)


async def test_what_was_forgiven_with_a_payment_that_is_reversed_is_asked_for_again(quotes: Quotes) -> None:
    quotes.settings = settings_of(forgiven_minor=5)
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    payment = await quotes.pay(commission, deposit - 5)

    await quotes.reverse(payment.payment)

    assert (await quotes.account(commission)).left.minor == deposit
    assert "written_off" not in await quotes.balances(commission)


async def test_a_cancellation_asks_for_nothing_that_was_forgiven_and_gives_nothing_back(quotes: Quotes) -> None:
    quotes.settings = settings_of(forgiven_minor=5)
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    await quotes.pay(commission, deposit - 5)

    settled = await quotes.cancel(commission, 0)

    assert settled.refund.minor == deposit - 5
    assert await quotes.balances(commission) == {"bank": deposit - 5, "refunds_payable": 5 - deposit}


# What is not due, and what was recorded before.


async def test_an_amount_that_is_not_due_is_recorded_when_it_is_confirmed(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor

    with pytest.raises(Problem) as asked:
        await quotes.pay(commission, deposit - 100, confirmed=False)
    await quotes.pay(commission, deposit - 100)
    await quotes.pay(commission, 100, confirmed=False)

    assert asked.value.type is ProblemType.AMOUNT_DIFFERS
    assert asked.value.fields[0].message.params["difference"].minor == 100  # type: ignore[union-attr]  # a phrase
    assert (await quotes.account(commission)).left.minor == 0


async def test_either_the_first_open_invoice_or_all_of_them_may_be_paid_unasked(quotes: Quotes) -> None:
    due = []
    for both in (True, False):
        _, commission = await quotes.accepted()
        deposit = (await quotes.account(commission)).left.minor
        await quotes.issue_balance(commission)
        left = (await quotes.account(commission)).left.minor
        due.append((await quotes.pay(commission, left if both else deposit, confirmed=False)).left.minor)

    assert due[0] == 0 < due[1]


async def test_a_colleague_is_told_who_recorded_the_transfer_and_when(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    other, me = (Caller(new_id(), Role.OPS, new_id()) for _ in range(2))
    await quotes.record_person(other.person, "Zoë Quist")
    await quotes.pay(commission, 5000, bank_reference=f"TX-{commission}", caller=other)

    with pytest.raises(Problem) as refused:
        await quotes.pay(commission, 5000, bank_reference=f" tx {commission}", caller=me)

    [said] = refused.value.fields
    assert (refused.value.type, said.field) == (ProblemType.CONFLICT, "bank_reference")
    assert said.message.params["by"] == "Zoë Quist"  # type: ignore[union-attr]  # a phrase
    assert said.message.params["at"] == quotes.now  # type: ignore[union-attr]  # a phrase
