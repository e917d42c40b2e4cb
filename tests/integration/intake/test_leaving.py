"""Somebody leaves: what they take along, what is erased and when, and what stays."""

import io
import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI

from services.intake.actions import erasure
from services.intake.store import erasure as leavers
from shared.auth.roles import Role
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Outcome
from shared.contracts.production import MakingStopped
from shared.kernel.clock import system_clock
from shared.postgres.database import Database, Tx
from tests.support.intake import Program, facts_about, photo, signed_in
from tests.support.intake_facts import READY_BY, CommissionFacts, close
from tests.support.intake_leaving import a_commission, holders


async def pictures(database: Database, person: UUID | None) -> int:
    async with database.statement() as tx:
        return int(await tx.connection.fetchval("SELECT count(*) FROM image WHERE owner = $1", person))


async def tombstones(database: Database, key: UUID) -> set[str]:
    async with database.statement() as tx:
        rows = await tx.connection.fetch("SELECT topic FROM outbox WHERE key = $1 AND data IS NULL", key)
    return {row["topic"] for row in rows}


async def carry_out(database: Database) -> None:
    await erasure.carry_out_due(database, system_clock())


async def test_the_archive_has_the_data_as_json_and_the_pictures(
    quetzal: Program, database: Database, mark: str
) -> None:
    commission, _ = await a_commission(quetzal, database, mark)

    answer = await quetzal.http.get("/people/me/export")

    with ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        data = json.loads(archive.read("data.json"))
        assert archive.testzip() is None
    [asked] = data["commissions"]
    assert answer.headers["content-type"] == "application/zip"
    assert data["person"]["name"] == f"{mark} Smith"
    assert asked["commission"] == str(commission)
    assert mark in json.dumps(asked["briefs"])
    assert [text["body"] for text in asked["texts"]] == [f"Made for {mark}.", f"I am {mark}."]
    assert len([name for name in names if name.startswith("pictures/")]) == 1


async def test_who_has_nothing_open_is_erased_at_once_and_everywhere_told(
    quetzal: Program, database: Database, mark: str
) -> None:
    commission, _ = await a_commission(quetzal, database, mark)
    await close(database, commission, Outcome.WITHDRAWN)
    before = await holders(database, mark)

    answer = await quetzal.post("/people/me/erasure")

    assert before == {"person", "brief", "commission_text"}
    assert (answer.status_code, answer.json()["erased_at"] is not None) == (200, True)
    assert {name: answer.json()[name] for name in ("commissions", "texts", "pictures")} == {
        "commissions": 1,
        "texts": 2,
        "pictures": 1,
    }
    assert await holders(database, mark) == set()
    assert await pictures(database, quetzal.person) == 0
    assert quetzal.person
    assert await tombstones(database, quetzal.person) == {Topic.PEOPLE}
    assert await tombstones(database, commission) == {Topic.BRIEFS}
    assert (await quetzal.http.post("/session/renew", json={"session": quetzal.session})).status_code == 401


async def test_an_open_request_is_cancelled_first(quetzal: Program, database: Database, mark: str) -> None:
    commission, _ = await a_commission(quetzal, database, mark)

    preview = (await quetzal.http.get("/people/me/erasure")).json()
    asked = (await quetzal.post("/people/me/erasure")).json()
    facts = await facts_about(database, commission)
    await carry_out(database)
    waiting = await holders(database, mark)
    await close(database, commission, Outcome.WITHDRAWN)
    await carry_out(database)

    assert [each["leaves"] for each in preview["commissions"]] == ["cancelled_first"]
    assert (asked["erased_at"], preview["waits"]) == (None, False)
    assert "CommissionWithdrawn" in facts
    assert "person" in waiting
    assert await holders(database, mark) == set()


