"""Another craft, in another language: a mug is asked for, quoted, made and certified, and its customer reads German."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from deploy.local.demo import Demo
from deploy.local.simulated_users.customer import Wish
from deploy.local.simulated_users.drawings import sketch
from shared.auth.roles import Role
from tests.support.studio import Studio

MUG = {
    "size": "middle",
    "glaze": "tenmoku",
    "words": "Guten Morgen",
    "needed_by": (datetime.now(UTC).date() + timedelta(days=100)).isoformat(),
    "why": "Für meinen Vater, der früh aufsteht.",
}


@pytest.mark.timeout(300)
async def test_a_mug_is_asked_for_quoted_made_and_certified_in_german(studio: Studio) -> None:
    demo = Demo(studio.url, studio.local_link(Role.OPS), studio.local_link(Role.MAKER), language="de")
    wish = Wish(MUG, sketch(), craft="ceramics", offering="mug")

    await asyncio.to_thread(lambda: list(demo.play(wish)))

    assert demo.commission is not None
    (ended,) = await studio.rows(
        "lifecycle", "SELECT outcome FROM commission_workflow WHERE commission = $1", demo.commission
    )
    assert ended["outcome"] == "completed"
    form = await asyncio.to_thread(demo.customer.read, wish.form)
    assert 'lang="de"' in form
    assert "Einen Becher anfragen" in form
    assert "Worte im Boden" in form
    certified = await page(studio, f"/c/{demo.serial}")
    assert "Der Becher" in certified
    assert "Keine scharfen Glasurtropfen" in certified
    assert "Steinzeug schwindet in zwei Bränden um etwa 12\u00a0%" in certified
    assert "Silber" not in certified


async def page(studio: Studio, path: str) -> str:
    """A page as somebody reads it whose browser asks for German."""
    async with httpx.AsyncClient(base_url=studio.url, headers={"Accept-Language": "de"}) as anybody:
        return (await anybody.get(path)).raise_for_status().text
