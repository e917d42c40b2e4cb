"""What becomes of requests that nobody confirms, and how many there may be."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from fastapi import FastAPI

from services.intake.actions import confirmations, erasure
from services.intake.domain.confirmations import Waiting
from shared.auth.roles import Role
from shared.contracts.commissions import ConfirmationAsked, ConfirmationReminded, DropReason, RequestDropped
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import (
    Program,
    app_of,
    facts_about,
    kernel_of,
    mailed_right,
    newest_fact,
    signed_in,
)
from tests.support.intake_facts import CommissionFacts

WAITING = Waiting(remind_after=timedelta(hours=48), within=timedelta(days=7))


async def at(database: Database, now: datetime) -> None:
    """What intake's loop does at this time, all of it, and a second time."""
    for _ in range(2):
        for step in (confirmations.remind, confirmations.end):
            more = 1
            while more:
                async with database.transaction() as tx:
                    more = await step(tx, WAITING, now)


async def test_nobody_answers_so_there_is_one_reminder_and_an_end(app: FastAPI, database: Database) -> None:
    zoe, now = await Program(app).sign_up("Zoe"), system_clock()
    commission = await zoe.commission()
    asked = await newest_fact(database, commission, ConfirmationAsked)
    mailed = await mailed_right(database, commission)

    await at(database, now + timedelta(hours=47))
    early = await facts_about(database, commission)
    await at(database, now + timedelta(hours=49))
    await at(database, now + timedelta(days=6))
    reminded = await newest_fact(database, commission, ConfirmationReminded)
    await at(database, now + timedelta(days=8))
    late = await zoe.http.post(f"/commissions/{commission}/confirmation/yes", json={"link": mailed.link})

    assert early == ["ConfirmationAsked"]
    assert await facts_about(database, commission) == ["ConfirmationAsked", "ConfirmationReminded", "RequestDropped"]
    assert (reminded.right, reminded.person) == (asked.right, zoe.person)
    assert (await newest_fact(database, commission, RequestDropped)).reason is DropReason.EXPIRED
    assert zoe.person
    assert (await facts_about(database, zoe.person))[-1] == "Tombstone"
    assert late.status_code == 403
    assert (await zoe.http.get(f"/commissions/{commission}")).status_code == httpx.codes.NOT_FOUND


async def test_an_expired_link_says_so(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)
    later = app_of(await kernel_of(database, clock=lambda: system_clock() + timedelta(days=8)))

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(later), base_url="https://studio.test", headers={"Accept": "text/html"}
    ) as visitor:
        shown = await visitor.get(f"/commissions/{commission}/confirm", params={"link": mailed.link})

    assert shown.status_code == 403
    assert "nobody confirmed it in time" in shown.text


async def test_what_is_confirmed_is_neither_reminded_of_nor_ended(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)
    let_in = await zoe.post(f"/commissions/{commission}/confirmation", {"code": mailed.code})

    await at(database, system_clock() + timedelta(days=8))

    assert let_in.status_code == httpx.codes.CREATED
    assert await facts_about(database, commission) == ["ConfirmationAsked", "CommissionConfirmed", "BriefWritten"]
    account = UUID(let_in.json()["person"])
    assert await facts_about(database, account) == ["PersonRecorded"]


