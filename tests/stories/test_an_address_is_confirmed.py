"""A request is sent in one browser and confirmed in another; the first one is let in by the code from the mail."""

from email.message import EmailMessage
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.stories.people.customer import CustomersBrowser
from tests.support.browser import PHONE, assert_accessible_everywhere, visitor
from tests.support.studio import Studio


def subjects(mails: list[EmailMessage]) -> set[str]:
    return {str(mail["Subject"]) for mail in mails}


@pytest.mark.timeout(300)
async def test_a_request_is_confirmed_on_the_phone_and_continued_at_the_desk(chromium: Browser, studio: Studio) -> None:
    email = f"zoe.{uuid4().hex[:8]}@example.org"
    async with visitor(chromium, studio.url) as desk, visitor(chromium, studio.url, look=PHONE) as phone:
        customer = CustomersBrowser(desk)
        await customer.joins("Zoë Quist", email)
        await customer.asks_for_a_ring("as it was", "For two browsers.")
        assert customer.commission
        link, code = await studio.mailed_right(customer.commission)
        assert subjects(studio.mail_to(customer.commission)) == {"Please confirm your request"}
        assert await studio.stage(customer.commission) is None

        await phone.goto(link)
        await expect(phone.get_by_role("heading", name="Was this you?")).to_be_visible()
        await assert_accessible_everywhere(phone, "confirm-asked")
        await phone.get_by_role("button", name="Yes, this was me").click()
        await expect(phone.get_by_role("heading", name="Timeline")).to_be_visible()
        await studio.until_stage(customer.commission, "desk")

        await desk.reload()
        await expect(desk.get_by_role("heading", name="Confirmed in another browser")).to_be_visible()
        await assert_accessible_everywhere(desk, "confirm-elsewhere")
        await desk.get_by_label("Code from our mail").fill("0000 0000" if code != "00000000" else "1")
        await desk.get_by_role("button", name="Confirm").click()
        await expect(desk.get_by_text("This is not the code from our newest mail.").first).to_be_visible()
        await desk.get_by_label("Code from our mail").fill(code)
        await desk.get_by_role("button", name="Confirm").click()
        await expect(desk.get_by_role("heading", name="Timeline")).to_be_visible()

        await phone.goto(link)
        await expect(phone.get_by_text("This link was used before.")).to_be_visible()


@pytest.mark.timeout(300)
async def test_whoever_did_not_send_a_request_has_it_deleted(chromium: Browser, studio: Studio) -> None:
    who = {"name": "Somebody else", "email": f"victim.{uuid4().hex[:8]}@example.org"}
    async with httpx.AsyncClient(base_url=studio.url, timeout=30) as nobody:
        joined = await nobody.post("/api/v1/intake/people", json=who)
    stranger = studio.as_token(joined.json()["token"])
    commission = await stranger.submit()
    link, _ = await studio.mailed_right(commission)

    async with visitor(chromium, studio.url) as page:
        await page.goto(link)
        await page.get_by_role("button", name="No, delete it").click()

        await expect(page.get_by_role("heading", name="It is deleted")).to_be_visible()
        await assert_accessible_everywhere(page, "confirm-denied")
    gone = await stranger.client.get(f"/api/v1/intake/commissions/{commission}")
    # Their session has ended with the request; until this copy has heard of it, the request is not there.
    assert gone.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND}
