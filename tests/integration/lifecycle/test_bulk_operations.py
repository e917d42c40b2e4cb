"""Several commissions at once, and the audit log of it all."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.lifecycle import actions
from services.lifecycle.domain.operations import Operation
from shared.auth.roles import Caller, Role
from shared.contracts.commands.lifecycle import RecordReminder
from shared.contracts.lifecycle import Outcome
from shared.kernel.ids import new_id
from shared.postgres.database import Tx
from tests.support.counterparts import Counterparts
from tests.support.lifecycle import NOW, Room
from tests.support.lifecycle_operations import API, OPS, PERSON, SAME_SITE, WHY, at_the_desk, keyed, logged, offered
from tests.support.lifecycle_stories import DAY, Story, completed
from tests.support.statements import statements_of
from tests.support.web import cookie


async def test_several_are_reminded_at_once_each_with_its_own_outcome(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    willing, other = await offered(services, room), await at_the_desk(services, room)
    some, key = [str(willing.commission), str(other.commission)], new_id()

    asked = {"operation": "nudge", "commissions": some, **WHY}
    answers = [await client.post(f"{API}/bulk", json=asked, headers=keyed(key)) for _ in range(2)]

    for answer in answers:
        lines = answer.raise_for_status().json()
        assert [(line["outcome"], line["problem"]) for line in lines] == [
            ("done", None),
            ("refused", "nobody_to_nudge"),
        ]
    await willing.has_done(RecordReminder)
    assert willing.did(RecordReminder) == 1


async def test_the_page_for_several_leads_to_what_came_of_them(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    lives = [await offered(services, room) for _ in range(2)]
    headers = cookie(Role.OPS, PERSON)
    query = "&".join(f"commission={life.commission}" for life in lives)
    form = {**WHY, "operation": "extend", "days": "2", "idempotency_key": str(new_id())}
    form["commissions"] = " ".join(str(life.commission) for life in lives)

    seen = await client.get(f"/ops/bulk?operation=extend&{query}", headers=headers)
    without = await client.post("/ops/bulk", data=form | {"reason": ""}, headers=headers | SAME_SITE)
    sent = await client.post("/ops/bulk", data=form, headers=headers | SAME_SITE)
    log = await client.get(sent.headers["location"], headers=headers)

    assert "2 of 2 commissions" in seen.raise_for_status().text
    assert (without.status_code, sent.status_code) == (422, 303)
    assert log.raise_for_status().text.count("Gave 2 more days") == 2
    for life in lives:
        assert await logged(client, life.commission) == [("extend", "done", None)]


async def test_several_are_cancelled_by_the_studio_and_each_has_its_own_result(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    open_one, ended = await offered(services, room), await completed(NOW).sent_to(room)
    headers = cookie(Role.OPS, PERSON)
    form = {**WHY, "operation": "cancel", "idempotency_key": str(new_id())}
    form["commissions"] = f"{open_one.commission} {ended}"

    seen = await client.get(f"/ops/bulk?operation=cancel&commission={open_one.commission}", headers=headers)
    sent = await client.post("/ops/bulk", data=form, headers=headers | SAME_SITE)
    again = await client.post("/ops/bulk", data=form, headers=headers | SAME_SITE)
    log = await client.get(sent.headers["location"], headers=headers)

    assert "By the studio." in seen.raise_for_status().text
    assert sent.headers["location"] == again.headers["location"]
    assert log.status_code == httpx.codes.OK
    assert await logged(client, open_one.commission) == [("cancel", "done", None)]
    assert [outcome for _, outcome, _ in await logged(client, ended)] == ["refused"]
    assert (await open_one.handle.result()).outcome is Outcome.CANCELLED


async def test_with_temporal_away_several_are_asked_and_none_is_lost(cut_off: httpx.AsyncClient, room: Room) -> None:
    some = [await Story(NOW - DAY).on_the_desk().sent_to(room) for _ in range(2)]

    asked = {"operation": "pause", "commissions": [str(each) for each in some], **WHY}
    answer = await cut_off.post(f"{API}/bulk", json=asked, headers=keyed())

    assert [line["outcome"] for line in answer.raise_for_status().json()] == ["asked", "asked"]


async def test_a_preview_of_many_asks_the_database_no_more_than_one_of_a_single_commission(room: Room) -> None:
    some = [await Story(NOW - DAY).on_the_desk().sent_to(room) for _ in range(4)]
    caller = Caller(PERSON, Role.OPS, new_id())

    def previews(chosen: list[UUID]) -> Callable[[Tx], Awaitable[object]]:
        return lambda tx: actions.read_previews(
            tx, caller, chosen, Operation.PAUSE, days=None, now=NOW, soon=timedelta(days=2), language="en"
        )

    await statements_of(room.database, previews(some))
    single = await statements_of(room.database, previews(some[:1]))
    many = await statements_of(room.database, previews(some))

    assert many == single


@pytest.mark.parametrize("many", [0, 26])
async def test_none_or_too_many_at_once_are_refused(cut_off: httpx.AsyncClient, many: int) -> None:
    some = [str(new_id()) for _ in range(many)]
    query = "&".join(f"commission={each}" for each in some)

    api = await cut_off.post(f"{API}/bulk", json={"operation": "pause", "commissions": some, **WHY}, headers=keyed())
    page = await cut_off.get(f"/ops/bulk?operation=pause&{query}", headers=cookie(Role.OPS))

    assert (api.status_code, page.status_code) == (422, 422)
    assert "Back to the commissions" in page.text


async def test_one_that_nobody_knows_among_several_stops_them_all(cut_off: httpx.AsyncClient, room: Room) -> None:
    known = await Story(NOW - DAY).on_the_desk().sent_to(room)
    asked = {"operation": "pause", "commissions": [str(known), str(new_id())], **WHY}

    assert (await cut_off.post(f"{API}/bulk", json=asked, headers=keyed())).status_code == 404
    assert await logged(cut_off, known) == []


# The audit log.


async def test_the_audit_log_is_read_page_by_page_and_narrowed(cut_off: httpx.AsyncClient, room: Room) -> None:
    commission = await completed(NOW).sent_to(room)
    for _ in range(5):
        await cut_off.post(f"{API}/commissions/{commission}/pause", json=WHY, headers=keyed())
    read, after = [], ""
    while True:
        page = (await cut_off.get(f"{API}/audit?limit=2&commission={commission}{after}", headers=OPS)).json()
        read += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert len(set(read)) == len(read) == 5
    narrowed = await cut_off.get(f"{API}/audit?commission={commission}&outcome=done", headers=OPS)
    assert narrowed.json()["items"] == []
    for query in ("action=dance", "outcome=maybe", "commission=none", "after=there"):
        assert (await cut_off.get(f"/ops/audit?{query}", headers=cookie(Role.OPS))).status_code == 422
