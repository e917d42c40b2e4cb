"""The commands and timers of a commission's workflow, read from the real Temporal."""

import httpx

from shared.auth.roles import Role
from shared.contracts.commands.quotes import DraftQuote
from tests.support.counterparts import Counterparts
from tests.support.lifecycle import NOW, Room
from tests.support.lifecycle_operations import API, OPS, offered
from tests.support.lifecycle_stories import DAY, Story
from tests.support.waiting import until
from tests.support.web import cookie


async def test_a_story_has_the_commands_and_timers_of_its_workflow(
    services: Counterparts, room: Room, client: httpx.AsyncClient
) -> None:
    services.not_yet[DraftQuote] = 2
    life = await offered(services, room)

    async def waits() -> bool:
        """The timer is set a moment after the stage was written down."""
        answer = (await client.get(f"{API}/commissions/{life.commission}/history", headers=OPS)).raise_for_status()
        return {step["state"] for step in answer.json()["steps"] if step["kind"] == "timer"} == {"cancelled", "running"}

    await until("the desk's timer cancelled, and the quote's under way", waits)
    history = (await client.get(f"{API}/commissions/{life.commission}/history", headers=OPS)).raise_for_status().json()
    page = await client.get(f"/ops/commissions/{life.commission}?kind=command", headers=cookie(Role.OPS))

    steps = [(step["kind"], step["name"], step["state"]) for step in history["steps"]]
    drafting = next(step for step in history["steps"] if step["name"] == "quotes.DraftQuote")
    assert history["answers"]
    assert history["complete"]
    assert ("command", "production.PreviewPromise", "done") in steps
    assert ("timer", "Timer", "cancelled") in steps
    assert ("timer", "Timer", "running") in steps
    assert (drafting["state"], drafting["attempts"]) == ("done", 3)
    assert "Draft the quote" in page.raise_for_status().text
    assert "done, 3 attempts" in page.text


async def test_with_temporal_away_the_story_says_what_it_leaves_out(cut_off: httpx.AsyncClient, room: Room) -> None:
    commission = await Story(NOW - DAY).on_the_desk().sent_to(room)

    history = await cut_off.get(f"{API}/commissions/{commission}/history", headers=OPS)
    page = await cut_off.get(f"/ops/commissions/{commission}", headers=cookie(Role.OPS))

    assert history.raise_for_status().json() == {"answers": False, "complete": True, "events": 0, "steps": []}
    assert "Temporal does not answer right now" in page.raise_for_status().text
