"""Signing in by the studio's own provider in Chromium, and out again: over to its page, and back."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from deploy.local.ports import free_ports
from shared.auth.roles import Role
from shared.postgres.database import Database
from tests.support.browser import PHONE, assert_accessible_everywhere, visitor
from tests.support.intake import Program, app_of, kernel_of, token
from tests.support.openid import running_provider
from tests.support.web import served


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_a_maker_signs_in_by_the_studios_own_provider_and_out_there_too(
    chromium: Browser, database: Database, *, scripts: bool
) -> None:
    [port] = free_ports(1)
    here, address, subject = f"http://localhost:{port}", f"bo.{uuid4().hex}@example.org", uuid4().hex
    async with running_provider(f"{here}/sign-in/provider/callback") as provider:
        app = app_of(await kernel_of(database, public_url=here, **provider.settings()))
        desk = Program(app)
        desk.http.headers["Authorization"] = f"Bearer {token(Role.OPS, issuer=here)}"
        await desk.post("/people/colleagues", {"name": "Bo Hammer", "email": address, "role": "maker"})
        await provider.knows(f"{subject}|{address}|verified")
        async with served(app, port), visitor(chromium, here, look=PHONE, java_script_enabled=scripts) as page:
            await page.goto("/sign-in?next=/sessions")
            await page.get_by_role("link", name="Sign in with Kiln ID").click()
            await expect(page).to_have_url(re.compile(f"^{re.escape(provider.issuer)}/"))
            await page.get_by_placeholder("Enter any login").fill(subject)
            await page.get_by_placeholder("and password").fill("any")
            await page.get_by_role("button", name="Sign-in").click()

            await expect(page).to_have_url(f"{here}/sessions")
            await expect(page.get_by_role("link", name="Signed in as Bo Hammer")).to_be_visible()
            await expect(page.get_by_text("This device")).to_be_visible()

            await page.get_by_role("banner").get_by_role("button", name="Sign out").click()
            await expect(page.get_by_role("heading", name="You are signed out here")).to_be_visible()
            if scripts:
                await assert_accessible_everywhere(page, "provider-sign-out")
            await page.get_by_role("link", name="Sign out of Kiln ID too").click()
            await expect(page).to_have_url(re.compile(f"^{re.escape(provider.issuer)}/"))
            await page.get_by_role("button", name="Yes, sign me out").click()
            await expect(page.get_by_text("Here, and at Kiln ID.")).to_be_visible()
            if scripts:
                await assert_accessible_everywhere(page, "provider-signed-out")
