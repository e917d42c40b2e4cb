"""Something is wrong with a piece: the studio answers once, and never more goes back than came in."""

import asyncio

import httpx
import pytest

from services.quotes.main import web
from shared.auth.roles import Caller, Role
from shared.contracts.payments import RefundReason
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from tests.support.quotes import Quotes, kernel_of
from tests.support.web import ORIGIN, bearer, client_of, cookie

WORDS = "The shank is thinner than agreed."


@pytest.mark.parametrize("remedy", [ClaimRemedy.REPAIR, ClaimRemedy.REMAKE, ClaimRemedy.REFUSAL])
async def test_an_answer_that_moves_no_money_is_told_with_its_reasons(quotes: Quotes, remedy: ClaimRemedy) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    claim = await quotes.claimed(commission)
    before = await quotes.balances(commission)

    await quotes.answer_claim(claim, remedy, words=WORDS)

    kind, said = (await quotes.facts(commission))[-1]
    assert (kind, said["claim"], said["remedy"], said.get("amount")) == ("ClaimAnswered", str(claim), remedy, None)
    assert await quotes.balances(commission) == before


async def test_a_reduction_lowers_the_price_and_sends_the_difference_back(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    before = await quotes.balances(commission)
    claim = await quotes.claimed(commission)

    await quotes.answer_claim(claim, ClaimRemedy.REDUCTION, 11_900)

    account, after = await quotes.account(commission), await quotes.balances(commission)
    assert [(each.claim, each.amounts.net.minor, each.amounts.vat.minor) for each in account.credits] == [
        (claim, 10_000, 1_900)
    ]
    assert [(each.reason, each.amount.minor) for each in account.open_refunds] == [(RefundReason.CLAIM, 11_900)]
    assert after["revenue"] - before["revenue"] == 10_000
    assert after["vat_payable"] - before["vat_payable"] == 1_900
    assert (after["refunds_payable"], after.get("receivable", 0), account.left.minor) == (-11_900, 0, 0)
    assert (await quotes.published(commission))[-2:] == ["ClaimAnswered", "RefundDue"]


async def test_a_refund_gives_back_all_that_was_paid_and_leaves_no_price(quotes: Quotes) -> None:
    """After a reduction, it is the rest; the VAT is what was left of it, to the cent."""
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    paid = (await quotes.balances(commission))["bank"]
    await quotes.answer_claim(await quotes.claimed(commission), ClaimRemedy.REDUCTION, 3_333)

    await quotes.answer_claim(await quotes.claimed(commission), ClaimRemedy.REFUND)
    for refund in (await quotes.account(commission)).open_refunds:
        await quotes.pay_refund(refund.refund)

    account = await quotes.account(commission)
    assert sum(each.amount.minor for each in account.refunds) == paid
    assert await quotes.balances(commission) == {}


async def test_what_is_not_paid_any_more_is_not_refunded(quotes: Quotes) -> None:
    """The bank took the deposit back after the piece had arrived: only what was paid and kept goes back."""
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left
    first = await quotes.pay(commission, deposit.minor)
    balance = await quotes.issue_balance(commission)
    await quotes.pay(commission, balance.left.minor)
    await quotes.reverse(first.payment)

    await quotes.answer_claim(await quotes.claimed(commission), ClaimRemedy.REFUND)

    account = await quotes.account(commission)
    assert (account.left.minor, account.open_invoices) == (0, ())
    assert [each.amount for each in account.open_refunds] == [balance.left]


@pytest.mark.parametrize("minor", [None, 0, 10**9])
async def test_a_reduction_says_by_how_much_and_never_more_than_was_paid(quotes: Quotes, minor: int | None) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    claim = await quotes.claimed(commission)

    with pytest.raises(Problem) as refused:
        await quotes.answer_claim(claim, ClaimRemedy.REDUCTION, minor)

    assert refused.value.type is ProblemType.VALIDATION_FAILED
    assert refused.value.fields[0].field == "amount"


@pytest.mark.parametrize("remedy", [ClaimRemedy.REDUCTION, ClaimRemedy.REFUND])
async def test_nothing_goes_back_of_what_was_cancelled_or_is_not_invoiced(quotes: Quotes, remedy: ClaimRemedy) -> None:
    _, commission = await quotes.accepted()
    await quotes.pay(commission, 500)
    claim = await quotes.claimed(commission)

    with pytest.raises(Problem) as refused:
        await quotes.answer_claim(claim, remedy, 100)

    assert refused.value.type is ProblemType.CONFLICT


async def test_a_claim_is_answered_once_and_the_same_answer_twice_is_one(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    claim = await quotes.claimed(commission)

    answers = await asyncio.gather(
        *(quotes.answer_claim(claim, ClaimRemedy.REDUCTION, 100, words=WORDS) for _ in range(3))
    )
    with pytest.raises(Problem) as another:
        await quotes.answer_claim(claim, ClaimRemedy.REFUSAL, by=Caller(new_id(), Role.OPS, new_id()))

    assert {each.answer for each in answers} == {answers[0].answer}
    assert (await quotes.published(commission)).count("ClaimAnswered") == 1
    assert len((await quotes.account(commission)).credits) == 1
    assert another.value.type is ProblemType.CONFLICT


async def test_nobody_but_ops_answers(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    claim = await quotes.claimed(commission)

    for role in (Role.CUSTOMER, Role.MAKER):
        with pytest.raises(Problem) as refused:
            await quotes.answer_claim(claim, ClaimRemedy.REPAIR, by=Caller(new_id(), role, new_id()))
        assert refused.value.type is ProblemType.NOT_FOUND


async def test_what_was_credited_is_undone_by_no_reversal(quotes: Quotes) -> None:
    """The payment is reversed and recorded again: the price has fallen all the same."""
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    await quotes.answer_claim(await quotes.claimed(commission), ClaimRemedy.REDUCTION, 2_000)
    newest = (await quotes.account(commission)).payments[-1]

    await quotes.reverse(newest.payment)
    await quotes.pay(commission, newest.amount.minor)

    account = await quotes.account(commission)
    assert (account.left.minor, sum(each.amount.minor for each in account.open_refunds)) == (0, 2_000)


async def test_the_words_of_an_answer_go_with_their_tombstone(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    claim = await quotes.claimed(commission)
    answered = await quotes.answer_claim(claim, ClaimRemedy.REPAIR, words=WORDS)
    assert answered.answer

    await quotes.erase_text(answered.answer)

    async with quotes.database.transaction() as tx:
        kept = await tx.connection.fetchval("SELECT answer_body FROM claim WHERE claim = $1", claim)
    assert (answered.answer_body, kept) == (WORDS, None)


async def test_the_page_says_what_is_wrong_with_an_answer_and_keeps_what_was_typed(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    claim = await quotes.claimed(commission)
    path = f"/quotes/claims/{claim}/answer"
    async with client_of(web(kernel_of(quotes.database))) as client:
        client.headers.update(cookie(Role.OPS) | {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN})
        empty = await client.post(path, data={"words": ""})
        short = await client.post(path, data={"remedy": "reduction", "words": WORDS, "amount": "free"})
        done = await client.post(path, data={"remedy": "reduction", "words": WORDS, "amount": "12.50"})
        again = await client.get(path)

    assert (empty.status_code, short.status_code) == (422, 422)
    assert "Nothing is chosen yet." in empty.text
    assert WORDS in short.text
    assert (done.status_code, done.headers["location"]) == (303, f"/commissions/{commission}/claim")
    assert (again.status_code, again.headers["location"]) == (303, f"/commissions/{commission}/claim")
    assert [each.amounts.gross.minor for each in (await quotes.account(commission)).credits] == [1250]


async def test_the_api_offers_what_the_page_does(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    claim = await quotes.claimed(commission)
    api = f"/api/v1/quotes/claims/{claim}"
    async with client_of(web(kernel_of(quotes.database))) as client:
        client.headers.update(bearer(Role.OPS))
        read = await client.get(api)
        answered = await client.post(f"{api}/answer", json={"remedy": "refund", "words": WORDS})
        missing = await client.get(f"/api/v1/quotes/claims/{new_id()}")

    assert read.json()["most"] == read.json()["paid"] == read.json()["price"]
    assert (answered.status_code, answered.json()["remedy"], answered.json()["price"]["minor"]) == (200, "refund", 0)
    assert missing.status_code == httpx.codes.NOT_FOUND
