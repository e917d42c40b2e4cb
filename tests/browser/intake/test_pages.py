"""Every page of intake at both widths and in both lights: nothing for axe to find, nothing wider than its window."""

from uuid import UUID

import pytest
from playwright.async_api import Browser, Page

from shared.contracts.lifecycle import CommissionEnded, Outcome
from shared.contracts.people import Role
from shared.kernel.clock import system_clock
from shared.postgres.database import Database
from tests.browser.intake.life import tell, token_of
from tests.support.browser import LOOKS, Look, assert_accessible, picture, visitor
from tests.support.intake import Program, hear, photo, ticket


async def look_at(page: Page, name: str, look: Look) -> None:
    await picture(page, f"intake-{name}-{look}")
    await assert_accessible(page)


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_the_pages_before_signing_in(chromium: Browser, url: str, look: Look) -> None:
    async with visitor(chromium, url, look=look) as page:
        await page.goto("/")
        await look_at(page, "welcome", look)
        await page.goto("/join?next=/commissions/new/jewellery")
        await look_at(page, "join", look)
        await page.get_by_role("button", name="Go on").click()
        await look_at(page, "join-wrong", look)
        await page.goto(f"/sign-in?ticket={ticket(Role.OPS)}")
        await look_at(page, "sign-in", look)
        await page.goto("/sign-out")
        await look_at(page, "sign-out", look)


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_the_form_empty_and_with_problems(chromium: Browser, url: str, ada: Program, look: Look) -> None:
    async with visitor(chromium, url, token_of(ada), look) as page:
        await page.goto("/commissions/new/jewellery")
        await look_at(page, "form", look)
        await page.get_by_label("Size", exact=True).fill("99")
        await page.get_by_label("Written as").select_option("iso")
        await page.get_by_label("Engraving inside").fill("as it was, as it will be, for ever and ever and ever")
        await page.get_by_label("A reference picture").set_input_files(
            {"name": "ring.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        await page.get_by_role("button", name="Send the request").click()
        await look_at(page, "form-wrong", look)


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_a_commission_from_its_first_minute_to_its_end(
    chromium: Browser, url: str, ada: Program, database: Database, look: Look
) -> None:
    async with visitor(chromium, url, token_of(ada), look) as page:
        await page.goto("/join")
        await look_at(page, "join-again", look)
        await page.goto("/commissions")
        await look_at(page, "list-empty", look)
        image = await ada.send_image(photo())
        commission = UUID((await ada.submit(images=[image])).json()["commission"])
        await page.goto(f"/commissions/{commission}")
        await look_at(page, "commission-new", look)
        await tell(database, commission)
        await page.reload()
        await look_at(page, "commission-desk", look)
        await page.goto(f"/commissions/{commission}/withdraw")
        await look_at(page, "withdraw", look)
        await page.goto("/commissions")
        await look_at(page, "list", look)
        ended = CommissionEnded(at=system_clock(), commission=commission, outcome=Outcome.LAPSED)
        await hear(database, ended, first=9)
        await page.goto(f"/commissions/{commission}")
        await look_at(page, "commission-ended", look)
