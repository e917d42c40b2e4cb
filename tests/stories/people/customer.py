"""A customer at their browser, from the welcome page to the certificate: clicks and words, and one address."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from uuid import UUID

from playwright.async_api import Page, expect

from deploy.local.simulated_users.drawings import sketch
from tests.support.browser import assert_accessible_everywhere
from tests.support.pictures import LETTER, TALL, picture_for_readers


@dataclass
class CustomersBrowser:
    """`commission` is known once the form was sent."""

    page: Page
    commission: UUID | None = None

    async def joins(self, name: str, email: str) -> None:
        """From the welcome page to the form."""
        await self.page.goto("/")
        await assert_accessible_everywhere(self.page, "life-01-welcome")
        await self._follow("Start: The engraved ring")
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_label("Your email address").fill(email)
        await assert_accessible_everywhere(self.page, "life-02-join")
        await self._press("Continue")
        await self._sees_heading("Ask for a ring")

    async def asks_for_a_ring(self, words: str, why: str) -> None:
        """Fill the form in, with a sketch, and send it."""
        page = self.page
        await page.get_by_label("Size", exact=True).fill("54")
        await page.get_by_label("System").select_option("iso")
        await page.get_by_label("14 ct yellow gold (585)").check()
        await page.get_by_label("Satin").check()
        await page.get_by_label("Engraving inside").fill(words)
        await page.get_by_label("Wedding").check()
        await page.get_by_label("Why this piece").fill(why)
        await page.get_by_label("A reference picture").set_input_files(
            {"name": "sketch.jpg", "mimeType": "image/jpeg", "buffer": sketch()}
        )
        await expect(page.get_by_alt_text("The picture you chose")).to_be_visible()
        await assert_accessible_everywhere(page, "life-03-form")
        await picture_for_readers(page, "form")
        await self._press("Send the request")
        await expect(page.get_by_text(why)).to_be_visible()
        self.commission = UUID(PurePosixPath(urlsplit(page.url).path).name)
        await assert_accessible_everywhere(page, "life-04-asked")

    async def confirms_the_address(self, code: str) -> None:
        """Enter the code from the mail; only now anything happens."""
        await expect(self.page.get_by_role("heading", name="One more step: check your email")).to_be_visible()
        await self.page.get_by_label("Code from our mail").fill(code)
        await self._press("Confirm")
        await expect(self.page.get_by_role("heading", name="Timeline")).to_be_visible()

    async def reads_the_quote(self, reason: str) -> None:
        """As soon as the page asks for an answer; every line says what it pays for, and what the studio changed."""
        await self._asked("Open the quote")
        await expect(self.page.get_by_text(reason)).to_be_visible()
        await assert_accessible_everywhere(self.page, "life-10-quote")
        await picture_for_readers(self.page, "quote", self.page.get_by_role("heading", name="Your quote"), LETTER)

    async def accepts_it(self, address: str) -> tuple[str, str]:
        """Agree, and read where to send the deposit; the transfer's reference, and how much."""
        page = self.page
        await self._follow("Continue to order")
        await page.get_by_label("I agree to the terms").check()
        await page.get_by_label("I know how my piece may differ").check()
        await page.get_by_label("Your postal address").fill(address)
        await assert_accessible_everywhere(page, "life-11-accept")
        await self._press("Order with obligation to pay")
        await expect(page.get_by_text("You accepted this quote on")).to_be_visible()
        await assert_accessible_everywhere(page, "life-12-accepted")
        return await self._to_transfer()

    async def says_where_it_goes(self, name: str, street: str, city: str) -> None:
        """As soon as the page asks for it: the address of the parcel."""
        await self._asked("Say where it goes")
        await self._sees_heading("Where your piece goes")
        await self.page.get_by_label("By parcel").check()
        await self.page.get_by_label("Name on the parcel").fill(name)
        await self.page.get_by_label("Street and number").fill(street)
        postcode, _, place = city.partition(" ")
        await self.page.get_by_label("Postcode").fill(postcode)
        await self.page.get_by_label("City").fill(place)
        await assert_accessible_everywhere(self.page, "life-31-where")
        await self._press("Save")
        await expect(self.page.get_by_text(street)).to_be_visible()

    async def learns_how_to_pay(self) -> tuple[str, str]:
        """The balance; the transfer's reference, and how much."""
        await self._asked("How to pay")
        return await self._to_transfer()

    async def goes_to_the_commission(self) -> None:
        """By the way that every page of theirs has."""
        await self._follow("Your commissions")
        await self.page.get_by_role("main").get_by_role("link", name="The engraved ring").click()
        await self._sees_heading("The engraved ring")

    async def opens_what_is_to_be_signed(self, what: str) -> None:
        """As soon as the page asks for it; everything on it is read and ticked."""
        await self._asked("Check and sign")
        await self._sees_heading(what)
        for tick in await self.page.get_by_label("This is right").all():
            await tick.check()

    async def looks_at_the_letters(self) -> None:
        """Each one by its name, and the layout at ten times its size."""
        await expect(self.page.get_by_role("list", name="Letter by letter")).to_be_visible()
        await assert_accessible_everywhere(self.page, "life-28-engraving")

    async def signs_it_off(self) -> None:
        """Their yes to what cannot be undone."""
        await self._press("Sign off")
        await expect(self.page.get_by_text("This is what was signed.")).to_be_visible()
        await self._follow("Back to the commission")

    async def writes(self, words: str) -> None:
        """A message to the maker."""
        await self._follow("Write a message")
        await self.page.get_by_label("Write a message").fill(words)
        await self._press("Send message")
        await expect(self.page.get_by_role("listitem").filter(has_text=words)).to_be_visible()
        await assert_accessible_everywhere(self.page, "life-23-messages")
        await self._follow("Back to the commission")

    async def sees(self, *words: str) -> None:
        """The open page says so by itself."""
        for each in words:
            await expect(self.page.get_by_text(each).first).to_be_visible()

    async def shows_the_page(self) -> None:
        """Look at it, as it is while the piece is made."""
        await expect(self.page.get_by_role("img", name="Bend").first).to_be_visible()
        await assert_accessible_everywhere(self.page, "life-21-making")
        await picture_for_readers(self.page, "commission", self.page.get_by_role("heading", level=1), TALL)

    async def receives_it(self) -> None:
        """The parcel is here."""
        await self._press("It has arrived")

    async def reads_the_certificate(self, maker: str) -> str:
        """Once the page leads there; its serial."""
        page = self.page
        await self._asked("Read the certificate")
        await expect(page.get_by_text("Verified just now")).to_be_visible()
        await expect(page.get_by_role("heading", name=f"Made by {maker}")).to_be_visible()
        await assert_accessible_everywhere(page, "life-41-certificate")
        await picture_for_readers(page, "certificate", page.get_by_text("Certificate").first)
        return PurePosixPath(urlsplit(page.url).path).name

    async def _to_transfer(self) -> tuple[str, str]:
        said = await self.page.get_by_text("Please transfer").inner_text()
        reference = await self.page.locator("dd [data-copied]").filter(has_text=re.compile(r"^\s*RF")).inner_text()
        return reference, said.rpartition("€")[2]

    async def _asked(self, action: str) -> None:
        """What is asked of them appears without a reload."""
        await expect(self.page.get_by_role("link", name=action)).to_be_visible(timeout=60_000)
        await self._follow(action)

    async def _follow(self, name: str) -> None:
        await self.page.get_by_role("link", name=name).first.click()

    async def _press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def _sees_heading(self, heading: str) -> None:
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
