"""What ops have done from their pages, on the real Temporal: by mouse, by keyboard, and without scripts."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from services.lifecycle.main import web
from shared.auth.roles import Role
from shared.contracts.commands.lifecycle import RecordReminder
from tests.support.browser import PHONE, assert_accessible, assert_accessible_everywhere, picture, visitor
from tests.support.counterparts import Counterparts
from tests.support.lifecycle import NOW, Room, kernel_of
from tests.support.lifecycle_operations import offered
from tests.support.lifecycle_stories import DAY, Story
from tests.support.waiting import until
from tests.support.web import served, token

WHY = "She rang: the ring can wait."


@pytest.fixture
async def services(temporal: str, prefix: str) -> AsyncIterator[Counterparts]:
    counterparts = Counterparts(await Client.connect(temporal, data_converter=pydantic_data_converter), prefix)
    async with counterparts.at_work():
        yield counterparts


@pytest.fixture
async def url(room: Room, temporal: str, prefix: str) -> AsyncIterator[str]:
    async with served(web(kernel_of(room.database, temporal=temporal, prefix=prefix))) as address:
        yield address


async def test_a_pause_is_previewed_given_a_reason_and_seen_in_the_story(
    chromium: Browser, url: str, services: Counterparts, room: Room
) -> None:
    life = await offered(services, room)

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto(f"/ops/commissions/{life.commission}")
        await page.get_by_role("link", name="Pause", exact=True).click()
        await expect(page.get_by_text("The clock stops")).to_be_visible()
        await page.get_by_label("Reason").fill(WHY)
        await page.get_by_role("button", name="Pause").click()

        await expect(page.get_by_text("By ops: Paused")).to_be_visible()
        await expect(page.get_by_text(WHY)).to_be_visible()
        await assert_accessible_everywhere(page, "story-with-workflow")

    assert (await life.state()).paused_at is not None


async def test_a_reminder_is_sent_by_keyboard_and_without_scripts(
    chromium: Browser, url: str, services: Counterparts, room: Room
) -> None:
    life = await offered(services, room)

    async with visitor(chromium, url, token(Role.OPS), java_script_enabled=False) as page:
        await page.goto("/ops")
        await page.get_by_role("checkbox").press("Space")
        await page.get_by_role("button", name="Send a reminder").press("Enter")
        await page.get_by_label("Reason").fill(WHY)
        await page.get_by_role("button", name="Send a reminder").press("Enter")

        await expect(page.get_by_role("heading", name="Audit log")).to_be_visible()
        await expect(page.get_by_text("Sent a reminder Done")).to_be_visible()

    await life.has_done(RecordReminder)


async def test_what_was_typed_stays_where_something_needs_another_look(
    chromium: Browser, url: str, services: Counterparts, room: Room
) -> None:
    life = await offered(services, room)

    async with visitor(chromium, url, token(Role.OPS), java_script_enabled=False) as page:
        await page.goto(f"/ops/commissions/{life.commission}/cancel")
        await page.get_by_label("Reason").fill("   ")
        await page.get_by_label("The customer", exact=False).first.check()
        await page.get_by_role("button", name="Cancel commission").click()

        await expect(page.get_by_role("alert")).to_be_visible()
        await expect(page.get_by_label("The customer", exact=False).first).to_be_checked()
        await picture(page, "operation-needs-another-look")

    assert not (await life.state()).cancellations


async def test_more_time_is_chosen_with_the_day_it_is_due_then(
    chromium: Browser, url: str, services: Counterparts, room: Room
) -> None:
    life = await offered(services, room)
    before = (await life.state()).current

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto(f"/ops/commissions/{life.commission}/extend")
        await page.get_by_label("1 week").check()
        await page.get_by_label("Reason").fill(WHY)
        await picture(page, "operation-extend-chosen")
        await assert_accessible(page)
        await page.get_by_role("button", name="Give more time").click()

        await expect(page.get_by_text("Gave 7 more days")).to_be_visible()

    async def longer() -> bool:
        now = (await life.state()).current
        return bool(before and before.due and now and now.due == before.due + 7 * DAY)

    await until("it is due a week later", longer)


async def test_ticks_stay_while_the_board_changes_by_itself(
    chromium: Browser, url: str, services: Counterparts, room: Room
) -> None:
    life = await offered(services, room)

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/ops")
        await page.locator(f"#tick-{life.commission}").check()
        await Story(NOW - DAY).on_the_desk().sent_to(room)

        await expect(page.locator(".ticket")).to_have_count(2)
        await expect(page.locator(f"#tick-{life.commission}")).to_be_checked()
        await expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
