"""Something is wrong with a piece: said with words and pictures while its guarantee runs, and answered once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from shared.contracts.commissions import ClaimMade
from shared.contracts.people import Role
from shared.contracts.quotes import ClaimRemedy
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.intake import Program, facts_about, newest_fact, photo, signed_in
from tests.support.intake_claims import answer_claim, until_arrived
from tests.support.intake_facts import CommissionFacts

WRONG = "It does not go over the knuckle."


async def arrived(ada: Program, database: Database, *, days_ago: int = 40) -> CommissionFacts:
    """A commission whose piece is with its customer; its facts began so many days ago."""
    commission = await ada.commission()
    assert ada.person
    begun = system_clock() - timedelta(days=days_ago)
    return await until_arrived(CommissionFacts(database, commission, ada.person, now=begun))


async def claim(ada: Program, commission: UUID, **changed: object) -> Any:
    key = changed.pop("key", None)
    body = {"kind": "fit", "words": WRONG, **changed}
    return await ada.post(f"/commissions/{commission}/claim", body, key=str(key) if key else None)


def picture() -> tuple[str, tuple[str, bytes, str]]:
    return ("pictures", ("ring.jpg", photo(), "image/jpeg"))


async def test_a_claim_comes_with_its_pictures_and_is_told_without_words(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await arrived(ada, database)
    path = f"/commissions/{record.commission}/claim"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{record.commission}")
        asked = await client.get(path)
        sent = await client.post(path, data={"kind": "fit", "words": WRONG}, files=[picture(), picture()])
        shown = await client.get(path)
        home = await client.get(f"/commissions/{record.commission}")

    made = await newest_fact(database, record.commission, ClaimMade)
    [found] = (await ada.http.get(path)).json()["claims"]
    assert path in page.text
    assert "at no cost to you" in asked.text
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    assert WRONG in shown.text
    assert "It does not fit" in shown.text
    assert "You told us that something is wrong" in home.text
    assert (made.customer, made.kind, str(made.claim)) == (ada.person, "fit", found["claim"])
    assert (found["words"], len(found["images"]), found["answer"]) == (WRONG, 2, None)
    assert made.answer_by > made.at + timedelta(days=6)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        seen = await client.get(f"/commissions/{record.commission}/images/{found['images'][0]}")
    assert seen.headers["content-type"].startswith("image/")


async def test_before_the_piece_has_arrived_nothing_is_claimed(app: FastAPI, ada: Program, database: Database) -> None:
    commission = await ada.commission()
    refused = await claim(ada, commission)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{commission}/claim")

    assert refused.status_code == 409
    assert (await ada.http.get(f"/commissions/{commission}/claim")).json()["blocked_by"] == "not_arrived"
    assert page.status_code == 200
    assert "has not arrived yet" in page.text
    assert f"/commissions/{commission}/messages" in page.text
    assert "ClaimMade" not in await facts_about(database, commission)


async def test_a_claim_after_the_guarantee_gets_a_plain_answer_and_a_way_on(
    app: FastAPI, ada: Program, database: Database
) -> None:
    """Two years and a day after it arrived; the conversation stays open."""
    record = await arrived(ada, database, days_ago=2 * 365 + 60)
    refused = await claim(ada, record.commission)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{record.commission}/claim")
    written = await ada.post(f"/commissions/{record.commission}/messages", {"words": WRONG})

    assert (refused.status_code, "ended on" in refused.json()["detail"]) == (409, True)
    assert "The guarantee of your piece ended on" in page.text
    assert "Tell the studio" not in page.text
    assert f"/commissions/{record.commission}/messages" in page.text
    assert written.status_code == 201
    assert "ClaimMade" not in await facts_about(database, record.commission)


async def test_sent_twice_it_is_said_once_and_one_is_open_at_a_time(ada: Program, database: Database) -> None:
    record = await arrived(ada, database)
    key = new_id()

    answers = await asyncio.gather(*(claim(ada, record.commission, key=key) for _ in range(4)))
    another = await claim(ada, record.commission, kind="fault")

    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["claim"] for each in answers}) == 1
    assert another.status_code == 409
    assert (await facts_about(database, record.commission)).count("ClaimMade") == 1


async def test_the_answer_is_on_the_page_with_its_reasons_and_another_claim_may_follow(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await arrived(ada, database)
    made = UUID((await claim(ada, record.commission)).json()["claim"])
    await answer_claim(record, made, ClaimRemedy.REDUCTION, Money(minor=5_000, currency="EUR"))
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{record.commission}/claim")
        home = await client.get(f"/commissions/{record.commission}")
    async with signed_in(app, Role.OPS) as client:
        desk = await client.get(f"/commissions/{record.commission}/claim")
    again = await claim(ada, record.commission, kind="damage")

    for shown in (page, desk):
        assert "The shank is thinner than agreed." in shown.text
        assert "€50.00" in shown.text
    assert "We reduced the price" in home.text
    assert again.status_code == 201


async def test_a_maker_reads_a_claim_without_the_money(app: FastAPI, ada: Program, database: Database) -> None:
    record = await arrived(ada, database)
    made = UUID((await claim(ada, record.commission)).json()["claim"])
    await answer_claim(record, made, ClaimRemedy.REDUCTION, Money(minor=5_000, currency="EUR"))
    async with signed_in(app, Role.MAKER, record.maker) as client:
        page = await client.get(f"/commissions/{record.commission}/claim")

    assert WRONG in page.text
    assert "€50.00" not in page.text


async def test_after_a_refund_of_everything_nothing_is_claimed(ada: Program, database: Database) -> None:
    record = await arrived(ada, database)
    made = UUID((await claim(ada, record.commission)).json()["claim"])
    await answer_claim(record, made, ClaimRemedy.REFUND, Money(minor=98_000, currency="EUR"))

    assert (await claim(ada, record.commission)).status_code == 409


async def test_nobody_claims_what_is_somebody_elses(ada: Program, ben: Program, database: Database) -> None:
    record = await arrived(ada, database)

    assert (await claim(ben, record.commission)).status_code == 404
    assert (await ben.http.get(f"/commissions/{record.commission}/claim")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"words": WRONG}, "Nothing is chosen yet."),
        ({"kind": "magic", "words": WRONG}, "Nothing is chosen yet."),
        ({"kind": "fit", "words": " "}, "Nothing is written yet."),
    ],
)
async def test_a_form_that_comes_back_says_what_is_missing_and_keeps_the_rest(
    app: FastAPI, ada: Program, database: Database, sent: dict[str, str], said: str
) -> None:
    record = await arrived(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        back = await client.post(f"/commissions/{record.commission}/claim", data=sent, files=[picture()])

    assert back.status_code == 422
    assert said in back.text
    assert 'name="kept"' in back.text
    assert "ClaimMade" not in await facts_about(database, record.commission)


async def test_a_program_is_told_what_is_wrong(ada: Program, database: Database) -> None:
    record = await arrived(ada, database)
    path = f"/commissions/{record.commission}/claim"

    assert (await claim(ada, record.commission, kind="magic")).status_code == 422
    assert (await claim(ada, record.commission, images=[str(new_id()) for _ in range(5)])).status_code == 422
    assert (await claim(ada, record.commission, images=[str(new_id())])).status_code == 422
    assert (await ada.http.post(path, json={"kind": "fit", "words": WRONG})).status_code == 400
