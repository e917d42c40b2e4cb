"""A link by mail without typing an address: back to a commission from a browser that does not know its customer."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.sign_in import FREE, PAUSE
from shared.auth.mail_secrets import MailSecrets
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    Program,
    app_of,
    browser,
    facts_about,
    kernel_of,
    newest_fact,
)
from tests.support.service import MAIL_SECRET

SECRETS = MailSecrets(MAIL_SECRET)


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


async def test_the_link_leads_back_to_the_commission_once(
    visitor: httpx.AsyncClient, app: FastAPI, ada: Program, database: Database
) -> None:
    commission = await ada.commission()
    asked = await visitor.post(f"/commissions/{commission}/sign-in", data={"ask": ""})
    told = await newest_fact(database, person(ada), LinkAsked)
    link = SECRETS.link(told.right)

    looked = await visitor.get("/sign-in/link", params={"link": link})
    came = await visitor.post("/sign-in/link", data={"link": link})
    seen = await visitor.get(came.headers["location"])
    async with browser(app) as other:
        again = await other.post("/sign-in/link", data={"link": link})
        assert not other.cookies

    assert asked.status_code == 303
    assert (told.purpose, str(told.right)) == (LinkPurpose.SIGN_IN, ask_of(asked))
    assert "Welcome back, Ada Lovelace" in looked.text
    assert (came.status_code, came.headers["location"]) == (303, f"/commissions/{commission}")
    known = {name for name in visitor.cookies if name.startswith(COOKIES.known)}
    assert len(known) == 1
    assert {COOKIES.token, COOKIES.session} == set(visitor.cookies) - known
    assert (seen.status_code, again.status_code) == (200, 403)


async def test_the_code_lets_in_the_browser_that_asked_and_leads_back(
    visitor: httpx.AsyncClient, ada: Program, database: Database
) -> None:
    commission = await ada.commission()
    asked = await visitor.post(f"/commissions/{commission}/sign-in", data={"ask": ""})
    code = SECRETS.code((await newest_fact(database, person(ada), LinkAsked)).right)

    page = await visitor.get(asked.headers["location"])
    came = await visitor.post(
        "/sign-in/code", data={"ask": ask_of(asked), "next": f"/commissions/{commission}", "code": code}
    )

    assert "to the address it was requested with" in page.text
    assert f'href="/commissions/{commission}/sign-in?ask={ask_of(asked)}' in page.text
    assert (came.status_code, came.headers["location"]) == (303, f"/commissions/{commission}")
    assert (await visitor.get(f"/commissions/{commission}")).status_code == 200


async def test_a_program_signs_in_by_link_and_by_code(app: FastAPI, ada: Program, database: Database) -> None:
    commission = await ada.commission()
    place = f"/commissions/{commission}/sign-in"

    stranger = Program(app)
    first = await stranger.http.post(place)
    by_link = await stranger.http.post("/sign-in/link", json={"link": SECRETS.link(UUID(first.json()["ask"]))})
    second = await stranger.http.post(place, json={"ask": first.json()["ask"]})
    ask = second.json()["ask"]
    by_code = await stranger.http.post("/sign-in/code", json={"ask": ask, "code": SECRETS.code(UUID(ask))})

    assert (first.status_code, first.json()["good_for_seconds"]) == (202, 600)
    assert [answer.status_code for answer in (by_link, by_code)] == [201, 201]
    assert {answer.json()["person"] for answer in (by_link, by_code)} == {str(ada.person)}
    assert (await newest_fact(database, person(ada), LinkAsked)).right == UUID(ask)


async def test_nobody_learns_which_commissions_there_are(
    visitor: httpx.AsyncClient, app: FastAPI, ada: Program, database: Database
) -> None:
    there, nowhere = await ada.commission(), uuid4()
    waiting = await (await Program(app).sign_up()).commission()
    said = []

    for commission in (there, nowhere, waiting):
        asks = [await visitor.post(f"/commissions/{commission}/sign-in", data={"ask": ""}) for _ in range(FREE + 1)]
        page = await visitor.get(asks[-1].headers["location"])
        wrong = [
            await visitor.post("/sign-in/code", data={"ask": ask_of(each), "code": "00000000"}) for each in asks[-2:]
        ]
        said.append(
            [
                [(each.status_code, without_ids(each.headers["location"])) for each in asks],
                content(page),
                [(each.status_code, content(each)) for each in wrong],
            ]
        )

    assert said[0] == said[1] == said[2]
    assert await facts_about(database, nowhere) == []
    assert "LinkAsked" not in await facts_about(database, waiting)


async def test_who_sent_a_request_that_is_not_confirmed_is_mailed_no_link(
    visitor: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    zoe = await Program(app).sign_up()
    commission = await zoe.commission()

    await visitor.post(f"/commissions/{commission}/sign-in", data={"ask": ""})

    assert "LinkAsked" not in await facts_about(database, person(zoe))


async def test_a_stranger_neither_fills_a_mailbox_nor_keeps_its_owner_out(ada: Program, database: Database) -> None:
    watch = Watch()
    commission = await ada.commission()
    app = app_of(await kernel_of(database, clock=watch))
    stranger, began = Program(app), watch.now

    while watch.now < began + timedelta(hours=2):
        await stranger.http.post(f"/commissions/{commission}/sign-in")
        assert (await newest_fact(database, person(ada), LinkAsked)).until > watch.now
        watch.now += PAUSE

    assert FREE < (await facts_about(database, person(ada))).count("LinkAsked") <= 10
    came = await stranger.http.post(
        "/sign-in/link", json={"link": SECRETS.link((await newest_fact(database, person(ada), LinkAsked)).right)}
    )
    assert came.status_code == 201


async def test_an_ask_that_cannot_be_one_is_none(visitor: httpx.AsyncClient, ada: Program, database: Database) -> None:
    commission = await ada.commission()

    asked = await visitor.post(f"/commissions/{commission}/sign-in", data={"ask": "x" * 40})

    assert asked.status_code == 303
    assert str((await newest_fact(database, person(ada), LinkAsked)).right) == ask_of(asked)


async def test_another_customer_reads_how_to_get_in(
    customer: httpx.AsyncClient, ada: Program, database: Database
) -> None:
    commission = await ada.commission()

    foreign = await customer.get(f"/commissions/{commission}")
    await customer.post(f"/commissions/{commission}/sign-in", data={"ask": ""})
    link = SECRETS.link((await newest_fact(database, person(ada), LinkAsked)).right)
    await customer.post("/sign-in/link", data={"link": link})
    own = await customer.get(f"/commissions/{commission}")

    assert foreign.status_code == 404
    assert f'href="/commissions/{commission}/sign-in"' in foreign.text
    assert own.status_code == 200


def person(program: Program) -> UUID:
    assert program.person
    return program.person


def ask_of(answer: httpx.Response) -> str:
    found = re.search("ask=([0-9a-f-]{36})", answer.headers["location"])
    assert found
    return found[1]


def without_ids(text: str) -> str:
    return re.sub("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)


def content(answer: httpx.Response) -> str:
    """What is on the page, but for ids."""
    return without_ids(answer.text.partition("<main")[2].partition("</main>")[0])