async def test_who_signed_up_and_asked_for_nothing_is_forgotten(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    assert zoe.person

    await at(database, system_clock() + timedelta(days=6))
    before = await facts_about(database, zoe.person)
    await at(database, system_clock() + timedelta(days=8))

    assert before == ["PersonRecorded"]
    assert await facts_about(database, zoe.person) == ["PersonRecorded", "Tombstone"]
    assert (await zoe.http.post("/session/renew", json={"session": zoe.session})).status_code == 401


async def test_so_many_requests_of_one_address_wait_and_no_more(app: FastAPI, database: Database) -> None:
    email = f"zoe-{new_id().hex[-12:]}@example.org"
    here, elsewhere = await Program(app).sign_up("Zoe", email), await Program(app).sign_up("Zed", email)
    key = str(new_id())
    sent = [await (here if number % 2 else elsewhere).submit() for number in range(4)]
    sent.append(await here.submit(key=key))

    refused = [await here.submit(), await elsewhere.submit()]
    again = await here.submit(key=key)
    first = UUID(sent[1].json()["commission"])
    denied = await here.http.post(
        f"/commissions/{first}/confirmation/no", json={"link": (await mailed_right(database, first)).link}
    )

    assert [each.status_code for each in sent] == [201] * 5
    assert [each.status_code for each in refused] == [409, 409]
    assert "5 requests with this email address are waiting" in refused[0].text
    assert "confirm or delete them" in refused[0].text
    assert again.json() == sent[-1].json()
    assert denied.status_code == httpx.codes.NO_CONTENT
    assert (await elsewhere.submit()).status_code == 201


async def test_so_many_mails_a_day_go_to_one_address(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    commission = await zoe.commission()

    again = [await zoe.post(f"/commissions/{commission}/confirmation/mails") for _ in range(8)]
    another = await zoe.submit()

    assert [each.status_code for each in again] == [202] * 7 + [429]
    assert again[-1].headers["retry-after"]
    assert another.status_code == 429
    assert "often enough today" in another.text
    assert (await facts_about(database, commission)).count("ConfirmationAsked") == 8


async def test_so_many_commissions_may_be_unpaid_and_a_paid_one_makes_room(database: Database) -> None:
    app = app_of(await kernel_of(database, open_unpaid=2))
    ada = await Program(app).join()
    first, second = await ada.commission(), await ada.commission()

    refused = await ada.submit()
    assert ada.person
    await CommissionFacts(database, first, ada.person).until_making()
    made_room = await ada.submit()
    withdrawn = await ada.post(f"/commissions/{second}/withdraw", {"reason": "other"})

    assert refused.status_code == 409
    assert "2 open commissions without a deposit" in refused.text
    assert made_room.status_code == 201
    assert withdrawn.status_code == 200
    assert (await ada.submit()).status_code == 201


async def test_who_has_too_much_open_is_told_when_they_confirm(database: Database) -> None:
    app = app_of(await kernel_of(database, open_unpaid=1))
    email = f"ada-{new_id().hex[-12:]}@example.org"
    known, stranger = await Program(app).join("Ada", email), await Program(app).sign_up("Ada", email)
    first, commission = await known.commission(), await stranger.commission()
    mailed = await mailed_right(database, commission)

    refused = await stranger.http.post(f"/commissions/{commission}/confirmation/yes", json={"link": mailed.link})
    await known.post(f"/commissions/{first}/withdraw", {"reason": "other"})
    confirmed = await stranger.http.post(f"/commissions/{commission}/confirmation/yes", json={"link": mailed.link})

    assert refused.status_code == 409
    assert "open commission without a deposit" in refused.text
    assert confirmed.status_code == 201
    assert UUID(confirmed.json()["person"]) == known.person


async def test_who_leaves_takes_what_nobody_has_confirmed_along(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    commission = await zoe.commission()

    answer = await zoe.post("/people/me/erasure")

    assert answer.is_success, answer.text
    assert (await newest_fact(database, commission, RequestDropped)).reason is DropReason.WITHDRAWN
    assert zoe.person
    assert "Tombstone" in await facts_about(database, zoe.person)


async def test_who_joined_an_account_is_not_taken_for_one_that_a_backup_revived(
    app: FastAPI, database: Database
) -> None:
    zoe, elsewhere = await Program(app).sign_up("Zoe"), Program(app)
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)
    await elsewhere.post(f"/commissions/{commission}/confirmation/yes", {"link": mailed.link})

    await erasure.carry_out_due(database, system_clock())
    let_in = await zoe.post(f"/commissions/{commission}/confirmation", {"code": mailed.code})

    assert let_in.status_code == httpx.codes.CREATED, let_in.text


async def test_an_invitation_of_a_provisional_customer_goes_with_them(app: FastAPI, database: Database) -> None:
    zoe, yan = await Program(app).sign_up("Zoe"), await Program(app).sign_up("Yan")
    commission, other = await zoe.commission(), await yan.commission()
    mailed = await mailed_right(database, commission)
    await run(database, _INVITATION, zoe.person, b"z" * 32)
    await run(database, _INVITATION, yan.person, b"y" * 32)

    denied = await zoe.http.post(f"/commissions/{commission}/confirmation/no", json={"link": mailed.link})
    await at(database, system_clock() + timedelta(days=8))

    assert denied.status_code == httpx.codes.NO_CONTENT, denied.text
    assert (await newest_fact(database, other, RequestDropped)).reason is DropReason.EXPIRED


async def test_one_who_cannot_be_forgotten_keeps_nobody_else(app: FastAPI, database: Database) -> None:
    zoe, yan = await Program(app).sign_up("Zoe"), await Program(app).sign_up("Yan")
    commission, other = await zoe.commission(), await yan.commission()
    await run(
        database,
        "INSERT INTO passkey (passkey, person, credential, public_key, sign_count, browser, system, added_at)"
        " VALUES ($1, $2, 'c', 'k', 0, '', '', now())",
        new_id(),
        zoe.person,
    )

    await at(database, system_clock() + timedelta(days=8))

    assert await facts_about(database, commission) == ["ConfirmationAsked", "ConfirmationReminded"]
    assert (await newest_fact(database, other, RequestDropped)).reason is DropReason.EXPIRED
    await run(database, "DELETE FROM passkey WHERE person = $1", zoe.person)


async def test_ops_give_no_link_to_an_address_that_was_only_typed(app: FastAPI) -> None:
    email = f"zoe-{new_id().hex[-12:]}@example.org"
    zoe = await Program(app).sign_up("Zoe", email)

    async with signed_in(app, Role.OPS) as desk:
        found = await desk.get("/people", params={"address": email})
        asks = await desk.get(f"/people/{zoe.person}/new-link")
        given = await desk.post(f"/people/{zoe.person}/new-link", data={"idempotency_key": str(new_id())})

    assert "not confirmed yet" in found.text
    assert f"/people/{zoe.person}/new-link" not in found.text
    assert [asks.status_code, given.status_code] == [409, 409]
    assert "They confirm their request first" in given.text


async def test_who_is_forgotten_has_their_sessions_ended(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    commission = await zoe.commission()
    mailed = await mailed_right(database, commission)
    async with database.statement() as tx:
        session = await tx.connection.fetchval("SELECT session FROM session WHERE person = $1", zoe.person)

    await zoe.http.post(f"/commissions/{commission}/confirmation/no", json={"link": mailed.link})

    assert await facts_about(database, session) == ["SessionEnded"]


async def test_requests_sent_at_once_do_not_pass_the_bounds(database: Database) -> None:
    app = app_of(await kernel_of(database, open_unpaid=2))
    zoe, ada = await Program(app).sign_up("Zoe"), await Program(app).join()

    waiting = await asyncio.gather(*(zoe.submit() for _ in range(9)))
    unpaid = await asyncio.gather(*(ada.submit() for _ in range(6)))

    assert sorted(each.status_code for each in waiting) == [201] * 5 + [409] * 4
    assert sorted(each.status_code for each in unpaid) == [201] * 2 + [409] * 4


async def test_mails_asked_for_at_once_do_not_pass_the_bound(app: FastAPI) -> None:
    email = f"zoe-{new_id().hex[-12:]}@example.org"
    senders = [await Program(app).sign_up("Zoe", email) for _ in range(4)]
    sent = [(zoe, await zoe.commission()) for zoe in senders]

    again = await asyncio.gather(
        *(zoe.post(f"/commissions/{commission}/confirmation/mails") for zoe, commission in sent * 2)
    )

    assert sorted(each.status_code for each in again) == [202] * 4 + [429] * 4


async def test_a_backup_from_before_a_confirmation_keeps_what_was_asked_for(app: FastAPI, database: Database) -> None:
    zoe = await Program(app).sign_up("Zoe")
    commission = await zoe.commission()
    await run(
        database,
        "INSERT INTO erased_key (topic, key, own, erased_at) VALUES ('touchmark.people', $1, true, now())",
        zoe.person,
    )

    await erasure.carry_out_due(database, system_clock())

    async with database.statement() as tx:
        answers = await tx.connection.fetchval("SELECT answers::text FROM brief WHERE commission = $1", commission)
    assert "as it was" in answers


_INVITATION = "INSERT INTO invitation (person, secret_sha256, made_at, expires_at) VALUES ($1, $2, now(), now())"


async def run(database: Database, query: str, *arguments: object) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(query, *arguments)
