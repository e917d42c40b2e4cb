"""Signing in by mail: the same answer for everybody, a link that is used once, a code for another device."""

import asyncio
import re
import statistics
import time
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.intake import store
from services.intake.domain import sign_in
from services.intake.domain.one_time import OneTimeResult
from services.intake.domain.sign_in import SIGN_IN_LIFE, refused_link
from shared.auth.mail_secrets import MailSecrets
from shared.auth.roles import Role
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    Program,
    app_of,
    browser,
    facts_about,
    kernel_of,
    newest_fact,
    signed_in,
    token,
)
from tests.support.service import MAIL_SECRET

SECRETS = MailSecrets(MAIL_SECRET)


def somebody() -> str:
    return f"ada.{uuid4().hex}@example.org"


async def ask(visitor: httpx.AsyncClient, email: str, **more: str) -> str:
    """The place of the code for what was asked."""
    answer = await visitor.post("/sign-in", data={"email": email, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def right(database: Database, person: UUID | None) -> UUID:
    """What the mail to this person is made of."""
    assert person
    told = await newest_fact(database, person, LinkAsked)
    assert told.purpose is LinkPurpose.SIGN_IN
    return told.right


def asked(place: str) -> str:
    found = re.search("ask=([0-9a-f-]+)", place)
    assert found
    return found[1]


@pytest.fixture
async def known(app: FastAPI) -> tuple[Program, str]:
    """A customer, and their address."""
    email = somebody()
    return await Program(app).join(email=email), email


async def test_the_link_lets_in_once_and_whoever_looks_does_not_use_it(
    visitor: httpx.AsyncClient, database: Database, known: tuple[Program, str]
) -> None:
    ada, email = known
    await ask(visitor, email.upper())
    link = SECRETS.link(await right(database, ada.person))

    looked = [await visitor.get("/sign-in/link", params={"link": link}) for _ in range(2)]
    came = await visitor.post("/sign-in/link", data={"link": link})
    again = await visitor.post("/sign-in/link", data={"link": link})
    looked_again = await visitor.get("/sign-in/link", params={"link": link})

    assert [answer.status_code for answer in looked] == [200, 200]
    assert "Welcome back, Ada Lovelace" in looked[0].text
    assert (came.status_code, came.headers["location"]) == (303, "/commissions")
    assert COOKIES.session in visitor.cookies
    assert (again.status_code, looked_again.status_code) == (403, 403)
    assert "This link was used already." in again.text
    assert 'name="email"' in again.text


async def test_the_code_lets_in_the_browser_that_asked_and_leads_on(
    visitor: httpx.AsyncClient, database: Database, known: tuple[Program, str]
) -> None:
    ada, email = known
    place = await ask(visitor, email, next="/commissions?limit=3")
    code = SECRETS.code(await right(database, ada.person))

    page = await visitor.get(place)
    came = await visitor.post(
        "/sign-in/code", data={"ask": asked(place), "next": "/commissions?limit=3", "code": f" {code[:4]} {code[4:]}"}
    )

    assert 'value="/commissions?limit=3"' in page.text
    assert (came.status_code, came.headers["location"]) == (303, "/commissions?limit=3")
    assert (await visitor.get("/commissions")).status_code == 200


async def test_after_five_wrong_codes_only_the_link_works(
    visitor: httpx.AsyncClient, database: Database, known: tuple[Program, str]
) -> None:
    ada, email = known
    place = await ask(visitor, email)
    made = await right(database, ada.person)

    wrong = [
        await visitor.post("/sign-in/code", data={"ask": asked(place), "code": f"{n:08}"}) for n in (1, 2, 3, 4, 5)
    ]
    rightly = await visitor.post("/sign-in/code", data={"ask": asked(place), "code": SECRETS.code(made)})
    by_link = await visitor.post("/sign-in/link", data={"link": SECRETS.link(made)})

    assert [answer.status_code for answer in wrong] == [422] * 5
    assert "After five wrong codes" in wrong[0].text
    assert rightly.status_code == 422
    assert "The code was wrong too often." in rightly.text
    assert by_link.status_code == 303


async def test_a_code_without_its_ask_is_nothing(
    visitor: httpx.AsyncClient, database: Database, known: tuple[Program, str]
) -> None:
    ada, email = known
    await ask(visitor, email)
    code = SECRETS.code(await right(database, ada.person))

    answers = [await visitor.post("/sign-in/code", data={"ask": each, "code": code}) for each in ("", str(uuid4()))]
    empty = await visitor.post("/sign-in/code", data={"ask": str(uuid4()), "code": ""})

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "The code is missing." in empty.text


async def test_link_and_code_are_over_after_ten_minutes(database: Database) -> None:
    now, moved = system_clock(), {"by": timedelta()}
    app = app_of(await kernel_of(database, clock=lambda: now + moved["by"]))
    email = somebody()
    ada = await Program(app).join(email=email)
    async with browser(app) as visitor:
        place = await ask(visitor, email)
        made = await right(database, ada.person)
        moved["by"] = SIGN_IN_LIFE + timedelta(seconds=1)

        link = await visitor.post("/sign-in/link", data={"link": SECRETS.link(made)})
        code = await visitor.post("/sign-in/code", data={"ask": asked(place), "code": SECRETS.code(made)})

    assert (link.status_code, code.status_code) == (403, 422)
    assert "This link is too old." in link.text
    assert "This code is too old." in code.text


async def test_nobody_learns_whether_an_address_is_known(
    visitor: httpx.AsyncClient, known: tuple[Program, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.api.sign_in.ANSWER_AFTER", 0.1)
    _, email = known
    took: dict[str, list[float]] = {email: [], somebody(): []}
    pages = {}
    for address, times in took.items():
        place = await ask(visitor, address)
        for _ in range(5):
            began = time.monotonic()
            await ask(visitor, address)
            times.append(time.monotonic() - began)
        shown = await visitor.get(place)
        pages[address] = re.sub("[0-9a-f-]{36}", "", shown.text).replace(asked(place), "")

    first, second = (statistics.median(times) for times in took.values())
    assert len({re.sub('nonce="[^"]+"', "", page) for page in pages.values()}) == 1
    assert abs(first - second) < 0.03


async def test_a_mailbox_is_not_filled(
    visitor: httpx.AsyncClient, database: Database, known: tuple[Program, str]
) -> None:
    ada, email = known
    places = [asked(await ask(visitor, email)) for _ in range(3)]
    newest = await right(database, ada.person)

    more = [asked(await ask(visitor, email)) for _ in range(3)]
    with_what_it_had = asked(await ask(visitor, email, ask=places[-1]))

    assert str(newest) == places[-1] == with_what_it_had
    assert await right(database, ada.person) == newest
    assert len({*places, *more}) == 6


async def test_wrong_codes_are_answered_the_same_where_nobody_is_known(
    visitor: httpx.AsyncClient, app: FastAPI, known: tuple[Program, str]
) -> None:
    said = []
    for address in (known[1], somebody()):
        ask_id = asked(await ask(visitor, address))
        typed = [{"ask": ask_id, "code": f"{n:08}"} for n in range(7)]
        answers = [await Program(app).http.post("/sign-in/code", json=each) for each in typed]
        said.append([re.sub("[0-9a-f-]{36}", "", answer.text) for answer in answers])

    assert said[0] == said[1]
    assert said[0][3] != said[0][4]


async def test_what_was_asked_before_is_answered_the_same_where_nobody_is_known(
    visitor: httpx.AsyncClient, known: tuple[Program, str]
) -> None:
    kept = []
    for address in (known[1], somebody()):
        places = [asked(await ask(visitor, address)) for _ in range(3)]
        again = [asked(await ask(visitor, address, ask=place)) for place in places]
        kept.append([before == after for before, after in zip(places, again, strict=True)])

    assert kept[0] == kept[1] == [False, False, True]


async def test_links_do_not_count_against_the_mails_by_which_a_request_is_confirmed(
    visitor: httpx.AsyncClient, app: FastAPI, database: Database, known: tuple[Program, str]
) -> None:
    """So that nobody learns from a limit whom the studio knows."""
    mails = []
    for address in (known[1], somebody()):
        await Program(app).http.post("/people", json={"name": "Bo", "email": address})
        for _ in range(4):
            await ask(visitor, address)
        async with database.transaction() as tx:
            query = "SELECT person FROM person WHERE email = $1 ORDER BY recorded_at DESC LIMIT 1"
            limits = await store.sender_limits(
                tx, await tx.connection.fetchval(query, address), mails_since=system_clock() - timedelta(days=1)
            )
        assert limits
        mails.append(limits.mails)

    assert mails == [0, 0]


async def test_who_asks_many_times_at_once_fills_no_mailbox(
    visitor: httpx.AsyncClient, database: Database, known: tuple[Program, str]
) -> None:
    ada, email = known
    await asyncio.gather(*(ask(visitor, email) for _ in range(8)))

    assert ada.person
    assert (await facts_about(database, ada.person)).count("LinkAsked") == sign_in.FREE


async def test_a_link_is_used_and_the_session_before_ends_together(
    customer: httpx.AsyncClient, database: Database, known: tuple[Program, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the answer fails, the link is still good."""
    ada, email = known
    await ask(customer, email)
    link = SECRETS.link(await right(database, ada.person))

    async def fails(*_: object) -> None:
        raise refused_link(OneTimeResult.WRONG)

    with monkeypatch.context() as patched:
        patched.setattr("services.intake.pages.sign_in.end_browser_session", fails)
        lost = await customer.post("/sign-in/link", data={"link": link})
    came = await customer.post("/sign-in/link", data={"link": link})

    assert (lost.status_code, came.status_code) == (403, 303)


async def test_somebody_of_the_studio_comes_in_by_the_same_door(
    visitor: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    desk, email = Program(app), somebody()
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    invited = (await desk.post("/people/colleagues", {"name": "Bo", "email": email, "role": "maker"})).json()

    await ask(visitor, email)
    came = await visitor.post(
        "/sign-in/link", data={"link": SECRETS.link(await right(database, UUID(invited["person"])))}
    )

    assert (came.status_code, came.headers["location"]) == (303, "/bench")


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "a b@example.org"])
async def test_what_is_no_address_is_said_so(visitor: httpx.AsyncClient, typed: str) -> None:
    answer = await visitor.post("/sign-in", data={"email": typed})

    assert answer.status_code == 422
    assert 'id="email-problem"' in answer.text


async def test_the_api_does_the_same(app: FastAPI, database: Database, known: tuple[Program, str]) -> None:
    ada, email = known
    stranger = Program(app)

    answer = await stranger.http.post("/sign-in", json={"email": email})
    made = await right(database, ada.person)
    wrong = await stranger.http.post("/sign-in/code", json={"ask": answer.json()["ask"], "code": "1"})
    came = await stranger.http.post("/sign-in/code", json={"ask": answer.json()["ask"], "code": SECRETS.code(made)})
    by_link = await stranger.http.post("/sign-in/link", json={"link": SECRETS.link(made)})

    assert answer.status_code == 202
    assert (wrong.status_code, came.status_code, by_link.status_code) == (422, 201, 403)
    assert came.json()["person"] == str(ada.person)


async def test_a_maker_page_leads_a_stranger_to_the_sign_in(visitor: httpx.AsyncClient) -> None:
    renewed = await visitor.get("/session/renew?next=/bench")

    assert renewed.headers["location"] == "/sign-in?next=%2Fbench"


async def test_whoever_lost_everything_is_the_same_person_by_a_new_link(
    visitor: httpx.AsyncClient, app: FastAPI, database: Database, known: tuple[Program, str]
) -> None:
    ada, email = known
    commission = await ada.commission()
    async with signed_in(app, Role.OPS) as desk:
        found = await desk.get("/people", params={"address": email})
        asks = await desk.get(f"/people/{ada.person}/new-link")
        key = str(new_id())
        made = [await desk.post(f"/people/{ada.person}/new-link", data={"idempotency_key": key}) for _ in range(2)]
    assert ada.person
    told = await newest_fact(database, ada.person, LinkAsked)
    link = SECRETS.link(told.right)

    came = await visitor.post("/invitation", data={"secret": link})
    piece = await visitor.get(f"/commissions/{commission}")

    assert f"/people/{ada.person}/new-link" in found.text
    assert asks.status_code == 200
    assert told.purpose is LinkPurpose.NEW_ACCESS
    assert all(f"/invitation?link={link}" in page.text for page in made)
    assert came.status_code == 303
    assert piece.status_code == 200


async def test_a_new_link_for_nobody_is_not_found(app: FastAPI, ada: Program) -> None:
    desk = Program(app)
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"

    nobodys = await desk.post(f"/people/{uuid4()}/links")
    refused = await ada.post(f"/people/{ada.person}/links")

    assert (nobodys.status_code, refused.status_code) == (404, 403)


def test_the_answer_waits_longer_than_the_work_takes() -> None:
    assert sign_in.ANSWER_AFTER >= 0.2


async def test_whose_access_was_ended_comes_in_by_no_mail_until_ops_give_a_new_link(
    visitor: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    desk, email = Program(app), somebody()
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    invited = (await desk.post("/people/colleagues", {"name": "Bo", "email": email, "role": "maker"})).json()
    place = await ask(visitor, email)
    before = await right(database, UUID(invited["person"]))

    await desk.http.delete(f"/people/colleagues/{invited['person']}/access")
    by_link = await visitor.post("/sign-in/link", data={"link": SECRETS.link(before)})
    by_code = await visitor.post("/sign-in/code", data={"ask": asked(place), "code": SECRETS.code(before)})
    await ask(visitor, email)
    mailed = await right(database, UUID(invited["person"]))
    given = (await desk.post(f"/people/{invited['person']}/links")).json()
    again = await visitor.post("/invitation", data={"secret": given["secret"]})

    assert (by_link.status_code, by_code.status_code) == (403, 422)
    assert mailed == before
    assert again.status_code == 303
