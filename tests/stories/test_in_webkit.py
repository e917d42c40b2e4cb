"""Safari's engine, over plain http: at localhost, and at an address of the studio's own network."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeAlias
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from shared.auth.roles import Role
from shared.kafka.connection import Kafka
from shared.kernel.clock import system_clock
from shared.web.cookies import CookieRules
from tests.support.second_step import Phone
from tests.support.studio import MakeDatabase, Studio, open_studio
from tests.support.waiting import until
from tests.support.webkit import WebKit, WebKitPage, webkit

Story: TypeAlias = Callable[[WebKit, Studio], Awaitable[None]]


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
    """Somebody joins, comes back on a second device by the code, and leaves both; a third finds the link used."""
    email = f"zoe-{uuid4().hex[:8]}@example.org"
    async with safari.visitor() as first:
        await join(first, studio, email)
        await first.goto(f"{studio.url}/commissions")
        await first.shows("Sign out")
        at_the_desk = await first.cookies()
    # As if they had confirmed a request: an address that was only typed lets nobody in.
    await studio.rows("intake", "UPDATE person SET confirmed_at = now() WHERE email = $1", email)

    async with safari.visitor() as second:
        await second.goto(f"{studio.url}/sign-in")
        # This WebKit has no passkeys, as none has on plain http: there must be no button that does nothing.
        assert "Sign in with a passkey" not in await second.text()
        await second.fill("email", email)
        await second.press("Send me a link")
        await second.shows("Check your email")
        mail = await the_mail(studio, email)
        await second.fill("code", found_in(mail, r"\b\d{4}\s\d{4}\b"))
        await second.press("Sign in")
        await second.shows("Sign out")
        await second.goto(f"{studio.url}/sessions")
        await second.shows("This device")
        assert await is_signed_in(studio, at_the_desk)
        await second.press("Sign out everywhere")
        await second.shows("Send me a link")

    assert not await is_signed_in(studio, at_the_desk)
    async with safari.visitor() as third:
        await third.goto(found_in(mail, rf"{re.escape(studio.url)}/\S+"))
        await third.shows("Send me a link")
        assert "Sign out" not in await third.text()


async def is_signed_in(studio: Studio, cookies: dict[str, str]) -> bool:
    """Whether a browser with these cookies is shown the commissions of its person."""
    async with httpx.AsyncClient(base_url=studio.url, cookies=cookies, timeout=30) as browser:
        answer = await browser.get("/commissions")
    assert answer.status_code in {httpx.codes.OK, httpx.codes.SEE_OTHER}, answer.text
    return answer.status_code == httpx.codes.OK


async def assert_a_stranger_gets_nothing(safari: WebKit, studio: Studio) -> None:
    """A stranger asks for a piece with somebody's address: the mail comes to its owner, who deletes it."""
    email = f"owner-{uuid4().hex[:8]}@example.org"
    async with httpx.AsyncClient(base_url=studio.url, timeout=30) as nobody:
        who = {"name": "The owner", "email": email}
        owner = (await nobody.post("/api/v1/intake/people", json=who)).json()["person"]
        await studio.rows("intake", "UPDATE person SET confirmed_at = now() WHERE person = $1", owner)
    commission = await studio.as_role(Role.CUSTOMER, owner).submit()
    async with safari.visitor() as page:
        await join(page, studio, email)
        await page.goto(f"{studio.url}/commissions/{commission}")
        await page.shows("Page not found")
        await page.goto(f"{studio.url}/commissions")
        await page.shows("No requests yet")
        cookies = await page.cookies()
    asked = await studio.as_token(cookies[CookieRules.of(studio.url).token]).submit()
    link, _ = await studio.mailed_right(asked)

    async with safari.visitor() as mailbox:
        await mailbox.goto(link)
        await mailbox.shows("Was this you?")
        await mailbox.press("No, delete it")
        await mailbox.shows("It is deleted")

    assert not await studio.rows("intake", "SELECT 1 FROM commission WHERE commission = $1", asked)
    assert await studio.rows("intake", "SELECT 1 FROM commission WHERE commission = $1", commission)


