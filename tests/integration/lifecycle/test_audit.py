"""The audit log of what ops do in the other services: written by their facts, once, and read by API and page."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.lifecycle.domain.audit import AuditAction
from services.lifecycle.main import web
from shared.auth.roles import Role
from shared.contracts.access import AccessEnded, InvitationSent
from shared.contracts.payments import PaymentReceived
from shared.contracts.quotes import PriceChange, QuoteDrafted, Redraft
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.lifecycle import NOW, Room, kernel_of
from tests.support.lifecycle_audit import done_by_ops
from tests.support.lifecycle_stories import DAY, DEPOSIT, NOTHING, TOTAL, Story
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/lifecycle"
ME = new_id()
HERE = {
    "nudge",
    "extend",
    "pause",
    "resume",
    "cancel",
    "try_again",
    "replay_parked",
    "drop_parked",
    "take_messages",
    "give_back_messages",
    "finish_messages",
}
ELSEWHERE = set(AuditAction) - HERE
OPS = bearer(Role.OPS, ME)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


def payment(commission: UUID, by: UUID | None = ME) -> PaymentReceived:
    return PaymentReceived(at=NOW, commission=commission, payment=new_id(), amount=DEPOSIT, left=NOTHING, by=by)


def cheaper(story: Story) -> QuoteDrafted:
    change = PriceChange(line="engraving", before=Money(minor=12_000, currency="EUR"), amount=DEPOSIT)
    about: dict[str, Any] = {
        "at": NOW,
        "commission": story.commission,
        "quote": new_id(),
        "quote_version": 2,
        "brief_version": 1,
    }
    return QuoteDrafted(**about, total=TOTAL, redraft=Redraft.PRICE_CHANGED, change=change, by=ME)


async def listed(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    answer = await client.get(f"{API}/audit?{query}", headers=OPS)
    items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return items


async def test_a_payment_is_in_the_audit_log_with_who_what_and_how_much(client: httpx.AsyncClient, room: Room) -> None:
    story = Story(NOW - DAY).on_the_desk()
    fact = payment(story.commission)
    await room.receives(*story.facts, fact)

    (line,) = await listed(client, f"commission={story.commission}")

    assert (line["action"], line["person"], line["commission"]) == ("record_payment", str(ME), str(story.commission))
    assert (line["outcome"], line["reason"], line["bulk"]) == ("done", None, None)
    assert line["detail"] == {"payment": str(fact.payment), "amount": {"minor": 51_380, "currency": "EUR"}}


async def test_a_fact_that_is_delivered_again_is_logged_once(client: httpx.AsyncClient, room: Room) -> None:
    story = Story(NOW - DAY).on_the_desk().tell()
    facts = [*story.facts, payment(story.commission), payment(story.commission)]

    await room.receives(*facts)
    await Room(room.database).receives(*facts)

    assert len(await listed(client, f"commission={story.commission}")) == 2


async def test_a_payment_that_nobody_of_ops_recorded_is_not_logged(client: httpx.AsyncClient, room: Room) -> None:
    commission = new_id()

    await room.receives(payment(commission, by=None))

    assert await listed(client, f"commission={commission}") == []


async def test_invitations_and_ended_access_are_logged_without_a_commission(
    client: httpx.AsyncClient, room: Room
) -> None:
    person = new_id()
    said: dict[str, Any] = {"at": NOW, "person": person, "role": "maker", "by": ME}

    await room.receives(InvitationSent(**said), AccessEnded(**said))

    for action in (AuditAction.INVITE, AuditAction.END_ACCESS):
        mine = [each for each in await listed(client, f"action={action}") if each["detail"]["person"] == str(person)]
        assert [(each["commission"], each["person"], each["detail"]["role"]) for each in mine] == [
            (None, str(ME), "maker")
        ]


async def test_the_page_says_it_in_words_in_both_languages(client: httpx.AsyncClient, room: Room) -> None:
    story = Story(NOW - DAY).on_the_desk()
    person = new_id()
    await room.receives(
        *story.facts,
        payment(story.commission),
        cheaper(story),
        InvitationSent(at=NOW, person=person, role=Role.MAKER, by=ME),
    )

    english = await client.get("/ops/audit", headers=cookie(Role.OPS))
    german = await client.get("/ops/audit", headers=cookie(Role.OPS) | {"Accept-Language": "de"})

    for words in (
        "Recorded a payment: €513.80",
        "Changed a price: Engraving by hand, from €120.00 to €513.80, total €1,284.50",
        f"Sent an invitation: Maker, …{person.hex[-6:]}",
    ):
        assert words in english.raise_for_status().text
    for words in (
        "Zahlung erfasst: 513,80\xa0€",
        "von 120,00\xa0€ auf 513,80\xa0€",
        "Einladung gesendet: Werkbank",
    ):
        assert words in german.raise_for_status().text


@pytest.mark.parametrize("action", AuditAction)
async def test_page_and_api_are_narrowed_to_each_action(
    client: httpx.AsyncClient, room: Room, action: AuditAction
) -> None:
    story = Story(NOW - DAY).on_the_desk()
    me = new_id()
    await room.receives(*story.facts, *done_by_ops(story, me))

    mine = [each for each in await listed(client, f"action={action}&limit=100") if each["person"] == str(me)]
    page = await client.get(f"/ops/audit?action={action}", headers=cookie(Role.OPS))

    assert [each["action"] for each in mine] == ([action] if action in ELSEWHERE else [])
    assert f'value="{action}" selected' in page.raise_for_status().text


async def test_the_timeline_has_it_once_and_ops_share_of_it(client: httpx.AsyncClient, room: Room) -> None:
    story = Story(NOW - DAY).on_the_desk()
    await room.receives(*story.facts, payment(story.commission))

    whole = await client.get(f"/ops/commissions/{story.commission}", headers=cookie(Role.OPS))
    by_ops = await client.get(f"/ops/commissions/{story.commission}?kind=ops", headers=cookie(Role.OPS))

    assert "Payment received: €513.80" in whole.raise_for_status().text
    assert "Recorded a payment" not in whole.text
    assert "Recorded a payment: €513.80" in by_ops.raise_for_status().text
