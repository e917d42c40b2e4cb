"""What ops have done, against the real workflow on the real Temporal: previewed, done once, refused, written down."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import Pause
from shared.auth.roles import Role
from shared.contracts.commands.lifecycle import RecordReminder
from shared.contracts.commands.quotes import DraftQuote
from shared.contracts.lifecycle import Holder, Outcome, Phase
from shared.kernel.ids import new_id
from tests.support.counterparts import Counterparts
from tests.support.lifecycle import NOW, Room
from tests.support.lifecycle_operations import API, OPS, PERSON, SAME_SITE, WHY, at_the_desk, keyed, logged, offered
from tests.support.lifecycle_stories import DAY, Story, at_the_bench, completed
from tests.support.waiting import until
from tests.support.web import bearer, cookie


async def test_more_time_is_given_once_however_often_it_is_sent(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    life, key = await at_the_desk(services, room), new_id()
    before = (await life.state()).current
    address = f"{API}/commissions/{life.commission}/extend"

    answers = [await client.post(address, json={**WHY, "days": 3}, headers=keyed(key)) for _ in range(3)]
    reused = await client.post(address, json={**WHY, "days": 4}, headers=keyed(key))

    async def longer() -> bool:
        now = (await life.state()).current
        return bool(before and before.due and now and now.due == before.due + timedelta(days=3))

    await until("it is due three days later", longer)
    assert [answer.json()["outcome"] for answer in answers] == ["done"] * 3
    assert len({answer.json()["action"] for answer in answers}) == 1
    assert (reused.status_code, reused.json()["type"]) == (422, "urn:touchmark:problem:idempotency-key-reused")
    (line,) = (await client.get(f"{API}/audit?commission={life.commission}", headers=OPS)).json()["items"]
    assert (line["person"], line["reason"], line["detail"]) == (str(PERSON), WHY["reason"], {"days": 3})


async def test_a_commission_is_paused_and_goes_on(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    life = await at_the_desk(services, room)
    address = f"{API}/commissions/{life.commission}"

    paused = await client.post(f"{address}/pause", json=WHY, headers=keyed())
    assert (await life.state()).paused_at is not None
    await room.receives(*Story(NOW, life.commission).reaches(Phase.DESK, Holder.STUDIO, paused=True).facts)
    again = await client.post(f"{address}/pause", json=WHY, headers=keyed())
    resumed = await client.post(f"{address}/resume", json=WHY, headers=keyed())

    assert (await life.state()).paused_at is None
    assert [answer.status_code for answer in (paused, again, resumed)] == [200, 409, 200]
    assert again.json()["detail"] == "It is already paused."
    assert await logged(client, life.commission) == [
        ("pause", "done", None),
        ("pause", "refused", "paused_already"),
        ("resume", "done", None),
    ]


async def test_the_workflow_has_the_last_word_and_its_refusal_is_a_sentence_on_the_page(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    life = await at_the_desk(services, room)
    await room.receives(*Story(NOW, life.commission).offered().facts)  # the room is ahead of this workflow
    address = f"/ops/commissions/{life.commission}/nudge"
    form = {**WHY, "idempotency_key": str(new_id())}

    answer = await client.post(address, data=form, headers=cookie(Role.OPS, PERSON) | SAME_SITE)

    assert answer.status_code == 409
    assert "neither the customer nor the maker" in answer.text
    assert WHY["reason"] in answer.text
    assert form["idempotency_key"] not in answer.text
    assert await logged(client, life.commission) == [("nudge", "refused", "nobody_to_nudge")]


async def test_a_reminder_goes_to_the_one_it_is_waiting_for(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    life = await offered(services, room)
    form = {**WHY, "idempotency_key": str(new_id())}
    address = f"/ops/commissions/{life.commission}/nudge"

    answers = [await client.post(address, data=form, headers=cookie(Role.OPS, PERSON) | SAME_SITE) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {303}
    await life.has_done(RecordReminder)
    assert life.did(RecordReminder) == 1


@pytest.mark.parametrize("cause", ["customer", "studio"])
async def test_a_cancellation_brings_the_commission_to_its_end(
    services: Counterparts, room: Room, client: httpx.AsyncClient, cause: str
) -> None:
    life = await offered(services, room)
    asked = {**WHY, "cause": cause, "at_most_percent": 0}

    answer = await client.post(f"{API}/commissions/{life.commission}/cancel", json=asked, headers=keyed())

    assert answer.raise_for_status().json()["outcome"] == "done"
    assert (await life.handle.result()).outcome is Outcome.CANCELLED
    assert answer.json()["detail"]["cause"] == cause


async def test_what_was_refused_is_tried_again_with_a_reason(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    services.refusals[DraftQuote] = 1
    story = Story(NOW - DAY).asked_for().reaches(Phase.QUOTING, Holder.STUDIO, timedelta(0))
    await services.begin(commission=story.commission)
    await story.sent_to(room)
    address = f"{API}/commissions/{story.commission}"

    async def in_trouble() -> bool:
        return (await client.get(f"{address}/workflow", headers=OPS)).json()["trouble"] is not None

    await until("the draft is refused", in_trouble, 30)
    seen = (await client.get(f"{address}/try-again", headers=OPS)).raise_for_status().json()
    page = await client.get(f"/ops/commissions/{story.commission}", headers=cookie(Role.OPS))
    german = await client.get(f"{address}/workflow", headers=OPS | {"Accept-Language": "de"})
    steps = (await client.get(f"{address}/history", headers=OPS)).json()["steps"]
    done = await client.post(f"{address}/try-again", json=WHY, headers=keyed())
    await until("the draft is done", lambda: len(services.of(DraftQuote)) == 1, 30)

    assert (seen["retries"], seen["blocked_by"]) == ("quotes.DraftQuote", None)
    assert "A step was refused" in page.text
    assert "refused: it does not fit what has happened since" in page.text
    assert "conflict" not in page.text
    assert german.json()["trouble"]["message"] == "passt nicht zu dem, was inzwischen geschehen ist"
    assert [(step["problem"], step["message"]) for step in steps if step["problem"]] == [
        ("conflict", "it does not fit what has happened since")
    ]
    assert done.raise_for_status().json()["outcome"] == "done"


async def test_a_commission_that_has_ended_cannot_be_changed(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    commission = await completed(NOW).sent_to(room)

    for operation in ("nudge", "extend", "pause", "resume", "cancel", "try-again"):
        asked = {**WHY, "days": 3, "cause": "studio"}
        answer = await client.post(f"{API}/commissions/{commission}/{operation}", json=asked, headers=keyed())
        page = await client.get(f"/ops/commissions/{commission}/{operation}", headers=cookie(Role.OPS))
        assert (answer.status_code, answer.json()["detail"]) == (409, "It has ended, or is being closed.")
        assert "This cannot be done now" in page.raise_for_status().text

    assert {outcome for _, outcome, _ in await logged(client, commission)} == {"refused"}
    assert services.done == []


async def test_one_whose_workflow_is_gone_says_so(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    commission = await Story(NOW - DAY).on_the_desk().sent_to(room)

    answer = await client.post(f"{API}/commissions/{commission}/pause", json=WHY, headers=keyed())

    assert (answer.status_code, services.done) == (409, [])
    assert "No workflow of this commission is running" in answer.json()["detail"]


async def test_with_temporal_away_it_is_written_down_as_asked_and_done_by_the_same_request_later(
    services: Counterparts, room: Room, client: httpx.AsyncClient, cut_off: httpx.AsyncClient
) -> None:
    life, key = await at_the_desk(services, room), str(new_id())
    address, form = f"/ops/commissions/{life.commission}/pause", {**WHY, "idempotency_key": key}
    headers = cookie(Role.OPS, PERSON) | SAME_SITE

    away = await cut_off.post(address, data=form, headers=headers)
    meanwhile = await logged(client, life.commission)
    back = await client.post(address, data=form, headers=headers)

    assert (away.status_code, meanwhile) == (503, [("pause", "asked", None)])
    assert "we do not know whether it was done" in away.text
    assert key in away.text
    assert back.status_code == 303
    assert await logged(client, life.commission) == [("pause", "done", None)]
    assert (await life.state()).paused_at is not None


async def test_what_was_done_although_its_answer_was_lost_is_done_by_the_same_request_later(
    services: Counterparts, room: Room, client: httpx.AsyncClient, cut_off: httpx.AsyncClient
) -> None:
    life, key = await at_the_desk(services, room), new_id()
    address = f"{API}/commissions/{life.commission}/pause"
    await cut_off.post(address, json=WHY, headers=keyed(key))
    (asked,) = (await client.get(f"{API}/audit?commission={life.commission}", headers=OPS)).json()["items"]
    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=UUID(asked["id"])), id=asked["id"])
    await room.receives(*Story(NOW, life.commission).reaches(Phase.DESK, Holder.STUDIO, paused=True).facts)

    again = await client.post(address, json=WHY, headers=keyed(key))

    assert (again.status_code, again.json()["outcome"]) == (200, "done")
    assert await logged(client, life.commission) == [("pause", "done", None)]


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("pause", {"reason": "  "}, "reason"),
    ("pause", {"reason": "x" * 501}, "reason"),
    ("pause", {"reason": "a\x00b"}, "reason"),
    ("extend", {**WHY, "days": 0}, "days"),
    ("extend", {**WHY, "days": 91}, "days"),
    ("extend", {**WHY, "days": "soon"}, "days"),
    ("extend", WHY, "days"),
    ("cancel", WHY, "cause"),
]


@pytest.mark.parametrize(("operation", "asked", "field"), BAD)
async def test_bad_input_is_named_and_nothing_is_written_down(
    cut_off: httpx.AsyncClient, room: Room, operation: str, asked: dict[str, Any], field: str
) -> None:
    commission = await at_the_bench(NOW).sent_to(room)
    form = {name: str(value) for name, value in asked.items()} | {"idempotency_key": str(new_id())}

    api = await cut_off.post(f"{API}/commissions/{commission}/{operation}", json=asked, headers=keyed())
    page = await cut_off.post(
        f"/ops/commissions/{commission}/{operation}", data=form, headers=cookie(Role.OPS, PERSON) | SAME_SITE
    )

    assert (api.status_code, page.status_code) == (422, 422)
    assert api.json()["fields"][0]["field"].lstrip("/") == field
    assert f'href="#{field}"' in page.text
    assert await room.rows("SELECT 1 FROM audit_entry WHERE commission = $1", commission) == []


async def test_a_form_that_the_page_did_not_make_says_what_to_do(cut_off: httpx.AsyncClient, room: Room) -> None:
    commission = await at_the_bench(NOW).sent_to(room)
    headers = cookie(Role.OPS, PERSON) | SAME_SITE
    key = {"idempotency_key": str(new_id())}

    strange = await cut_off.post(
        f"/ops/commissions/{commission}/cancel", data={**WHY, **key, "cause": "weather"}, headers=headers
    )
    together = await cut_off.post("/ops/bulk", data={**WHY, **key, "commissions": "none"}, headers=headers)

    assert (strange.status_code, together.status_code) == (422, 400)
    assert "This does not say who cancels." in strange.text


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MAKER])
async def test_only_ops_may_do_so(cut_off: httpx.AsyncClient, room: Room, role: Role) -> None:
    commission = await at_the_bench(NOW).sent_to(room)
    headers = bearer(role) | {"Idempotency-Key": str(new_id())}

    for operation in ("nudge", "extend", "pause", "resume", "cancel", "try-again"):
        answer = await cut_off.post(f"{API}/commissions/{commission}/{operation}", json=WHY, headers=headers)
        assert answer.status_code == 403


async def test_a_commission_that_nobody_knows_is_not_found(cut_off: httpx.AsyncClient) -> None:
    address = f"{API}/commissions/{new_id()}/pause"

    assert (await cut_off.get(address, headers=OPS)).status_code == 404
    assert (await cut_off.post(address, json=WHY, headers=keyed())).status_code == 404


async def test_a_cancellation_is_previewed_by_the_gates_that_were_passed(
    cut_off: httpx.AsyncClient, room: Room
) -> None:
    commission = await at_the_bench(NOW).sent_to(room)

    seen = (await cut_off.get(f"{API}/commissions/{commission}/cancel", headers=OPS)).raise_for_status().json()
    page = await cut_off.get(f"/ops/commissions/{commission}/cancel", headers=cookie(Role.OPS))

    assert (seen["by_customer"]["percent"], seen["by_customer"]["owed"]["minor"]) == (35, 44_958)
    assert (seen["by_studio"]["owed"]["minor"], seen["by_studio"]["back"]["minor"]) == (0, 51_380)
    assert seen["frees_hours"]
    assert "Owed: €449.58 (35% of the price)" in " ".join(
        page.text.replace('<span class="money">', "").replace("</span>", "").split()
    )


async def test_more_time_is_previewed_with_the_day_it_would_be_due(cut_off: httpx.AsyncClient, room: Room) -> None:
    commission = await Story(NOW - 2 * DAY).on_the_desk().offered().sent_to(room)

    address = f"{API}/commissions/{commission}/extend"
    seen = (await cut_off.get(f"{address}?days=5", headers=OPS)).raise_for_status().json()

    due, then = (datetime.fromisoformat(seen[name]) for name in ("due", "new_due"))
    assert (then - due, seen["extends_quote"]) == (timedelta(days=5), True)
    assert (await cut_off.get(f"{address}?days=91", headers=OPS)).status_code == 422
