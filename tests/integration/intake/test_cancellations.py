"""Cancelling an accepted commission: on stated terms, once, with its answer."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commissions import CancellationAsked
from shared.contracts.lifecycle import Outcome
from shared.contracts.people import Role
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.intake import Program, facts_about, newest_fact, signed_in
from tests.support.intake_facts import CommissionFacts, close, refuse_cancellation

AGREED = {"reason": "other", "agreed": "yes"}


async def at_the_bench(ada: Program, database: Database) -> CommissionFacts:
    """A commission whose deposit is paid and whose hours are booked."""
    commission = await ada.commission()
    assert ada.person
    record = CommissionFacts(database, commission, ada.person)
    await record.until_making()
    return record


async def cancel(ada: Program, commission: UUID, percent: int) -> Any:
    return await ada.post(f"/commissions/{commission}/cancel", {"owed_percent": percent, "reason": "too_slow"})


async def test_before_the_acceptance_the_request_is_cancelled_instead(app: FastAPI, ada: Program) -> None:
    commission = await ada.commission()
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{commission}/cancel")
    refused = await cancel(ada, commission, 0)

    assert (page.status_code, page.headers["location"]) == (303, f"/commissions/{commission}/withdraw")
    assert refused.status_code == 409
    assert (await ada.http.get(f"/commissions/{commission}/cancel")).json()["blocked_by"] == "not_accepted"


async def test_after_the_acceptance_taking_it_back_leads_to_cancelling(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    path = f"/commissions/{record.commission}"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        asked = await client.get(f"{path}/withdraw")
        page = await client.get(path)
        stale = await client.post(f"{path}/withdraw", data={"reason": "other"})
    refused = await ada.post(f"{path}/withdraw", {"reason": "other"})

    assert (asked.status_code, asked.headers["location"]) == (303, f"{path}/cancel")
    assert f"{path}/cancel" in page.text
    assert f"{path}/withdraw" not in page.text
    assert (stale.status_code, stale.headers["location"]) == (303, f"{path}/cancel")
    assert refused.status_code == 409
    assert "CommissionWithdrawn" not in await facts_about(database, record.commission)


async def test_the_terms_are_said_in_percent_and_in_money(app: FastAPI, ada: Program, database: Database) -> None:
    record = await at_the_bench(ada, database)
    await record.passes("cut", 35)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = (await client.get(f"/commissions/{record.commission}/cancel")).text
    terms = (await ada.http.get(f"/commissions/{record.commission}/cancel")).json()["terms"]

    assert "I agree that I owe 35% of the price, €343.00." in page
    assert "what the refiner deducts for taking back the metal" in page
    assert "€147.00" in page
    assert (terms["owed"]["minor"], terms["paid"]["minor"], terms["back"]["minor"]) == (34_300, 49_000, 14_700)


async def test_a_cancellation_is_asked_for_once_however_often_it_is_sent(ada: Program, database: Database) -> None:
    record = await at_the_bench(ada, database)

    answers = await asyncio.gather(*(cancel(ada, record.commission, 0) for _ in range(4)))
    published = await newest_fact(database, record.commission, CancellationAsked)

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["cancellation"] for answer in answers} == {str(published.cancellation)}
    assert (await facts_about(database, record.commission)).count("CancellationAsked") == 1
    assert (published.owed_percent, published.reason, published.customer) == (0, "too_slow", ada.person)


async def test_the_page_asks_for_a_yes_to_exactly_these_terms(app: FastAPI, ada: Program, database: Database) -> None:
    record = await at_the_bench(ada, database)
    path = f"/commissions/{record.commission}/cancel"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        unticked = await client.post(path, data={"owed_percent": "0", "reason": "other"})
        unreasoned = await client.post(path, data={"owed_percent": "0", "agreed": "yes"})
        nonsense = [
            await client.post(path, data={**AGREED, "owed_percent": each}) for each in ("", "x", "101", "9" * 5000)
        ]
        await record.passes("cut", 35)
        overtaken = await client.post(path, data={**AGREED, "owed_percent": "0"})
        done = await client.post(path, data={**AGREED, "owed_percent": "35"})
        waiting = await client.get(path)
        page = await client.get(f"/commissions/{record.commission}")

    assert 'id="agreed-problem"' in unticked.text
    assert 'value="other" checked' in unticked.text
    assert 'id="reason-problem"' in unreasoned.text
    assert {answer.status_code for answer in (unticked, unreasoned, *nonsense)} == {422}
    assert overtaken.status_code == 409
    assert "cancelling now costs 35 percent" in overtaken.text
    assert 'name="owed_percent" value="35"' in overtaken.text
    assert "checked" not in overtaken.text.split('name="agreed"')[0].rpartition("<input")[2]
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert "Your cancellation is being checked" in waiting.text
    assert "Your cancellation is being checked" in page.text
    assert "Your turn" not in page.text


BODIES: list[tuple[dict[str, Any], str]] = [
    ({"reason": "other"}, "/owed_percent"),
    ({"owed_percent": -1, "reason": "other"}, "/owed_percent"),
    ({"owed_percent": 101, "reason": "other"}, "/owed_percent"),
    ({"owed_percent": "all", "reason": "other"}, "/owed_percent"),
    ({"owed_percent": 0, "reason": "bored"}, "/reason"),
    ({"owed_percent": 0}, "/reason"),
]


@pytest.mark.parametrize(("body", "field"), BODIES)
async def test_a_cancellation_that_is_none_is_refused_by_field(
    ada: Program, database: Database, body: dict[str, Any], field: str
) -> None:
    record = await at_the_bench(ada, database)

    answer = await ada.post(f"/commissions/{record.commission}/cancel", body)

    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == field
    assert "CancellationAsked" not in await facts_about(database, record.commission)


async def test_one_that_was_overtaken_says_so_and_may_be_asked_for_again(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    first = UUID((await cancel(ada, record.commission, 0)).json()["cancellation"])
    for _ in range(2):
        await refuse_cancellation(database, record.commission, first, CancellationRefusal.GATE_PASSED, 35)

    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{record.commission}")
        terms = await client.get(f"/commissions/{record.commission}/cancel")
    old = await cancel(ada, record.commission, 0)
    again = await cancel(ada, record.commission, 35)

    assert "The cancellation came too late" in page.text
    assert "Your last cancellation came too late" in terms.text
    assert "35% of the price, €343.00" in terms.text
    assert (old.status_code, again.status_code) == (409, 200)
    assert again.json()["cancellation"] != str(first)


async def test_once_the_parcel_is_gone_it_is_not_offered_and_said_why(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    await record.finish()
    await record.send_parcel()
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{record.commission}")
        terms = await client.get(f"/commissions/{record.commission}/cancel")
        posted = await client.post(f"/commissions/{record.commission}/cancel", data={**AGREED, "owed_percent": "0"})

    assert "Cancel my commission" not in page.text
    assert "This commission can no longer be cancelled" in terms.text
    assert "the parcel has been sent" in terms.text
    assert posted.status_code == 409


async def test_a_cancellation_that_came_while_the_parcel_was_handed_over_is_answered(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    first = UUID((await cancel(ada, record.commission, 0)).json()["cancellation"])
    await refuse_cancellation(database, record.commission, first, CancellationRefusal.HANDED_OVER)

    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        terms = await client.get(f"/commissions/{record.commission}/cancel")

    assert "This commission can no longer be cancelled" in terms.text
    assert (await cancel(ada, record.commission, 0)).status_code == 409


async def test_a_refusal_of_what_nobody_asked_for_is_refused(ada: Program, database: Database) -> None:
    commission = await ada.commission()

    with pytest.raises(Problem) as refusal:
        await refuse_cancellation(database, commission, uuid4(), CancellationRefusal.GATE_PASSED, 35)

    assert refusal.value.type is ProblemType.NOT_FOUND


async def test_the_end_closes_what_waits(app: FastAPI, ada: Program, database: Database) -> None:
    record = await at_the_bench(ada, database)
    await cancel(ada, record.commission, 0)
    await close(database, record.commission, Outcome.CANCELLED)

    now = (await ada.http.get(f"/commissions/{record.commission}/cancel")).json()
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{record.commission}")

    assert (now["pending"], now["blocked_by"]) == (None, "ended")
    assert "This commission is cancelled" in page.text
    assert (await cancel(ada, record.commission, 0)).status_code == 409


async def test_nobody_cancels_what_is_somebody_elses(ada: Program, ben: Program, database: Database) -> None:
    record = await at_the_bench(ada, database)

    assert (await cancel(ben, record.commission, 0)).status_code == 404
    assert (await ben.http.get(f"/commissions/{record.commission}/cancel")).status_code == 404
    assert (await cancel(ada, uuid4(), 0)).status_code == 404


async def test_what_is_missing_is_said_at_once_and_the_agreement_is_kept(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    path = f"/commissions/{record.commission}/cancel"

    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        nothing = await client.post(path, data={"owed_percent": "0"})
        unreasoned = await client.post(path, data={"owed_percent": "0", "agreed": "yes"})

    assert all(f'id="{field}-problem"' in nothing.text for field in ("agreed", "reason"))
    assert "checked" in unreasoned.text.split('name="agreed"')[1].partition(">")[0]