async def assert_a_maker_without_the_phone_is_the_same(safari: WebKit, studio: Studio) -> None:
    """The studio sends a new link; it lets the same maker in, and the lost phone's invitation nobody."""
    ops, email = studio.as_role(Role.OPS), f"bo-{uuid4().hex[:8]}@example.org"

    async def asked(path: str, **body: str) -> dict[str, str]:
        key = {"Idempotency-Key": str(uuid4())}
        answer = await ops.client.post(f"/api/v1/intake/people/{path}", json=body or None, headers=key)
        assert answer.is_success, answer.text
        return dict(answer.json())

    invited = await asked("colleagues", name="Bo Hammer", email=email, role="maker")
    given = await asked(f"{invited['person']}/links")
    async with safari.visitor() as page:
        await page.goto(invited["link"])
        await page.shows("This invitation is no longer valid.")
        await page.goto(given["link"])
        await page.press("Sign in")
        await page.shows("The bench")
    [row] = await studio.rows("intake", "SELECT person FROM person WHERE email = $1", email)
    assert str(row["person"]) == invited["person"]


async def assert_ops_come_in_by_two_steps(safari: WebKit, studio: Studio) -> None:
    """Somebody of the studio sets up an authenticator app; from then on, the mail alone opens nothing."""
    ops, email = studio.as_role(Role.OPS), f"dee-{uuid4().hex[:8]}@example.org"
    invitation = {"name": "Dee Anvil", "email": email, "role": "ops"}
    key = {"Idempotency-Key": str(uuid4())}
    invited = await ops.client.post("/api/v1/intake/people/colleagues", json=invitation, headers=key)
    async with safari.visitor() as first:
        await first.goto(invited.json()["link"])
        await first.press("Sign in")
        await first.shows("Sign out")
        await first.goto(f"{studio.url}/authenticators/new")
        await first.shows("2. Type the code that it shows")
        phone = Phone.typed(str(await first.run("return document.querySelector('code.key').innerText")))
        await first.fill("code", phone.shows(system_clock()))
        await first.press("Set up")
        await first.shows("Keep these recovery codes")

    async with safari.visitor() as second:
        await second.goto(f"{studio.url}/sign-in")
        await second.fill("email", email)
        await second.press("Send me a link")
        await second.shows("Check your email")
        await second.fill("code", found_in(await the_mail(studio, email), r"\b\d{4}\s\d{4}\b"))
        await second.press("Sign in")
        await second.shows("One more step")
        await second.goto(f"{studio.url}/quotes")
        await second.shows("One more step")
        await second.fill("code", phone.shows(system_clock() + timedelta(seconds=30)))
        await second.press("Sign in")
        await second.shows("Sign out")
        assert await second.address() == f"{studio.url}/quotes"


STORIES = (
    assert_one_person_in_every_browser,
    assert_a_stranger_gets_nothing,
    assert_a_maker_without_the_phone_is_the_same,
    assert_ops_come_in_by_two_steps,
)


def found_in(mail: str, pattern: str) -> str:
    found = re.search(pattern, mail)
    assert found, mail
    return found[0]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("story", STORIES)
async def test_people_come_in_at_localhost(safari: WebKit, studio: Studio, story: Story) -> None:
    await story(safari, studio)


@pytest.mark.timeout(300)
async def test_people_come_in_in_the_studios_network(
    safari: WebKit, make_database: MakeDatabase, kafka: Kafka, temporal: str
) -> None:
    address = own_address()
    prefix = f"w{uuid4().hex[:12]}-"
    async with (
        open_studio(make_database, kafka, temporal, prefix, host=address) as studio,
        forwarded(address, urlsplit(studio.url).port or 0),
    ):
        for story in STORIES:
            await story(safari, studio)


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
