"""Payments short, over, doubled, late and for what is gone: one defined answer each; and the books always balance."""

import asyncio

import asyncpg
import pytest

from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.quotes import QuoteEnd
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.quotes import Quotes, brief


async def test_a_deposit_and_a_balance_that_are_paid_in_full(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor

    await quotes.pay(commission, deposit)
    balance = await quotes.issue_balance(commission)
    await quotes.pay(commission, balance.left.minor)

    quote = (await quotes.overview(commission)).quote
    assert quote is not None
    total, vat, net = quote.price.total.minor, quote.price.vat.amount.minor, quote.price.net.minor
    assert (balance.total.minor, balance.left.minor) == (total - deposit, total - deposit)
    assert await quotes.balances(commission) == {"bank": total, "revenue": -net, "vat_payable": -vat}
    assert (await quotes.published(commission))[4:] == [
        "InvoiceIssued",
        "PaymentReceived",
        "InvoicePaid",
        "InvoiceIssued",
        "PaymentReceived",
        "InvoicePaid",
    ]
    assert (await quotes.account(commission)).left.minor == 0


async def test_a_short_payment_leaves_the_rest_to_be_paid(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor

    payment = await quotes.pay(commission, deposit - 1)

    assert (payment.left.minor, payment.back.minor) == (1, 0)
    assert "InvoicePaid" not in await quotes.published(commission)

    await quotes.pay(commission, 1)

    assert (await quotes.facts(commission))[-1][0] == "InvoicePaid"


async def test_what_is_paid_over_the_deposit_goes_back_and_is_not_kept_for_the_balance(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor

    payment = await quotes.pay(commission, deposit + 700)
    balance = await quotes.issue_balance(commission)

    assert (payment.applied.minor, payment.back.minor, payment.left.minor) == (deposit, 700, 0)
    assert balance.left == balance.total
    name, due = (await quotes.facts(commission))[-2]
    assert (name, due["amount"]["minor"], due["reason"]) == ("RefundDue", 700, "overpaid")


async def test_the_same_transfer_entered_twice_is_one_payment(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()

    both = await asyncio.gather(*(quotes.pay(commission, 5000, bank_reference=f"B{commission}") for _ in range(3)))

    assert len({each.payment for each in both}) == 1
    assert (await quotes.published(commission)).count("PaymentReceived") == 1


async def test_a_second_transfer_of_the_same_amount_is_an_overpayment(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    await quotes.pay(commission, deposit, bank_reference=f"first {commission}")

    second = await quotes.pay(commission, deposit, bank_reference=f"second {commission}")

    assert second.back.minor == deposit
    [refund] = (await quotes.account(commission)).refunds
    assert (refund.reason, refund.amount.minor) == (RefundReason.OVERPAID, deposit)


async def test_one_transfer_cannot_be_two_payments(quotes: Quotes) -> None:
    (_, commission), (_, other) = await quotes.accepted(), await quotes.accepted()
    await quotes.pay(commission, 5000, bank_reference=f"once {commission}")

    for about, minor in ((commission, 5001), (other, 5000)):
        with pytest.raises(Problem) as refused:
            await quotes.pay(about, minor, bank_reference=f"once {commission}")
        assert refused.value.type is ProblemType.CONFLICT


async def test_a_payment_for_a_cancelled_commission_is_not_owed_and_goes_back(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.cancel(commission, 0, QuoteEnd.LAPSED)

    await quotes.pay(commission, 12300)

    [refund] = (await quotes.account(commission)).refunds
    assert (refund.reason, refund.amount.minor) == (RefundReason.NOT_OWED, 12300)
    assert await quotes.balances(commission) == {"bank": 12300, "refunds_payable": -12300}


async def test_a_payment_for_a_quote_that_nobody_accepted_is_not_owed(quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))
    await quotes.expire(commission, await quotes.draft(commission))

    await quotes.pay(commission, 100)

    [refund] = (await quotes.account(commission)).refunds
    assert refund.reason is RefundReason.NOT_OWED


async def test_a_payment_in_another_currency_is_refused(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()

    with pytest.raises(Problem) as refused:
        await quotes.pay(commission, 100, currency="CHF")

    assert refused.value.fields[0].field == "amount"


async def test_the_balance_is_asked_for_once(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()

    first = await quotes.issue_balance(commission)
    second = await quotes.issue_balance(commission)

    assert first == second
    assert (await quotes.published(commission)).count("InvoiceIssued") == 2


async def test_money_covers_the_oldest_invoice_first(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    await quotes.issue_balance(commission)

    await quotes.pay(commission, deposit)

    name, paid = (await quotes.facts(commission))[-1]
    account = await quotes.account(commission)
    balance = account.of(InvoiceKind.BALANCE)[-1]
    assert (name, paid["kind"]) == ("InvoicePaid", "deposit")
    assert account.asks(balance) == balance.total == account.left


async def test_nothing_is_asked_for_where_nothing_was_accepted(quotes: Quotes) -> None:
    _, commission = await quotes.sent()

    for act in (quotes.issue_balance(commission), quotes.cancel(commission, 35)):
        with pytest.raises(Problem) as refused:
            await act
        assert refused.value.type is ProblemType.CONFLICT


async def test_a_cancellation_that_costs_less_than_was_paid_sends_the_rest_back(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    await quotes.pay(commission, deposit)

    settled = await quotes.cancel(commission, 35)
    again = await quotes.cancel(commission, 95)

    assert settled == again, "the first one holds"
    assert settled.paid.minor == deposit
    assert settled.refund.minor == deposit - settled.owed.minor
    assert settled.left.minor == 0
    balances = await quotes.balances(commission)
    assert balances["bank"] == deposit
    assert balances["refunds_payable"] == -settled.refund.minor
    assert balances["revenue"] + balances["vat_payable"] == -settled.owed.minor
    assert set(balances) == {"bank", "refunds_payable", "revenue", "vat_payable"}

    [refund] = (await quotes.account(commission)).refunds
    await quotes.pay_refund(refund.refund)
    await quotes.pay_refund(refund.refund)

    assert (await quotes.published(commission))[-4:] == ["InvoiceIssued", "RefundDue", "InvoicePaid", "RefundPaid"]
    assert (await quotes.balances(commission))["bank"] == settled.owed.minor


async def test_a_cancellation_that_costs_more_than_was_paid_leaves_the_rest_to_be_paid(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    await quotes.pay(commission, deposit)

    settled = await quotes.cancel(commission, 95)

    assert (settled.left.minor, settled.refund.minor) == (settled.owed.minor - deposit, 0)
    assert (await quotes.balances(commission))["receivable"] == settled.left.minor
    account = await quotes.account(commission)
    [cancellation] = account.open_invoices
    assert (cancellation.kind, account.asks(cancellation)) == (InvoiceKind.CANCELLATION, settled.left)

    await quotes.pay(commission, settled.left.minor + 5)

    assert (await quotes.published(commission))[-3:] == ["PaymentReceived", "InvoicePaid", "RefundDue"]
    [refund] = (await quotes.account(commission)).refunds
    assert refund.reason is RefundReason.NOT_OWED


async def test_a_deposit_that_never_came_leaves_nothing_in_the_books(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()

    settled = await quotes.cancel(commission, 0, QuoteEnd.LAPSED)

    assert (settled.owed.minor, settled.refund.minor, settled.left.minor) == (0, 0, 0)
    assert await quotes.balances(commission) == {}
    overview = await quotes.overview(commission)
    assert overview.quote is not None
    assert overview.quote.end_reason is QuoteEnd.LAPSED


@pytest.mark.parametrize("percent", [0, 35, 65, 95, 100])
async def test_a_cancellation_after_the_balance_was_paid(quotes: Quotes, percent: int) -> None:
    _, commission = await quotes.accepted()
    balance = await quotes.issue_balance(commission)
    await quotes.pay(commission, balance.left.minor)

    settled = await quotes.cancel(commission, percent)

    assert settled.owed.minor + settled.refund.minor == settled.paid.minor == balance.left.minor
    balances = await quotes.balances(commission)
    assert balances.get("revenue", 0) + balances.get("vat_payable", 0) == -settled.owed.minor


async def test_a_cancelled_commission_is_asked_for_no_balance(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.cancel(commission, 0)

    with pytest.raises(Problem) as refused:
        await quotes.issue_balance(commission)

    assert refused.value.type is ProblemType.CONFLICT


async def _book(database: Database, *sides: tuple[str, str, int]) -> None:
    transaction, commission = new_id(), new_id()
    async with database.transaction() as tx:
        await tx.connection.execute(
            "INSERT INTO ledger_transaction (transaction, commission, kind, about, at)"
            " VALUES ($1, $2, 'received', $2, now())",
            transaction,
            commission,
        )
        await tx.connection.executemany(
            "INSERT INTO ledger_entry (transaction, place, account, commission, currency, amount_minor)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            [(transaction, place, account, commission, *amount) for place, (account, *amount) in enumerate(sides)],
        )


@pytest.mark.parametrize(
    "sides",
    [
        (("bank", "EUR", 100), ("receivable", "EUR", -99)),
        (("bank", "EUR", 100), ("receivable", "CHF", -100)),
        (("bank", "EUR", 100),),
        (),
    ],
)
async def test_the_database_refuses_a_transaction_that_is_not_balanced(
    database: Database, sides: tuple[tuple[str, str, int], ...]
) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="not balanced"):
        await _book(database, *sides)


@pytest.mark.parametrize(
    "table", ["ledger_transaction", "ledger_entry", "payment", "contract", "contract_amendment", "invoice"]
)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET commission = gen_random_uuid()", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
async def test_the_books_are_append_only(quotes: Quotes, database: Database, table: str, change: str) -> None:
    _, commission = await quotes.accepted()
    await quotes.pay(commission, 100)

    with pytest.raises(asyncpg.RestrictViolationError):
        async with database.transaction() as tx:
            await tx.connection.execute(change.format(table))
