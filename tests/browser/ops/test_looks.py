"""What pages of the ops room become, looked at by axe. Their first state is in `tests/browser/every_page`."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from services.lifecycle.domain.audit import AuditAction, AuditOutcome
from shared.auth.roles import Role
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from tests.support.browser import PHONE, assert_accessible, assert_accessible_everywhere, picture, visitor
from tests.support.lifecycle import NOW, Room
from tests.support.lifecycle_audit import done_by_ops, log
from tests.support.lifecycle_stories import DAY, HOUR, Story, at_the_bench, christened, completed, several
from tests.support.web import token


async def busy(room: Room) -> None:
    for story in several(NOW):
        await story.sent_to(room)
    await christened(room)


async def test_a_long_timeline_is_accessible(chromium: Browser, url: str, room: Room) -> None:
    story = at_the_bench(NOW).mail_failed(Intent.APPROVAL_ASKED)
    story.escalated(Escalation.APPROVAL_REFUSED, Phase.MAKING, Holder.MAKER)
    await story.sent_to(room)
    await log(room, story.commission, AuditAction.EXTEND, AuditOutcome.DONE)
    await log(room, story.commission, AuditAction.NUDGE, AuditOutcome.REFUSED, "nobody_to_nudge")

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto(f"/ops/commissions/{story.commission}")
        await page.get_by_text("Details").nth(3).click()

        await assert_accessible_everywhere(page, "story")


async def test_the_timeline_of_one_that_was_completed_is_accessible(chromium: Browser, url: str, room: Room) -> None:
    story = completed(NOW)
    await story.sent_to(room)

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto(f"/ops/commissions/{story.commission}?kind=money")

        await expect(page.get_by_text("Completed")).to_be_visible()
        await assert_accessible_everywhere(page, "completed")


@pytest.mark.parametrize("operation", ["nudge", "pause", "resume", "try-again"])
async def test_the_preview_of_an_operation_is_accessible(
    chromium: Browser, url: str, room: Room, operation: str
) -> None:
    story = at_the_bench(NOW)
    await story.sent_to(room)

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto(f"/ops/commissions/{story.commission}/{operation}")

        await assert_accessible_everywhere(page, f"operation-{operation}")


async def test_several_at_once_are_accessible(chromium: Browser, url: str, room: Room) -> None:
    await busy(room)

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto("/ops")
        for tick in await page.get_by_role("checkbox").all():
            await tick.check()
        await page.get_by_role("button", name="Send a reminder").click()

        await expect(page.get_by_text("Left out").first).to_be_visible()
        await assert_accessible_everywhere(page, "bulk")


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
async def test_the_audit_log_is_accessible_with_all_that_ops_do(
    chromium: Browser, url: str, room: Room, locale: str
) -> None:
    story = at_the_bench(NOW)
    await story.sent_to(room)
    await room.receives(*done_by_ops(story, new_id()))
    await log(room, story.commission, AuditAction.EXTEND, AuditOutcome.DONE)
    await log(room, story.commission, AuditAction.NUDGE, AuditOutcome.REFUSED, "nobody_to_nudge")
    await log(room, story.commission, AuditAction.PAUSE, AuditOutcome.ASKED)

    async with visitor(chromium, url, token(Role.OPS), PHONE, locale=locale) as page:
        await page.goto("/ops/audit")

        payment = {"en-GB": "Recorded a payment: €513.80", "de-DE": "Zahlung erfasst: 513,80\xa0€"}[locale]
        await expect(page.get_by_text(payment).first).to_be_visible()
        await assert_accessible_everywhere(page, f"audit-{locale}")


async def test_the_charts_are_accessible(chromium: Browser, url: str, room: Room) -> None:
    await busy(room)
    for number in range(6):
        await completed(NOW, days_ago=9 * number + 1, slow=number % 3 + 1).sent_to(room)
        await Story(NOW - timedelta(days=2 * number)).on_the_desk().sent_to(room)
    for number in range(14):
        await Story(NOW - 5 * DAY - number * HOUR).on_the_desk(9 * DAY).sent_to(room)
    await Story(NOW - 20 * DAY).on_the_desk().after(9 * DAY).ended(Outcome.DECLINED).sent_to(room)

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto("/ops/charts")
        await picture(page, "charts")
        for table in await page.get_by_text("Show as a table").all():
            await table.click()

        await assert_accessible_everywhere(page, "charts-as-tables")


@pytest.mark.parametrize(
    "path", ["/ops", "/ops/audit", "/ops/charts", "/ops/failed-events", "/ops/bulk?operation=pause"]
)
async def test_an_empty_page_says_so(chromium: Browser, url: str, path: str) -> None:
    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto(path)

        await picture(page, "empty-" + path.strip("/").split("?")[0].replace("/", "-"))
        await assert_accessible(page)


async def test_twenty_commissions_fit_on_a_desktop_screen(chromium: Browser, url: str, room: Room) -> None:
    await busy(room)
    for number in range(20):
        await Story(NOW - 5 * DAY - number * HOUR).on_the_desk(9 * DAY).sent_to(room)
    await christened(room)

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.set_viewport_size({"width": 1280, "height": 800})
        await page.goto("/ops")
        await picture(page, "ops-full")
        boxes = [await row.bounding_box() for row in await page.locator(".ticket").all()]

    bottoms = [box["y"] + box["height"] for box in boxes if box]
    assert sorted(bottoms)[19] <= 800


@pytest.mark.parametrize("path", ["/ops", "/ops/charts", "/ops/audit", "", "/cancel", "/extend"])
async def test_the_pages_are_accessible_in_german(chromium: Browser, url: str, room: Room, path: str) -> None:
    await busy(room)
    story = at_the_bench(NOW).mail_failed(Intent.APPROVAL_ASKED)
    await story.sent_to(room)
    await log(room, story.commission, AuditAction.EXTEND, AuditOutcome.DONE)
    here = path if path.startswith("/ops") else f"/ops/commissions/{story.commission}{path}"

    async with visitor(chromium, url, token(Role.OPS), PHONE, locale="de-DE") as page:
        await page.goto(here)

        assert await page.locator("html").get_attribute("lang") == "de"
        await assert_accessible_everywhere(page, f"de-{path.rpartition('/')[2] or 'commission'}")
