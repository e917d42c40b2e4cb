"""A maker with a phone at the bench: the promise, the board, each step, the checklist, and the parcel."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from playwright.async_api import Locator, Page, expect

from deploy.local.simulated_users.drawings import bench_photo
from tests.support.browser import assert_accessible_everywhere
from tests.support.pictures import PHONE, picture_for_readers

GOLD = "#e8b75c"


@dataclass
class MakersBrowser:
    """`page` is signed in. `commission` is the piece that it is about, once there is one."""

    page: Page
    commission: UUID | None = None

    async def wants_to_be_named(self, name: str, words: str) -> None:
        """Fill in the profile that certificates show."""
        await self._follow("Hours")
        await self.page.get_by_role("listitem").get_by_role("link").first.click()
        await self._follow("Your profile")
        await self.page.get_by_label("Name", exact=True).fill(name)
        await self.page.get_by_label("A few sentences").fill(words)
        await self.page.get_by_role("checkbox").last.check()
        await self._press("Save")
        await expect(self.page.get_by_text("You are named")).to_be_visible()

    async def sees_what_is_promised(self) -> None:
        """Hours that are held while a customer decides."""
        await self._follow("Bench")
        await self._follow("Promised, but not booked yet")
        await expect(self.page.get_by_role("heading", name="ring").first).to_be_visible()
        await assert_accessible_everywhere(self.page, "life-05-promises")

    async def finds_it_waiting(self) -> None:
        """A piece is on the board, and says for whom it waits."""
        await self._follow("Bench")
        await expect(self._piece.get_by_text("Waiting for a sign-off")).to_be_visible()

    async def begins(self, step: str) -> None:
        """With one tap on the board, once it may be begun."""
        await self._goes_to_the_board()
        await self._piece.get_by_role("button", name=f"Start {step}").click(timeout=60_000)
        await self._sees_heading("In progress")

    async def begins_early(self, step: str) -> None:
        """From its ticket: the plan would let it rest longer, or have it back later."""
        await self._opens_the_ticket(step)
        await self._press("Start")
        await self._sees_heading("In progress")

    async def finishes(self, step: str) -> None:
        """With one tap on the board."""
        await self._goes_to_the_board()
        await self._piece.get_by_role("button", name=f"Finish {step}").click()
        await self._sees_heading("Done")

    async def shows_the_board(self) -> None:
        """Look at it, as it is while a piece is at the bench."""
        await self._goes_to_the_board()
        await assert_accessible_everywhere(self.page, "life-20-board")
        await picture_for_readers(self.page, "board", window=PHONE)

    async def signs_and_begins(self, step: str, signed: str) -> None:
        """A gate that is the maker's own: tick what is signed, then start."""
        await self._opens_the_ticket(step)
        await self.page.get_by_label(signed).check()
        await assert_accessible_everywhere(self.page, "life-22-gate")
        await self._press("Start")
        await self._sees_heading("In progress")

    async def writes_a_note(self, step: str, words: str) -> None:
        """For the customer, from the step's ticket."""
        await self._opens_the_ticket(step)
        await self.page.get_by_text("Write a note").click()
        await self.page.get_by_label("Your note").fill(words)
        await self._press("Send the note")
        await expect(self.page.get_by_role("listitem").filter(has_text=words)).to_be_visible()

    async def takes_a_photo(self, step: str, gloss: float) -> None:
        """For the customer and for the certificate, from the step's ticket."""
        await self._opens_the_ticket(step)
        await self._follow("Take a photo")
        await self.page.get_by_label("Photo", exact=True).set_input_files(
            {"name": "bench.jpg", "mimeType": "image/jpeg", "buffer": bench_photo(GOLD, gloss)}
        )
        await self.page.get_by_label("The certificate may show it").check()
        await self._press("Add the photo")
        await expect(self.page.get_by_role("img", name=f"From the bench: {step}")).to_be_visible()

    async def judges_it(self, step: str) -> None:
        """Fill the quality checklist in as a good piece measures, and finish."""
        page = self.page
        await self._opens_the_ticket(step)
        for measure in await page.locator("form", has=page.get_by_role("radio")).get_by_role("textbox").all():
            await measure.fill(await _middle_of_what_is_allowed(measure))
        for met in await page.get_by_role("radio", name="Met", exact=True).all():
            await met.check()
        await assert_accessible_everywhere(page, "life-30-checklist")
        await self._press("Finish the checklist")
        await self._sees_heading("Done")

    async def packs_it(self, street: str) -> None:
        """It is made: into its box, once it is known where it goes."""
        await self._goes_to_the_board()
        await self._piece.get_by_role("link", name="Open parcel").click()
        await expect(self.page.get_by_text(street)).to_be_visible(timeout=60_000)
        await self._press("It is packed")
        await expect(self.page.get_by_role("heading", name="Hand over the parcel")).to_be_visible()

    async def hands_it_over(self, carrier: str, tracking: str) -> None:
        """To the carrier, once all is paid."""
        page = self.page
        await expect(page.get_by_text("Everything is paid: you can send the parcel.")).to_be_visible(timeout=60_000)
        await page.get_by_label("Carrier").select_option(carrier)
        await page.get_by_label("Tracking number").fill(tracking)
        await assert_accessible_everywhere(page, "life-33-parcel")
        await self._press("It is with the carrier")
        await expect(page.get_by_role("button", name="It has arrived")).to_be_visible()

    @property
    def _piece(self) -> Locator:
        """It on the board, by the end of its number."""
        return self.page.get_by_role("listitem").filter(has_text=str(self.commission)[-6:])

    async def _goes_to_the_board(self) -> None:
        await self._follow("Bench")
        await expect(self.page.get_by_role("heading", name="The bench", exact=True)).to_be_visible()

    async def _opens_the_ticket(self, step: str) -> None:
        await self._goes_to_the_board()
        await self._piece.get_by_role("link", name=step).click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(step)

    async def _follow(self, name: str) -> None:
        await self.page.get_by_role("link", name=name).first.click()

    async def _press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def _sees_heading(self, how: str) -> None:
        """What the ticket that is open says of its step."""
        await expect(self.page.get_by_role("heading", name=how, exact=True)).to_be_visible()


async def _middle_of_what_is_allowed(measure: Locator) -> str:
    """As its help says it: from 3.9 to 4.1 mm, say."""
    described = await measure.evaluate(
        "input => document.getElementById(input.getAttribute('aria-describedby')).textContent"
    )
    low, _, high = str(described).partition("Allowed: ")[2].partition(" to ")
    return str(((Decimal(low) + Decimal(high.split()[0])) / 2).quantize(Decimal("0.01")))