async def test_a_contract_delays_the_erasure_to_its_end_with_its_day_and_invoices_are_named(
    quetzal: Program, database: Database, ops: Program, mark: str
) -> None:
    commission, record = await a_commission(quetzal, database, mark)
    await record.until_making()

    preview = (await ops.http.get(f"/people/{quetzal.person}/erasure")).json()
    asked = (await ops.post(f"/people/{quetzal.person}/erasure")).json()
    await carry_out(database)
    waiting = await holders(database, mark)
    await close(database, commission, Outcome.COMPLETED)
    await carry_out(database)
    report = (await ops.http.get("/erasures")).json()["items"]

    assert (preview["waits"], preview["not_before"]) == (True, READY_BY.isoformat())
    assert [each["leaves"] for each in preview["commissions"]] == ["at_its_end"]
    [invoice] = preview["invoices"]
    assert invoice["until"] == f"{record.now.year + 8}-12-31"
    assert (asked["erased_at"], asked["by_themselves"]) == (None, False)
    assert "CommissionWithdrawn" not in await facts_about(database, commission)
    assert "person" in waiting
    assert await holders(database, mark) == set()
    [entry] = [each for each in report if each["person"] == str(quetzal.person)]
    assert (entry["erased_at"] is not None, entry["commissions"]) == (True, 1)


async def test_one_may_stay_as_long_as_nothing_was_erased(quetzal: Program, database: Database, mark: str) -> None:
    commission, record = await a_commission(quetzal, database, mark)
    await record.until_making()
    await quetzal.post("/people/me/erasure")

    answer = await quetzal.http.delete("/people/me/erasure")
    again = await quetzal.http.delete("/people/me/erasure")
    await close(database, commission, Outcome.COMPLETED)
    await carry_out(database)

    assert (answer.status_code, again.status_code) == (204, 404)
    assert "person" in await holders(database, mark)


async def test_a_maker_waits_for_their_pieces_and_what_they_wrote_stays_without_their_name(
    app: FastAPI, ada: Program, ops: Program, database: Database, mark: str
) -> None:
    invited = {"name": f"{mark} Hammer", "email": "hammer@example.org", "role": "maker"}
    maker = UUID((await ops.post("/people/colleagues", invited)).json()["person"])
    commission = await ada.commission()
    assert ada.person
    record = CommissionFacts(database, commission, ada.person, maker=maker)
    await record.until_making()
    async with signed_in(app, Role.MAKER, maker) as bench:
        await bench.post(f"/commissions/{commission}/messages", data={"words": "It is on my bench."})

    preview = (await ops.http.get(f"/people/{maker}/erasure")).json()
    await ops.post(f"/people/{maker}/erasure")
    await carry_out(database)
    waiting = await holders(database, mark)
    await close(database, commission, Outcome.COMPLETED)
    await carry_out(database)
    thread = (await ada.http.get(f"/commissions/{commission}/messages")).json()["messages"]

    assert (preview["pieces"], preview["waits"]) == (1, True)
    assert "person" in waiting
    assert await holders(database, mark) == set()
    assert [each["words"] for each in thread] == ["It is on my bench."]


