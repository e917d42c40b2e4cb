"""Each mail as its reader sees it: in Chromium, at both widths and in both lights."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser

from services.notify.domain import Posting, mail_id
from services.notify.letters import Studio, write
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from tests.support.browser import LOOKS, Look, picture, visitor

# A letter is no page: the landmarks around it are the mail program's, so axe's "best-practice" is left out.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
STUDIO = Studio("Kiln & Anvil", ZoneInfo("Europe/Berlin"), "https://studio.example")


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("intent", Intent)
async def test_a_letter_is_accessible_and_fits_its_window(chromium: Browser, intent: Intent, look: Look) -> None:
    commission = new_id()
    posting = Posting(
        mail=mail_id(commission, intent),
        attempt=1,
        commission=commission,
        person=new_id(),
        intent=intent,
        asked_at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        name="Ada Lovelace",
        email="ada@example.org",
        requested_at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        needed_by=date(2027, 5, 31),
    )

    async with visitor(chromium, "http://localhost", None, look) as page:
        await page.set_content(write(posting, STUDIO).html)

        await picture(page, f"letter-{intent}-{look}")
        found = await Axe().run(page, options=WCAG)
        assert not found.violations_count, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
