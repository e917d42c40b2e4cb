"""The studio's inbox: what is unread or unanswered, by age, in whatever order its facts come; taken, and done."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.lifecycle import actions
from services.lifecycle.main import web
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimKind, ClaimMade
from shared.contracts.lifecycle import CommissionEnded, Outcome
from shared.contracts.quotes import ClaimAnswered, ClaimRemedy, QuestionAnswered
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.conversations import message, messages_read
from tests.support.lifecycle import NOW, Room, kernel_of, submitted
from tests.support.waiting import until
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/lifecycle"
MAKER = Caller(new_id(), Role.MAKER, new_id())
OPS = Caller(new_id(), Role.OPS, new_id())
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def hears(room: Room, *texts: TextWritten) -> None:
    """Texts arrive about requests that are confirmed."""
    for text in texts:
        if not await room.rows("SELECT 1 FROM commission WHERE commission = $1", text.commission):
            await room.receives(submitted(text.commission))
    await arrive(room, *texts)


async def arrive(room: Room, *texts: TextWritten) -> None:
    async with room.database.transaction() as tx:
        for text in texts:
            await actions.record_text(tx, text)


async def waits(client: httpx.AsyncClient, commission: UUID) -> dict[str, Any] | None:
    """What the inbox has of this commission."""
    found = (await client.get(f"{API}/inbox", headers=bearer(Role.OPS))).raise_for_status().json()
    return next((each for each in found if each["commission"] == str(commission)), None)


async def risk(client: httpx.AsyncClient, commission: UUID) -> tuple[str, bool]:
    """The row's risk in the ops room, and whether somebody waits for an answer."""
    row = (await client.get(f"{API}/commissions/{commission}", headers=bearer(Role.OPS))).raise_for_status().json()
    return row["risk"], row["written_since"] is not None


async def revision(room: Room, commission: UUID) -> str:
    """By which an open page of the commission sees that it has changed."""
    async with room.database.statement() as tx:
        return await actions.commission_revision(tx, commission, NOW)


async def step(client: httpx.AsyncClient, commission: UUID, what: str, by: Caller = OPS) -> int:
    return (await client.post(f"{API}/inbox/{commission}/{what}", headers=bearer(Role.OPS, by.person))).status_code


def question(commission: UUID, words: str = "Is the box included?") -> TextWritten:
    return message(commission, words, at=NOW).model_copy(update={"subject": Subject.QUESTION})


def answered(asked: TextWritten) -> QuestionAnswered:
    return QuestionAnswered(
        at=NOW + MINUTE, commission=asked.commission, quote=new_id(), question=asked.text, answer=new_id(), open=0
    )


async def test_a_message_of_the_customer_waits_until_maker_or_studio_answers(
    room: Room, client: httpx.AsyncClient
) -> None:
    commission = new_id()
    await room.receives(submitted(commission))
    before = await risk(client, commission)
    await hears(room, message(commission, "Could it be satin?", at=NOW))
    asked, at_once = await waits(client, commission), await risk(client, commission)
    await hears(room, message(commission, "It can.", at=NOW + MINUTE, by=MAKER))
    from_the_bench, settled = await waits(client, commission), await risk(client, commission)
    await room.receives(messages_read(commission, OPS, NOW + MINUTE))

    assert before == ("soon", False)
    assert asked
    assert asked["unanswered_since"] == asked["unread_since"] == asked["waits_since"]
    assert [each["words"] for each in asked["messages"]] == ["Could it be satin?"]
    assert at_once == ("escalated", True)
    assert from_the_bench
    assert (from_the_bench["unanswered_since"], bool(from_the_bench["unread_since"])) == (None, True)
    assert settled == ("soon", False)
    assert await waits(client, commission) is None


async def test_an_answer_from_the_bench_is_seen_on_the_open_page_of_the_commission(room: Room) -> None:
    commission = new_id()
    await hears(room, message(commission, "Could it be satin?", at=NOW))
    asked = await revision(room, commission)
    await hears(room, message(commission, "It can.", at=NOW + MINUTE, by=MAKER))

    assert await revision(room, commission) != asked


async def test_what_the_studio_has_read_waits_on_until_it_is_answered(room: Room, client: httpx.AsyncClient) -> None:
    commission = new_id()
    await hears(room, message(commission, "Hello?", at=NOW))
    await room.receives(messages_read(commission, OPS, NOW))
    read = await waits(client, commission)
    await hears(room, message(commission, "Hello.", at=NOW + MINUTE, by=OPS))

    assert read
    assert (read["unread_since"], bool(read["unanswered_since"])) == (None, True)
    assert await waits(client, commission) is None


