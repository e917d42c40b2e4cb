"""The ops room in the browser: at both widths and in both lights; and it changes by itself."""

from datetime import timedelta
from uuid import UUID

from playwright.async_api import Browser, expect

from shared.auth.roles import Role
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase
from shared.contracts.notifications import Intent, MailSent
from shared.contracts.production import PromiseHeld
from shared.contracts.quotes import QuoteDrafted
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.support.browser import PHONE, assert_accessible, assert_accessible_everywhere, picture, visitor
from tests.support.lifecycle import NOW, Room, entered, submitted, withdrawn
from tests.support.web import token

HOUR = timedelta(hours=1)
LIVE = 15_000
"""Milliseconds within which a page has changed by itself, on a machine that is busy with other tests."""


async def at_the_desk(room: Room, *, since: timedelta = 3 * HOUR, due: timedelta = 5 * 24 * HOUR) -> UUID:
    """`since` is before now, `due` after it."""
    commission, asked = new_id(), NOW - since - HOUR
    held = PromiseHeld(
        at=asked,
        commission=commission,
        promise=new_id(),
        maker=new_id(),
        ready_by=NOW.date(),
        ready_by_p50=NOW.date(),
        held_until=NOW + due,
    )
    drafted = QuoteDrafted(
        at=asked + HOUR / 2,
        commission=commission,
        quote=new_id(),
        quote_version=1,
        brief_version=1,
        total=Money(minor=128_450, currency="EUR"),
    )
    await room.receives(
        submitted(commission, asked),
        entered(commission, Phase.PROMISING, since=asked, due=HOUR),
        held,
        entered(commission, Phase.QUOTING, since=asked + HOUR / 4, due=HOUR),
        drafted,
        entered(commission, Phase.DESK, Holder.STUDIO, since=NOW - since, due=since + due),
        MailSent(at=NOW - since, commission=commission, mail=new_id(), person=new_id(), intent=Intent.QUOTE_DRAFTED),
    )
    return commission


async def every_kind(room: Room) -> None:
    await at_the_desk(room, since=300 * HOUR, due=-2 * HOUR)
    await at_the_desk(room)
    await at_the_desk(room, due=9 * HOUR)
    waiting, quoting, arrived_early = new_id(), new_id(), new_id()
    await room.receives(submitted(waiting, NOW - HOUR))
    await room.receives(submitted(quoting, NOW - HOUR / 6), entered(quoting, Phase.QUOTING, since=NOW, due=HOUR / 4))
    await room.receives(entered(arrived_early, Phase.PROMISING, since=NOW, due=HOUR / 4))
    for outcome in Outcome:
        over = await at_the_desk(room)
        await room.receives(CommissionEnded(at=NOW - HOUR, commission=over, outcome=outcome))


async def park(room: Room) -> None:
    await room.rows(
        """
        INSERT INTO parked (inbox, topic, partition, record_offset, key, version, headers, reason, detail)
        VALUES ('bridge', 'touchmark.commissions', 2, 118, $1, 3, '[]', 'gap', 'version 2 was expected, this is 3')
        """,
        str(new_id()),
    )


async def test_failed_events_are_accessible(chromium: Browser, url: str, room: Room) -> None:
    await park(room)

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto("/ops/failed-events")

        await assert_accessible_everywhere(page, "parked")


async def test_a_failed_event_is_dropped_with_a_reason(chromium: Browser, url: str, room: Room) -> None:
    await park(room)

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/ops")
        await page.get_by_role("link", name="1 failed event waits for a decision.").click()
        await page.get_by_label("Reason").fill("Version 2 was a test of ours.")
        await page.get_by_role("button", name="Drop for good").click()

        await expect(page.get_by_role("heading", name="No failed events")).to_be_visible()
        await assert_accessible(page)

    (row,) = await room.rows("SELECT state, decision_note FROM parked")
    assert (row["state"], row["decision_note"]) == ("dropped", "Version 2 was a test of ours.")


async def test_an_empty_dashboard_says_so_and_fills_without_a_click(chromium: Browser, url: str, room: Room) -> None:
    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/ops")
        await expect(page.get_by_role("heading", name="No commissions yet")).to_be_visible(timeout=LIVE)
        await picture(page, "ops-empty")
        await assert_accessible(page)

        commission = await at_the_desk(room)

        await expect(page.get_by_role("link", name="ring")).to_be_visible(timeout=LIVE)
        await room.receives(CommissionEnded(at=NOW, commission=commission, outcome=Outcome.LAPSED))
        await expect(page.locator(".ticket").get_by_text("Ended: lapsed")).to_be_visible(timeout=LIVE)


async def test_a_timeline_grows_without_a_click(chromium: Browser, url: str, room: Room) -> None:
    commission = await at_the_desk(room)

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/ops")
        await page.get_by_role("link", name="ring").click()
        await expect(page.get_by_role("heading", name="ring")).to_be_visible(timeout=LIVE)

        await page.get_by_text("Details (Quote drafted: €1,284.50)").click()
        await room.receives(withdrawn(commission))

        await expect(page.locator(".what", has_text="The customer withdrew the request")).to_be_visible(timeout=LIVE)
        await expect(page.locator("details[open]").get_by_text("€1,284.50", exact=True)).to_be_visible(timeout=LIVE)


async def test_the_list_is_narrowed_by_keyboard_and_without_scripts(chromium: Browser, url: str, room: Room) -> None:
    await every_kind(room)

    async with visitor(chromium, url, token(Role.OPS), java_script_enabled=False) as page:
        await page.goto("/ops")
        await page.get_by_label("Phase").select_option("quoting")
        await page.get_by_role("button", name="Show").press("Enter")

        await expect(page.locator(".ticket")).to_have_count(1)
        assert "phase=quoting" in page.url


async def test_a_kind_that_there_is_none_of_offers_a_way_back(chromium: Browser, url: str, room: Room) -> None:
    await every_kind(room)

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/ops?phase=quoting&holder=maker")
        await page.get_by_role("link", name="Show all commissions").click()

        await expect(page.locator(".ticket")).to_have_count(6 + len(Outcome))
