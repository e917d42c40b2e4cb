"""Change orders: one is open at a time, the customer's yes is one commit, and the money counts once it is applied."""

import json
from datetime import timedelta

import pytest

from services.quotes.domain.change_orders import ChangeOrderState
from services.quotes.store import quotes as store
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal
from shared.kernel.problems import Problem, ProblemType
from tests.support.quote_changes import Changes
from tests.support.quotes import Quotes


async def test_a_yes_waits_and_counts_once_the_bench_has_applied_it(quotes: Quotes) -> None:
    """A hammered ring costs more: an amendment in the words that were read, and a top-up invoice, in one commit."""
    changes = await Changes.making(quotes)
    before = await quotes.account(changes.commission)
    order = await changes.offered(finish="hammered")

    for _ in range(2):
        await changes.agree(order, language="de")
    waiting = await quotes.account(changes.commission)
    for _ in range(2):
        await changes.count(order)

    account = await quotes.account(changes.commission)
    assert waiting == before
    assert account.contract is not None
    old, new = account.contract.amendments
    assert (new.number, new.version, new.language) == (1, order.version, "de")
    said = json.loads(new.document)
    assert [each["value"] for each in said["brief"]["answers"] if each["field"] == "finish"] == ["hammered"]
    (top_up,) = account.of(InvoiceKind.TOP_UP)
    assert account.left == top_up.total
    assert top_up.total.minor == said["total"] - json.loads(old.document)["total"]
    assert (await quotes.published(changes.commission))[-4:] == [
        "ChangeOrderOffered",
        "ChangeOrderAgreed",
        "ChangeOrderApplied",
        "InvoiceIssued",
    ]


async def test_a_change_that_costs_less_than_was_asked_for_gives_money_back(quotes: Quotes) -> None:
    """Silver costs less than half of the gold that half was paid for."""
    changes = await Changes.making(quotes)
    paid = (await quotes.account(changes.commission)).applied
    order = await changes.offered(metal="silver_925", engraving="x")
    await changes.agree(order)

    await changes.count(order)

    account = await quotes.account(changes.commission)
    price = json.loads(account.contract.current.document)["total"] if account.contract else 0
    assert account.left.minor == 0
    if paid.minor > price:
        (credit,), (refund,) = account.credits, account.open_refunds
        assert credit.amounts.gross == refund.amount == paid.less(account.applied)
        assert refund.reason is RefundReason.CHANGE_ORDER
        assert account.applied.minor == price
    balance = await quotes.issue_balance(changes.commission)
    assert balance.total.minor == price - account.prepaid.gross.minor


async def test_what_is_sunk_is_a_line_of_its_own_with_its_name(quotes: Quotes) -> None:
    changes = await Changes.making(quotes)
    plain = await changes.offered(finish="polished")
    await changes.withdraw(plain)

    sunk = await changes.offered(12_000, finish="polished")

    async with quotes.database.transaction() as tx:
        was = await store.version(tx, plain.quote, plain.version)
        now = await store.version(tx, sunk.quote, sunk.version)
    assert now.price.net.minor - was.price.net.minor == 12_000
    assert [line.title for line in now.price.lines if line.ours] == ["Gold that is cut already"]


async def test_two_change_orders_at_once_are_one_and_the_second_is_refused(quotes: Quotes) -> None:
    changes = await Changes.making(quotes)
    order = await changes.offered(size="55")
    again = await changes.ask(order.proposal)

    with pytest.raises(Problem) as refused:
        await changes.ask(changes.commission)

    assert again.change_order == order.change_order
    assert refused.value.type is ProblemType.CONFLICT


async def test_it_lapses_unless_its_customer_was_quicker(quotes: Quotes) -> None:
    late, quick = await Changes.making(quotes), await Changes.making(quotes)
    lapsed, agreed = await late.offered(size="55"), await quick.offered(size="55")
    await quick.agree(agreed)

    answers = [await late.end(lapsed, ChangeOrderEnd.LAPSED), await quick.end(agreed, ChangeOrderEnd.LAPSED)]

    assert [each.agreed for each in answers] == [False, True]
    assert (await late.newest()).end_reason is ChangeOrderEnd.LAPSED
    assert (await quick.newest()).state is ChangeOrderState.AGREED
    with pytest.raises(Problem):
        await late.agree(lapsed)


async def test_nobody_agrees_after_its_last_moment(quotes: Quotes) -> None:
    changes = await Changes.making(quotes)
    order = await changes.offered(size="55")
    quotes.now = order.valid_until + timedelta(seconds=1)

    with pytest.raises(Problem) as refused:
        await changes.agree(order)

    assert refused.value.type is ProblemType.CONFLICT


async def test_what_the_bench_refuses_leaves_contract_and_money_as_they_are(quotes: Quotes) -> None:
    changes = await Changes.making(quotes)
    before = await quotes.account(changes.commission)
    order = await changes.offered(finish="hammered")
    await changes.agree(order)

    await changes.end(order, ChangeOrderEnd.REFUSED, ChangeRefusal.MADE)
    await changes.count(order)

    assert await quotes.account(changes.commission) == before
    found = await changes.newest()
    assert (found.state, found.refusal, found.document) == (ChangeOrderState.ENDED, ChangeRefusal.MADE, None)


async def test_agreed_and_cancelled_at_the_same_moment_what_comes_first_counts(quotes: Quotes) -> None:
    """A cancellation ends what waits, and is settled on the old price; after it was applied, on the new one."""
    first, second = await Changes.making(quotes), await Changes.making(quotes)
    waits, applied = await first.offered(finish="hammered"), await second.offered(finish="hammered")
    await first.agree(waits)
    await second.agree(applied)
    await second.count(applied)

    old, new = await quotes.cancel(first.commission, 50), await quotes.cancel(second.commission, 50)
    await first.count(waits)

    assert new.owed.minor > old.owed.minor
    assert (await first.newest()).end_reason is ChangeOrderEnd.CANCELLED
    assert (await second.newest()).state is ChangeOrderState.APPLIED


async def test_it_is_withdrawn_with_what_was_proposed_and_declined_by_its_customer_alone(quotes: Quotes) -> None:
    taken_back, declined = await Changes.making(quotes), await Changes.making(quotes)
    first, second = await taken_back.offered(size="55"), await declined.offered(size="55")

    await taken_back.propose()
    await declined.decline(second)

    assert (await taken_back.newest()).end_reason is ChangeOrderEnd.WITHDRAWN
    assert (await declined.newest()).end_reason is ChangeOrderEnd.DECLINED
    with pytest.raises(Problem):
        await taken_back.agree(first)


async def test_nothing_is_changed_before_the_deposit_is_paid_or_after_the_final_invoice(quotes: Quotes) -> None:
    customer, commission = await quotes.accepted()
    early, late = Changes(quotes, customer, commission), await Changes.making(quotes)
    await quotes.issue_balance(late.commission)

    for changes in (early, late):
        proposal = await changes.propose(size="55")
        with pytest.raises(Problem) as refused:
            await changes.ask(proposal)
        assert refused.value.type is ProblemType.CONFLICT
