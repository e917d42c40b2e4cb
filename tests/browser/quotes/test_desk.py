"""The desk in the browser: every state of a quote, at both widths and in both lights; and it changes by itself."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from services.quotes.main import web
from shared.auth.roles import Role
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.browser import LOOKS, Look, assert_accessible, picture, visitor
from tests.support.quotes import Quotes, brief, kernel_of, opened
from tests.support.web import served, token

PATIENCE = 20_000
"""Milliseconds: a busy machine takes its time, and nothing is lost by waiting for it."""
WHY = "My grandmother baked with hers on.\n\nIt should say so quietly, and bear forty years of flour."


@pytest.fixture
async def quotes(make_database: MakeDatabase) -> AsyncIterator[Quotes]:
    async with opened(await make_database("quotes")) as database:
        yield Quotes(database)


@pytest.fixture
async def url(quotes: Quotes) -> AsyncIterator[str]:
    async with served(web(kernel_of(quotes.database))) as address:
        yield address


async def _drafted(quotes: Quotes) -> UUID:
    commission = new_id()
    await quotes.learn(brief(commission, why=WHY, finish="hammered", needed_by="2027-06-05"))
    await quotes.draft(commission)
    return commission


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_every_state_of_the_desk_is_accessible(chromium: Browser, url: str, quotes: Quotes, look: Look) -> None:
    drafted, ended, waiting, erased = await _drafted(quotes), await _drafted(quotes), new_id(), await _drafted(quotes)
    await quotes.expire(ended, await quotes.draft(ended))
    await quotes.learn(brief(waiting))
    await quotes.forget(erased)
    pages = {"list": "/quotes", "draft": f"/quotes/{drafted}", "ended": f"/quotes/{ended}"}
    pages |= {"waiting": f"/quotes/{waiting}", "erased": f"/quotes/{erased}", "missing": f"/quotes/{new_id()}"}

    async with visitor(chromium, url, token(Role.OPS), look) as page:
        for name, path in pages.items():
            await page.goto(path)
            await picture(page, f"quotes-{name}-{look}")
            await assert_accessible(page)


async def test_an_empty_list_is_accessible(chromium: Browser, url: str) -> None:
    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto("/quotes")

        await picture(page, "quotes-empty")
        await expect(page.get_by_role("heading", name="No quotes yet")).to_be_visible()
        await assert_accessible(page)


async def test_the_lines_come_without_a_click(chromium: Browser, url: str, quotes: Quotes) -> None:
    commission = new_id()
    await quotes.learn(brief(commission))

    async with visitor(chromium, url, token(Role.OPS)) as page:
        await page.goto(f"/quotes/{commission}")
        await expect(page.get_by_text("The lines are drafted as soon as")).to_be_visible()
        await quotes.draft(commission)

        await expect(page.get_by_text("Work at the bench")).to_be_visible(timeout=PATIENCE)
