"""The board, the job ticket, the parcel and the makers in the browser: at both widths, in both lights, by keyboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, Page, expect

from services.production.actions import mishaps
from services.production.domain.mishaps import MishapSaid
from shared.auth.roles import Role
from shared.contracts.production import Mishap
from shared.web.idempotency import request_key
from tests.support.browser import PHONE, assert_accessible, assert_accessible_everywhere, picture, visitor
from tests.support.production import MAKER, OPS, Production
from tests.support.web import token

PATIENCE = 20_000


@asynccontextmanager
async def at_the_bench(chromium: Browser, url: str, **options: Any) -> AsyncIterator[Page]:
    async with visitor(chromium, url, token(Role.MAKER, MAKER.person), **options) as page:
        yield page


async def test_an_empty_board_fills_without_a_click(chromium: Browser, url: str, production: Production) -> None:
    async with at_the_bench(chromium, url) as page:
        await page.goto("/bench")
        await expect(page.get_by_role("heading", name="Nothing to do right now")).to_be_visible()
        await picture(page, "board-empty")

        commission = await production.booked()
        await expect(page.get_by_text("Waiting for a sign-off")).to_be_visible(timeout=PATIENCE)
        await production.open_gate(commission, "cut")

        await expect(page.get_by_role("heading", name="Next")).to_be_visible(timeout=PATIENCE)


async def test_a_ticket_with_something_to_sign_is_accessible(
    chromium: Browser, url: str, production: Production
) -> None:
    commission = await production.booked()
    await production.make_until(commission, "assay")

    async with at_the_bench(chromium, url) as page:
        await page.goto(f"/bench/tasks/{(await production.current(commission)).task}")

        await assert_accessible_everywhere(page, "ticket-signs")


async def test_a_maker_begins_pauses_goes_on_and_finishes_by_keyboard(
    chromium: Browser, url: str, production: Production
) -> None:
    commission = await production.booked()
    await production.open_gate(commission, "cut")

    async with at_the_bench(chromium, url) as page:
        await page.goto("/bench")
        await page.get_by_role("link", name="Open ticket").first.focus()
        await page.keyboard.press("Enter")
        for step, then in (("Start", "In progress"), ("Pause", "Paused"), ("Continue", "In progress")):
            await page.get_by_role("button", name=step, exact=True).focus()
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("heading", name=then)).to_be_visible()
        await page.get_by_role("button", name="Finish this step").focus()
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("link", name="Bend, close the joint and solder")).to_be_visible()


async def test_what_the_maker_signs_is_ticked_or_the_step_is_not_begun(
    chromium: Browser, url: str, production: Production
) -> None:
    commission = await production.booked()
    await production.make_until(commission, "assay")
    task = await production.current(commission)

    async with at_the_bench(chromium, url) as page:
        await page.goto(f"/bench/tasks/{task.task}")
        await page.get_by_role("button", name="Start", exact=True).click()

        await expect(page.get_by_role("alert")).to_contain_text("Not ticked")
        await picture(page, "ticket-not-ticked")
        await assert_accessible(page)
        await page.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.get_by_role("heading", name="In progress")).to_be_visible()


async def test_a_mishap_says_what_it_moves_counts_at_once_and_is_undone(
    chromium: Browser, url: str, production: Production
) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = await production.start(commission)

    async with at_the_bench(chromium, url, java_script_enabled=False) as page:
        await page.goto(f"/bench/tasks/{task.task}")
        await page.get_by_text("Something went wrong").click()
        await picture(page, "ticket-mishap")
        await page.get_by_role("button", name="Piece damaged").click()
        await expect(page.get_by_text("Work continues with")).to_be_visible()
        await picture(page, "mishap-preview")
        assert (await production.current(commission)).stage == "file", "nothing is sent yet"
        await page.get_by_label("What it came of").select_option("A slip of the hand")
        await page.get_by_label("What happened").fill("It fell off the pin.")
        await page.get_by_role("button", name="Report the mishap").click()

        await expect(page.get_by_role("heading", name="No longer needed")).to_be_visible()
        assert (await production.current(commission)).stage == "prepare"
        await picture(page, "ticket-mishap-reported")
        await page.get_by_role("button", name="Undo this mishap").click()

        await expect(page.get_by_role("heading", name="File and emery to the section")).to_be_visible()
        assert (await production.current(commission)).task == task.task


async def test_a_check_that_is_not_met_asks_where_the_piece_goes_back_to(
    chromium: Browser, url: str, production: Production
) -> None:
    commission = await production.booked()
    await production.make_until(commission, "check")
    task = await production.start(commission)

    async with at_the_bench(chromium, url) as page:
        await page.goto(f"/bench/tasks/{task.task}")
        for label, measure in (
            *(("Ring size", "54,1"), ("Width", "4.3"), ("Thickness at the middle", "1.8"), ("Roundness", "0")),
            ("Weight", "5.05"),
        ):
            await page.get_by_label(label).fill(measure)
        for met in await page.get_by_role("radio", name="Met", exact=True).all():
            await met.check()
        await page.get_by_role("button", name="Finish the checklist").click()
        await expect(page.get_by_role("alert")).to_contain_text("Not met: Width.")
        await expect(page.get_by_label("Width")).to_have_value("4.3")
        await picture(page, "ticket-not-met")
        await assert_accessible(page)

        await page.get_by_label("go back to").select_option("file")
        await page.get_by_role("button", name="Finish the checklist").click()

        await expect(page.get_by_role("heading", name="No longer needed")).to_be_visible()
        assert (await production.current(commission)).stage == "file"


async def test_an_empty_checklist_names_each_check(chromium: Browser, url: str, production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "check")
    task = await production.start(commission)

    async with at_the_bench(chromium, url) as page:
        await page.goto(f"/bench/tasks/{task.task}")
        await page.get_by_role("button", name="Finish the checklist").click()

        problems = page.get_by_role("alert").get_by_role("link")
        await expect(problems.first).to_have_text("Ring size: This is not a measurement.")
        await expect(problems.last).to_have_text("Edges and surface: This is not answered yet.")


async def test_a_note_is_shown_and_a_bad_one_comes_back_as_it_was_typed(
    chromium: Browser, url: str, production: Production
) -> None:
    commission = await production.booked()
    task = await production.current(commission)

    async with at_the_bench(chromium, url) as page:
        await page.goto(f"/bench/tasks/{task.task}")
        await page.get_by_text("Write a note").click()
        await page.get_by_role("button", name="Send the note").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await page.get_by_label("Your note").fill("The wire has come, and it is a warm one.")
        await page.get_by_role("button", name="Send the note").click()

        await expect(page.get_by_text("The wire has come")).to_be_visible()


async def test_a_parcel_is_packed_handed_over_and_delivered(
    chromium: Browser, url: str, production: Production
) -> None:
    commission = await _much_happened(production)

    async with at_the_bench(chromium, url) as page:
        await page.goto(f"/bench/commissions/{commission}")
        await assert_accessible_everywhere(page, "piece-made")
        await page.get_by_role("button", name="It is packed").click()
        await page.get_by_role("button", name="It is with the carrier").click()
        await expect(page.get_by_role("alert")).to_contain_text("Carrier: No carrier is chosen yet.")
        await page.get_by_label("Carrier").select_option("ups")
        await page.get_by_label("Tracking number").fill("12 34")
        await page.get_by_role("button", name="It is with the carrier").click()
        await expect(page.get_by_role("alert")).to_contain_text("This is not a tracking number of UPS")
        await expect(page.get_by_label("Tracking number")).to_have_value("12 34")
        await page.get_by_label("Tracking number").fill("1Z 999 AA1 01 2345 6784")
        await page.get_by_role("button", name="It is with the carrier").click()
        await expect(page.get_by_role("alert")).to_contain_text("The balance is not paid yet")
        await picture(page, "piece-not-paid")
        await assert_accessible(page)

        await production.paid(commission)
        await page.get_by_role("button", name="It is with the carrier").click()
        await page.get_by_role("button", name="It has arrived").click()

        await expect(page.get_by_role("heading", name="Delivered")).to_be_visible()
        await picture(page, "piece-delivered")


async def test_ops_give_a_piece_to_another_maker(chromium: Browser, url: str, production: Production) -> None:
    commission = await production.booked()
    other = await production.another_maker("goldsmith", "hand_engraver", name="Berta Bench")

    async with visitor(chromium, url, token(Role.OPS, OPS.person)) as page:
        await page.goto(f"/bench/commissions/{commission}")
        await page.get_by_text("Give it to another maker").click()
        await page.get_by_label("Maker", exact=True).select_option("Berta Bench")
        await picture(page, "piece-another-maker")
        await assert_accessible(page)
        await page.get_by_role("button", name="Give it to this maker").click()

        await expect(page.get_by_text("Berta Bench").first).to_be_visible()
    assert (await production.piece(commission)).maker == other.person


async def test_ops_change_a_makers_skills_hours_and_days_off(
    chromium: Browser, url: str, production: Production
) -> None:
    other = await production.another_maker("goldsmith", name="Berta Bench")

    async with visitor(chromium, url, token(Role.OPS, OPS.person)) as page:
        await page.goto("/makers")
        await assert_accessible_everywhere(page, "makers")
        await page.get_by_role("link", name="Berta Bench").click()
        await assert_accessible_everywhere(page, "maker")
        await page.get_by_label("hand engraver").check()
        await page.get_by_label("Monday").fill("many")
        await page.get_by_label("Days off").fill("2026-12-28 to 2027-01-05")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert")).to_contain_text("Monday: This is not a number of hours")
        await expect(page.get_by_label("Monday")).to_have_value("many")
        await picture(page, "maker-wrong")
        await assert_accessible(page)
        await page.get_by_label("Monday").fill("5,5")
        await page.get_by_role("button", name="Save").click()

        await expect(page.get_by_label("Monday")).to_have_value("5.5")
        await expect(page.get_by_label("Days off")).to_have_value("2026-12-28 \N{EN DASH} 2027-01-05")
    async with visitor(chromium, url, token(Role.MAKER, other.person), PHONE) as page:
        await page.goto(f"/makers/{other.person}")
        await picture(page, "maker-own")
        await assert_accessible(page)


async def _much_happened(production: Production) -> UUID:
    """A piece that is made, after a mishap and a check that was not met."""
    commission = await production.booked()
    await production.make_until(commission, "bend")
    task = await production.start(commission)
    key = request_key(MAKER, "test", "mishap")
    await production.act(mishaps.report_mishap, task.task, MishapSaid(Mishap.MATERIAL_SPOILT), key=key)
    await production.make_until(commission, "check")
    await production.start(commission)
    await production.finish(commission, width="4.3", back_to="file")
    await production.make_until(commission)
    return commission
