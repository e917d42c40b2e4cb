"""The studio asks to send a quote; it is sent once hours are held, and stays a draft where none are."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from services.quotes.actions import sending
from services.quotes.domain.quote import QuoteState
from services.quotes.domain.sending import SendingState
from services.quotes.main import web
from shared.auth.roles import Role
from shared.contracts.quotes import SendRefusal
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from shared.postgres.database import Database
from tests.support.quote_money import OPS
from tests.support.quotes import NOW, Quotes, brief, customer_of, kernel_of
from tests.support.web import client_of, cookie

SEEN, LATER = date(2027, 1, 12), date(2027, 1, 14)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


class Visitor:
    """Ops in a browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.headers = {**cookie(Role.OPS), "Sec-Fetch-Site": "same-origin"}

    async def reads(self, path: str) -> str:
        return (await self.client.get(path, headers=self.headers)).raise_for_status().text

    async def sends(self, path: str, **form: str) -> httpx.Response:
        return await self.client.post(path, data=form, headers=self.headers)


async def drafted(quotes: Quotes, day: date = SEEN) -> tuple[UUID, UUID]:
    """A commission with a draft; both ids, the customer's first."""
    commission, customer = new_id(), new_id()
    await quotes.record_person(customer)
    await quotes.record_brief(brief(commission, at=quotes.now), customer)
    await quotes.draft(commission, ready_by=day, ready_by_p50=day)
    return customer, commission


async def test_asking_tells_the_day_that_the_studio_saw_and_sends_nothing(quotes: Quotes) -> None:
    customer, commission = await drafted(quotes)

    await quotes.ask_to_send(commission)

    (name, said) = (await quotes.facts(commission))[-1]
    assert (name, said["sending"], said["quote_version"], said["ready_by"]) == ("QuoteSendAsked", 1, 1, "2027-01-12")
    assert said["by"] == str(OPS.person)
    assert (await quotes.offer(customer, commission)).quote is None


async def test_asking_twice_is_asking_once(quotes: Quotes) -> None:
    _, commission = await drafted(quotes)

    await quotes.ask_to_send(commission)
    await quotes.ask_to_send(commission)

    assert await quotes.published(commission) == ["QuoteDrafted", "QuoteSendAsked"]


async def test_what_is_sent_says_the_day_that_is_held_and_not_the_one_that_was_previewed(quotes: Quotes) -> None:
    customer, commission = await drafted(quotes)
    await quotes.ask_to_send(commission)

    sent = await quotes.held(commission, ready_by=SEEN - timedelta(days=3))

    quote = (await quotes.offer(customer, commission)).quote
    assert quote is not None
    assert quote.offer is not None
    assert (sent.sent, sent.valid_until, sent.deposit) == (True, quote.offer.valid_until, quote.offer.deposit)
    assert quote.ready_by == date(2027, 1, 9)
    assert (await quotes.facts(commission))[-1][1]["ready_by"] == "2027-01-09"
    desk = (await quotes.overview(commission)).quote
    assert desk is not None
    assert desk.ready_by == date(2027, 1, 9)


async def test_hours_that_were_taken_meanwhile_leave_a_draft_with_the_new_day_that_one_press_sends(
    quotes: Quotes,
) -> None:
    customer, commission = await drafted(quotes)
    await quotes.ask_to_send(commission)

    await quotes.keep_draft(commission, SendRefusal.LATER_DAY, LATER)

    desk = await quotes.overview(commission)
    assert desk.quote is not None
    assert desk.sending is not None
    assert (desk.quote.state, desk.quote.ready_by) == (QuoteState.DRAFTED, LATER)
    assert desk.sending.refused(1) is SendRefusal.LATER_DAY
    assert (await quotes.offer(customer, commission)).quote is None
    await quotes.ask_to_send(commission)
    asked = (await quotes.facts(commission))[-1][1]
    assert (asked["sending"], asked["ready_by"]) == (2, "2027-01-14")
    assert (await quotes.held(commission)).sent


async def test_an_answer_to_an_earlier_asking_changes_nothing(quotes: Quotes) -> None:
    _, commission = await drafted(quotes)
    await quotes.ask_to_send(commission)
    await quotes.adjust(commission, 1, "bench", 40000)
    await quotes.ask_to_send(commission, 2)

    await quotes.keep_draft(commission, SendRefusal.NO_HOURS, sending=1)

    found = (await quotes.overview(commission)).sending
    assert found is not None
    assert (found.state, found.number) == (SendingState.ASKED, 2)


async def test_a_newer_draft_is_not_sent_by_the_asking_for_an_older_one(quotes: Quotes) -> None:
    customer, commission = await drafted(quotes)
    await quotes.ask_to_send(commission)

    await quotes.adjust(commission, 1, "bench", 40000)
    sent = await quotes.held(commission, 1)

    assert not sent.sent
    assert (await quotes.offer(customer, commission)).quote is None


async def test_what_the_studio_takes_back_is_not_sent(quotes: Quotes) -> None:
    customer, commission = await drafted(quotes)
    await quotes.ask_to_send(commission)

    async with quotes.database.transaction() as tx:
        await sending.withdraw_sending(tx, OPS, commission, 1)

    assert not (await quotes.held(commission)).sent
    assert (await quotes.offer(customer, commission)).quote is None


async def test_hours_that_come_after_the_last_day_to_accept_send_nothing(quotes: Quotes) -> None:
    _, commission = await drafted(quotes)
    await quotes.ask_to_send(commission, until=NOW + timedelta(days=1))

    quotes.now += timedelta(days=2)
    sent = await quotes.held(commission)

    found = (await quotes.overview(commission)).sending
    assert not sent.sent
    assert found is not None
    assert found.refusal is SendRefusal.DAY_PASSED


async def test_only_ops_ask_to_send(quotes: Quotes) -> None:
    customer, commission = await drafted(quotes)

    async with quotes.database.transaction() as tx:
        with pytest.raises(Problem, match="not-found"):
            await sending.ask_to_send(tx, customer_of(customer), commission, 1, quotes.context)


async def test_the_desk_says_that_the_bench_is_away_and_that_it_is_still_a_draft(
    client: httpx.AsyncClient, quotes: Quotes
) -> None:
    quotes.now = NOW - timedelta(seconds=11)
    _, commission = await drafted(quotes)
    await quotes.ask_to_send(commission)
    ops = Visitor(client)

    slow = await ops.reads(f"/quotes/{commission}")
    kept = await ops.sends(f"/quotes/{commission}/keep", version="1")
    again = await ops.reads(f"/quotes/{commission}")

    assert "Not sent yet: no hours are held" in slow
    assert "It is still a draft" in slow
    assert kept.status_code == 303
    assert "Send version 1" in again


async def test_the_desk_says_why_it_was_not_sent(client: httpx.AsyncClient, quotes: Quotes) -> None:
    ops = Visitor(client)
    said = list[str]()
    for reason, day in ((SendRefusal.LATER_DAY, LATER), (SendRefusal.NO_HOURS, None)):
        _, commission = await drafted(quotes)
        await quotes.ask_to_send(commission)
        await quotes.keep_draft(commission, reason, day)
        said.append(await ops.reads(f"/quotes/{commission}"))

    assert "Not sent: it would be ready later" in said[0]
    assert "can be ready by Thursday, 14 January 2027 now" in said[0]
    assert "Not sent: nobody can make it" in said[1]
    assert all("Send version 1" in page for page in said)
