"""Letting somebody go again: their sessions and their link are over, for good, and nobody else's."""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.intake.actions import people
from services.intake.actions.sessions import SignInContext
from shared.auth.roles import Caller
from shared.contracts.access import AccessEnded
from shared.contracts.people import Role
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import (
    COOKIES,
    Program,
    browser,
    facts_about,
    kernel_of,
    local_link,
    newest_fact,
    sign_in_link,
    signed_in,
    token,
)
from tests.support.intake_facts import CommissionFacts

WayIn = tuple[str, dict[str, str]]
BO = {"name": "Bo Hammer", "email": "bo@example.org"}


@dataclass(frozen=True)
class Known:
    """Somebody who was invited and signed in: what their browser keeps, and their way at the API."""

    person: UUID
    session: str
    token: str

    def cookies(self) -> dict[str, str]:
        return {COOKIES.token: self.token, COOKIES.session: self.session}


def program(app: FastAPI, written: str) -> Program:
    found = Program(app)
    found.http.headers["Authorization"] = f"Bearer {written}"
    return found


@pytest.fixture
def ops(app: FastAPI) -> Program:
    return program(app, token(Role.OPS))


async def invite(ops: Program, role: str = "maker") -> tuple[UUID, str]:
    said = (await ops.post("/people/colleagues", {**BO, "role": role})).json()
    return UUID(said["person"]), said["secret"]


async def come(app: FastAPI, ops: Program, role: str = "maker") -> Known:
    """Somebody is invited, and signs in."""
    person, secret = await invite(ops, role)
    said = (await Program(app).post("/session/invitation", {"secret": secret})).json()
    return Known(person, said["session"], said["token"])


async def renews(app: FastAPI, session: str) -> bool:
    answer = await Program(app).http.post("/session/renew", json={"session": session})
    assert answer.status_code in {200, 401}
    return answer.status_code == httpx.codes.OK


def access_of(person: UUID) -> str:
    return f"/people/colleagues/{person}/access"


@pytest.mark.parametrize("role", ["maker", "ops"])
async def test_who_is_let_go_renews_nothing_and_everybody_else_stays(app: FastAPI, ops: Program, role: str) -> None:
    gone, stays = await come(app, ops, role), await come(app, ops, role)

    ended = await ops.http.delete(access_of(gone.person))

    assert ended.status_code == 204
    assert not await renews(app, gone.session)
    assert await renews(app, stays.session)


async def test_every_session_of_theirs_is_over(app: FastAPI, ops: Program) -> None:
    person, secret = await invite(ops)
    came = [(await Program(app).post("/session/invitation", {"secret": secret})).json()]
    for _ in range(2):
        said = (await ops.post(f"/people/{person}/links")).json()
        came.append((await Program(app).post("/session/invitation", {"secret": said["secret"]})).json())

    await ops.http.delete(access_of(person))

    assert [await renews(app, each["session"]) for each in came] == [False] * 3


async def test_a_link_that_was_not_used_lets_nobody_in_any_more(app: FastAPI, ops: Program) -> None:
    person, secret = await invite(ops)
    _, another = await invite(ops)

    await ops.http.delete(access_of(person))

    assert (await Program(app).post("/session/invitation/look", {"secret": secret})).status_code == 403
    assert (await Program(app).post("/session/invitation", {"secret": secret})).status_code == 403
    assert (await Program(app).post("/session/invitation", {"secret": another})).status_code == 201


async def test_who_was_erased_lets_nobody_in_while_their_token_lasts(app: FastAPI, ops: Program) -> None:
    stays, gone = await come(app, ops, "ops"), await come(app, ops, "ops")
    theirs = program(app, gone.token)

    before = await theirs.post(f"/people/{stays.person}/links")
    erased = (await theirs.post("/people/me/erasure")).json()
    after = [
        await theirs.post("/people/colleagues", {**BO, "role": "ops"}),
        await theirs.post(f"/people/{stays.person}/links"),
        await theirs.http.delete(access_of(stays.person)),
    ]

    assert (before.status_code, erased["erased_at"] is not None) == (201, True)
    assert [each.status_code for each in after] == [401] * 3


async def test_twice_is_the_same_as_once(app: FastAPI, ops: Program, database: Database) -> None:
    gone = await come(app, ops)

    async def kept() -> list[tuple[object, ...]]:
        async with database.transaction() as tx:
            rows = await tx.connection.fetch(
                "SELECT revoked_at, used_at FROM session JOIN invitation USING (person) WHERE person = $1", gone.person
            )
        return [tuple(row) for row in rows]

    first, after_first = await ops.http.delete(access_of(gone.person)), await kept()
    second, after_second = await ops.http.delete(access_of(gone.person)), await kept()

    assert (first.status_code, second.status_code) == (204, 204)
    assert after_first == after_second
    assert after_first[0][0] is not None