async def test_one_who_cannot_be_erased_keeps_nobody_else(
    quetzal: Program, ben: Program, database: Database, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (quetzal, ben):
        commission = await each.commission()
        await each.post("/people/me/erasure")
        await close(database, commission, Outcome.WITHDRAWN)
    really = leavers.erase_person

    async def failing(tx: Tx, person: UUID, commissions: Sequence[UUID], at: datetime) -> list[UUID]:
        if person == ben.person:
            raise RuntimeError("this one cannot")
        return await really(tx, person, commissions, at)

    monkeypatch.setattr(leavers, "erase_person", failing)
    await carry_out(database)
    with_one_failing = await holders(database, mark), await erased_at(database, ben.person)
    monkeypatch.undo()
    await carry_out(database)

    assert with_one_failing == (set(), None)
    assert await erased_at(database, ben.person) is not None


async def erased_at(database: Database, person: UUID | None) -> datetime | None:
    async with database.statement() as tx:
        found: datetime | None = await tx.connection.fetchval("SELECT erased_at FROM erasure WHERE person = $1", person)
        return found


async def test_only_colleagues_who_can_still_sign_in_and_stay_count_as_others(ops: Program, database: Database) -> None:
    async def colleague() -> UUID:
        invited = {"name": "Kit", "email": f"kit-{uuid4().hex[:8]}@example.org", "role": "ops"}
        return UUID((await ops.post("/people/colleagues", invited)).json()["person"])

    async def others() -> int:
        async with database.transaction() as tx:
            return await leavers.other_ops(tx, uuid4())

    ended, leaving = await colleague(), await colleague()
    both = await others()
    await ops.http.delete(f"/people/colleagues/{ended}/access")
    one = await others()
    async with database.transaction() as tx:
        found = await leavers.lock_leaving(tx, leaving)
        assert found
        await leavers.ask_erasure(tx, found, by=leaving, at=system_clock())

    assert (one, await others()) == (both - 1, both - 2)


async def test_every_table_that_names_a_person_is_obeyed_or_named(database: Database) -> None:
    stays = {
        "person": "the id alone, since facts name it",
        "erasure": "that somebody left, in numbers",
        "security_event": "ids and codes for a year; the network is forgotten",
    }
    async with database.statement() as tx:
        rows = await tx.connection.fetch(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'person'"
        )
    queries = Path(erasure.__file__).parents[1].joinpath("sql", "erasure.sql").read_text()

    forgotten = {row["table_name"] for row in rows} - stays.keys()

    assert "session" in forgotten
    assert forgotten <= set(re.findall(r"DELETE FROM (\w+) WHERE person = :person", queries))


async def test_a_maker_takes_along_what_they_wrote_and_still_answers_after_the_making_stopped(
    app: FastAPI, ada: Program, ops: Program, database: Database
) -> None:
    invited = {"name": "Mo Hammer", "email": f"mo-{uuid4().hex[:8]}@example.org", "role": "maker"}
    maker = UUID((await ops.post("/people/colleagues", invited)).json()["person"])
    commission = await ada.commission()
    assert ada.person
    record = CommissionFacts(database, commission, ada.person, maker=maker)
    await record.until_making()
    await record.tell(MakingStopped(at=record.at(), commission=commission, cancel_percent=50))
    path = f"/commissions/{commission}/messages"
    async with signed_in(app, Role.MAKER, maker) as bench, signed_in(app, Role.MAKER) as other:
        sent = await bench.post(path, data={"words": "It was on my bench."}, files=[("pictures", ("a.jpg", photo()))])
        seen = [(await client.get(path)).status_code for client in (bench, other)]
        whole = await bench.get(f"/commissions/{commission}")
    answer = await ops.http.get(f"/people/{maker}/export")

    with ZipFile(io.BytesIO(answer.content)) as archive:
        names, data = archive.namelist(), json.loads(archive.read("data.json"))
    assert (sent.status_code, seen, whole.status_code) == (303, [200, 404], 404)
    assert [(text["commission"], text["body"]) for text in data["written"]] == [
        (str(commission), "It was on my bench.")
    ]
    assert len([name for name in names if name.startswith("pictures/")]) == 1


async def test_nobody_erases_or_exports_somebody_else_but_ops(quetzal: Program, ada: Program, ops: Program) -> None:
    for path in ("erasure", "export"):
        assert (await ada.http.get(f"/people/{quetzal.person}/{path}")).status_code == 403
    assert (await ada.post(f"/people/{quetzal.person}/erasure")).status_code == 403
    assert (await ops.post(f"/people/{uuid4()}/erasure")).status_code == 404


async def test_the_page_asks_first_and_says_what_it_did(customer: httpx.AsyncClient) -> None:
    page = await customer.get("/your-data")
    unsure = await customer.post("/your-data/erase", data={"sure": "no"})
    sure = await customer.post("/your-data/erase", data={"sure": "yes"})

    assert "Erase everything" in page.text
    assert unsure.status_code == 422
    assert "Your name, your address and all that you told us are erased." in sure.text
    assert (await customer.get("/commissions")).status_code in {303, 307}
