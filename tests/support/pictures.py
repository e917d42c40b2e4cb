"""Pictures for readers: what a window shows, small enough for a repository.

    await picture_for_readers(page, "quote", page.get_by_role("heading", name="Your quote"))

Set TOUCHMARK_PICTURES to a folder to have them written, as `make screenshots` does. Else nothing happens.
"""

import os
from asyncio import to_thread
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page

WINDOW = (1280, 800)
DEEP = (1280, 1050)
TALL = (1280, 1650)
LETTER = (900, 1100)
PHONE = (390, 780)
_MARGIN = 16
_LARGEST = 120_000
"""Bytes: a README is read over a phone, too."""


async def picture_for_readers(
    page: Page, name: str, top: Locator | None = None, window: tuple[int, int] = WINDOW
) -> None:
    """Keep what the window shows by day, from the top of the page or from a little above `top`."""
    folder = os.environ.get("TOUCHMARK_PICTURES")
    if not folder:
        return
    await page.set_viewport_size({"width": window[0], "height": window[1]})
    await page.emulate_media(color_scheme="light")
    await _loaded(page)
    await page.evaluate("scrollTo(0, 0)")
    if top:
        box = await top.bounding_box()
        assert box, f"{name}: what it begins with is not on the page"
        await page.evaluate("top => scrollTo(0, top)", box["y"] - _MARGIN)
    shot = await page.screenshot(animations="disabled")
    await to_thread(_keep, shot, Path(folder) / f"{name}.webp")


async def _loaded(page: Page) -> None:
    """Every picture of the page is there, those that load when they are seen too."""
    await page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(each => each.loading = 'eager')")
    await page.wait_for_function("[...document.images].every(each => each.complete)")


def _keep(shot: bytes, file: Path) -> None:
    """As WebP, which draws text sharp at a third of PNG's size."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = BytesIO()
    Image.open(BytesIO(shot)).convert("RGB").save(made, "WEBP", quality=82, method=6)
    assert made.tell() < _LARGEST, f"{file.name} would have {made.tell()} bytes: show less"
    file.write_bytes(made.getvalue())
