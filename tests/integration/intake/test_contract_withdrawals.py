"""Withdraw from contract here: for a piece that carries the right, until 14 days after its arrival."""

import asyncio
from datetime import timedelta

from fastapi import FastAPI

from shared.contracts.commissions import ContractWithdrawn
from shared.contracts.lifecycle import Outcome
from shared.contracts.people import Role
from shared.contracts.quotes import QuoteAccepted
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import Program, facts_about, newest_fact, signed_in
from tests.support.intake_facts import DEPOSIT, TOTAL, CommissionFacts


async def commissioned(ada: Program, database: Database, *, days_ago: int = 5, carries: bool = True) -> CommissionFacts:
    """An accepted piece of preset options, or one that is made to its customer's wishes."""
    commission = await ada.commission()
    assert ada.person
    record = CommissionFacts(database, commission, ada.person, now=system_clock() - timedelta(days=days_ago))
    await record.until_offered()
    accepted = QuoteAccepted(
        at=record.at(),
        commission=commission,
        quote=record.quote,
        quote_version=1,
        total=TOTAL,
        deposit=DEPOSIT,
        withdrawal_days=14 if carries else None,
    )
    await record.tell(accepted)
    return record


async def arrived(ada: Program, database: Database, days_ago: int) -> CommissionFacts:
    record = await commissioned(ada, database, days_ago=days_ago)
    await record.pay_deposit()
    await record.finish()
    await record.send_parcel()
    await record.arrive()
    return record


async def test_it_is_confirmed_in_its_own_step_and_told_once(app: FastAPI, ada: Program, database: Database) -> None:
    record = await arrived(ada, database, days_ago=10)
    path = f"/commissions/{record.commission}/contract-withdrawal"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        home = await client.get(f"/commissions/{record.commission}")
        asked = await client.get(path)
        unconfirmed = await client.post(path, data={"confirmed": ""})
        done = await client.post(path, data={"confirmed": "yes"})
        shown = await client.get(path)
        after = await client.get(f"/commissions/{record.commission}")
    again = await asyncio.gather(*(ada.post(path) for _ in range(3)))

    assert "Withdraw from contract here" in home.text
    assert "Confirm withdrawal" in asked.text
    assert (unconfirmed.status_code, "You have not confirmed it yet." in unconfirmed.text) == (422, True)
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert "You have withdrawn from this contract" in shown.text
    assert "You withdrew from the contract" in after.text
    assert {each.status_code for each in again} == {200}
    assert (await facts_about(database, record.commission)).count("ContractWithdrawn") == 1
    assert (await newest_fact(database, record.commission, ContractWithdrawn)).arrived is True


async def test_while_it_is_being_made_it_may_be_withdrawn_and_that_is_told_apart(
    app: FastAPI, ada: Program, database: Database
) -> None:
    """The one answer: the work stops, and nothing is owed, whatever gate was passed."""
    record = await commissioned(ada, database)
    await record.pay_deposit()
    await record.passes("cut", 35)
    path = f"/commissions/{record.commission}/contract-withdrawal"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        asked = await client.get(path)
    answer = await ada.post(path)

    assert "You owe nothing, whatever is made by now." in asked.text
    assert (answer.status_code, answer.json()["arrived"]) == (200, False)
    assert (await newest_fact(database, record.commission, ContractWithdrawn)).arrived is False


async def test_after_the_last_day_the_page_says_so_and_leads_on(app: FastAPI, ada: Program, database: Database) -> None:
    record = await arrived(ada, database, days_ago=40)
    path = f"/commissions/{record.commission}/contract-withdrawal"
    refused = await ada.post(path)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(path)

    assert refused.status_code == 409
    assert "You could withdraw until" in page.text
    assert f"/commissions/{record.commission}/messages" in page.text
    assert "ContractWithdrawn" not in await facts_about(database, record.commission)


async def test_a_piece_of_ones_own_wishes_carries_no_such_right(app: FastAPI, ada: Program, database: Database) -> None:
    record = await commissioned(ada, database, carries=False)
    path = f"/commissions/{record.commission}/contract-withdrawal"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        home = await client.get(f"/commissions/{record.commission}")
        page = await client.get(path)

    assert "Withdraw from contract here" not in home.text
    assert "the right of withdrawal does not apply" in page.text
    assert (await ada.post(path)).status_code == 409


async def test_before_a_contract_and_after_another_end_there_is_nothing_to_withdraw_from(
    ada: Program, database: Database
) -> None:
    early = await ada.commission()
    record = await commissioned(ada, database)
    await record.end(Outcome.CANCELLED)

    for commission, why in ((early, "not_accepted"), (record.commission, "ended")):
        path = f"/commissions/{commission}/contract-withdrawal"
        assert (await ada.http.get(path)).json()["blocked_by"] == why
        assert (await ada.post(path)).status_code == 409


async def test_nobody_withdraws_from_what_is_somebody_elses(ada: Program, ben: Program, database: Database) -> None:
    record = await commissioned(ada, database)

    assert (await ben.post(f"/commissions/{record.commission}/contract-withdrawal")).status_code == 404


async def test_what_was_withdrawn_from_is_not_claimed(ada: Program, database: Database) -> None:
    record = await arrived(ada, database, days_ago=10)
    await ada.post(f"/commissions/{record.commission}/contract-withdrawal")

    refused = await ada.post(f"/commissions/{record.commission}/claim", {"kind": "fit", "words": "It does not fit."})

    assert refused.status_code == 409
