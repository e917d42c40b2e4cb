"""The browser that sent a form, after its request was confirmed in another one: on the phone, where mail is read."""

import asyncio
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.intake.actions import confirmations
from services.intake.actions.sessions import SignInContext
from shared.auth.roles import Caller, Role
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import (
    RING,
    MailedRight,
    Program,
    browser,
    facts_about,
    mailed_right,
    person_of,
    photo,
)
from tests.support.waiting import until

FORM = {**RING, "craft": "jewellery", "offering": "engraved-ring"}


async def send(client: httpx.AsyncClient, **changed: str) -> httpx.Response:
    """A form with a picture, as a browser sends it."""
    typed = {**FORM, "idempotency_key": str(new_id()), **changed}
    return await client.post("/commissions", data=typed, files={"reference": ("ring.png", photo("PNG"), "image/png")})


async def yes(app: FastAPI, mailed: MailedRight) -> None:
    """Somebody opens the mail's link on their phone."""
    async with browser(app) as phone:
        answer = await phone.post(f"/commissions/{mailed.commission}/confirm/yes", data={"link": mailed.link})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text


@pytest.fixture
async def sent(visitor: httpx.AsyncClient, app: FastAPI, database: Database) -> MailedRight:
    """The visitor has sent a form, and confirmed it on the phone."""
    await visitor.post("/sign-up", data={"name": "Zoe Secret", "email": f"zoe-{new_id().hex[-12:]}@example.org"})
    answer = await send(visitor)
    mailed = await mailed_right(database, UUID(answer.headers["location"].rpartition("/")[2]))
    await yes(app, mailed)
    return mailed


@pytest.fixture
async def joined(app: FastAPI, database: Database) -> Program:
    """The same by a program."""
    zoe = await Program(app).sign_up("Zoe")
    await yes(app, await mailed_right(database, await zoe.commission()))
    return zoe


async def test_another_form_is_kept_and_sent_once_the_code_is_entered(
    visitor: httpx.AsyncClient, sent: MailedRight, database: Database
) -> None:
    kept = await send(visitor, engraving="the second")
    image = kept.text.split('name="reference_kept" value="')[1].split('"')[0]
    let_in = await visitor.post(f"/commissions/{sent.commission}/confirm/code", data={"code": sent.code})
    again = await visitor.post(
        "/commissions",
        data={**FORM, "engraving": "the second", "idempotency_key": str(new_id()), "reference_kept": image},
    )
    page = await visitor.get(again.headers["location"])

    assert kept.status_code == httpx.codes.CONFLICT
    assert "was confirmed in another browser" in kept.text
    assert f'href="/commissions/{sent.commission}"' in kept.text
    assert 'href="/sign-in"' in kept.text
    assert "the second" in kept.text
    assert (let_in.status_code, again.status_code) == (303, 303), again.text
    assert f"/images/{image}" in page.text
    second = UUID(again.headers["location"].rpartition("/")[2])
    assert await facts_about(database, second) == ["CommissionConfirmed", "BriefWritten"]


async def test_a_program_is_told_so(joined: Program) -> None:
    answer = await joined.submit()

    assert answer.status_code == httpx.codes.CONFLICT
    assert answer.json()["code"] == "confirmed_elsewhere"


@pytest.mark.usefixtures("sent")
async def test_nothing_is_said_to_be_erased_there(visitor: httpx.AsyncClient) -> None:
    answers = [
        await visitor.get("/your-data"),
        await visitor.post("/your-data/erase", data={"sure": "yes"}),
    ]

    assert [each.status_code for each in answers] == [404, 404]
    assert all("confirmed in another browser" in each.text for each in answers)


@pytest.mark.usefixtures("sent")
async def test_a_language_chosen_there_publishes_nobody(
    visitor: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    answer = await visitor.post("/language", data={"language": "de", "back": "/"})

    assert answer.status_code == httpx.codes.SEE_OTHER
    assert await facts_about(database, person_of(app, visitor)) == ["PersonRecorded", "Tombstone"]


async def test_neither_name_nor_brief_of_the_account_is_shown_there(
    visitor: httpx.AsyncClient, sent: MailedRight
) -> None:
    page = await visitor.get(f"/commissions/{sent.commission}")

    assert "Confirmed in another browser" in page.text
    assert "as it was" not in page.text
    assert "Requested by" not in page.text


async def test_two_requests_of_one_browser_are_confirmed_at_once(app: FastAPI, database: Database) -> None:
    for _ in range(5):
        zoe = await Program(app).sign_up("Zoe")
        first, second = await zoe.commission(), await zoe.commission()
        mailed = [await mailed_right(database, each) for each in (first, second)]

        answers = await asyncio.gather(
            *(zoe.post(f"/commissions/{each.commission}/confirmation/yes", {"link": each.link}) for each in mailed)
        )

        assert [each.status_code for each in answers] == [201, 201], [each.text for each in answers]
        for each in (first, second):
            assert (await facts_about(database, each)).count("CommissionConfirmed") == 1


async def test_a_form_that_comes_while_another_is_confirmed_waits_for_it(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    assert zoe.person
    mailed = await mailed_right(database, await zoe.commission())
    kernel = app.state.kernel
    context, caller = SignInContext.of(kernel.settings, kernel.ids), Caller(zoe.person, Role.CUSTOMER, new_id())

    async with database.transaction() as tx:
        await confirmations.confirm_by_code(
            tx, context, caller, mailed.commission, code=mailed.code, now=system_clock()
        )
        sending = asyncio.create_task(zoe.submit())

        async def waits() -> bool:
            return sending.done() or await waiting_for_locks(database) > 0

        await until("the form waits for the confirmation, or is through", waits)

    answer = await sending
    assert answer.status_code == httpx.codes.CONFLICT, answer.text
    assert answer.json()["code"] == "confirmed_elsewhere"


async def waiting_for_locks(database: Database) -> int:
    async with database.statement() as tx:
        found: int = await tx.connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
    return found
