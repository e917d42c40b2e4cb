"""The studio hands its tablet to a customer at the counter, who decides there about one commission."""

import asyncio
import io
import json
from datetime import timedelta
from uuid import UUID
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.people import Person, Session
from services.intake.domain.sessions import Device
from services.intake.store import add_person, erasure, open_session
from shared.auth.roles import Role
from shared.auth.tokens import TOKEN_LIFE, Verifier
from shared.contracts.commissions import (
    ApprovalGiven,
    ApprovalRefused,
    CancellationAsked,
    CommissionConfirmed,
    CommissionWithdrawn,
    WithdrawalReason,
)
from shared.contracts.sessions import SessionEnded
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    ORIGIN,
    RING,
    Program,
    browser,
    newest_fact,
    person_of,
    signed_in,
    token,
)
from tests.support.intake_facts import CommissionFacts, ask_approval

OPS = new_id()
TICKED = {"sign_words": "yes", "sign_layout": "yes", "brief_version": "1"}


@pytest.fixture
async def ops(app: FastAPI, database: Database) -> Program:
    """Somebody of the studio, at the API."""
    async with database.transaction() as tx:
        await add_person(tx, Person(OPS, Role.OPS, "Ida Ops", "ida@example.org"), system_clock())
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS, OPS)}"
    return program


@pytest.fixture
async def walked_in(ops: Program) -> UUID:
    """A commission of somebody without an e-mail address, whom the studio has entered."""
    return await entered(ops)


async def entered(ops: Program, **said: str) -> UUID:
    body = {"craft": "jewellery", "offering": "engraved-ring", "answers": RING, "way": "counter", **said}
    answer = await ops.post("/requests", {"for_name": "Zoë Quist", **body} if not said else body)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return UUID(answer.json()["commission"])


async def customer_of(database: Database, commission: UUID) -> UUID:
    return (await newest_fact(database, commission, CommissionConfirmed)).customer


async def tablet_of(app: FastAPI, ops: Program, commission: UUID) -> Program:
    """A program of the customer, on the tablet that they were handed."""
    answer = await ops.post(f"/commissions/{commission}/tablet", {"name": "Zoë Quist"})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return program


async def until_making(database: Database, commission: UUID) -> None:
    await CommissionFacts(database, commission, await customer_of(database, commission)).until_making()


async def test_the_browser_is_the_customers_for_this_commission_and_no_longer_the_studios(
    app: FastAPI, database: Database, walked_in: UUID
) -> None:
    async with signed_in(app, Role.OPS, OPS) as tablet:
        asked = await tablet.get(f"/commissions/{walked_in}/tablet")
        handed = await tablet.post(f"/commissions/{walked_in}/tablet", data={"name": "Zoë Quist"})
        page = await tablet.get(f"/commissions/{walked_in}")
        forbidden = [await tablet.get(path) for path in ("/commissions", "/requests/new", "/people", "/your-data")]

        assert "Zoë Quist decides on this tablet" in asked.text
        assert handed.headers["location"] == f"/commissions/{walked_in}"
        assert handed.headers["clear-site-data"] == '"cache"'
        assert person_of(app, tablet) == await customer_of(database, walked_in)
        assert COOKIES.session not in tablet.cookies
    assert "Hand the tablet back" in page.text
    assert {each.status_code for each in forbidden} == {httpx.codes.FORBIDDEN}


async def test_the_tablet_handed_back_is_nobodys(app: FastAPI, database: Database, walked_in: UUID) -> None:
    async with signed_in(app, Role.OPS, OPS) as tablet:
        await tablet.post(f"/commissions/{walked_in}/tablet", data={"name": "Zoë Quist"})
        kept = dict(tablet.cookies)
        back = await tablet.post("/sign-out", data={"sure": "yes"})

    session = await session_of(database, walked_in)
    ended = await newest_fact(database, session, SessionEnded)
    assert (back.status_code, ended.session) == (httpx.codes.SEE_OTHER, session)
    assert COOKIES.token in kept


async def session_of(database: Database, commission: UUID) -> UUID:
    async with database.statement() as tx:
        found: UUID = await tx.connection.fetchval(
            "SELECT session FROM tablet_handover WHERE commission = $1", commission
        )
    return found


async def test_a_token_of_the_tablet_is_over_after_a_quarter_of_an_hour_and_not_renewed(
    ops: Program, database: Database, walked_in: UUID
) -> None:
    answer = await ops.post(f"/commissions/{walked_in}/tablet", {"name": "Zoë Quist"})

    async with database.statement() as tx:
        lasts: timedelta = await tx.connection.fetchval(
            "SELECT s.expires_at - s.opened_at FROM session AS s INNER JOIN tablet_handover AS h USING (session) "
            "WHERE h.commission = $1",
            walked_in,
        )
    assert lasts == TOKEN_LIFE
    assert "session" not in answer.json()


