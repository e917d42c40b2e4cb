"""Makers and people of the studio: invited by ops, by a link that works once."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from shared.contracts.access import InvitationSent
from shared.contracts.people import PersonRecorded, Role
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import ORIGIN, Program, app_of, browser, facts_about, kernel_of, newest_fact, signed_in, token

BO = {"name": "Bo Hammer", "email": "bo@example.org", "role": "maker"}


def of_ops(app: FastAPI) -> Program:
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    return program


async def test_a_maker_is_invited_published_and_signs_in_once(app: FastAPI, database: Database) -> None:
    said = (await of_ops(app).post("/people/colleagues", BO)).json()
    published = await newest_fact(database, said["person"], PersonRecorded)
    nobody = Program(app)

    looks = [await nobody.post("/session/invitation/look", {"secret": said["secret"]}) for _ in range(2)]
    signed_in_as = await nobody.post("/session/invitation", {"secret": said["secret"]})
    again = await nobody.post("/session/invitation", {"secret": said["secret"]})

    assert (published.role, published.name, published.email) == (Role.MAKER, "Bo Hammer", "bo@example.org")
    assert said["link"] == f"{ORIGIN}/invitation?link={said['secret']}"
    assert [look.json() for look in looks] == [{"name": "Bo Hammer", "role": "maker"}] * 2
    assert (signed_in_as.status_code, signed_in_as.json()["person"]) == (201, said["person"])
    assert again.status_code == 403


async def test_who_invites_whom_is_published_once_by_ids(app: FastAPI, database: Database) -> None:
    by = new_id()
    ops = Program(app)
    ops.http.headers["Authorization"] = f"Bearer {token(Role.OPS, by)}"
    person, _ = [(await ops.post("/people/colleagues", BO, key="once")).json()["person"] for _ in range(2)]

    told = await newest_fact(database, person, InvitationSent)

    assert (str(told.person), told.role, told.by) == (person, Role.MAKER, by)
    assert await facts_about(database, person) == ["PersonRecorded", "InvitationSent", "LinkAsked"]


async def test_only_the_secrets_hash_is_kept(app: FastAPI, database: Database) -> None:
    said = (await of_ops(app).post("/people/colleagues", BO)).json()

    async with database.transaction() as tx:
        kept = await tx.connection.fetchval("SELECT string_agg(i::text, ' ') FROM invitation AS i")
        answers = await tx.connection.fetchval(
            "SELECT string_agg(coalesce(i.answer::text, ''), ' ') FROM idempotency AS i"
        )

    assert said["secret"] not in kept + answers


async def test_the_same_request_answers_one_person_and_one_link(app: FastAPI) -> None:
    ops, nobody = of_ops(app), Program(app)
    first, second = [(await ops.post("/people/colleagues", BO, key="one")).json() for _ in range(2)]

    came = await nobody.post("/session/invitation", {"secret": second["secret"]})

    assert first == second
    assert came.status_code == 201


async def test_a_new_link_takes_the_place_of_the_one_before(app: FastAPI) -> None:
    ops, nobody = of_ops(app), Program(app)
    first = (await ops.post("/people/colleagues", BO)).json()
    second = (await ops.post(f"/people/{first['person']}/links")).json()

    old = await nobody.post("/session/invitation", {"secret": first["secret"]})
    new = await nobody.post("/session/invitation", {"secret": second["secret"]})

    assert (old.status_code, new.status_code) == (403, 201)
    assert new.json()["person"] == first["person"]


async def test_a_link_is_over_after_seven_days(database: Database) -> None:
    now, later = system_clock(), timedelta()
    app = app_of(await kernel_of(database, clock=lambda: now + later))
    said = (await of_ops(app).post("/people/colleagues", BO)).json()
    later = timedelta(days=7)

    answer = await Program(app).post("/session/invitation", {"secret": said["secret"]})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"role": "customer"}, "/role"), ({"role": ""}, "/role"), ({"email": "bo"}, "/email"), ({"name": ""}, "/name")],
)
async def test_nobody_is_invited_who_is_not_described(app: FastAPI, changed: dict[str, str], field: str) -> None:
    answer = await of_ops(app).post("/people/colleagues", {**BO, **changed})

    assert answer.status_code == 422
    assert [found["field"] for found in answer.json()["fields"]] == [field]


async def test_only_ops_let_others_in(app: FastAPI, ada: Program) -> None:
    maker = Program(app)
    maker.http.headers["Authorization"] = f"Bearer {token(Role.MAKER)}"

    for somebody in (ada, maker):
        assert (await somebody.post("/people/colleagues", BO)).status_code == 403
        assert (await somebody.http.get("/people/colleagues")).status_code == 403


async def test_the_page_invites_once_and_shows_the_link(app: FastAPI, visitor: httpx.AsyncClient) -> None:
    form = {**BO, "name": f"Bo {new_id()}", "idempotency_key": str(new_id())}
    async with signed_in(app, Role.OPS) as ops:
        wrong = await ops.post("/people", data={**form, "role": "", "email": "bo"})
        shown = await ops.post("/people", data=form)
        listed = await ops.get("/people")
    link = shown.text.split("<code>")[1].split("</code>")[0]
    path = link.removeprefix(ORIGIN)
    asked = await visitor.get(path)
    done = await visitor.post("/invitation", data={"secret": path.rpartition("=")[2]})
    used = await visitor.get(path)

    assert wrong.status_code == 422
    assert 'id="role-problem"' in wrong.text
    assert 'id="email-problem"' in wrong.text
    assert form["name"] in wrong.text
    assert form["name"] in listed.text
    assert "invitation valid until" in listed.text
    assert link not in listed.text
    assert f"Welcome, {form['name']}" in asked.text
    assert (done.status_code, done.headers["location"]) == (303, "/bench")
    assert used.status_code == 403


@pytest.mark.parametrize(
    "secret", ["", "nonsense", "a" * 5000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")]
)
async def test_a_link_that_is_none_says_what_to_do(app: FastAPI, secret: str) -> None:
    async with browser(app) as nobody:
        asked = await nobody.get("/invitation", params={"secret": secret})
        posted = await nobody.post("/invitation", data={"secret": secret})

    assert (asked.status_code, posted.status_code) == (403, 403)
    assert "Ask the studio for a new one." in asked.text


async def test_colleagues_are_listed_in_pages(app: FastAPI) -> None:
    ops = of_ops(app)
    made = [(await ops.post("/people/colleagues", BO)).json()["person"] for _ in range(3)]

    first = (await ops.http.get("/people/colleagues?limit=2")).json()
    second = (await ops.http.get(f"/people/colleagues?limit=2&after={first['next']}")).json()

    assert [each["person"] for each in (*first["items"], *second["items"])][:3] == made[::-1]
