"""A withdrawal from the contract: all that was paid goes back, once; and the offer says whether it applies."""

import re
from uuid import UUID

from services.quotes.actions import withdrawals
from services.quotes.domain.terms import withdrawal_days
from shared.contracts.commands.quotes import RefundWithdrawal
from shared.contracts.commissions import ContractWithdrawn
from shared.contracts.payments import RefundReason
from shared.kernel.ids import new_id
from shared.temporal.activities import once
from tests.support.quotes import Quotes


async def withdrawn(quotes: Quotes, commission: UUID, *, arrived: bool = True) -> None:
    fact = ContractWithdrawn(at=quotes.now, commission=commission, customer=new_id(), arrived=arrived)
    async with quotes.database.transaction() as tx:
        await withdrawals.follow_withdrawal(tx, fact, quotes.context, quotes.papers)


async def test_a_piece_that_has_arrived_is_refunded_in_full_and_once(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    paid = (await quotes.balances(commission))["bank"]

    await withdrawn(quotes, commission)
    await withdrawn(quotes, commission)

    account = await quotes.account(commission)
    assert [(each.reason, each.amount.minor) for each in account.refunds] == [(RefundReason.WITHDRAWN, paid)]
    assert await quotes.balances(commission) == {"bank": paid, "refunds_payable": -paid}
    assert (await quotes.published(commission))[-1] == "RefundDue"
    [note] = account.credits
    assert re.fullmatch(rf"{quotes.now.year}-C\d{{4}}", note.number)
    assert note.amounts.gross.minor == paid


async def test_before_it_has_arrived_the_life_cycle_settles_it(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    deposit = (await quotes.account(commission)).left.minor
    await quotes.pay(commission, deposit)

    await withdrawn(quotes, commission, arrived=False)
    before = (await quotes.account(commission)).refunds
    settled = await quotes.cancel(commission, 0)

    assert (before, settled.refund.minor, settled.left.minor) == ((), deposit, 0)


async def test_a_parcel_that_is_gone_is_refunded_by_the_life_cycles_command(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()
    await quotes.paid_in_full(commission)
    command = RefundWithdrawal(id=new_id(), commission=commission)

    for _ in range(2):
        await once(
            quotes.database,
            command,
            lambda tx, given: withdrawals.refund_withdrawal(tx, given, quotes.context, quotes.papers),
            quotes.now,
        )
    await withdrawn(quotes, commission)

    assert [each.reason for each in (await quotes.account(commission)).refunds] == [RefundReason.WITHDRAWN]


async def test_the_acceptance_says_how_long_the_guarantee_runs_and_that_a_ring_of_ones_own_cannot_be_withdrawn(
    quotes: Quotes,
) -> None:
    _, commission = await quotes.accepted()

    said = next(said for kind, said in await quotes.facts(commission) if kind == "QuoteAccepted")
    quote = (await quotes.overview(commission)).quote
    assert (said["guarantee_months"], said.get("withdrawal_days")) == (24, None)
    assert quote is not None
    assert quote.offer is not None
    assert withdrawal_days(quote.offer.terms) is None