async def test_another_commission_of_the_same_customer_is_out_of_reach(
    app: FastAPI, ops: Program, database: Database, walked_in: UUID
) -> None:
    other = await entered(ops, for_customer=str(await customer_of(database, walked_in)))
    tablet = await tablet_of(app, ops, walked_in)

    answers = [
        await tablet.http.get(f"/commissions/{other}"),
        await tablet.http.get("/commissions"),
        await tablet.post(f"/commissions/{other}/withdraw", {"reason": "other"}),
        await tablet.http.get("/people/me/export"),
        await tablet.http.delete("/session"),
    ]

    assert {each.status_code for each in answers} == {httpx.codes.FORBIDDEN}
    assert answers[0].json()["detail"] == "On this tablet there is one commission alone."
    assert (await tablet.http.get(f"/commissions/{walked_in}")).status_code == httpx.codes.OK


async def test_a_request_that_is_withdrawn_there_names_who_stood_by(
    app: FastAPI, ops: Program, database: Database, walked_in: UUID
) -> None:
    tablet = await tablet_of(app, ops, walked_in)

    twice = [await tablet.post(f"/commissions/{walked_in}/withdraw", {"reason": "other"}) for _ in range(2)]

    withdrawn = await newest_fact(database, walked_in, CommissionWithdrawn)
    assert {each.status_code for each in twice} == {httpx.codes.OK}
    assert (withdrawn.by, withdrawn.customer) == (OPS, await customer_of(database, walked_in))


async def test_a_sign_off_on_the_tablet_is_the_customers_and_names_who_stood_by(
    app: FastAPI, database: Database, walked_in: UUID
) -> None:
    await until_making(database, walked_in)
    approval = await ask_approval(database, walked_in, "engraving")
    here = f"/commissions/{walked_in}/approvals/{approval}"

    async with signed_in(app, Role.OPS, OPS) as tablet:
        refused = await tablet.post(f"{here}/sign", data=TICKED)
        await tablet.post(f"/commissions/{walked_in}/tablet", data={"name": "Zoë Quist"})
        signed = [await tablet.post(f"{here}/sign", data=TICKED) for _ in range(2)]

    given = await newest_fact(database, walked_in, ApprovalGiven)
    assert refused.status_code == httpx.codes.FORBIDDEN
    assert {each.status_code for each in signed} == {httpx.codes.SEE_OTHER}
    assert (given.approval, given.by) == (approval, OPS)


async def test_a_change_and_a_cancellation_name_who_stood_by(
    app: FastAPI, ops: Program, database: Database, walked_in: UUID
) -> None:
    await until_making(database, walked_in)
    approval = await ask_approval(database, walked_in, "engraving")
    tablet = await tablet_of(app, ops, walked_in)

    refused = await tablet.post(f"/commissions/{walked_in}/approvals/{approval}/refuse", {"words": "Without a dot."})
    terms = (await tablet.http.get(f"/commissions/{walked_in}/cancel")).json()["terms"]
    agreed = {"owed_percent": terms["percent"], "reason": WithdrawalReason.OTHER}
    cancelled = await tablet.post(f"/commissions/{walked_in}/cancel", agreed)

    assert (refused.status_code, cancelled.status_code) == (200, 200), cancelled.text
    assert (await newest_fact(database, walked_in, ApprovalRefused)).by == OPS
    assert (await newest_fact(database, walked_in, CancellationAsked)).by == OPS


async def test_what_the_customer_does_elsewhere_names_nobody_of_the_studio(ada: Program, database: Database) -> None:
    commission = await ada.commission()

    await ada.post(f"/commissions/{commission}/withdraw", {"reason": "other"})

    assert (await newest_fact(database, commission, CommissionWithdrawn)).by is None


async def test_the_customer_types_a_name_which_goes_when_they_are_erased(
    app: FastAPI, ops: Program, database: Database, walked_in: UUID
) -> None:
    async with signed_in(app, Role.OPS, OPS) as tablet:
        nameless = await tablet.post(f"/commissions/{walked_in}/tablet", data={"name": " "})
        still = await tablet.get("/requests/new")
    await tablet_of(app, ops, walked_in)
    before = (await ops.http.get(f"/commissions/{walked_in}/tablet")).json()
    customer = await customer_of(database, walked_in)
    taken_along = (await ops.http.get(f"/people/{customer}/export")).content
    await erase(database, customer)

    async with database.statement() as tx:
        after = await tx.connection.fetchval("SELECT name FROM tablet_handover WHERE commission = $1", walked_in)
    assert "The customer types their own name." in nameless.text
    assert (nameless.status_code, still.status_code) == (httpx.codes.UNPROCESSABLE_ENTITY, httpx.codes.OK)
    assert [(each["by"], each["name"]) for each in before] == [(str(OPS), "Zoë Quist")]
    with ZipFile(io.BytesIO(taken_along)) as archive:
        [exported] = json.loads(archive.read("data.json"))["commissions"]
    assert [each["name"] for each in exported["on_the_tablet"]] == ["Zoë Quist"]
    assert after == ""


