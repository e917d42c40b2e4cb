"""Whose session was ended, or who was erased, is refused from the commit on: on every route, and with Kafka away."""

from functools import partial

import httpx
import pytest
from fastapi import FastAPI

from services.intake.actions import erasure
from shared.auth.roles import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from shared.runtime.roles import web
from tests.support.intake import Program, app_of, kernel_of, token

UNCHECKED = ("/sessions", "/commissions", "/people/me/erasure")
"""Routes that believe a token without asking the database whose it is."""


@pytest.fixture
async def app(database: Database) -> FastAPI:
    """Of a process that follows its own commits, as every web role does. No engine but PostgreSQL is there."""
    kernel = await kernel_of(database)
    database.on_commit(partial(web._committed, kernel))
    return app_of(kernel)


async def answers(whom: Program) -> list[int]:
    return [(await whom.http.get(path)).status_code for path in UNCHECKED]


async def test_who_was_erased_is_nobody_at_once(app: FastAPI, database: Database) -> None:
    ada, other = await Program(app).join(), await Program(app).join()
    before = await answers(ada)

    await ada.post("/people/me/erasure")
    await erasure.carry_out_due(database, system_clock())

    assert before == [httpx.codes.OK] * 3
    assert await answers(ada) == [httpx.codes.UNAUTHORIZED] * 3
    assert await answers(other) == [httpx.codes.OK] * 3


async def test_also_by_a_session_that_nobody_has_heard_of(app: FastAPI, database: Database) -> None:
    """As after a backup was restored that is older than the session."""
    ada = await Program(app).join()
    await ada.post("/people/me/erasure")
    await erasure.carry_out_due(database, system_clock())

    ada.http.headers["Authorization"] = f"Bearer {token(Role.CUSTOMER, ada.person)}"

    assert await answers(ada) == [httpx.codes.UNAUTHORIZED] * 3


async def test_who_has_signed_out_everywhere_is_nobody_at_once(app: FastAPI) -> None:
    ada = await Program(app).join()

    await ada.http.delete("/sessions")

    assert await answers(ada) == [httpx.codes.UNAUTHORIZED] * 3


async def test_whose_access_ops_have_ended_is_nobody_at_once_and_comes_in_anew_by_a_new_link(app: FastAPI) -> None:
    """The person stays known: what is refused are the sessions that were open."""
    desk, bo = Program(app), Program(app)
    desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS)}"
    who = {"name": "Bo Hammer", "email": f"bo.{id(bo)}@example.org", "role": "maker"}
    invitation = (await desk.post("/people/colleagues", who)).json()
    came = (await bo.post("/session/invitation", {"secret": invitation["secret"]})).json()
    bo.http.headers["Authorization"] = f"Bearer {came['token']}"

    await desk.http.delete(f"/people/colleagues/{invitation['person']}/access")
    ended = await bo.http.get("/sessions")
    link = (await desk.post(f"/people/{invitation['person']}/links")).json()
    again = (await bo.post("/session/invitation", {"secret": link["secret"]})).json()
    bo.http.headers["Authorization"] = f"Bearer {again['token']}"

    assert ended.status_code == httpx.codes.UNAUTHORIZED
    assert (await bo.http.get("/sessions")).status_code == httpx.codes.OK
