"""One person in two browsers, a link used twice, signing out everywhere, a lost phone, two steps: over http."""

import re
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from shared.auth.roles import Role
from shared.kernel.clock import system_clock
from tests.support.browser import PHONE, visitor
from tests.support.second_step import Phone
from tests.support.studio import Person, Studio
from tests.support.waiting import until


async def newest_mail(studio: Studio, address: str, subject: str, count: int = 1) -> str:
    """The text of the newest of so many mails to this address."""

    def found() -> list[EmailMessage]:
        mails = [mail for mail in studio.mailed() if address in str(mail["To"]) and mail["Subject"] == subject]
        return sorted(mails, key=lambda mail: str(mail["Date"]))

    await until(f"{count} mails to {address}", lambda: len(found()) == count)
    texts = {part.get_content() for mail in found() if (part := mail.get_body(("plain",)))}
    return "\n".join(texts)


async def ask(page: Page, address: str) -> None:
    await page.goto("/")
    await page.get_by_role("navigation", name="Site").get_by_role("link", name="Sign in").click()
    await page.get_by_label("Email address").fill(address)
    await page.get_by_role("button", name="Send me a link").click()
    await expect(page.get_by_role("heading", name="Check your email")).to_be_visible()


async def with_commission(studio: Studio) -> tuple[Person, str, UUID]:
    """Somebody with a commission of their own, and their address."""
    address = f"ada.{uuid4().hex}@example.org"
    async with httpx.AsyncClient(base_url=studio.url, timeout=30) as nobody:
        joined = await nobody.post("/api/v1/intake/people", json={"name": "Ada Lovelace", "email": address})
    person = UUID(joined.json()["person"])
    await studio.rows("intake", "UPDATE person SET confirmed_at = now() WHERE person = $1", person)
    customer = studio.as_role(Role.CUSTOMER, person)
    return customer, address, await customer.submit()


@pytest.mark.timeout(300)
async def test_a_customer_in_two_browsers_is_one_person_until_they_sign_out_everywhere(
    chromium: Browser, studio: Studio
) -> None:
    _, address, commission = await with_commission(studio)
    async with visitor(chromium, studio.url) as desk, visitor(chromium, studio.url, look=PHONE) as phone:
        await ask(desk, address)
        mail = await newest_mail(studio, address, "Your link to sign in")
        code = re.search(r"Code\s+(\d{4}\s?\d{4})", mail)
        link = re.search(r"http\S+/sign-in/link\?link=\S+", mail)
        assert code
        assert link
        await desk.get_by_label("Code").fill(code[1])
        await desk.get_by_role("button", name="Sign in").click()
        await expect(desk).to_have_url(f"{studio.url}/commissions")

        await phone.goto(link[0])
        await expect(phone.get_by_text("This link was used already.")).to_be_visible()
        await phone.goto(f"/commissions/{commission}")
        await expect(phone.get_by_role("heading", name="Is this commission yours?")).to_be_visible()
        await phone.get_by_role("button", name="Send me the link").click()
        await expect(phone.get_by_role("heading", name="Check your email")).to_be_visible()
        both = await newest_mail(studio, address, "Your link to sign in", 2)
        [other] = set(re.findall(r"http\S+/sign-in/link\?link=\S+", both)) - {link[0]}
        await phone.goto(other)
        await phone.get_by_role("button", name="Sign in").click()
        await expect(phone).to_have_url(f"{studio.url}/commissions/{commission}")
        for page in (desk, phone):
            await page.goto(f"/commissions/{commission}")
            await expect(page.get_by_role("link", name="Signed in as Ada Lovelace")).to_be_visible()

        await phone.get_by_role("link", name="Signed in as Ada Lovelace").click()
        await expect(phone.get_by_role("row")).to_have_count(4)  # the head, joining at the API, and both browsers
        await phone.get_by_role("button", name="Sign out everywhere").click()
        await expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()

        async def is_refused() -> bool:
            with suppress(Exception):
                answer = await desk.request.get(f"/quotes/{commission}", max_redirects=0)
                return answer.status == httpx.codes.SEE_OTHER
            return False

        await until("another service refuses the token that is not over", is_refused, within=15)


