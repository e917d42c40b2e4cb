"""One conversation: the pictures of messages, who has read them, who may take part, and the way back."""

from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from services.intake.actions import messages
from shared.contracts.commissions import MessagesRead
from shared.contracts.people import Role
from shared.contracts.texts import TextWritten
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import Program, facts_about, newest_fact, photo, signed_in
from tests.support.intake_facts import CommissionFacts


def picture(name: str = "ring.png") -> tuple[str, tuple[str, bytes, str]]:
    return "pictures", (name, photo("PNG"), "image/png")


async def newest(ada: Program, commission: UUID) -> dict[str, Any]:
    found: dict[str, Any] = (await ada.http.get(f"/commissions/{commission}/messages")).json()["messages"][-1]
    return found


async def at_the_bench(ada: Program, database: Database) -> CommissionFacts:
    assert ada.person
    record = CommissionFacts(database, await ada.commission(), ada.person)
    await record.until_making()
    return record


async def test_a_message_comes_with_its_pictures_and_only_who_may_read_it_sees_them(
    app: FastAPI, ada: Program, ben: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    path = f"/commissions/{record.commission}/messages"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        sent = await client.post(path, data={"words": "Like these."}, files=[picture(), picture("two.png")])
        page = await client.get(path)
    found = await newest(ada, record.commission)
    text = await newest_fact(database, UUID(found["message"]), TextWritten)
    address = f"/commissions/{record.commission}/images/{found['images'][0]}"
    async with (
        signed_in(app, Role.MAKER, record.maker) as maker,
        signed_in(app, Role.OPS) as ops,
        signed_in(app, Role.MAKER) as other_maker,
    ):
        seen = [await each.get(address) for each in (maker, ops, other_maker)]
    foreign = await ben.http.get(address)
    brief = (await ada.http.get(f"/commissions/{record.commission}")).json()["brief"]

    assert sent.status_code == 303
    assert len(found["images"]) == 2
    assert [str(each) for each in text.images] == found["images"]
    assert all(f"/images/{each}" in page.text for each in found["images"])
    assert [answer.status_code for answer in seen] == [200, 200, 404]
    assert foreign.status_code == 404
    assert brief["images"] == []


async def test_a_program_sends_pictures_before_the_message(ada: Program, ben: Program) -> None:
    commission = await ada.commission()
    path = f"/commissions/{commission}/messages"
    image = (await ada.http.post("/images", files={"image": ("a.png", photo("PNG"), "image/png")})).json()["image"]

    foreign = await ben.commission()
    stolen = await ben.post(f"/commissions/{foreign}/messages", {"words": "Mine.", "images": [image]})
    sent = await ada.post(path, {"words": "Like this.", "images": [image]})
    twice = await ada.post(path, {"words": "And again.", "images": [image]})
    many = await ada.post(path, {"words": "Many.", "images": [str(new_id()) for _ in range(5)]})

    assert (stolen.status_code, sent.status_code, twice.status_code, many.status_code) == (422, 201, 422, 422)
    assert twice.json()["fields"][0]["field"] == "/images"
    assert (await newest(ada, commission))["images"] == [image]


async def test_a_form_that_comes_back_keeps_its_pictures(app: FastAPI, ada: Program) -> None:
    commission = await ada.commission()
    path = f"/commissions/{commission}/messages"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        wrong = await client.post(path, data={"words": " ", "back": "/bench"}, files=[picture()])
        kept = wrong.text.split('name="kept" value="')[1].split('"')[0]
        right = await client.post(path, data={"words": "Like this.", "kept": kept, "back": "/bench"})
        other = await client.post(
            path, data={"words": "Not.", "pictures": "x"}, files=[("pictures", ("a", b"no", "x"))]
        )

    assert (wrong.status_code, right.status_code, other.status_code) == (422, 303, 422)
    assert 'name="back" value="/bench"' in wrong.text
    assert right.headers["location"] == "/bench"
    assert (await newest(ada, commission))["images"] == [kept]


async def test_more_than_four_pictures_are_refused_before_any_is_read(app: FastAPI, ada: Program) -> None:
    path = f"/commissions/{await ada.commission()}/messages"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        answer = await client.post(path, data={"words": "Five."}, files=[picture() for _ in range(5)])

    assert answer.status_code == 422
    assert "Send at most 4." in answer.text


async def test_the_pictures_of_an_erased_message_are_gone(app: FastAPI, ada: Program, database: Database) -> None:
    commission = await ada.commission()
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        await client.post(f"/commissions/{commission}/messages", data={"words": "Me."}, files=[picture()])
        found = await newest(ada, commission)
        address = f"/commissions/{commission}/images/{found['images'][0]}"
        before = await client.get(address)
        async with database.transaction() as tx:
            await messages.erase_text(tx, UUID(found["message"]))
        after = await client.get(address)

    assert (before.status_code, after.status_code) == (200, 404)
    assert await newest(ada, commission) == {**found, "words": None, "images": []}


async def test_reading_is_remembered_for_each_person_and_told_once(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    path = f"/commissions/{record.commission}/messages"
    async with signed_in(app, Role.MAKER, record.maker) as maker, signed_in(app, Role.OPS) as ops:
        await ada.post(path, {"words": "Hello."})
        by_itself = await facts_about(database, record.commission)
        unread = (await maker.get(f"/commissions/{record.commission}")).text
        for _ in range(2):
            await maker.get(path)
        marked = await ops.post(f"{path}/read", data={"back": "/ops/inbox"})
        told = (await facts_about(database, record.commission)).count("MessagesRead")
        read = (await maker.get(f"/commissions/{record.commission}")).text
        await maker.post(path, data={"words": "Hi."})
    found = (await ada.http.get(path)).json()
    answer = await ada.post(f"{path}/read")
    again = (await ada.http.get(path)).json()
    fact = await newest_fact(database, record.commission, MessagesRead)

    assert "MessagesRead" not in by_itself
    assert "1 new message" in unread
    assert "1 new message" not in read
    assert (marked.status_code, marked.headers["location"]) == (303, "/ops/inbox")
    assert told == 2
    assert (found["unread"], answer.status_code, again["unread"]) == (1, 204, 0)
    assert (fact.person, fact.role) == (ada.person, Role.CUSTOMER)
    assert fact.until.isoformat() == found["messages"][-1]["written_at"].replace("Z", "+00:00")


async def test_who_answers_has_read_what_was_written(app: FastAPI, ada: Program, database: Database) -> None:
    record = await at_the_bench(ada, database)
    path = f"/commissions/{record.commission}/messages"
    await ada.post(path, {"words": "Hello."})
    async with signed_in(app, Role.MAKER, record.maker) as maker:
        await maker.post(path, data={"words": "Hi."})

    read = await newest_fact(database, record.commission, MessagesRead)

    assert (read.person, read.role) == (record.maker, Role.MAKER)


async def test_a_maker_who_no_longer_makes_it_takes_part_no_more(
    app: FastAPI, ada: Program, database: Database
) -> None:
    record = await at_the_bench(ada, database)
    before, path = record.maker, f"/commissions/{record.commission}/messages"
    async with signed_in(app, Role.MAKER, before) as maker:
        early = await maker.post(path, data={"words": "From the bench."})
        record.maker = new_id()
        await record.delay()
        late = [
            await maker.get(path),
            await maker.post(path, data={"words": "Me?"}),
            await maker.post(f"{path}/read", data={"back": ""}),
        ]
    async with signed_in(app, Role.MAKER, record.maker) as other:
        seen = await other.get(path)

    assert early.status_code == 303
    assert {answer.status_code for answer in late} == {404}
    assert "From the bench." in seen.text


async def test_the_way_back_stays_on_this_site(app: FastAPI, ada: Program) -> None:
    path = f"/commissions/{await ada.commission()}/messages"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        answers: list[httpx.Response] = [
            await client.post(f"{path}/read", data={"back": back})
            for back in ("//evil.example", "https://evil.example")
        ]

    assert {answer.headers["location"] for answer in answers} == {"/"}
