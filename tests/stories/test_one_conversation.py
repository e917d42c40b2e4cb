"""One conversation, at three browsers: with a picture, at the bench, in the inbox, and after the certificate."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.demo import DemoStep
from deploy.local.simulated_users.drawings import sketch
from shared.auth.roles import Caller, Role
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from tests.support.browser import PHONE, assert_accessible_everywhere, visitor
from tests.support.studio import MakeDatabase, Studio, open_studio
from tests.support.waiting import until

WISH = "Could the band be satin, as on this picture?"
ANSWER = "It can. I show you a sample first."
LATER = "May it get wet?"
CARE = "It may, but take it off for the sauna."
PATIENCE = 30_000


@pytest.fixture
async def studio(make_database: MakeDatabase, kafka: Kafka, temporal: str) -> AsyncIterator[Studio]:
    """One in which a mail about a message does not wait for more of them."""
    prefix = f"s{uuid4().hex[:12]}-"
    async with open_studio(make_database, kafka, temporal, prefix, message_gather="0") as studio:
        yield studio


@asynccontextmanager
async def signed_in(chromium: Browser, studio: Studio, role: Role, **options: Any) -> AsyncIterator[Page]:
    async with visitor(chromium, studio.url, **options) as page:
        await page.goto(f"/sign-in/local?link={studio.local_link(role)}")
        await page.get_by_role("button", name=f"Sign in as {role}").click()
        await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        yield page


async def customers_token(studio: Studio, commission: UUID) -> str:
    rows = await studio.rows("intake", "SELECT customer FROM commission WHERE commission = $1", commission)
    return studio.signer.token(Caller(rows[0]["customer"], Role.CUSTOMER, new_id()), datetime.now(UTC))


def until_booked(steps: Iterator[DemoStep]) -> None:
    """Play on until the piece is at the bench."""
    for step in steps:
        if "booked" in step.title:
            return


def mailed(studio: Studio, subject: str) -> bool:
    return any(mail["Subject"] == subject for mail in studio.mailed())


async def write(page: Page, words: str, field: str = "#words") -> None:
    await page.locator(field).fill(words)
    await page.get_by_role("button", name="Send message").click()


@pytest.mark.timeout(420)
async def test_the_customer_the_bench_and_the_studio_write_to_each_other_until_after_the_end(
    chromium: Browser, studio: Studio
) -> None:
    demo = studio.demo()
    steps = demo.play()
    await asyncio.to_thread(until_booked, steps)
    commission = demo.commission
    assert commission
    async with (
        visitor(chromium, studio.url, await customers_token(studio, commission)) as customer,
        signed_in(chromium, studio, Role.MAKER, look=PHONE) as maker,
        signed_in(chromium, studio, Role.OPS) as ops,
    ):
        await asks_with_a_picture(customer, commission)
        await is_seen_by_the_studio(ops, studio, commission)
        await is_answered_at_the_bench(maker, commission)
        await expect(customer.get_by_text(ANSWER)).to_be_visible(timeout=PATIENCE)
        await ops.goto("/ops")
        await expect(ops.locator(f"#ticket-{commission}")).not_to_contain_text("Waits for an answer", timeout=PATIENCE)

        await asyncio.to_thread(lambda: list(steps))

        await customer.goto(f"/commissions/{commission}/messages")
        await write(customer, LATER)
        await is_answered_by_the_studio(ops, commission)
        await expect(customer.get_by_text(CARE)).to_be_visible(timeout=PATIENCE)
    assert demo.serial


async def asks_with_a_picture(customer: Page, commission: UUID) -> None:
    await customer.goto(f"/commissions/{commission}/messages")
    picture = {"name": "satin.jpg", "mimeType": "image/jpeg", "buffer": sketch()}
    await customer.get_by_label("Pictures").set_input_files(picture)  # type: ignore[arg-type]  # its own TypedDict
    await write(customer, WISH)
    await expect(customer.get_by_role("listitem").filter(has_text=WISH)).to_be_visible()
    await expect(customer.get_by_alt_text("Picture 1 of this message")).to_be_visible()


async def is_seen_by_the_studio(ops: Page, studio: Studio, commission: UUID) -> None:
    """In the inbox, in the room, and by mail."""
    await ops.goto("/ops/inbox")
    waiting = ops.locator(f"#waits-{commission}")
    await expect(waiting.get_by_text(WISH)).to_be_visible(timeout=PATIENCE)
    await expect(waiting.get_by_text("Unanswered")).to_be_visible()
    await ops.goto("/ops")
    await expect(ops.locator(f"#ticket-{commission}")).to_contain_text("Waits for an answer")
    await until("the mail to the studio", lambda: mailed(studio, "There is a message for the studio"))


async def is_answered_at_the_bench(maker: Page, commission: UUID) -> None:
    """On the phone: the board's badge leads to the ticket, whose form comes back to it."""
    await maker.goto("/bench")
    await maker.locator(f"#piece-{commission}").get_by_role("link", name="1 new message").click(timeout=PATIENCE)
    await expect(maker.get_by_text(WISH)).to_be_visible()
    picture = maker.get_by_alt_text("Picture 1 of this message")
    await expect(picture).to_be_visible()
    await picture.scroll_into_view_if_needed()
    await expect(picture).not_to_have_js_property("naturalWidth", 0)
    await assert_accessible_everywhere(maker, "talk-ticket")
    await write(maker, ANSWER, "#words-message")
    await expect(maker.get_by_role("listitem").filter(has_text=ANSWER)).to_be_visible(timeout=PATIENCE)
    assert "/bench/tasks/" in maker.url


async def is_answered_by_the_studio(ops: Page, commission: UUID) -> None:
    """The commission is over: what is written waits all the same."""
    await ops.goto("/ops/inbox")
    waiting = ops.locator(f"#waits-{commission}")
    await expect(waiting.get_by_text(LATER)).to_be_visible(timeout=PATIENCE)
    await waiting.get_by_role("link", name="All messages, and a form to answer").click()
    await write(ops, CARE)
    await expect(ops.get_by_role("heading", name="Inbox")).to_be_visible()
    await expect(waiting).to_have_count(0, timeout=PATIENCE)
