"""At the counter: whom the studio knows by the address that it types, it enters the request for in one press."""

from uuid import UUID

from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect

from shared.auth.roles import Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.browser import assert_accessible_everywhere, visitor
from tests.support.intake import RING, Program, token


async def known(app: FastAPI) -> tuple[UUID, str]:
    """A customer with an account, and its address."""
    email = f"zoe-{new_id().hex[-12:]}@example.org"
    customer = (await Program(app).join("Zoë Quist", email)).person
    assert customer
    return customer, email


async def taken_down(page: Page, email: str) -> None:
    """The form as somebody of the studio fills it in and sends it, in whatever language."""
    await page.goto("/requests/new/jewellery/engraved-ring")
    for name, typed in (("for_name", "Zoe"), ("for_email", email), ("size", RING["size"])):
        await page.locator(f"[name={name}]").fill(typed)
    await page.locator("[name=way][value=counter]").check()
    await page.locator("[name=size_system]").select_option(RING["size_system"])
    for choice in ("metal", "finish", "occasion"):
        await page.locator(f"input[name={choice}][value={RING[choice]}]").check()
    for name in ("engraving", "why"):
        await page.locator(f"[name={name}]").fill(RING[name])
    await page.locator("form[action='/requests'] p.actions button").click()


async def test_a_known_address_is_joined_in_one_press(
    chromium: Browser, url: str, app: FastAPI, database: Database
) -> None:
    customer, email = await known(app)
    async with visitor(chromium, url, token(Role.OPS, new_id())) as page:
        await taken_down(page, email)
        await expect(page.get_by_text("We know this address")).to_be_visible()
        await assert_accessible_everywhere(page, "counter-known-en")
        # The Enter key presses the first button, which joins nobody.
        await page.locator("[name=for_name]").press("Enter")
        await expect(page.get_by_text("We know this address")).to_be_visible()
        await expect(page.locator("[name=why]")).to_have_value(RING["why"])

        await page.get_by_role("button", name="Enter it for Zoë Quist").click()

        await page.wait_for_url("**/commissions/*")
        commission = UUID(page.url.rpartition("/")[2])
    async with database.transaction() as tx:
        found = await tx.connection.fetchval("SELECT customer FROM commission WHERE commission = $1", commission)
    assert found == customer


async def test_it_is_said_in_german_too(chromium: Browser, url: str, app: FastAPI) -> None:
    _, email = await known(app)
    async with visitor(chromium, url, token(Role.OPS, new_id()), locale="de-DE") as page:
        await taken_down(page, email)

        await expect(page.get_by_text("Diese Adresse ist bekannt")).to_be_visible()
        await expect(page.get_by_role("button", name="Für Zoë Quist erfassen")).to_be_visible()
        await assert_accessible_everywhere(page, "counter-known-de")