async def test_it_comes_to_the_same_in_whatever_order_the_facts_arrive(room: Room, client: httpx.AsyncClient) -> None:
    seen = set()
    for order in itertools.permutations(range(5)):
        commission = new_id()
        told: list[Callable[[UUID], Awaitable[None]]] = [
            lambda c: room.receives(submitted(c)),
            lambda c: arrive(room, message(c, "One.", at=NOW)),
            lambda c: arrive(room, message(c, "Two.", at=NOW + MINUTE, by=MAKER)),
            lambda c: room.receives(messages_read(c, OPS, NOW + MINUTE)),
            lambda c: arrive(room, message(c, "Three.", at=NOW + 2 * MINUTE)),
        ]
        for index in order:
            await told[index](commission)
        found = await waits(client, commission)
        assert found
        words = [each["words"] for each in found["messages"]]
        seen.add((found["unanswered_since"], found["unread_since"], tuple(words), await risk(client, commission)))
        await step(client, commission, "done")

    assert len(seen) == 1
    assert next(iter(seen))[2:] == (("One.", "Two.", "Three."), ("escalated", True))


async def test_a_question_waits_until_it_is_answered_whichever_is_told_first(
    room: Room, client: httpx.AsyncClient
) -> None:
    first, second = question(new_id()), question(new_id())
    await hears(room, first)
    asked = await waits(client, first.commission)
    await room.receives(answered(first), answered(second))
    await hears(room, second)

    assert asked
    assert [each["words"] for each in asked["questions"]] == ["Is the box included?"]
    assert await waits(client, first.commission) is None
    assert await waits(client, second.commission) is None


async def test_a_question_on_a_quote_waits_no_more_after_the_end_but_a_message_does(
    room: Room, client: httpx.AsyncClient
) -> None:
    asked = question(new_id())
    await room.receives(submitted(asked.commission))
    await hears(room, asked)
    await room.receives(CommissionEnded(at=NOW, commission=asked.commission, outcome=Outcome.COMPLETED))
    ended = await waits(client, asked.commission)
    await hears(room, message(asked.commission, "May it get wet?", at=NOW + MINUTE))
    found = await waits(client, asked.commission)
    page = (await client.get(f"/ops?risk=escalated&q={asked.commission}", headers=cookie(Role.OPS))).text

    assert ended is None
    assert found
    assert found["question_since"] is None
    assert await risk(client, asked.commission) == ("escalated", True)
    assert f"ticket-{asked.commission}" in page
    assert "Waits for an answer" in page


async def test_taken_is_somebodys_and_no_longer_needs_attention_and_done_needs_no_answer(
    room: Room, client: httpx.AsyncClient
) -> None:
    commission = new_id()
    await room.receives(submitted(commission))
    await room.knows(OPS.person, "Grace Hopper")
    await hears(room, message(commission, "Thank you!", at=NOW))

    assert [await step(client, commission, "take") for _ in range(2)] == [204, 204]
    taken, calm = await waits(client, commission), await risk(client, commission)
    page = (await client.get("/ops/inbox", headers=cookie(Role.OPS))).text
    await step(client, commission, "give-back")
    back = await risk(client, commission)
    await step(client, commission, "take")
    await step(client, commission, "done")
    done = await waits(client, commission)
    await hears(room, message(commission, "One more thing.", at=NOW + MINUTE))
    again = await waits(client, commission)
    audit = (await client.get(f"{API}/audit?commission={commission}", headers=bearer(Role.OPS))).json()["items"]

    assert taken
    assert taken["taken_by"] == str(OPS.person)
    assert "Grace Hopper has this." in page
    assert (calm, back) == (("soon", False), ("escalated", True))
    assert done is None
    assert again
    assert again["taken_by"] is None
    assert {each["action"] for each in audit} == {"take_messages", "give_back_messages", "finish_messages"}


async def test_the_page_shows_the_oldest_first_with_ways_to_answer(room: Room, client: httpx.AsyncClient) -> None:
    older, newer = question(new_id(), "Older <i>one</i>?"), message(new_id(), "Newer.", at=NOW + MINUTE)
    await hears(room, newer, older)

    page = (await client.get("/ops/inbox", headers=cookie(Role.OPS))).text
    same_site = {"Sec-Fetch-Site": "same-origin"}
    done = await client.post(f"/ops/inbox/{newer.commission}/done", headers=cookie(Role.OPS) | same_site)
    after = (await client.get("/ops/inbox", headers=cookie(Role.OPS))).text

    assert page.index("Older &lt;i&gt;one&lt;/i&gt;?") < page.index("Newer.")
    assert f"/quotes/{older.commission}/questions/{older.text}/answer" in page
    assert f"/commissions/{newer.commission}/messages?back=/ops/inbox" in page
    assert (done.status_code, done.headers["location"]) == (303, "/ops/inbox")
    assert "Newer." not in after


