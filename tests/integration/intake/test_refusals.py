"""The studio does not take a request: with a reason and words, until its quote is sent."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.people import Person
from services.intake.store import add_person
from shared.auth.roles import Role
from shared.contracts.commissions import RequestRefusal, RequestRefused
from shared.contracts.texts import TextWritten
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import RING, Program, facts_about, newest_fact, signed_in, token
from tests.support.proposals import offer

OPS = new_id()
WHY = {"reason": "protected_design", "words": "That ring is somebody else's."}


@pytest.fixture
async def ops(app: FastAPI, database: Database) -> Program:
    """Somebody of the studio, at the API."""
    async with database.transaction() as tx:
        await add_person(tx, Person(OPS, Role.OPS, "Ida Ops", f"{OPS}@example.org"), system_clock())
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS, OPS)}"
    return program


async def refuse(who: Program, commission: UUID, **changed: str) -> httpx.Response:
    return await who.http.post(f"/commissions/{commission}/refuse", json={**WHY, **changed})


async def test_a_request_is_refused_once_with_the_first_words(ada: Program, ops: Program, database: Database) -> None:
    commission = await ada.commission()

    twice = [await refuse(ops, commission), await refuse(ops, commission, reason="other", words="No.")]

    told = await newest_fact(database, commission, RequestRefused)
    page = (await ada.http.get(f"/commissions/{commission}")).json()
    timeline = (await ada.http.get(f"/commissions/{commission}/timeline")).json()["entries"]
    change = await ada.post(
        f"/commissions/{commission}/briefs", {"brief_version": 1, "answers": {**RING, "size": "55"}}
    )
    assert [(each.status_code, each.json()["reason"]) for each in twice] == [(200, "protected_design")] * 2
    assert (told.reason, told.by) == (RequestRefusal.PROTECTED_DESIGN, OPS)
    assert (await newest_fact(database, told.text, TextWritten)).body == WHY["words"]
    assert (await facts_about(database, commission)).count("RequestRefused") == 1
    assert page["status"]["headline"] == "We cannot take your request"
    assert "The studio does not take your request" in [each["title"] for each in timeline]
    assert change.status_code == httpx.codes.CONFLICT


async def test_what_is_quoted_or_somebody_elses_business_is_not_refused(
    ada: Program, ops: Program, database: Database
) -> None:
    offered, own = await ada.commission(), await ada.commission()
    await offer(database, offered)

    late, mine = await refuse(ops, offered), await refuse(ada, own)
    silent = await refuse(ops, own, words=" ")

    assert (late.status_code, mine.status_code) == (httpx.codes.CONFLICT, httpx.codes.FORBIDDEN)
    assert "cannot be refused any more" in late.text
    assert silent.status_code == httpx.codes.UNPROCESSABLE_ENTITY


@pytest.mark.usefixtures("ops")
async def test_the_page_asks_for_a_reason_and_words(ada: Program, app: FastAPI) -> None:
    commission, desk = await ada.commission(), signed_in(app, Role.OPS, OPS)
    address = f"/commissions/{commission}/refuse"

    wrong = await desk.post(address, data={"words": "No."})
    right = await desk.post(address, data=WHY)
    over = await desk.get(address)

    assert (wrong.status_code, "Choose a reason." in wrong.text) == (422, True)
    assert (right.status_code, right.headers["location"]) == (303, f"/commissions/{commission}")
    assert "until its quote is sent" in over.text
