"""Safari's engine, over plain http: at localhost, and at an address of the studio's own network."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.support.studio import MakeDatabase, Studio, open_studio
from tests.support.waiting import until
from tests.support.webkit import WebKit, WebKitPage, webkit


@pytest_asyncio.fixture(scope="module")
async def safari() -> AsyncIterator[WebKit]:
    async with webkit() as browser:
        yield browser


async def join(page: WebKitPage, studio: Studio, email: str) -> None:
    """Begin a request as somebody new."""
    await page.goto(f"{studio.url}/commissions/new/jewellery/engraved-ring")
    await page.shows("Before we begin: who are you?")
    await page.fill("name", "Zoë O'Brien")
    await page.fill("email", email)
    await page.press("Continue")
    await page.shows("Ask for a ring")


async def the_mail(studio: Studio, email: str) -> str:
    """The mail with the way in for this address."""

    def found() -> list[str]:
        mails = [mail for mail in studio.mailed() if mail["To"].addresses[0].addr_spec == email]
        bodies = [mail.get_body(("plain",)) for mail in mails if mail["Subject"] == "Your link to sign in"]
        return [str(body.get_content()) for body in bodies if body]

    await until(f"the mail to {email}", lambda: bool(found()))
    return found()[-1]


async def assert_one_person_in_every_browser(safari: WebKit, studio: Studio) -> None:
    """Somebody joins, comes back in a second browser by the code, and a third one finds the link used."""
    email = f"zoe-{uuid4().hex[:8]}@example.org"
    async with safari.visitor() as first:
        await join(first, studio, email)
        await first.goto(f"{studio.url}/commissions")
        await first.shows("Sign out")
    # As if they had confirmed a request: an address that was only typed lets nobody in.
    await studio.rows("intake", "UPDATE person SET confirmed_at = now() WHERE email = $1", email)

    async with safari.visitor() as second:
        await second.goto(f"{studio.url}/sign-in")
        await second.fill("email", email)
        await second.press("Send me a link")
        await second.shows("Check your email")
        mail = await the_mail(studio, email)
        await second.fill("code", found_in(mail, r"\b\d{4}\s\d{4}\b"))
        await second.press("Sign in")
        await second.shows("Sign out")
        await second.goto(f"{studio.url}/sessions")
        await second.shows("This device")

    async with safari.visitor() as third:
        await third.goto(found_in(mail, rf"{re.escape(studio.url)}/\S+"))
        await third.shows("Send me a link")
        assert "Sign out" not in await third.text()


def found_in(mail: str, pattern: str) -> str:
    found = re.search(pattern, mail)
    assert found, mail
    return found[0]


@pytest.mark.timeout(300)
async def test_a_customer_in_two_browsers_is_one_person_at_localhost(safari: WebKit, studio: Studio) -> None:
    await assert_one_person_in_every_browser(safari, studio)


@pytest.mark.timeout(300)
async def test_a_customer_in_two_browsers_is_one_person_in_the_studios_network(
    safari: WebKit, make_database: MakeDatabase, kafka: str, temporal: str
) -> None:
    address = own_address()
    prefix = f"w{uuid4().hex[:12]}-"
    async with (
        open_studio(make_database, kafka, temporal, prefix, host=address) as studio,
        forwarded(address, urlsplit(studio.url).port or 0),
    ):
        await assert_one_person_in_every_browser(safari, studio)


def own_address() -> str:
    """This machine's address in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine is in no network")
        found = str(asking.getsockname()[0])
    if found.startswith("127."):
        pytest.skip("this machine is in no network")
    return found


@asynccontextmanager
async def forwarded(address: str, port: int) -> AsyncIterator[None]:
    """The edge, which listens at the loopback alone, at this address as well, as a studio's own proxy would have it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_edge, to_edge = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(_copy(reader, to_edge), _copy(from_edge, writer))
        finally:
            writer.close()
            to_edge.close()

    server = await asyncio.start_server(serve, address, port)
    try:
        yield
    finally:
        server.close()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
    except OSError:  # one side is gone
        sink.close()
