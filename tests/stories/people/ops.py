"""Ops at a desk: the room, the quote, the money, and an operation with its reason."""

from dataclasses import dataclass
from uuid import UUID

from playwright.async_api import Page, expect

from tests.support.browser import assert_accessible_everywhere
from tests.support.pictures import DEEP, picture_for_readers


@dataclass(frozen=True)
class OpsBrowser:
    """`page` is signed in."""

    page: Page

    async def opens_its_story(self, commission: UUID) -> None:
        """From the room, by the end of its number."""
        page = self.page
        await self._follow("Commissions")
        await page.get_by_role("searchbox", name="Search").fill(str(commission))
        await self._press("Show")
        await page.get_by_role("main").get_by_role("link", name="ring").click()
        await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()

    async def adjusts_the_quote_and_sends_it(self, line: str, amount: str, reason: str) -> None:
        """From its story to the desk: one line otherwise, with the reason that the customer reads, and out."""
        page = self.page
        await page.get_by_role("main").get_by_role("link", name="Quote", exact=True).click()
        await self._follow(f"Change price {line}", within=60_000)
        await page.get_by_label("New amount").fill(amount)
        await page.get_by_label("Reason").fill(reason)
        await assert_accessible_everywhere(page, "life-06-adjust")
        await self._press("Save draft")
        await expect(page.get_by_text(reason)).to_be_visible()
        await assert_accessible_everywhere(page, "life-07-desk")
        await self._press("Send version 2")
        await expect(page.get_by_text("Version 2 is with the customer")).to_be_visible(timeout=60_000)

    async def receives(self, reference: str, amount: str) -> None:
        """A transfer has come in: enter it as the bank's statement has it."""
        page = self.page
        await self._follow("Quotes")
        await self._follow("Payments and refunds")
        await page.get_by_label("Payment reference").fill(reference)
        await page.get_by_label("Amount").fill(amount)
        await self._press("Record payment")
        await expect(page.get_by_role("cell").filter(has_text="Bank transfer").last).to_be_visible()

    async def reminds(self, commission: UUID, reason: str) -> None:
        """Remind the person it is waiting for: see what would happen, say why, do it."""
        page = self.page
        await self.opens_its_story(commission)
        await self._follow("Send a reminder")
        await expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
        await page.get_by_label("Reason").fill(reason)
        await assert_accessible_everywhere(page, "life-24-operation")
        await self._press("Send a reminder")
        await expect(page.get_by_text(reason)).to_be_visible()
        await assert_accessible_everywhere(page, "life-25-story")

    async def looks_around(self) -> None:
        """At the room and its charts."""
        await self._follow("Commissions")
        await expect(self.page.get_by_role("heading", name="Commissions")).to_be_visible()
        await assert_accessible_everywhere(self.page, "life-26-room")
        await picture_for_readers(self.page, "room", window=DEEP)
        await self._follow("Charts")
        await expect(self.page.get_by_role("heading", name="Phase and age")).to_be_visible()
        await assert_accessible_everywhere(self.page, "life-27-charts")

    async def sees_it_completed(self, commission: UUID) -> None:
        """Its story is over, and the room says so."""
        await self.opens_its_story(commission)
        await expect(self.page.get_by_role("heading", name="Completed")).to_be_visible(timeout=60_000)

    async def _follow(self, name: str, within: float = 20_000) -> None:
        await self.page.get_by_role("link", name=name).first.click(timeout=within)

    async def _press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()
