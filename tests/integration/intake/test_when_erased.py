"""When somebody who left is erased: who asked first before the others, and nobody before their last mail was sent."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from services.intake.actions import erasure
from services.intake.store import erasure as leavers
from shared.contracts.lifecycle import Outcome
from shared.contracts.notifications import Intent, MailFailed, MailOmitted
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.support.intake import Program, app_of, kernel_of, photo
from tests.support.intake_facts import CommissionFacts, close
from tests.support.intake_leaving import a_commission, holders


async def test_who_asked_first_is_erased_first(app: FastAPI, database: Database) -> None:
    asked: list[UUID] = []
    for _ in range(3):
        person = (await Program(app).join("Somebody", f"{uuid4().hex}@example.org")).person
        assert person
        asked.append(person)
    async with database.transaction() as tx:
        for days, person in zip((2, 1, 3), asked, strict=True):
            found = await leavers.lock_leaving(tx, person)
            assert found
            await leavers.ask_erasure(tx, found, by=person, at=system_clock() - timedelta(days=days))

    async with database.statement() as tx:
        due = await leavers.due_erasures(tx, ended_before=system_clock())

    assert [each for each in due if each in asked] == [asked[2], asked[0], asked[1]]


async def just_ended(database: Database, mark: str) -> tuple[Program, CommissionFacts]:
    """Somebody whose request was withdrawn a moment ago, and the mail about the request was sent."""
    quetzal = await Program(app_of(await kernel_of(database, erase_after_hours=96))).join(mark, f"{mark}@example.org")
    commission, record = await a_commission(quetzal, database, mark)
    await record.mail(Intent.REQUEST_RECEIVED)
    await close(database, commission, Outcome.WITHDRAWN)
    return quetzal, record


async def test_what_has_just_ended_is_kept_until_its_last_mail_was_sent(database: Database, mark: str) -> None:
    quetzal, record = await just_ended(database, mark)

    preview = (await quetzal.http.get("/people/me/erasure")).json()
    asked = (await quetzal.post("/people/me/erasure")).json()
    await erasure.carry_out_due(database, system_clock() + timedelta(hours=95), grace=timedelta(hours=96))
    within = await holders(database, mark)
    await record.mail(Intent.COMMISSION_ENDED)
    await erasure.carry_out_due(database, system_clock(), grace=timedelta(hours=96))

    assert (preview["waits"], [each["leaves"] for each in preview["commissions"]]) == (True, ["after_last_mail"])
    assert asked["erased_at"] is None
    assert "person" in within
    assert await holders(database, mark) == set()


@pytest.mark.parametrize("unsent", [MailFailed, MailOmitted])
async def test_a_last_mail_that_failed_or_has_no_address_is_not_waited_for(
    database: Database, mark: str, unsent: type[MailFailed | MailOmitted]
) -> None:
    quetzal, record = await just_ended(database, mark)
    commission, person = record.commission, record.customer
    asked = (await quetzal.post("/people/me/erasure")).json()

    await record.tell(
        unsent(at=record.at(), commission=commission, mail=uuid4(), person=person, intent=Intent.COMMISSION_ENDED)
    )
    preview = (await quetzal.http.get("/people/me/erasure")).json()
    await erasure.carry_out_due(database, system_clock(), grace=timedelta(hours=96))

    assert asked["erased_at"] is None
    assert [each["leaves"] for each in preview["commissions"]] == ["at_once"]
    assert await holders(database, mark) == set()


async def test_a_last_mail_of_which_nothing_is_heard_is_waited_for_so_long_and_no_longer(
    database: Database, mark: str
) -> None:
    quetzal, _ = await just_ended(database, mark)
    await quetzal.post("/people/me/erasure")

    await erasure.carry_out_due(database, system_clock() + timedelta(hours=97), grace=timedelta(hours=96))

    assert await holders(database, mark) == set()


async def test_what_somebody_sends_who_was_just_erased_is_kept_nowhere(
    quetzal: Program, database: Database, mark: str
) -> None:
    """Their token is taken until the end of their session is heard of: with Kafka away, to its own end."""
    commission, _ = await a_commission(quetzal, database, mark)
    waiting = await quetzal.send_image(photo())
    await close(database, commission, Outcome.COMPLETED)
    await quetzal.post("/people/me/erasure")
    await erasure.carry_out_due(database, system_clock())

    words = {"words": f"I am {mark} still."}
    answers = [
        await quetzal.submit(why=f"For {mark}."),
        await quetzal.post(f"/commissions/{commission}/messages", words),
        await quetzal.post(f"/commissions/{commission}/messages", {**words, "images": [str(waiting)]}),
        await quetzal.post(f"/commissions/{commission}/claims", {"kind": "damaged", **words}),
        await quetzal.http.post("/images", files={"image": ("ring.png", photo(), "image/png")}),
        await quetzal.http.patch("/people/me", json={"language": "de", "name": mark}),
    ]
    async with database.statement() as tx:
        pictures = await tx.connection.fetchval("SELECT count(*) FROM image WHERE owner = $1", quetzal.person)
        written = await tx.connection.fetchval(
            "SELECT count(*) FROM outbox WHERE data ->> 'body' LIKE $1 AND topic = 'touchmark.texts'", f"%{mark} still%"
        )

    assert all(answer.status_code >= 400 for answer in answers), answers
    assert (answers[0].status_code, answers[1].status_code, answers[4].status_code) == (401, 401, 401)
    assert (pictures, written) == (0, 0)
    assert await holders(database, mark) == set()
