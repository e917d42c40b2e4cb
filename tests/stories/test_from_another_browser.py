"""A customer opens the page of their commission on another device: a link by mail lets them in."""

import re
from email.message import EmailMessage

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import PHONE, assert_accessible_everywhere, visitor
from tests.support.studio import Studio
from tests.support.waiting import until


@pytest.mark.timeout(300)
async def test_a_customer_comes_back_by_mail_on_the_phone(chromium: Browser, studio: Studio) -> None:
    customer = await studio.customer()
    commission = await customer.submit()

    def the_mail() -> EmailMessage | None:
        mails = studio.mail_to(commission)
        return next((mail for mail in mails if mail["Subject"] == "Your sign-in link"), None)

    async with visitor(chromium, studio.url, look=PHONE) as page:
        await page.goto(f"/commissions/{commission}")
        await expect(page.get_by_role("heading", name="Is this commission yours?")).to_be_visible()
        await assert_accessible_everywhere(page, "way-in-offered")
        await page.get_by_role("button", name="Send me the link").click()
        await expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
        await assert_accessible_everywhere(page, "way-in-asked")
        await until("the mail with the link", lambda: the_mail() is not None)
        mail = the_mail()
        assert mail
        text = mail.get_body(("plain",))
        assert text
        link = re.search(rf"{re.escape(studio.url)}\S+pass=\S+", text.get_content())
        assert link

        await page.goto(link[0])
        await assert_accessible_everywhere(page, "way-in-by-link")
        await page.get_by_role("button", name="Go to my commission").click()

        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page).to_have_url(f"{studio.url}/commissions/{commission}")
    async with visitor(chromium, studio.url, look=PHONE) as page:
        await page.goto(link[0])
        await page.get_by_role("button", name="Go to my commission").click()

        await expect(page.get_by_text("This sign-in link is no longer valid.")).to_be_visible()
