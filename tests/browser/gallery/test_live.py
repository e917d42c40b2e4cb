"""Only a page that somebody sees holds a stream: over HTTP/1.1 a browser has six connections to a site, for all tabs.

Headless Chromium shows every tab, so whether a page is seen is said by a script that each of these pages begins with.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, Page, Route

from shared.auth.roles import Role
from tests.browser.gallery.test_gallery import HERE, PAGES, STEPS
from tests.support.browser import visitor
from tests.support.waiting import until
from tests.support.web import app_with, served, token

_SEEN = """
let hidden = %s
Object.defineProperty(document, 'hidden', {get: () => hidden})
Object.defineProperty(document, 'visibilityState', {get: () => hidden ? 'hidden' : 'visible'})
window.show = seen => { hidden = !seen; document.dispatchEvent(new Event('visibilitychange')) }
"""


@dataclass(frozen=True)
class Gallery:
    app: FastAPI
    url: str

    @property
    def streams(self) -> int:
        open_streams: int = self.app.state.live.open_streams
        return open_streams


@pytest_asyncio.fixture
async def gallery() -> AsyncIterator[Gallery]:
    app = app_with(pages=[PAGES], templates=[HERE])
    async with served(app) as url:
        yield Gallery(app, url)


async def tab(window: Page, *, hidden: bool) -> Page:
    """One more tab of this browser, opened in the background or in front."""
    page = await window.context.new_page()
    await page.add_init_script(_SEEN % ("true" if hidden else "false"))
    await page.goto("/gallery", timeout=10_000)
    return page


@asynccontextmanager
async def packed() -> AsyncIterator[None]:
    """Something happens."""
    STEPS.append({"what": "Packed", "state": "ahead"})
    try:
        yield
    finally:
        STEPS.pop()


async def test_seven_tabs_do_not_freeze_the_site(chromium: Browser, gallery: Gallery) -> None:
    async with visitor(chromium, gallery.url, token(Role.OPS)) as window:
        for _ in range(7):
            await tab(window, hidden=True)
        seen = await tab(window, hidden=False)

        async with packed():
            await seen.get_by_text("Packed").wait_for(timeout=5000)
        assert gallery.streams == 1


async def test_a_tab_that_is_left_gives_its_stream_up_and_takes_one_again(chromium: Browser, gallery: Gallery) -> None:
    async with visitor(chromium, gallery.url, token(Role.OPS)) as window:
        pages = [await tab(window, hidden=False)]
        await until("the first tab has a stream", lambda: gallery.streams == 1, 5)
        for _ in range(6):
            await pages[-1].evaluate("show(false)")
            pages.append(await tab(window, hidden=False))

        await until("only the last tab has a stream", lambda: gallery.streams == 1, 5)
        async with packed():
            await pages[-1].evaluate("show(false)")
            await pages[0].evaluate("show(true)")
            await pages[0].get_by_text("Packed").wait_for(timeout=1500)
            assert not await pages[1].get_by_text("Packed").count()
        await until("only the first tab has a stream", lambda: gallery.streams == 1, 5)


async def test_a_tab_that_comes_and_goes_quickly_holds_one_stream(chromium: Browser, gallery: Gallery) -> None:
    async with visitor(chromium, gallery.url, token(Role.OPS)) as window:
        page = await tab(window, hidden=False)

        await page.evaluate("for (let i = 0; i < 20; i++) { show(false); show(true) }")

        await until("it has one stream", _settled(gallery, 1), 5)
        await page.evaluate("show(true); show(false)")
        await until("it has none", _settled(gallery, 0), 5)


async def test_a_stream_that_was_refused_is_asked_for_again(chromium: Browser, gallery: Gallery) -> None:
    refusals = iter([503, 429])

    async def refuse(route: Route) -> None:
        status = next(refusals, None)
        await (route.fulfill(status=status, body="<p>Not now</p>") if status else route.continue_())

    async with visitor(chromium, gallery.url, token(Role.OPS)) as window:
        await window.context.route("**/gallery/live", refuse)
        page = await tab(window, hidden=False)

        async with packed():
            await page.get_by_text("Packed").wait_for(timeout=15_000)
        assert not await page.get_by_text("Not now").count()


def _settled(gallery: Gallery, streams: int) -> Callable[[], bool]:
    """Whether there have been so many streams for ten looks in a row."""
    looks: list[int] = []

    def look() -> bool:
        looks.append(gallery.streams)
        return looks[-10:] == [streams] * 10

    return look
