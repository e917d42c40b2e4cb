"""Messages, what other services' people wrote, and the word that the parcel has arrived."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from services.intake.actions import messages
from shared.contracts.commissions import MessageSent, ReceiptConfirmed
from shared.contracts.lifecycle import Outcome
from shared.contracts.people import Role
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import Program, app_of, facts_about, kernel_of, newest_fact, signed_in
from tests.support.intake_facts import CommissionFacts, close


async def thread(ada: Program, commission: UUID) -> list[str]:
    found = (await ada.http.get(f"/commissions/{commission}/messages")).json()["messages"]
    return [each["words"] for each in found]


async def test_a_message_is_kept_and_published_once_however_often_it_is_sent(ada: Program, database: Database) -> None:
    commission = await ada.commission()
    path, body = f"/commissions/{commission}/messages", {"words": "Could it be\r\nsatin?"}

    answers = await asyncio.gather(*(ada.post(path, body, key="one") for _ in range(3)))
    other = await ada.post(path, {"words": "Something else."}, key="one")
    published = await newest_fact(database, commission, MessageSent)
    text = await newest_fact(database, published.message, TextWritten)

    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["message"] for answer in answers} == {str(published.message)}
    assert other.status_code == 422
    assert await thread(ada, commission) == ["Could it be\nsatin?"]
    assert (published.author, published.author_role) == (ada.person, Role.CUSTOMER)
    assert (text.subject, text.body, text.commission) == (Subject.MESSAGE, "Could it be\nsatin?", commission)
    assert (await facts_about(database, commission)).count("MessageSent") == 1


async def test_customer_maker_and_studio_read_each_other(app: FastAPI, ada: Program, database: Database) -> None:
    commission = await ada.commission()
    assert ada.person
    record = CommissionFacts(database, commission, ada.person)
    path = f"/commissions/{commission}/messages"
    async with signed_in(app, Role.MAKER, record.maker) as maker, signed_in(app, Role.OPS) as ops:
        early = await maker.post(path, data={"words": "Hello."})
        await record.until_making()
        sent = [
            await each.post(path, data={"words": words}) for each, words in ((maker, "From the bench."), (ops, "Hi."))
        ]
        await ada.post(path, {"words": "Thank you."})
        seen = (await maker.get(path)).text

    assert early.status_code == 404
    assert {answer.status_code for answer in sent} == {303}
    assert await thread(ada, commission) == ["From the bench.", "Hi.", "Thank you."]
    assert "Ada Lovelace, customer" in seen
    assert "<strong>You</strong>" in seen


async def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission = await ada.commission()
    path = f"/commissions/{commission}/messages"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        empty = await client.post(path, data={"words": " "})
        long = await client.post(path, data={"words": "y" * 4001})
        twice = [await client.post(path, data={"words": "<b>Bold</b>", "idempotency_key": "k"}) for _ in range(2)]
        shown = await client.get(path)

    assert (empty.status_code, long.status_code) == (422, 422)
    assert 'id="words-problem"' in empty.text
    assert "y" * 4001 in long.text
    assert {answer.status_code for answer in twice} == {303}
    assert shown.text.count("&lt;b&gt;Bold&lt;/b&gt;") == 1
    assert (await facts_about(database, commission)).count("MessageSent") == 1


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001, "a\x00b", "\u202eevol", None, 7])
async def test_words_that_cannot_be_kept_are_refused(ada: Program, database: Database, words: object) -> None:
    commission = await ada.commission()

    answer = await ada.post(f"/commissions/{commission}/messages", {"words": words})

    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "/words"
    assert "MessageSent" not in await facts_about(database, commission)


async def test_a_message_without_a_key_is_refused(ada: Program) -> None:
    commission = await ada.commission()

    answer = await ada.http.post(f"/commissions/{commission}/messages", json={"words": "Hello."})

    assert answer.status_code == 400


async def test_nobody_floods_a_commission_and_an_hour_later_one_may_write_again(database: Database) -> None:
    now = system_clock()
    late = timedelta()
    kernel = await kernel_of(database, clock=lambda: now + late)
    app = app_of(kernel)
    ada = await Program(app).join()
    path = f"/commissions/{await ada.commission()}/messages"

    sent = [await ada.post(path, {"words": f"Number {number}"}) for number in range(21)]
    late = timedelta(minutes=14)
    still = await ada.post(path, {"words": "Still?"})
    async with signed_in(app, Role.CUSTOMER, ada.person) as page:
        on_the_page = await page.post(path, data={"words": "And here?", "idempotency_key": str(uuid4())})

    assert [answer.status_code for answer in sent] == [201] * 20 + [429]
    assert sent[-1].headers["retry-after"] == "3600"
    assert still.status_code == 429
    assert (on_the_page.status_code, on_the_page.headers["retry-after"]) == (429, "3600")


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.DECLINED])
async def test_one_may_write_after_the_end_whatever_the_end_was(
    app: FastAPI, ada: Program, database: Database, outcome: Outcome
) -> None:
    commission = await ada.commission()
    path = f"/commissions/{commission}/messages"
    await close(database, commission, outcome)

    asked = await ada.post(path, {"words": "May it get wet?"})
    async with signed_in(app, Role.OPS) as ops:
        answered = await ops.post(path, data={"words": "It may."})
        page = await ops.get(f"/commissions/{commission}")

    assert (asked.status_code, answered.status_code) == (201, 303)
    assert f"{path}#write" in page.text
    assert await thread(ada, commission) == ["May it get wet?", "It may."]


async def test_somebody_elses_messages_answer_as_missing_ones(ada: Program, ben: Program) -> None:
    commission = await ada.commission()

    assert (await ben.http.get(f"/commissions/{commission}/messages")).status_code == 404
    assert (await ben.post(f"/commissions/{commission}/messages", {"words": "Hello."})).status_code == 404


async def test_a_makers_note_is_shown_until_it_is_erased(app: FastAPI, ada: Program, database: Database) -> None:
    commission = await ada.commission()
    assert ada.person
    record = CommissionFacts(database, commission, ada.person)
    await record.until_making()
    note = await record.note("The joint closed at the first try.")
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        before = (await client.get(f"/commissions/{commission}")).text
        async with database.transaction() as tx:
            await messages.erase_text(tx, note)
            await messages.erase_text(tx, uuid4())
        after = (await client.get(f"/commissions/{commission}")).text

    assert "The joint closed at the first try." in before
    assert "The joint closed at the first try." not in after
    assert "This text was erased." in after


async def test_an_erased_text_that_is_delivered_again_stays_erased(ada: Program, database: Database) -> None:
    commission = await ada.commission()
    message = UUID((await ada.post(f"/commissions/{commission}/messages", {"words": "My number."})).json()["message"])
    written = await newest_fact(database, message, TextWritten)

    async with database.transaction() as tx:
        await messages.erase_text(tx, message)
        await messages.apply_text(tx, written)

    assert await thread(ada, commission) == [None]


async def test_the_receipt_is_confirmed_once_and_only_while_it_can_be(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission = await ada.commission()
    assert ada.person
    record = CommissionFacts(database, commission, ada.person)
    await record.until_making()
    path = f"/commissions/{commission}/receipt"
    early = await ada.post(path)
    await record.finish()
    await record.send_parcel()

    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        asked = await client.get(f"/commissions/{commission}")
        done = await client.post(path)
        shown = await client.get(f"/commissions/{commission}")
    again = await asyncio.gather(*(ada.post(path) for _ in range(3)))
    await close(database, commission, Outcome.COMPLETED)
    late = await ada.post(path)

    assert early.status_code == 409
    assert "Has it arrived?" in asked.text
    assert (done.status_code, done.headers["location"]) == (303, f"/commissions/{commission}")
    assert "Has it arrived?" not in shown.text
    assert "You confirmed that it has arrived" in shown.text
    assert {answer.status_code for answer in (*again, late)} == {200}
    assert (await facts_about(database, commission)).count("ReceiptConfirmed") == 1
    assert (await newest_fact(database, commission, ReceiptConfirmed)).customer == ada.person


async def test_nobody_confirms_what_is_somebody_elses(ada: Program, ben: Program) -> None:
    commission = await ada.commission()

    assert (await ben.post(f"/commissions/{commission}/receipt")).status_code == 404
    assert (await ada.post(f"/commissions/{new_id()}/receipt")).status_code == 404


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_a_commission_is_closed_with_every_outcome_and_stays_readable(
    app: FastAPI, ada: Program, database: Database, outcome: Outcome
) -> None:
    commission = await ada.commission()
    await close(database, commission, outcome)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{commission}")

    assert page.status_code == 200
    assert (await ada.http.get(f"/commissions/{commission}")).json()["outcome"] == outcome