async def test_who_ends_whose_access_is_published_once(app: FastAPI, database: Database) -> None:
    by = new_id()
    ops = program(app, token(Role.OPS, by))
    gone = await come(app, ops, "ops")

    for _ in range(2):
        await ops.http.delete(access_of(gone.person))

    told = await newest_fact(database, gone.person, AccessEnded)
    assert (told.person, told.role, told.by) == (gone.person, Role.OPS, by)
    assert await facts_about(database, gone.person) == ["PersonRecorded", "InvitationSent", "LinkAsked", "AccessEnded"]


async def test_somebody_whose_access_was_ended_can_be_invited_again(app: FastAPI, ops: Program) -> None:
    gone = await come(app, ops)
    await ops.http.delete(access_of(gone.person))

    back = await come(app, ops)

    assert await renews(app, back.session)
    assert not await renews(app, gone.session)


async def test_what_is_known_of_them_says_their_status(app: FastAPI, ops: Program) -> None:
    invited, _ = await invite(ops)
    came = await come(app, ops)

    async def status_of(person: UUID) -> tuple[bool, bool]:
        said = (await ops.http.get(f"/people/colleagues/{person}")).json()
        listed = (await ops.http.get("/people/colleagues?limit=20")).json()["items"]
        assert said in [{**each, "pieces": []} for each in listed]
        return said["link_until"] is not None, said["signed_in"]

    before = [await status_of(invited), await status_of(came.person)]
    for person in (invited, came.person):
        await ops.http.delete(access_of(person))

    assert before == [(True, False), (False, True)]
    assert [await status_of(invited), await status_of(came.person)] == [(False, False)] * 2


async def test_only_ops_let_others_go(app: FastAPI, ops: Program, ada: Program) -> None:
    known = await come(app, ops)
    maker = await come(app, ops)

    for somebody in (ada, program(app, maker.token), program(app, token(Role.MAKER))):
        assert (await somebody.http.delete(access_of(known.person))).status_code == 403
        assert (await somebody.http.get(f"/people/colleagues/{known.person}")).status_code == 403
    for role in (Role.MAKER, Role.CUSTOMER):
        async with signed_in(app, role) as page:
            assert (await page.get(f"/people/{known.person}/end-access")).status_code == 403
            assert (await page.post(f"/people/{known.person}/end-access")).status_code == 403
    nobody = await Program(app).http.delete(access_of(known.person))

    assert nobody.status_code == 401
    assert await renews(app, known.session)


async def test_a_maker_does_not_end_their_own_either(app: FastAPI, ops: Program) -> None:
    maker = await come(app, ops)

    assert (await program(app, maker.token).http.delete(access_of(maker.person))).status_code == 403
    assert await renews(app, maker.session)


async def test_ops_are_asked_to_sign_out_instead_of_ending_their_own_access(app: FastAPI, ops: Program) -> None:
    own = await come(app, ops, "ops")

    refused = await program(app, own.token).http.delete(access_of(own.person))
    async with browser(app, cookies=own.cookies()) as page:
        asked = await page.get(f"/people/{own.person}/end-access")
        posted = await page.post(f"/people/{own.person}/end-access")
        listed = await page.get("/people")

    assert refused.status_code == 403
    assert refused.json()["remedy"].startswith("To leave this browser, sign out")
    assert (asked.status_code, posted.status_code) == (403, 403)
    assert "To leave this browser, sign out" in asked.text
    assert "This is you" in listed.text
    assert f"/people/{own.person}/end-access" not in listed.text
    assert await renews(app, own.session)


async def test_a_customer_answers_as_somebody_who_is_not_there(app: FastAPI, ops: Program, ada: Program) -> None:
    assert ada.person
    customer = await ops.http.delete(access_of(ada.person))
    nobody = await ops.http.delete(access_of(uuid4()))
    async with signed_in(app, Role.OPS) as page:
        pages = [await page.request(how, f"/people/{ada.person}/end-access") for how in ("GET", "POST")]

    assert (customer.status_code, nobody.status_code) == (404, 404)
    assert customer.json()["detail"] == nobody.json()["detail"]
    assert "Choose somebody from the list" in customer.json()["remedy"]
    assert [page.status_code for page in pages] == [404, 404]
    assert await renews(app, ada.session)


async def test_who_was_let_go_lets_nobody_in_while_their_token_lasts(app: FastAPI, ops: Program) -> None:
    gone, colleague = await come(app, ops, "ops"), await come(app, ops, "ops")
    await ops.http.delete(access_of(gone.person))
    own_name = f"Back door {new_id()}"

    with_token = program(app, gone.token)
    let_in = await with_token.post("/people/colleagues", {**BO, "name": own_name, "role": "ops"})
    ended = await with_token.http.delete(access_of(colleague.person))
    async with browser(app, cookies=gone.cookies()) as page:
        form = {**BO, "name": own_name, "role": "ops", "idempotency_key": str(new_id())}
        by_page = await page.post("/people", data=form)
    listed = await ops.http.get("/people/colleagues?limit=20")

    assert (let_in.status_code, ended.status_code, by_page.status_code) == (401, 401, 401)
    assert own_name not in listed.text
    assert "link=" not in by_page.text
    assert await renews(app, colleague.session)


