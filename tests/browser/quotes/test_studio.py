"""The desk in the browser: every state of a quote, at both widths and in both lights; and it changes by itself."""

from collections.abc import AsyncIterator, Mapping
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.browser import PHONE, assert_accessible, assert_accessible_everywhere, picture, visitor
from tests.support.every_page import LANGUAGES
from tests.support.quotes import Quotes, brief, kernel_of, opened
from tests.support.web import served, token

PATIENCE = 20_000
"""Milliseconds: a busy machine takes its time, and nothing is lost by waiting for it."""
WHY = "My grandmother baked with hers on.\n\nIt should say so quietly, and bear forty years of flour."


@pytest.fixture
async def quotes(make_database: MakeDatabase) -> AsyncIterator[Quotes]:
    async with opened(await make_database("quotes")) as database:
        yield Quotes(database)


@pytest.fixture
async def url(quotes: Quotes) -> AsyncIterator[str]:
    async with served(web(kernel_of(quotes.database))) as address:
        yield address


async def _drafted(quotes: Quotes) -> UUID:
    commission = new_id()
    await quotes.record_brief(brief(commission, why=WHY, finish="hammered", needed_by="2027-06-05"))
    await quotes.draft(commission)
    return commission


async def test_every_state_of_a_quote_is_accessible_to_ops(chromium: Browser, url: str, quotes: Quotes) -> None:
    drafted, ended, waiting, erased = await _drafted(quotes), await _drafted(quotes), new_id(), await _drafted(quotes)
    await quotes.expire(ended, await quotes.draft(ended))
    await quotes.record_brief(brief(waiting))
    await quotes.erase_brief(erased)
    pages = {"draft": drafted, "ended": ended, "waiting": waiting, "erased": erased, "missing": new_id()}

    await _look_at(chromium, url, {f"quotes-{name}": f"/quotes/{quote}" for name, quote in pages.items()})


async def _look_at(chromium: Browser, url: str, pages: Mapping[str, str]) -> None:
    """As ops, in every language."""
    for locale in LANGUAGES:
        async with visitor(chromium, url, token(Role.OPS), PHONE, locale=locale) as page:
            for name, path in pages.items():
                await page.goto(path)
                await assert_accessible_everywhere(page, f"{name}-{locale}")


async def test_a_quote_that_was_answered_and_its_payments_are_accessible_to_ops(
    chromium: Browser, url: str, quotes: Quotes
) -> None:
    _, accepted = await quotes.accepted()
    await quotes.pay(accepted, (await quotes.account(accepted)).left.minor + 1500)
    _, cancelled = await quotes.accepted()
    await quotes.pay(cancelled, (await quotes.account(cancelled)).left.minor)
    await quotes.cancel(cancelled, 35)
    declining, declined = await quotes.sent()
    await quotes.decline(declining, declined, words="A little over what we have.")
    pages = {"accepted": accepted, "cancelled": cancelled, "declined": declined}
    addresses = {f"desk-{name}": f"/quotes/{quote}" for name, quote in pages.items()}

    await _look_at(
        chromium, url, addresses | {"desk-none": "/quotes?state=replaced", "desk-refund": "/quotes/payments"}
    )


async def test_ops_set_a_line_with_a_reason_and_send(chromium: Browser, url: str, quotes: Quotes) -> None:
    commission = await _drafted(quotes)

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto(f"/quotes/{commission}")
        await page.get_by_role("link", name="Change price Work at the bench").click()
        await page.get_by_label("New amount").fill("1.234")
        await page.get_by_role("button", name="Save draft").click()
        await expect(page.get_by_text("This amount can be read in two ways.").first).to_be_visible()
        await expect(page.get_by_label("New amount")).to_have_value("1.234")
        await picture(page, "desk-adjust-wrong")
        await assert_accessible(page)
        await page.get_by_label("New amount").fill("400,00")
        await page.get_by_label("Reason").fill("The customer brings the wire.")
        await page.get_by_role("button", name="Save draft").click()
        await expect(page.get_by_text("Set by us, was €442.00: The customer brings the wire.")).to_be_visible()
        await page.get_by_role("button", name="Send version 2").click()
        await expect(page.get_by_text("Version 2 is being sent")).to_be_visible()
        await picture(page, "desk-being-sent")
        await assert_accessible(page)
        await quotes.held(commission, 2)

        await expect(page.get_by_text("Version 2 is with the customer")).to_be_visible(timeout=PATIENCE)


async def test_ops_mark_a_transfer_by_its_reference_and_send_back_what_was_too_much(
    chromium: Browser, url: str, quotes: Quotes
) -> None:
    _, commission = await quotes.accepted()
    account = await quotes.account(commission)

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/quotes/payments")
        await page.get_by_label("Payment reference").fill("RF00 WRONG")
        await page.get_by_label("Amount").fill(str(account.left.minor // 100 + 10))
        await page.get_by_role("button", name="Record payment").click()
        await expect(page.get_by_text("This is not one of our references").first).to_be_visible()
        await picture(page, "desk-payments-wrong")
        await assert_accessible(page)
        await page.get_by_label("Payment reference").fill(account.reference.lower())
        await page.get_by_role("button", name="Record payment").click()
        await expect(page.get_by_text("is not what is due").first).to_be_visible()
        await picture(page, "desk-payments-differs")
        await assert_accessible(page)
        await page.get_by_role("button", name="all the same").click()
        await expect(page.get_by_text("To be sent")).to_be_visible()
        await page.get_by_role("link", name="Refunds to send").click()
        await page.get_by_role("button", name="Mark as sent").click()

        await expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()


async def test_a_question_is_answered_at_the_desk(chromium: Browser, url: str, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    await quotes.ask(customer, commission, "May it be wider?")

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/quotes")
        await page.get_by_role("link", name="May it be wider?").click()
        await page.get_by_label("Your answer").fill("Yes, by one millimetre.")
        await page.get_by_role("button", name="Send answer").click()

        await expect(page.get_by_text("Yes, by one millimetre.")).to_be_visible()


async def test_an_empty_list_is_accessible(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/quotes")

        await picture(page, "quotes-empty")
        await expect(page.get_by_role("heading", name="No quotes yet")).to_be_visible()
        await assert_accessible(page)


async def test_the_lines_come_without_a_click(chromium: Browser, url: str, quotes: Quotes) -> None:
    commission = new_id()
    await quotes.record_brief(brief(commission))

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto(f"/quotes/{commission}")
        await expect(page.get_by_text("The lines are drafted as soon as")).to_be_visible()
        await quotes.draft(commission)

        await expect(page.get_by_text("Work at the bench")).to_be_visible(timeout=PATIENCE)