async def test_an_erased_message_or_question_says_so(room: Room, client: httpx.AsyncClient) -> None:
    written, asked = message(new_id(), "My number.", at=NOW), question(new_id())
    await hears(room, written, asked)
    async with room.database.transaction() as tx:
        await actions.erase_text(tx, written.text)
        await actions.erase_text(tx, asked.text)
        await actions.erase_text(tx, new_id())
    found = [await waits(client, each.commission) for each in (written, asked)]
    page = (await client.get("/ops/inbox", headers=cookie(Role.OPS))).text

    assert [each["messages"][0]["words"] if each and each["messages"] else None for each in found] == [None, None]
    assert "This text was erased." in page
    assert "My number." not in page


async def test_an_erased_message_waits_for_nobody(room: Room, client: httpx.AsyncClient) -> None:
    erased, kept = message(new_id(), "My number.", at=NOW), message(new_id(), "Hello?", at=NOW)
    await hears(room, erased, kept)
    async with room.database.transaction() as tx:
        await actions.erase_text(tx, erased.text)

    assert await waits(client, erased.commission) is None
    assert await risk(client, erased.commission) == ("soon", False)
    assert await waits(client, kept.commission)


async def test_a_message_is_not_lost_to_a_fact_that_arrives_at_the_same_time(
    room: Room, client: httpx.AsyncClient
) -> None:
    """Two inboxes: the fact's transaction begins before the message's is committed, and ends after it."""
    commission = new_id()
    await room.receives(submitted(commission))

    async def waits_for_the_message() -> bool:
        blocked = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(await room.rows(blocked))

    async with asyncio.TaskGroup() as together, room.database.transaction() as tx:
        await actions.record_text(tx, message(commission, "Could it be satin?", at=NOW))
        together.create_task(room.receives(messages_read(commission, OPS, NOW - MINUTE)))
        await until("the fact waits for the message", waits_for_the_message)

    assert await waits(client, commission)


async def test_what_is_written_about_a_request_that_nobody_confirmed_takes_nobodys_time(
    room: Room, client: httpx.AsyncClient
) -> None:
    written = message(new_id(), "Buy my watches.", at=NOW)
    await arrive(room, written)
    before = await waits(client, written.commission)
    await room.receives(submitted(written.commission))

    assert before is None
    assert await waits(client, written.commission)


async def test_it_is_for_ops_alone(client: httpx.AsyncClient) -> None:
    answers = [
        await client.get(f"{API}/inbox", headers=bearer(Role.MAKER)),
        await client.post(f"{API}/inbox/{new_id()}/take", headers=bearer(Role.CUSTOMER)),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert await step(client, new_id(), "take") == 204
    assert await step(client, new_id(), "burn") in {404, 422}


def claimed(commission: UUID) -> ClaimMade:
    return ClaimMade(
        at=NOW,
        commission=commission,
        customer=new_id(),
        claim=new_id(),
        kind=ClaimKind.FIT,
        text=new_id(),
        answer_by=NOW + timedelta(days=7),
    )


def settled_claim(made: ClaimMade) -> ClaimAnswered:
    return ClaimAnswered(
        at=NOW + MINUTE, commission=made.commission, claim=made.claim, remedy=ClaimRemedy.REPAIR, text=new_id()
    )


async def test_a_claim_waits_until_it_is_answered_though_the_commission_has_ended(
    room: Room, client: httpx.AsyncClient
) -> None:
    commission = new_id()
    ended = CommissionEnded(at=NOW, commission=commission, outcome=Outcome.COMPLETED)
    await room.receives(submitted(commission), ended, made := claimed(commission))
    asked, at_once = await waits(client, commission), await risk(client, commission)
    page = (await client.get("/ops/inbox", headers=cookie(Role.OPS))).text
    await room.receives(settled_claim(made))

    assert asked
    assert (asked["claim_since"], asked["claims"][0]["claim"]) == (asked["waits_since"], str(made.claim))
    assert at_once == ("escalated", True)
    assert "it does not fit" in page
    assert f"/commissions/{commission}/claim" in page
    assert await waits(client, commission) is None


async def test_the_answer_to_a_claim_may_arrive_before_it(room: Room, client: httpx.AsyncClient) -> None:
    commission = new_id()
    made = claimed(commission)
    await room.receives(submitted(commission), settled_claim(made), made)

    assert await waits(client, commission) is None