async def erase(database: Database, person: UUID) -> None:
    async with database.transaction() as tx:
        await erasure.erase_person(tx, person, [], system_clock())


async def test_only_the_studio_hands_over_and_only_what_is_confirmed(app: FastAPI, ada: Program, ops: Program) -> None:
    mine = await ada.commission()
    waiting = await (await Program(app).sign_up("Zoe", f"zoe-{new_id().hex[-12:]}@example.org")).commission()

    by_customer = await ada.post(f"/commissions/{mine}/tablet", {"name": "Ada"})
    unconfirmed = await ops.post(f"/commissions/{waiting}/tablet", {"name": "Zoe"})
    missing = await ops.post(f"/commissions/{new_id()}/tablet", {"name": "Zoe"})

    assert by_customer.status_code == httpx.codes.FORBIDDEN
    assert (unconfirmed.status_code, missing.status_code) == (httpx.codes.CONFLICT, httpx.codes.NOT_FOUND)


async def test_the_tablet_hands_nothing_on(app: FastAPI, ops: Program, walked_in: UUID) -> None:
    tablet = await tablet_of(app, ops, walked_in)

    again = await tablet.post(f"/commissions/{walked_in}/tablet", {"name": "Somebody Else"})

    assert again.status_code == httpx.codes.FORBIDDEN
    async with browser(app, at=ORIGIN) as stranger:
        assert (await stranger.get(f"/commissions/{walked_in}/tablet")).status_code != httpx.codes.OK


async def test_two_presses_hand_over_once(app: FastAPI, ops: Program, database: Database, walked_in: UUID) -> None:
    there = f"/commissions/{walked_in}/tablet"
    async with signed_in(app, Role.OPS, OPS) as tablet:
        await keep_session_of(app, tablet, database)
        pressed = await asyncio.gather(*(tablet.post(there, data={"name": "Zoë Quist"}) for _ in range(2)))

    before = (await ops.http.get(there)).json()
    assert {each.headers["location"] for each in pressed} == {f"/commissions/{walked_in}"}
    assert [each.headers.get_list("set-cookie") != [] for each in pressed].count(True) == 1
    assert len(before) == 1


async def keep_session_of(app: FastAPI, tablet: httpx.AsyncClient, database: Database) -> None:
    """The session behind the token of somebody who is signed in by nothing else."""
    verifier: Verifier = app.state.verifier
    caller = verifier.caller(tablet.cookies[COOKIES.token], system_clock())
    session = Session(caller.session, OPS, Role.OPS, system_clock() + TOKEN_LIFE, "Ida Ops")
    async with database.transaction() as tx:
        await open_session(tx, session, new_id().bytes, Device(), system_clock())


async def test_a_program_hands_the_tablet_back(app: FastAPI, ops: Program, database: Database, walked_in: UUID) -> None:
    tablet = await tablet_of(app, ops, walked_in)
    session = await session_of(database, walked_in)

    twice = [await tablet.http.delete(f"/commissions/{walked_in}/tablet") for _ in range(2)]

    assert twice[0].status_code == httpx.codes.NO_CONTENT
    assert (await newest_fact(database, session, SessionEnded)).session == session
    assert [each["is_open"] for each in (await ops.http.get(f"/commissions/{walked_in}/tablet")).json()] == [False]


async def test_the_studio_ends_what_is_open_on_a_tablet_from_another_browser(
    app: FastAPI, ops: Program, database: Database, walked_in: UUID
) -> None:
    await tablet_of(app, ops, walked_in)
    session = await session_of(database, walked_in)

    async with signed_in(app, Role.OPS, OPS) as elsewhere:
        before = await elsewhere.get(f"/commissions/{walked_in}/tablet")
        ended = await elsewhere.post(f"/commissions/{walked_in}/tablet/end")
        after = await elsewhere.get(f"/commissions/{walked_in}/tablet")

    assert ended.status_code == httpx.codes.SEE_OTHER
    assert (await newest_fact(database, session, SessionEnded)).session == session
    assert ("End it there" in before.text, "End it there" in after.text) == (True, False)


async def test_somebody_elses_tablet_is_not_found(ada: Program, ops: Program, walked_in: UUID, app: FastAPI) -> None:
    await tablet_of(app, ops, walked_in)

    foreign = await ada.http.delete(f"/commissions/{walked_in}/tablet")

    assert foreign.status_code == httpx.codes.NOT_FOUND
    assert [each["is_open"] for each in (await ops.http.get(f"/commissions/{walked_in}/tablet")).json()] == [True]
