"""One Chromium for all browser tests of a worker."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support import browser as support


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    # A limit, not a wait: two cores that run two tests at once may need longer than the five seconds of the default.
    expect.set_options(timeout=20_000)
    async with support.chromium() as browser:
        yield browser
