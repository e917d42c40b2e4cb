"""The customer's page of a quote, in each of its states, and the ways through it: yes, no, and a question."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from services.quotes.main import web
from shared.auth.roles import Role
from shared.contracts.quotes import QuoteEnd
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.browser import PHONE, assert_accessible, assert_accessible_everywhere, picture, visitor
from tests.support.every_page import LANGUAGES
from tests.support.quotes import NOW, Quotes, brief, kernel_of, opened
from tests.support.web import served, token

PATIENCE = 20_000
"""Milliseconds: a busy machine takes its time, and nothing is lost by waiting for it."""


@pytest.fixture
async def quotes(make_database: MakeDatabase) -> AsyncIterator[Quotes]:
    async with opened(await make_database("quotes")) as database:
        yield Quotes(database)


@pytest.fixture
async def url(quotes: Quotes) -> AsyncIterator[str]:
    async with served(web(kernel_of(quotes.database))) as address:
        yield address


async def _one_customers_quotes(quotes: Quotes, customer: UUID) -> dict[str, str]:
    """A page in every state, all of one customer, by its name."""
    await quotes.record_person(customer)

    async def begun(held_days: int = 30) -> UUID:
        commission = new_id()
        await quotes.record_brief(brief(commission), customer)
        await quotes.draft(commission, held_until=quotes.now + timedelta(days=held_days))
        return commission

    async def offered(held_days: int = 30) -> UUID:
        commission = await begun(held_days)
        await quotes.send(commission)
        return commission

    waiting = await begun()
    quotes.now = NOW - timedelta(days=5)
    expired_at = await offered(held_days=3)
    quotes.now = NOW
    sent, accepted, paid, declined, cancelled, ended = [await offered() for _ in range(6)]
    await quotes.adjust(sent, 1, "bench", 40000, "You bring the gold of your grandmother's ring.")
    await quotes.send(sent, 2)
    asked = await quotes.ask(customer, sent, "May the band be a little wider than on the picture?")
    await quotes.answer(sent, asked.question, "Yes: 5 mm at most, and the price stays as it is.")
    await quotes.ask(customer, sent, "And could it be hammered on one half only?")
    for each in (accepted, paid, cancelled):
        await quotes.accept(customer, each)
    await quotes.pay(accepted, 20000)
    await quotes.enter_phase(accepted, NOW + timedelta(days=21))
    await quotes.pay(paid, (await quotes.account(paid)).left.minor + 1500)
    await quotes.issue_balance(paid)
    await quotes.pay(cancelled, (await quotes.account(cancelled)).left.minor)
    await quotes.cancel(cancelled, 35)
    await quotes.decline(customer, declined, words="It is more than we can spend this year.")
    await quotes.expire(ended, await quotes.draft(ended), QuoteEnd.WITHDRAWN)
    found = {
        "waiting": waiting,
        "sent": sent,
        "run-out": expired_at,
        "accepted": accepted,
        "paid": paid,
        "declined": declined,
        "cancelled": cancelled,
        "ended": ended,
    }
    return {name: f"/quotes/{commission}" for name, commission in found.items()}


async def test_the_customers_page_is_accessible_in_every_state(chromium: Browser, url: str, quotes: Quotes) -> None:
    customer = new_id()
    pages = await _one_customers_quotes(quotes, customer)

    for locale in LANGUAGES:
        async with visitor(chromium, url, token(Role.CUSTOMER, customer), PHONE, locale=locale) as page:
            for name, path in pages.items():
                await page.goto(path)
                await assert_accessible_everywhere(page, f"offer-{name}-{locale}")


async def test_a_customer_accepts_a_quote_and_reads_where_to_send_the_deposit(
    chromium: Browser, url: str, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()

    async with visitor(chromium, url, token(Role.CUSTOMER, customer)) as page:
        await page.goto(f"/quotes/{commission}")
        await page.get_by_role("link", name="Continue to order").click()
        await page.get_by_role("button", name="Order with obligation to pay").click()
        await expect(page.get_by_role("link", name="Terms: You have not agreed to the terms yet.")).to_be_visible()
        await picture(page, "offer-accept-without-boxes")
        await assert_accessible(page)
        await page.get_by_label("I agree to the terms").check()
        await page.get_by_label("I know how my piece may differ").check()
        await page.get_by_label("Your postal address").fill("Lindenweg 4\n10115 Berlin")
        await page.get_by_role("button", name="Order with obligation to pay").click()

        await expect(page.get_by_text("You accepted this quote on")).to_be_visible()
        await expect(page.get_by_text("IBAN")).to_be_visible()
        await quotes.pay(commission, (await quotes.account(commission)).left.minor)

        await expect(page.get_by_text("Bank transfer")).to_be_visible(timeout=PATIENCE)


async def test_two_browsers_accept_and_both_see_that_it_is_accepted(
    chromium: Browser, url: str, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()

    async with (
        visitor(chromium, url, token(Role.CUSTOMER, customer)) as one,
        visitor(chromium, url, token(Role.CUSTOMER, customer)) as other,
    ):
        for page in (one, other):
            await page.goto(f"/quotes/{commission}/accept")
            await page.get_by_label("I agree to the terms").check()
            await page.get_by_label("I know how my piece may differ").check()
        for page in (one, other):
            await page.get_by_role("button", name="Order with obligation to pay").click()
            await expect(page.get_by_text("You accepted this quote on")).to_be_visible()

    assert (await quotes.published(commission)).count("QuoteAccepted") == 1


async def test_a_newer_version_that_came_meanwhile_is_shown_instead(
    chromium: Browser, url: str, quotes: Quotes
) -> None:
    customer, commission = await quotes.sent()

    async with visitor(chromium, url, token(Role.CUSTOMER, customer)) as page:
        await page.goto(f"/quotes/{commission}/accept")
        await page.get_by_label("I agree to the terms").check()
        await page.get_by_label("I know how my piece may differ").check()
        await quotes.adjust(commission, 1, "bench", 50000, "Two more hours for the hammering.")
        await quotes.send(commission, 2)
        await page.get_by_role("button", name="Order with obligation to pay").click()

        await expect(page.get_by_role("alert")).to_contain_text("There is a newer version of this quote.")
        await expect(page.get_by_text("Two more hours for the hammering.")).to_be_visible()
        await picture(page, "offer-newer-version")
        await assert_accessible(page)


async def test_a_customer_declines_with_a_reason_and_words(chromium: Browser, url: str, quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    async with visitor(chromium, url, token(Role.CUSTOMER, customer)) as page:
        await page.goto(f"/quotes/{commission}")
        await page.get_by_role("link", name="Decline").click()
        await page.get_by_label("In your own words").fill("A little over what we have.")
        await page.get_by_role("button", name="Decline the quote").click()
        await expect(page.get_by_text("No reason is chosen yet.").first).to_be_visible()
        await expect(page.get_by_label("In your own words")).to_have_value("A little over what we have.")
        await page.get_by_label("It costs more than I want to spend").check()
        await page.get_by_role("button", name="Decline the quote").click()

        await expect(page.get_by_text("You declined this quote")).to_be_visible()
        await expect(page.get_by_text("A little over what we have.")).to_be_visible()


async def test_the_quote_and_the_answer_to_a_question_come_without_a_click(
    chromium: Browser, url: str, quotes: Quotes
) -> None:
    commission, customer = new_id(), new_id()
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)

    async with visitor(chromium, url, token(Role.CUSTOMER, customer)) as page:
        await page.goto(f"/quotes/{commission}")
        await expect(page.get_by_text("We are looking at your brief")).to_be_visible()
        await quotes.send(commission)
        await expect(page.get_by_role("link", name="Ask a question")).to_be_visible(timeout=PATIENCE)
        await page.get_by_role("link", name="Ask a question").click()
        await page.get_by_label("Your question").fill("May it be wider?")
        await page.get_by_role("button", name="Send question").click()
        await expect(page.get_by_text("We have received your question.")).to_be_visible()
        [question] = (await quotes.overview(commission)).questions
        await quotes.answer(commission, question.question, "Yes, by one millimetre.")

        await expect(page.get_by_text("Yes, by one millimetre.")).to_be_visible(timeout=PATIENCE)


async def test_a_transfer_is_scanned_or_copied(chromium: Browser, quotes: Quotes) -> None:
    studio = {
        "studio_address": "Lindenweg 4, 10115 Berlin",
        "tax_number": "12/345/67890",
        "bank_holder": "Kiln & Anvil",
        "bank_iban": "DE89370400440532013000",
        "bank_bic": "COBADEFFXXX",
        "bank_name": "A Bank",
    }
    customer, commission = await quotes.accepted()

    async with (
        served(web(kernel_of(quotes.database, clock=lambda: NOW, **studio))) as url,
        visitor(chromium, url, token(Role.CUSTOMER, customer)) as page,
    ):
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.goto(f"/quotes/{commission}")
        await expect(page.locator("figure.code svg")).to_be_visible()
        await assert_accessible_everywhere(page, "customer-transfer")
        await page.get_by_role("button", name="Copy DE89").click()

        await expect(page.get_by_text("Copied").first).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == "DE89 3704 0044 0532 0130 00"
