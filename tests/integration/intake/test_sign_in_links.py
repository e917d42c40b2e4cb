"""A link by mail: how a customer comes back to a commission from a browser that does not know them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.intake.actions import housekeeping
from services.intake.domain.sign_in_links import DAY, LONGEST_PAUSE, PAUSE
from shared.auth.keys import new_signing_key
from shared.auth.tokens import LINK_LIFE
from shared.contracts.commissions import SignInAsked
from shared.contracts.people import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    Program,
    app_of,
    browser,
    facts_about,
    kernel_of,
    local_link,
    mailed_link,
    newest_fact,
)


class Watch:
    """A clock that moves when a test moves it."""

    def __init__(self) -> None:
        self.now = system_clock()

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("place", ["/commissions/{}", "/commissions/{}/messages", "/quotes/{}/accept?version=2"])
async def test_a_browser_that_is_not_known_is_offered_a_link(
    visitor: httpx.AsyncClient, ada: Program, place: str
) -> None:
    commission = await ada.commission()

    renewing = await visitor.get("/session/renew", params={"next": place.format(commission)})
    offered = await visitor.get(renewing.headers["location"])

    assert renewing.headers["location"] == f"/commissions/{commission}/sign-in"
    assert "Is this commission yours?" in offered.text
    assert "Ada" not in offered.text


async def test_asking_tells_notify_whom_to_write_to_and_a_second_asking_does_not(
    visitor: httpx.AsyncClient, ada: Program, database: Database
) -> None:
    commission = await ada.commission()

    answers = [await visitor.post(f"/commissions/{commission}/sign-in") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all("Check your email" in answer.text for answer in answers)
    assert (await facts_about(database, commission)).count("SignInAsked") == 1
    assert (await newest_fact(database, commission, SignInAsked)).customer == ada.person


async def test_nobody_learns_which_commissions_there_are(
    visitor: httpx.AsyncClient, ada: Program, database: Database
) -> None:
    there, nowhere = await ada.commission(), uuid4()

    known = await visitor.post(f"/commissions/{there}/sign-in")
    unknown = await visitor.post(f"/commissions/{nowhere}/sign-in")

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert content(known, there) == content(unknown, nowhere)
    assert await facts_about(database, nowhere) == []


async def test_a_stranger_neither_fills_a_mailbox_nor_uses_up_the_last_link(ada: Program, database: Database) -> None:
    watch = Watch()
    commission = await ada.commission()
    app = app_of(await kernel_of(database, clock=watch))
    began = newest = watch.now
    sent = 0

    while watch.now < began + DAY:
        answer = await Program(app).http.post(f"/commissions/{commission}/sign-in-links")
        assert answer.status_code == 202
        before, sent = sent, (await facts_about(database, commission)).count("SignInAsked")
        newest = watch.now if sent > before else newest
        assert watch.now - newest < LONGEST_PAUSE
        watch.now += PAUSE * 4

    assert sent == 17


async def test_what_was_counted_is_forgotten_after_a_day(
    visitor: httpx.AsyncClient, ada: Program, database: Database
) -> None:
    commission = await ada.commission()
    await visitor.post(f"/commissions/{commission}/sign-in")

    async with database.transaction() as tx:
        await housekeeping.sweep(tx, system_clock() + DAY + PAUSE)
        left = await tx.connection.fetch("SELECT 1 FROM sign_in_link_request WHERE commission = $1", commission)

    assert left == []


async def test_a_link_leads_back_to_the_commission_once(visitor: httpx.AsyncClient, app: FastAPI, ada: Program) -> None:
    commission = await ada.commission()
    link = mailed_link(person(ada), commission)
    place = f"/commissions/{commission}/sign-in/link"

    for _ in range(2):
        looked = await visitor.get(place, params={"pass": link})
        assert "Welcome back" in looked.text
        assert not visitor.cookies
    came = await visitor.post(place, data={"link": link})
    seen = await visitor.get(came.headers["location"])
    async with browser(app) as other:
        again = await other.post(place, data={"link": link})
        assert not other.cookies

    assert (came.status_code, came.headers["location"]) == (303, f"/commissions/{commission}")
    assert {COOKIES.token, COOKIES.session} == set(visitor.cookies)
    assert seen.status_code == 200
    assert again.status_code == 403
    assert "ask for a new one" in again.text


async def test_a_program_signs_in_by_a_link(app: FastAPI, ada: Program) -> None:
    commission = await ada.commission()
    given = {"link": mailed_link(person(ada), commission)}

    first = await Program(app).http.post(f"/commissions/{commission}/session", json=given)
    second = await Program(app).http.post(f"/commissions/{commission}/session", json=given)

    assert (first.status_code, first.json()["role"]) == (201, "customer")
    assert UUID(first.json()["person"]) == ada.person
    assert second.status_code == 403


async def test_a_link_that_is_not_good_lets_nobody_in(visitor: httpx.AsyncClient, app: FastAPI, ada: Program) -> None:
    commission, other = await ada.commission(), await ada.commission()
    bob = await Program(app).join()
    late = system_clock() - LINK_LIFE - timedelta(minutes=1)
    bad = {
        "nothing": "",
        "no token": "x.y.z",
        "over": mailed_link(person(ada), commission, asked_at=late),
        "of another commission": mailed_link(person(ada), other),
        "of another key": mailed_link(person(ada), commission, key=new_signing_key()),
        "for somebody else": mailed_link(person(bob), commission),
        "for nobody": mailed_link(uuid4(), commission),
        "of another kind": local_link(Role.OPS),
    }

    answers = {
        why: await visitor.post(f"/commissions/{commission}/sign-in/link", data={"link": link})
        for why, link in bad.items()
    }

    assert {why: answer.status_code for why, answer in answers.items()} == dict.fromkeys(bad, 403)
    assert not visitor.cookies


async def test_another_customer_reads_how_to_get_in(customer: httpx.AsyncClient, ada: Program) -> None:
    commission = await ada.commission()

    foreign = await customer.get(f"/commissions/{commission}")
    link = mailed_link(person(ada), commission)
    await customer.post(f"/commissions/{commission}/sign-in/link", data={"link": link})
    own = await customer.get(f"/commissions/{commission}")

    assert foreign.status_code == 404
    assert f'href="/commissions/{commission}/sign-in"' in foreign.text
    assert own.status_code == 200


def person(program: Program) -> UUID:
    assert program.person
    return program.person


def content(answer: httpx.Response, commission: UUID) -> str:
    """What is on the page, but for the commission's id."""
    return answer.text.partition("<main")[2].partition("</main>")[0].replace(str(commission), "")
