"""WebKit for tests, as Safari has it: Debian's WebKitGTK, driven by the W3C's WebDriver, on a screen that nobody sees.

    async with webkit() as browser, browser.visitor() as page:
        await page.goto("http://localhost:8080/sign-in")
        await page.fill("email", "ada@example.org")
        await page.press("Send me a link")
        await page.shows("Check your email")

Playwright's own WebKit is a download for which this repository asks no server; `apt-get install webkit2gtk-driver xvfb`
brings this one. Each visitor is a browser in a profile of its own, without cookies; there is one at a time.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import pytest

from deploy.local.ports import free_ports
from tests.support.waiting import until

_DRIVER, _SCREEN = "WebKitWebDriver", "Xvfb"
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element's id (W3C WebDriver, section 11)."""
_WITHIN = 20.0
"""Seconds that a page may take to show something."""


class WebKitPage:
    """A window of one visitor."""

    def __init__(self, driver: httpx.AsyncClient, session: str) -> None:
        self._driver = driver
        self._session = session

    async def goto(self, url: str) -> None:
        """Open this address."""
        await self._ask("POST", "url", url=url)

    async def address(self) -> str:
        """Where it is."""
        return str(await self._ask("GET", "url"))

    async def text(self) -> str:
        """What can be read on the page."""
        return str(await self.run("return document.body ? document.body.innerText : ''"))

    async def cookies(self) -> dict[str, str]:
        """What this browser keeps for the page's address."""
        return {cookie["name"]: cookie["value"] for cookie in await self._ask("GET", "cookie")}

    async def run(self, script: str) -> Any:
        """What a script returns."""
        return await self._ask("POST", "execute/sync", script=script, args=[])

    async def shows(self, words: str) -> None:
        """Wait until these words can be read. Raises AssertionError, with what can be read instead."""

        async def there() -> bool:
            return words in await self.text()

        try:
            await until(f"{words!r} on the page", there, _WITHIN)
        except AssertionError as error:
            raise AssertionError(f"{error}; {await self.address()} says:\n{await self.text()}") from None

    async def fill(self, name: str, value: str) -> None:
        """Type into the input of this name, in place of what is there."""
        found = await self._find(f"//*[@name='{name}' and not(@type='hidden')]")
        # without a window manager WebKit holds what is below the fold for unreachable
        await self._on(found, "scrollIntoView({block: 'center', behavior: 'instant'})")
        await self._ask("POST", f"element/{found}/clear")
        await self._ask("POST", f"element/{found}/value", text=value)

    async def press(self, words: str) -> None:
        """Click the button or the link with these words; not one of the page's header."""
        found = await self._find(f"//main//*[self::button or self::a][normalize-space()={_quoted(words)}]")
        # by the page's own means, for the same reason
        await self._on(found, "click()")

    async def _on(self, element: str, call: str) -> None:
        await self._ask("POST", "execute/sync", script=f"arguments[0].{call}", args=[{_ELEMENT: element}])

    async def _find(self, path: str) -> str:
        return str((await self._ask("POST", "element", using="xpath", value=path))[_ELEMENT])

    async def _ask(self, method: str, what: str, **body: object) -> Any:
        json = body if method == "POST" else None
        answer = await self._driver.request(method, f"/session/{self._session}/{what}", json=json)
        assert answer.is_success, f"{what}: {answer.text}"
        return answer.json()["value"]


class WebKit:
    """A WebDriver that opens one browser after the other."""

    def __init__(self, driver: httpx.AsyncClient, program: str) -> None:
        self._driver = driver
        self._program = program

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[WebKitPage]:
        """A window of a browser that has never been here."""
        options = {"webkitgtk:browserOptions": {"binary": self._program, "args": ["--automation"]}}
        answer = await self._driver.post("/session", json={"capabilities": {"alwaysMatch": options}})
        assert answer.is_success, answer.text
        session = answer.json()["value"]["sessionId"]
        try:
            yield WebKitPage(self._driver, session)
        finally:
            await self._driver.delete(f"/session/{session}")


@asynccontextmanager
async def webkit() -> AsyncIterator[WebKit]:
    """WebKitGTK with its driver; skips, and is counted, where it is not installed, or for BROWSER=none."""
    if os.environ.get("BROWSER") == "none":
        pytest.skip("BROWSER=none: browser tests are not run")
    browser = _program()
    if not (browser and shutil.which(_DRIVER) and shutil.which(_SCREEN)):
        pytest.skip("WebKit is missing: apt-get install webkit2gtk-driver xvfb")
    [port] = free_ports(1)
    with TemporaryDirectory(prefix="touchmark-webkit-") as home:
        async with _screen() as display:
            given = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "HOME": home, "LIBGL_ALWAYS_SOFTWARE": "1"}
            driver = await asyncio.create_subprocess_exec(_DRIVER, f"--port={port}", "--host=127.0.0.1", env=given)
            try:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                    await until("the driver listens", lambda: _listens(client))
                    yield WebKit(client, browser)
            finally:
                driver.terminate()
                await driver.wait()


def _program() -> str:
    return next(map(str, Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")), "")


@asynccontextmanager
async def _screen() -> AsyncIterator[str]:
    """The name of a display that only this run has."""
    server = await asyncio.create_subprocess_exec(
        *(_SCREEN, "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert server.stdout
    try:
        async with asyncio.timeout(20):
            number = (await server.stdout.readline()).decode().strip()
        yield f":{number}"
    finally:
        server.terminate()
        await server.wait()


async def _listens(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/status")).is_success
    except httpx.TransportError:
        return False


def _quoted(words: str) -> str:
    """A text in XPath, which has no escapes."""
    return f"'{words}'" if "'" not in words else f'"{words}"'