async def test_who_is_just_coming_in_is_let_go_as_well(app: FastAPI, ops: Program, database: Database) -> None:
    """The two meet: the session that is opened meanwhile does not outlive the access."""
    kernel = await kernel_of(database)
    context = SignInContext.of(kernel.settings, kernel.ids)
    person, secret = await invite(ops)
    by = Caller(uuid4(), Role.OPS, uuid4())

    async def end() -> None:
        async with database.transaction() as tx:
            await people.end_access(tx, context, by, person, system_clock())

    async with database.transaction() as tx:
        came = await people.sign_in_by_invitation(tx, context, secret, system_clock())
        ending = asyncio.create_task(end())
        done, _ = await asyncio.wait({ending}, timeout=0.3)
        assert not done
    await ending

    assert came.secret
    assert not await renews(app, came.secret)


async def test_the_page_asks_first_by_name_and_then_says_that_it_is_done(app: FastAPI, ops: Program) -> None:
    gone = await come(app, ops)
    where = f"/people/{gone.person}/end-access"
    async with signed_in(app, Role.OPS) as page, browser(app, cookies=gone.cookies()) as theirs:
        listed = await page.get("/people")
        asked = await page.get(where)
        assert await renews(app, gone.session)
        done = await page.post(where)
        again = await page.post(where)
        after = await page.get(done.headers["location"])
        listed_after = await page.get("/people")
        theirs.cookies.delete(COOKIES.token)
        bench = await theirs.get("/session/renew?next=/bench")

    assert f'href="{where}"' in listed.text
    assert "End access for Bo Hammer?" in asked.text
    assert "are signed out within seconds." in asked.text
    assert (done.status_code, again.status_code) == (303, 303)
    assert "Bo Hammer has no access" in after.text
    assert '<form method="post" action="/people' not in after.text
    assert f'href="{where}"' not in listed_after.text
    assert (bench.status_code, bench.headers["location"]) == (303, "/sign-in?next=%2Fbench")
    assert {cookie.partition("=")[2].partition(";")[0] for cookie in bench.headers.get_list("set-cookie")} == {'""'}


async def test_the_studio_is_told_which_pieces_are_left_on_the_bench(
    app: FastAPI, ops: Program, database: Database
) -> None:
    gone, customer = await come(app, ops), await Program(app).join()
    commission = await customer.commission()
    assert customer.person
    record = CommissionFacts(database, commission, customer.person, maker=gone.person)
    await record.until_making()
    where = f"/people/{gone.person}/end-access"
    async with signed_in(app, Role.OPS) as page:
        asked = await page.get(where)
        await page.post(where)
        after = await page.get(where)
    told = (await ops.http.get(f"/people/colleagues/{gone.person}")).raise_for_status().json()

    assert f'href="/bench/commissions/{commission}"' in asked.text
    assert f'href="/bench/commissions/{commission}"' in after.text
    assert told["pieces"] == [str(commission)]
    assert (await newest_fact(database, gone.person, AccessEnded)).pieces == (commission,)


async def test_another_site_can_let_nobody_go(app: FastAPI, ops: Program) -> None:
    known = await come(app, ops)
    async with signed_in(app, Role.OPS) as page:
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
        answer = await page.post(f"/people/{known.person}/end-access", headers=headers)

    assert answer.status_code == 403
    assert await renews(app, known.session)


@pytest.fixture(params=["local_link", "invitation", "mailed_link"])
async def way_in(request: pytest.FixtureRequest, ops: Program, ada: Program, database: Database) -> WayIn:
    """Where a link of each kind is sent from, and with what."""
    if request.param == "local_link":
        return "/sign-in/local", {"link": local_link(Role.OPS)}
    if request.param == "invitation":
        return "/invitation", {"secret": (await invite(ops))[1]}
    assert ada.person
    return "/sign-in/link", {"link": await sign_in_link(database, ada.person)}


@pytest.mark.parametrize("kept", ["both", "session", "token"])
async def test_signing_in_again_ends_the_session_that_the_browser_had(
    app: FastAPI, ops: Program, way_in: WayIn, kept: str
) -> None:
    held, elsewhere = await come(app, ops), await come(app, ops)
    cookies = {name: held.cookies()[name] for name in held.cookies() if kept in {"both", _kind(name)}}
    place, form = way_in
    async with browser(app) as page:
        for name, value in cookies.items():
            page.cookies.set(name, value, domain="studio.test", path="/")
        came = await page.post(place, data=form)
        new = page.cookies[COOKIES.session]

    assert came.status_code == 303
    assert not await renews(app, held.session)
    assert await renews(app, elsewhere.session)
    assert await renews(app, new)


async def test_a_link_that_lets_nobody_in_ends_nothing(app: FastAPI, ops: Program, way_in: WayIn) -> None:
    held, (place, form) = await come(app, ops), way_in

    async with browser(app, cookies=held.cookies()) as page:
        answer = await page.post(place, data=dict.fromkeys(form, "nonsense"))

    assert answer.status_code == 403
    assert await renews(app, held.session)


def _kind(name: str) -> str:
    return "session" if name == COOKIES.session else "token"
