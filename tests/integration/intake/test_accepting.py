"""Accepting a commission needs PostgreSQL and nothing else, happens once, and takes two round trips at most."""

import asyncio
import json
from uuid import UUID

from shared import offerings
from shared.contracts import registry
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import CommissionConfirmed
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.integration.intake.round_trips import counted
from tests.support.intake import Program, app_of, facts_about, kernel_of, opened, photo

RING = offerings.load("jewellery", "engraved-ring")


async def test_a_commission_is_accepted_with_every_other_engine_away(ada: Program, database: Database) -> None:
    answer = await ada.submit()

    assert answer.status_code == 201, answer.text
    commission = answer.json()["commission"]
    assert answer.headers["location"] == f"/api/v1/intake/commissions/{commission}"
    assert await facts_about(database, commission) == ["CommissionConfirmed", "BriefWritten"]


async def test_the_facts_say_what_was_asked_for(ada: Program, database: Database) -> None:
    image = await ada.send_image(photo())
    commission = UUID((await ada.submit(images=[image], needed_by="2027-05-31")).json()["commission"])

    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT type, data, version FROM outbox WHERE key = $1 ORDER BY position", commission
        )
    submitted, written = (registry.parse(row["type"], row["data"].encode()) for row in rows)

    assert isinstance(submitted, CommissionConfirmed)
    assert isinstance(written, BriefWritten)
    assert [row["version"] for row in rows] == [1, 1]
    assert (submitted.customer, submitted.offering_sha256, str(submitted.needed_by)) == (
        ada.person,
        RING.sha256,
        "2027-05-31",
    )
    assert written.images == (UUID(image),)
    assert [each.field for each in written.answers][:2] == ["size", "metal"]


async def test_accepting_takes_two_round_trips_to_postgresql_at_most(intake_dsn: str) -> None:
    async with counted(intake_dsn) as trips, opened(trips.dsn) as database:
        ada = await Program(app_of(await kernel_of(database))).join()
        image = await ada.send_image(photo())
        await ada.submit(images=[image])  # connects, and prepares the statement
        image = await ada.send_image(photo())

        before = trips.count
        assert (await ada.submit()).status_code == 201
        plain = trips.count - before
        assert (await ada.submit(images=[image])).status_code == 201
        pictured = trips.count - before - plain

    assert (plain, pictured) == (1, 1)


async def test_a_repeated_request_takes_two_round_trips(intake_dsn: str) -> None:
    async with counted(intake_dsn) as trips, opened(trips.dsn) as database:
        ada = await Program(app_of(await kernel_of(database))).join()
        key = str(new_id())
        for _ in range(2):
            await ada.submit(key=key)

        before = trips.count
        assert (await ada.submit(key=key)).status_code == 201

        assert trips.count - before == 2


async def test_the_same_request_twice_is_one_commission_with_one_answer(ada: Program, database: Database) -> None:
    key = str(new_id())

    first, second = await ada.submit(key=key), await ada.submit(key=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert await count_of(database, ada) == 1
    assert len(await facts_about(database, first.json()["commission"])) == 2


async def test_two_at_once_are_one_commission(ada: Program, database: Database) -> None:
    key = str(new_id())
    image = await ada.send_image(photo())

    answers = await asyncio.gather(*(ada.submit(key=key, images=[image]) for _ in range(6)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["commission"] for answer in answers}) == 1
    assert await count_of(database, ada) == 1


async def test_the_same_key_with_another_brief_is_refused(ada: Program, database: Database) -> None:
    key = str(new_id())
    await ada.submit(key=key)

    answer = await ada.submit(key=key, finish="hammered")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:touchmark:problem:idempotency-key-reused"
    assert await count_of(database, ada) == 1


async def test_a_key_belongs_to_its_caller(ada: Program, ben: Program) -> None:
    key = str(new_id())

    first, second = await ada.submit(key=key), await ben.submit(key=key)

    assert first.json()["commission"] != second.json()["commission"]


async def test_a_request_that_was_refused_may_be_corrected_under_its_key(ada: Program) -> None:
    key = str(new_id())

    assert (await ada.submit(key=key, size="540")).status_code == 422
    assert (await ada.submit(key=key)).status_code == 201


async def test_without_a_key_nothing_is_accepted(ada: Program, database: Database) -> None:
    answer = await ada.http.post(
        "/commissions", json={"craft": "jewellery", "offering": "engraved-ring", "answers": {}}
    )

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:touchmark:problem:idempotency-key-missing"
    assert await count_of(database, ada) == 0


async def test_a_picture_belongs_to_one_commission_however_many_ask_at_once(ada: Program, database: Database) -> None:
    image = await ada.send_image(photo())

    answers = await asyncio.gather(*(ada.submit(images=[image]) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert [found["field"] for found in refused.json()["fields"]] == ["/images/0"]
    assert await count_of(database, ada) == 1


async def test_nobody_takes_somebody_elses_picture(ada: Program, ben: Program) -> None:
    image = await ada.send_image(photo())

    answer = await ben.submit(images=[image])

    assert answer.status_code == 422
    assert [found["field"] for found in answer.json()["fields"]] == ["/images/0"]


async def test_a_customer_who_was_erased_is_asked_to_sign_in(ada: Program, database: Database) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute("DELETE FROM session WHERE person = $1", ada.person)
        await tx.connection.execute("DELETE FROM person WHERE person = $1", ada.person)

    assert (await ada.submit()).status_code == 401


async def count_of(database: Database, customer: Program) -> int:
    async with database.transaction() as tx:
        rows = await tx.connection.fetch(
            "SELECT c.commission, b.answers FROM commission AS c LEFT JOIN brief AS b USING (commission)"
            " WHERE c.customer = $1",
            customer.person,
        )
    assert all(json.loads(row["answers"]) for row in rows)
    return len(rows)
