"""The ops room over HTTP: the phase of every commission, as a page and as JSON, for ops alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.lifecycle.main import web
from shared.auth.roles import Role
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase
from shared.contracts.production import PromiseHeld
from shared.contracts.quotes import QuoteDrafted
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.lifecycle import NOW, Room, entered, kernel_of, submitted, withdrawn
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/lifecycle"
HOUR = timedelta(hours=1)
OPS = bearer(Role.OPS)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def on_the_desk(room: Room, due: timedelta) -> UUID:
    """`due` is from now."""
    commission = new_id()
    since = NOW - 3 * HOUR
    await room.receives(
        submitted(commission, since),
        entered(commission, Phase.DESK, Holder.STUDIO, since=since, due=due + 3 * HOUR),
    )
    return commission


async def ids(client: httpx.AsyncClient, query: str = "") -> list[UUID]:
    """All commissions of a list, page by page."""
    found, after = [], ""
    while True:
        answer = await client.get(f"{API}/commissions?limit=2{query}{after}", headers=OPS)
        page = answer.raise_for_status().json()
        found += [UUID(each["commission"]) for each in page["items"]]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


async def test_what_is_due_first_comes_first_and_what_has_ended_last(client: httpx.AsyncClient, room: Room) -> None:
    later, late = await on_the_desk(room, 40 * HOUR), await on_the_desk(room, -HOUR)
    ended, soon = await on_the_desk(room, HOUR), await on_the_desk(room, 2 * HOUR)
    await room.receives(CommissionEnded(at=NOW, commission=ended, outcome=Outcome.LAPSED))

    listed = await ids(client)

    mine = [each for each in listed if each in {later, late, ended, soon}]
    assert mine == [late, soon, later, ended]


async def test_the_list_is_narrowed_by_stage_and_holder(client: httpx.AsyncClient, room: Room) -> None:
    desk, quoting = await on_the_desk(room, HOUR), new_id()
    await room.receives(submitted(quoting), entered(quoting, Phase.QUOTING, due=HOUR))

    assert {desk, quoting} & set(await ids(client, "&phase=desk")) == {desk}
    assert {desk, quoting} & set(await ids(client, "&holder=process")) == {quoting}
    assert {desk, quoting} & set(await ids(client, "&phase=quoting&holder=studio")) == set()


@pytest.mark.parametrize(("due", "risk"), [(-HOUR, "late"), (HOUR, "soon"), (30 * HOUR, "none")])
async def test_a_commission_is_late_once_it_is_due(
    client: httpx.AsyncClient, room: Room, due: timedelta, risk: str
) -> None:
    commission = await on_the_desk(room, due)

    shown = (await client.get(f"{API}/commissions/{commission}", headers=OPS)).raise_for_status().json()

    assert (shown["phase"], shown["holder"], shown["risk"]) == ("desk", "studio", risk)


async def test_a_request_that_nobody_acts_upon_becomes_late_too(client: httpx.AsyncClient, room: Room) -> None:
    commission = new_id()
    await room.receives(submitted(commission, NOW - HOUR))

    shown = (await client.get(f"{API}/commissions/{commission}", headers=OPS)).raise_for_status().json()

    assert (shown["phase"], shown["holder"], shown["risk"]) == ("requested", "process", "late")


async def test_a_phase_that_arrives_before_the_request_is_kept(client: httpx.AsyncClient, room: Room) -> None:
    commission = new_id()
    await room.receives(entered(commission, Phase.PROMISING, due=HOUR))
    page = await client.get(f"/ops/commissions/{commission}", headers=cookie(Role.OPS))
    await room.receives(submitted(commission))

    shown = (await client.get(f"{API}/commissions/{commission}", headers=OPS)).raise_for_status().json()

    assert "New request" in page.raise_for_status().text
    assert (shown["phase"], shown["craft"]) == ("promising", "jewellery")


async def test_a_story_tells_what_happened_without_anybodys_words(client: httpx.AsyncClient, room: Room) -> None:
    commission, quote = new_id(), new_id()
    await room.receives(
        submitted(commission, NOW - 2 * HOUR),
        PromiseHeld(
            at=NOW - HOUR,
            commission=commission,
            promise=new_id(),
            maker=new_id(),
            ready_by=NOW.date(),
            ready_by_p50=NOW.date(),
            held_until=NOW + 9 * HOUR,
        ),
        QuoteDrafted(
            at=NOW,
            commission=commission,
            quote=quote,
            quote_version=1,
            brief_version=1,
            total=Money(minor=84_000, currency="EUR"),
        ),
    )

    answer = await client.get(f"{API}/commissions/{commission}", headers=OPS)
    page = await client.get(f"/ops/commissions/{commission}", headers=cookie(Role.OPS))

    facts = answer.raise_for_status().json()["facts"]
    assert [each["type"].rpartition(".")[2] for each in facts] == [
        "CommissionConfirmed",
        "PromiseHeld",
        "QuoteDrafted",
    ]
    text = page.raise_for_status().text
    assert "A maker&#39;s hours were held" in text
    assert "€840.00" in text
    assert str(quote) in text
    assert f"/temporal/namespaces/default/workflows/{commission}" in text


async def test_a_page_says_that_the_workflow_cannot_be_asked(client: httpx.AsyncClient, room: Room) -> None:
    commission = await on_the_desk(room, HOUR)

    page = await client.get(f"/ops/commissions/{commission}", headers=cookie(Role.OPS))
    asked = await client.get(f"{API}/commissions/{commission}/workflow", headers=OPS)

    assert "The workflow does not answer right now" in page.raise_for_status().text
    assert asked.raise_for_status().json()["answers"] is False


async def test_a_withdrawal_shows_at_once(client: httpx.AsyncClient, room: Room) -> None:
    commission = await on_the_desk(room, HOUR)
    await room.receives(withdrawn(commission))

    shown = (await client.get(f"{API}/commissions/{commission}", headers=OPS)).raise_for_status().json()

    assert shown["withdrawn_at"] is not None
    assert shown["phase"] == "desk"


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MAKER])
@pytest.mark.parametrize("path", ["/ops", "/ops/live", "/ops/failed-events", "/ops/access"])
async def test_the_room_is_for_ops_alone(client: httpx.AsyncClient, role: Role, path: str) -> None:
    assert (await client.get(path, headers=cookie(role))).status_code == 403


async def test_the_gate_lets_ops_through_and_leads_strangers_to_sign_in_and_on(client: httpx.AsyncClient) -> None:
    asked = {"X-Forwarded-Uri": "/temporal/namespaces/default"}

    stranger = await client.get("/ops/access", headers=asked)

    assert (await client.get("/ops/access", headers=cookie(Role.OPS) | asked)).status_code == 204
    assert stranger.status_code == 303
    assert stranger.headers["Location"] == "/session/renew?next=%2Ftemporal%2Fnamespaces%2Fdefault"


@pytest.mark.parametrize("asked", ["https://elsewhere.example/", "//elsewhere.example/", "/session/renew"])
async def test_the_gate_leads_nobody_astray(client: httpx.AsyncClient, asked: str) -> None:
    stranger = await client.get("/ops/access", headers={"X-Forwarded-Uri": asked})

    assert stranger.headers["Location"] == "/session/renew?next=%2F"


async def test_a_commission_that_no_fact_mentions_is_not_found(client: httpx.AsyncClient) -> None:
    for path in (f"{API}/commissions/{new_id()}", f"{API}/commissions/{new_id()}/workflow"):
        answer = await client.get(path, headers=OPS)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert (await client.get(f"/ops/commissions/{new_id()}", headers=cookie(Role.OPS))).status_code == 404


@pytest.mark.parametrize("query", ["phase=lost", "holder=me", "after=there", "limit=0"])
async def test_what_cannot_be_asked_for_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{API}/commissions?{query}", headers=OPS)

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["fields"][0]["field"] in query


# Parked records.


async def park(room: Room, key: str, version: int = 3) -> int:
    (row,) = await room.rows(
        """
        INSERT INTO parked (inbox, topic, partition, record_offset, key, version, headers, reason, detail)
        SELECT 'bridge', 'touchmark.commissions', 0, count(*), $1, $2, '[]', 'gap', 'version 2 was expected' FROM parked
        RETURNING id
        """,
        key,
        version,
    )
    return int(row["id"])


def keyed() -> dict[str, str]:
    return OPS | {"Idempotency-Key": str(new_id())}


async def test_records_that_wait_are_shown_with_their_reason(client: httpx.AsyncClient, room: Room) -> None:
    key, unreadable = str(new_id()), "no id at all"
    await park(room, key)
    await park(room, unreadable)

    page = await client.get("/ops/failed-events", headers=cookie(Role.OPS))
    listed = await client.get(f"{API}/failed-events", headers=OPS)
    list_page = await client.get("/ops", headers=cookie(Role.OPS))

    assert "version 2 was expected" in page.raise_for_status().text
    assert {key, unreadable} <= {each["key"] for each in listed.raise_for_status().json()}
    assert "wait for a decision" in list_page.text


async def test_parked_records_are_decided_in_order(client: httpx.AsyncClient, room: Room) -> None:
    key = str(new_id())
    first, second = await park(room, key), await park(room, key, 4)
    drop = {"decision": "drop", "reason": "It was a test of ours."}

    too_early = await client.post(f"{API}/failed-events/{second}", json=drop, headers=keyed())
    dropped = await client.post(f"{API}/failed-events/{first}", json=drop, headers=keyed())
    replayed = await client.post(f"{API}/failed-events/{second}", json={**drop, "decision": "replay"}, headers=keyed())

    assert (too_early.status_code, too_early.json()["remedy"]) == (409, "Decide on that one first.")
    assert (dropped.status_code, replayed.status_code) == (204, 204)
    rows = await room.rows("SELECT state, decision_note FROM parked WHERE key = $1 ORDER BY id", key)
    assert [row["state"] for row in rows] == ["dropped", "replay"]
    assert {row["decision_note"] for row in rows} == {"It was a test of ours."}


@pytest.mark.parametrize("topic", ["touchmark.commissions", "touchmark.access"])
async def test_a_decision_is_in_the_audit_log_with_its_commission_if_it_is_about_one(
    client: httpx.AsyncClient, room: Room, topic: str
) -> None:
    key = str(new_id())
    record = await park(room, key)
    await room.rows("UPDATE parked SET topic = $1 WHERE id = $2", topic, record)
    drop = {"decision": "drop", "reason": f"A test of ours, {key}."}

    (await client.post(f"{API}/failed-events/{record}", json=drop, headers=keyed())).raise_for_status()

    entries = (await client.get(f"{API}/audit?action=drop_parked", headers=OPS)).json()["items"]
    (mine,) = [each for each in entries if each["reason"] == drop["reason"]]
    about = key if topic == "touchmark.commissions" else None
    assert (mine["commission"], mine["detail"]) == (about, {"topic": topic, "version": 3})


async def test_a_decision_needs_a_reason(client: httpx.AsyncClient, room: Room) -> None:
    record = await park(room, str(new_id()))
    form = {"decision": "drop", "reason": "  ", "idempotency_key": str(new_id())}
    same_site = {"Sec-Fetch-Site": "same-origin"}

    page = await client.post(f"/ops/failed-events/{record}", data=form, headers=cookie(Role.OPS) | same_site)
    answer = await client.post(
        f"{API}/failed-events/{record}", json={"decision": "drop", "reason": " "}, headers=keyed()
    )

    assert (page.status_code, answer.status_code) == (422, 422)
    assert "This is empty." in page.text
    assert await room.rows("SELECT 1 FROM parked WHERE id = $1 AND state = 'waiting'", record)


async def test_a_record_that_does_not_wait_is_not_found(client: httpx.AsyncClient) -> None:
    decided = {"decision": "replay", "reason": "To see."}

    answer = await client.post(f"{API}/failed-events/{2**62}", json=decided, headers=keyed())

    assert answer.status_code == 404


async def test_only_ops_decide(client: httpx.AsyncClient, room: Room) -> None:
    record = await park(room, str(new_id()))

    for role in (Role.CUSTOMER, Role.MAKER):
        headers = bearer(role) | {"Idempotency-Key": str(new_id())}
        answer = await client.post(
            f"{API}/failed-events/{record}", json={"decision": "drop", "reason": "x"}, headers=headers
        )
        assert answer.status_code == 403
