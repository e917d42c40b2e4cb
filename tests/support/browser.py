"""Chromium for tests: visitors who are signed in, axe at both widths and in both lights, pictures to look at.

    async with visitor(chromium, url, token) as page:
        await page.goto("/commissions")
        await assert_accessible_everywhere(page, "commissions")

Set TOUCHMARK_SCREENSHOTS to a folder to keep the pictures.
"""

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright

import deploy.browsers
from shared.web.cookies import CookieRules

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ALL = (*WCAG, "best-practice")
"""Names of axe's sets of rules."""
CONTRAST = ("color-contrast", "link-in-text-block")
"""Names of axe's rules that depend on colours."""


@dataclass(frozen=True)
class Look:
    """How wide a window is, in CSS pixels, and in which light."""

    width: int
    scheme: Literal["light", "dark"]

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


LOOKS = tuple(Look(width, scheme) for width in (390, 1280) for scheme in ("light", "dark"))
PHONE, DESK = LOOKS[0], LOOKS[-2]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium, headless. BROWSER=none skips, and is counted; a missing one fails and says what to do."""
    if os.environ.get("BROWSER") == "none":
        pytest.skip("BROWSER=none: browser tests are not run")
    async with async_playwright() as playwright:
        found = deploy.browsers.chromium() or playwright.chromium.executable_path
        if shutil.which(found) is None:
            pytest.fail(
                "Chromium is missing: playwright install chromium, or apt-get install chromium, "
                "or set BROWSER=none to leave these tests out"
            )
        browser = await playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visitor(
    browser: Browser, url: str, token: str | None = None, look: Look = DESK, **options: Any
) -> AsyncIterator[Page]:
    """A page in a fresh profile, at `url`, signed in if there is a token. `options` are those of a browser context.

    A page that logs an error to its console, a refusal by the content security policy say, fails the test.
    """
    still = {"reduced_motion": "reduce", **options}  # axe measures colours, which would be on their way
    context = await browser.new_context(
        base_url=url, viewport={"width": look.width, "height": 900}, color_scheme=look.scheme, **still
    )
    complaints: list[str] = []
    try:
        if token:
            await context.add_cookies([_signed_in(url, token, secure=secure) for secure in (False, True)])
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.text, said.type) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    finally:
        await context.close()
    assert not complaints, "\n".join(complaints)


def _signed_in(url: str, token: str, *, secure: bool) -> Any:
    """The cookie of the sign-in, for an app whose public address is https (as at localhost over http), or is not."""
    address = url.replace("http:", "https:") if secure else url
    return {"name": CookieRules(secure).token, "value": token, "url": address, "secure": secure}


def _is_complaint(text: str, kind: str) -> bool:
    """Chromium logs each answer of 400 and more as an error; what the page then shows is the test's own business."""
    return kind == "error" and not text.startswith("Failed to load resource")


async def assert_accessible(page: Page, rules: Sequence[str] = ALL) -> None:
    """Axe finds nothing, and nothing is wider than the window."""
    await _assert_axe_finds_nothing(page, list(rules))
    await _assert_fits(page)


async def _assert_fits(page: Page) -> None:
    width = cast("int", await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
    assert width <= 0, f"{page.url} is {width} px wider than its window"


async def assert_accessible_everywhere(page: Page, name: str = "", rules: Sequence[str] = ALL) -> None:
    """`assert_accessible` at both widths, on the page as it is, and its contrast in the dark; pictures if named.

    One page in four looks, since it takes four times as long to open four. It ends as wide as it began. In the dark
    only the colours differ, the same in every language: there, axe looks at the contrast of the English page. In
    another language only the words differ: axe looks where they have the least room, and the rest has to fit.
    """
    began = page.viewport_size
    english = await page.locator("html").get_attribute("lang") == "en"
    for look in LOOKS:
        await page.set_viewport_size({"width": look.width, "height": 900})
        await page.emulate_media(color_scheme=look.scheme)
        if name:
            await picture(page, f"{name}-{look}")
        if look == PHONE or (english and look == DESK):
            await assert_accessible(page, rules)
        elif look == DESK:
            await _assert_fits(page)
        elif english:
            await _assert_axe_finds_nothing(page, {"type": "rule", "values": CONTRAST})
    if began:
        await page.set_viewport_size(began)


async def _assert_axe_finds_nothing(page: Page, run_only: object) -> None:
    if await page.evaluate("typeof axe") == "undefined":
        await page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], "iframes": False, "runOnly": run_only}
    found = AxeResults(await page.evaluate("options => axe.run(options)", options))
    assert not found.violations_count, found.generate_report()


async def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page, if somebody wants to look at it."""
    if folder := os.environ.get("TOUCHMARK_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
