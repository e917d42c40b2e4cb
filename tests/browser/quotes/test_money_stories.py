"""Two stories of money, by clicks on the real pages, on phone and desktop, in both languages, without JavaScript."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from services.quotes.labels import LABELS, LOCALES
from services.quotes.main import web
from shared.auth.roles import Role
from shared.contracts.payments import PaymentMethod, ReversalReason
from shared.i18n import Reader, Readers
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.offerings.labels import LABELS as OFFERINGS
from shared.web.labels import LABELS as SHARED
from tests.conftest import MakeDatabase
from tests.support.browser import DESK, PHONE, Look, assert_accessible_everywhere, visitor
from tests.support.quotes import NOW, Quotes, brief, kernel_of, opened
from tests.support.web import served, token
from tests.support.words import ZONE

WINDOWS: Final[dict[str, Look]] = {"phone": PHONE, "desktop": DESK}
LOCALES_OF: Final = {"en": "en-GB", "de": "de-DE"}


def reader(language: str) -> Reader:
    return Readers(zone=ZONE, labels=SHARED | OFFERINGS | LABELS, locales=[LOCALES]).of(language)


@pytest.fixture
async def quotes(make_database: MakeDatabase) -> AsyncIterator[Quotes]:
    async with opened(await make_database("quotes")) as database:
        yield Quotes(database)


@pytest.fixture
async def url(quotes: Quotes) -> AsyncIterator[str]:
    async with served(web(kernel_of(quotes.database, clock=lambda: NOW))) as address:
        yield address


class Till:
    """The studio at the page of a commission's money."""

    def __init__(self, page: Page, says: Reader, commission: UUID) -> None:
        self.page = page
        self.says = says
        self.path = f"/quotes/{commission}"

    async def records(self, minor: int, method: PaymentMethod) -> None:
        """Money as the statement or the till has it; an amount that is not due is asked about, and confirmed."""
        await self.page.goto(f"{self.path}/payments")
        await self.page.get_by_label(self._("Amount")).fill(f"{minor // 100}.{minor % 100:02}")
        await self.page.get_by_label(self._("Way of payment")).select_option(method.value)
        await self.page.get_by_role("button", name=self._("Record payment")).click()

    async def confirms(self, minor: int) -> None:
        amount = self.says.money(Money(minor=minor, currency="EUR"))
        await self.page.get_by_role("button", name=self._("Record %(amount)s all the same", amount=amount)).click()

    async def reverses_the_payment(self, reason: ReversalReason) -> None:
        await self.page.goto(self.path)
        await self.page.get_by_role("link", name=self._("Reverse")).first.click()
        await expect(self.page.get_by_text(self._("The customer gets a mail that says so."))).to_be_visible()
        await self.page.get_by_label(self.says.label(reason)).check()
        await self.page.get_by_role("button", name=self._("Reverse payment")).click()

    async def sees(self, words: str) -> None:
        await expect(self.page.get_by_text(words).first).to_be_visible()

    def _(self, message: str, **given: str) -> str:
        return self.says.message(message, **given)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("language", ["en", "de"])
async def test_the_reversed_payment(chromium: Browser, url: str, quotes: Quotes, window: str, language: str) -> None:
    """A slip of the hand is recorded, undone and recorded rightly; both read what holds, and nothing is owed twice."""
    customer, commission = await quotes.accepted()
    due = (await quotes.account(commission)).left.minor
    says, locale, at = reader(language), LOCALES_OF[language], WINDOWS[window]

    async with visitor(chromium, url, token(Role.OPS), at, locale=locale, java_script_enabled=False) as page:
        till = Till(page, says, commission)
        await till.records(due * 10, PaymentMethod.BANK_TRANSFER)
        await till.confirms(due * 10)
        await till.reverses_the_payment(ReversalReason.WRONG_AMOUNT)
        await till.records(due, PaymentMethod.BANK_TRANSFER)
        await till.sees(says.label(ReversalReason.WRONG_AMOUNT))

    async with visitor(chromium, url, token(Role.CUSTOMER, customer), at, locale=locale) as page:
        await page.goto(f"/quotes/{commission}")
        await expect(page.get_by_text(says.label(ReversalReason.WRONG_AMOUNT)).first).to_be_visible()
        await assert_accessible_everywhere(page, f"story-reversed-{window}-{language}")
    account = await quotes.account(commission)
    assert account.left.minor == 0
    assert account.open_refunds == ()
    assert [each.counts for each in account.payments] == [False, True]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_walk_in_who_pays_cash(chromium: Browser, url: str, quotes: Quotes, window: str, language: str) -> None:
    """Without an address: the quote asks for everything at once, they say yes on the tablet, and pay at the counter."""
    customer, commission = new_id(), new_id()
    await quotes.record_person(customer)
    await quotes.record_brief(brief(commission), customer)
    await quotes.draft(commission)
    says, locale, at = reader(language), LOCALES_OF[language], WINDOWS[window]

    def said(message: str, **given: str) -> str:
        return says.message(message, **given)

    async with visitor(chromium, url, token(Role.OPS), at, locale=locale, java_script_enabled=False) as page:
        await page.goto(f"/quotes/{commission}")
        await page.get_by_role("link", name=said("Deposit and validity")).click()
        await page.get_by_label(said("Deposit"), exact=False).first.fill("100")
        await page.get_by_role("button", name=said("Save draft")).click()
        await expect(
            page.get_by_text(said("Version %(version)s, from brief %(brief)s", version="2", brief="1"))
        ).to_be_visible()
    await quotes.send(commission, 2)
    async with visitor(chromium, url, token(Role.CUSTOMER, customer), at, locale=locale) as page:
        await page.goto(f"/quotes/{commission}")
        await page.get_by_role("link", name=said("Continue to order")).click()
        await page.locator("input[name=terms]").check()
        await page.locator("input[name=variation]").check()
        await page.get_by_role("button", name=said("Order with obligation to pay")).click()
        await expect(page.get_by_role("link", name=said("Contract as PDF"))).to_be_visible()
    due = (await quotes.account(commission)).left.minor
    async with visitor(chromium, url, token(Role.OPS), at, locale=locale) as page:
        till = Till(page, says, commission)
        await till.records(due, PaymentMethod.CASH)
        await till.sees(says.label(PaymentMethod.CASH))
        await assert_accessible_everywhere(page, f"story-cash-{window}-{language}")

    account = await quotes.account(commission)
    quote = (await quotes.overview(commission)).quote
    assert quote is not None
    assert (account.left.minor, due) == (0, quote.price.total.minor)
    assert [each.method for each in account.payments] == [PaymentMethod.CASH]