@pytest.mark.timeout(300)
async def test_a_maker_who_lost_the_phone_is_the_same_maker_by_a_new_link(chromium: Browser, studio: Studio) -> None:
    ops, address = studio.as_role(Role.OPS), f"bo.{uuid4().hex}@example.org"
    invitation = {"name": "Bo Hammer", "email": address, "role": "maker"}
    key = {"Idempotency-Key": str(uuid4())}
    invited = await ops.client.post("/api/v1/intake/people/colleagues", json=invitation, headers=key)
    person = invited.json()["person"]
    first = await newest_mail(studio, address, "Your invitation")
    assert invited.json()["link"] in first

    given = await ops.client.post(f"/api/v1/intake/people/{person}/links", headers={"Idempotency-Key": str(uuid4())})
    again = await newest_mail(studio, address, "Your new way in")

    assert given.json()["link"] in again
    async with visitor(chromium, studio.url, look=PHONE) as phone:
        await phone.goto(invited.json()["link"])
        await expect(phone.get_by_text("This invitation is no longer valid.")).to_be_visible()
        await phone.goto(given.json()["link"])
        await phone.get_by_role("button", name="Sign in").click()
        await expect(phone).to_have_url(f"{studio.url}/bench")
        sessions = await phone.request.get("/api/v1/intake/sessions")
        assert len(await sessions.json()) == 1
    rows = await studio.rows("intake", "SELECT person FROM person WHERE email = $1", address)
    assert [str(row["person"]) for row in rows] == [person]


@pytest.mark.timeout(300)
async def test_a_maker_adds_a_passkey_and_signs_in_by_it_without_a_mail(chromium: Browser, studio: Studio) -> None:
    ops, address = studio.as_role(Role.OPS), f"bo.{uuid4().hex}@example.org"
    invitation = {"name": "Bo Hammer", "email": address, "role": "maker"}
    key = {"Idempotency-Key": str(uuid4())}
    invited = await ops.client.post("/api/v1/intake/people/colleagues", json=invitation, headers=key)
    async with visitor(chromium, studio.url) as page:
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("WebAuthn.enable")
        finger = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options = {**finger, "isUserVerified": True, "automaticPresenceSimulation": True}
        await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        await page.goto(invited.json()["link"])
        await page.get_by_role("button", name="Sign in").click()
        await page.goto("/sessions")

        await page.get_by_role("button", name="Add a passkey").click()
        await expect(page.get_by_role("button", name=re.compile("^Remove"))).to_be_visible()
        await page.get_by_role("button", name="Sign out everywhere").click()
        await page.get_by_role("button", name="Sign in with a passkey").click()

        await expect(page).to_have_url(f"{studio.url}/bench")
        await expect(page.get_by_role("link", name="Signed in as Bo Hammer")).to_be_visible()


@pytest.mark.timeout(300)
async def test_ops_come_in_by_mail_and_code_and_by_a_recovery_code_once_the_phone_is_lost(
    chromium: Browser, studio: Studio
) -> None:
    ops, address = studio.as_role(Role.OPS), f"dee.{uuid4().hex}@example.org"
    invitation = {"name": "Dee Anvil", "email": address, "role": "ops"}
    key = {"Idempotency-Key": str(uuid4())}
    invited = await ops.client.post("/api/v1/intake/people/colleagues", json=invitation, headers=key)
    async with visitor(chromium, studio.url, look=PHONE) as page:
        await page.goto(invited.json()["link"])
        await page.get_by_role("button", name="Sign in").click()
        await page.goto("/sessions")
        await page.get_by_role("link", name="Set up an authenticator app").click()
        phone = Phone.typed(await page.locator("code.key").inner_text())
        await page.get_by_label("Code", exact=True).fill(phone.shows(system_clock()))
        await page.get_by_role("button", name="Set up").click()
        codes = await page.locator(".recovery code").all_inner_texts()
        await page.get_by_role("link", name="I have kept them").click()
        await expect(page).to_have_url(f"{studio.url}/ops")

        mailed = await by_mailed_code(page, studio, address)
        await page.get_by_label("Code").fill("000000")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
        await page.goto("/quotes")
        await expect(page).to_have_url(re.compile("/second-step"))
        await page.get_by_label("Code").fill(phone.shows(system_clock() + timedelta(seconds=30)))
        await page.get_by_role("button", name="Sign in").click()
        await expect(page).to_have_url(f"{studio.url}/quotes")

        await by_mailed_code(page, studio, address, (mailed,))
        await page.get_by_text("You do not have your phone?").click()
        await page.get_by_label("Code").fill(codes[0])
        await page.get_by_role("button", name="Sign in").click()
        await expect(page).to_have_url(f"{studio.url}/ops")
        await page.goto("/sessions")
        await expect(page.get_by_text("9 recovery codes left.")).to_be_visible()

    told = await newest_mail(studio, address, "One of your recovery codes was used")
    assert f"{studio.url}/sessions" in told


async def by_mailed_code(page: Page, studio: Studio, address: str, used: tuple[str, ...] = ()) -> str:
    """Sign out, and give the first step again by the newest code, which is returned; the `used` ones are older."""
    await page.get_by_role("button", name="Sign out").first.click()
    await ask(page, address)
    texts = await newest_mail(studio, address, "Your link to sign in", len(used) + 1)
    [code] = set(re.findall(r"Code\s+(\d{4}\s?\d{4})", texts)) - set(used)
    await page.get_by_label("Code").fill(code)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    return str(code)
