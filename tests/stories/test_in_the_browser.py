"""One whole commission through the real pages, from form to certificate: a customer, a maker and ops at their browsers.

Every click is one on a link or a button by the name that people know it by, and each kind of page is looked at once by
axe, at both widths and in both lights. `make screenshots` makes the README's pictures from it.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from shared.contracts.people import Role
from tests.stories.people.customer import CustomersBrowser
from tests.stories.people.maker import MakersBrowser
from tests.stories.people.ops import OpsBrowser
from tests.support.browser import visitor
from tests.support.studio import Studio

WORDS, WHY = "as it was", "We met at the harbour. It is to say, quietly, that we would do all of it again."
REASON = "You bring your grandmother's ring: its gold becomes yours, and we add what is missing."
NOTE = "The joint closed on the first try. You will not find it."
MESSAGE = "We are looking forward to it. Take the time that it takes."
MAKER = "Ada Kern"


@asynccontextmanager
async def signed_in(chromium: Browser, studio: Studio, role: Role, **options: Any) -> AsyncIterator[Page]:
    """By a one-time link of the local stack."""
    async with visitor(chromium, studio.url, **options) as page:
        await page.goto(f"/sign-in/local?link={studio.local_link(role)}")
        await page.get_by_role("button", name=f"Sign in as {role}").click()
        await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        yield page


@pytest.fixture
async def company(studio: Studio) -> None:
    """Other commissions, so that the pictures show a room that is lived in. Without pictures nobody needs them."""
    if os.environ.get("TOUCHMARK_PICTURES"):
        demo = studio.demo()
        await asyncio.to_thread(demo.sign_in)
        await asyncio.to_thread(lambda: list(demo.play_the_others()))
        waiting = [await (await studio.customer()).submit() for _ in range(3)]
        for commission in waiting:
            await studio.until_stage(commission, "desk")
        paused = {"reason": "The customer is on a journey and has asked us to wait."}
        url = f"/api/v1/lifecycle/commissions/{waiting[0]}/pause"
        answer = await studio.as_role(Role.OPS).client.post(
            url, json=paused, headers={"Idempotency-Key": str(waiting[0])}
        )
        assert answer.is_success, answer.text


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("company")
async def test_a_commission_is_lived_from_the_welcome_page_to_the_certificate(
    chromium: Browser, studio: Studio
) -> None:
    async with (
        visitor(chromium, studio.url) as at_home,
        signed_in(chromium, studio, Role.MAKER, device_scale_factor=2) as at_the_bench,
        signed_in(chromium, studio, Role.OPS) as at_the_desk,
    ):
        customer, maker, ops = CustomersBrowser(at_home), MakersBrowser(at_the_bench), OpsBrowser(at_the_desk)

        await asked(studio, customer, maker)
        await agreed(customer, maker, ops)
        await made(customer, maker, ops)
        serial = await brought(customer, maker, ops)

        assert customer.commission
        await ops.sees_it_completed(customer.commission)
    await studio.until_ended(customer.commission)
    async with visitor(chromium, studio.url) as anybody:
        await anybody.goto(f"/c/{serial}")
        await expect(anybody.get_by_text("Verified just now")).to_be_visible()


async def asked(studio: Studio, customer: CustomersBrowser, maker: MakersBrowser) -> None:
    """A request, whose address is confirmed."""
    await maker.wants_to_be_named(MAKER, "Goldsmith and hand engraver. She learnt it in Pforzheim.")
    await customer.joins("Grete Sommer", "grete@example.org")
    await customer.asks_for_a_ring(WORDS, WHY)
    assert customer.commission
    _, code = await studio.mailed_right(customer.commission)
    await customer.confirms_the_address(code)


async def agreed(customer: CustomersBrowser, maker: MakersBrowser, ops: OpsBrowser) -> None:
    """A price that the studio has looked over, hours that are held for it, a yes, and the deposit."""
    assert customer.commission
    await ops.opens_its_story(customer.commission)
    await ops.adjusts_the_quote_and_sends_it("Metal", "110,00", REASON)
    await customer.sees("Read your quote and decide")
    await maker.sees_what_is_promised()
    await customer.reads_the_quote(REASON)
    reference, deposit = await customer.accepts_it("Lindenweg 4\n10115 Berlin")
    await ops.receives(reference, deposit)
    await customer.sees("Bank transfer")


async def made(customer: CustomersBrowser, maker: MakersBrowser, ops: OpsBrowser) -> None:
    """Each step, and each yes before what cannot be undone."""
    assert customer.commission
    maker.commission = customer.commission
    await maker.finds_it_waiting()
    await customer.goes_to_the_commission()
    await customer.opens_what_is_to_be_signed("Cutting the wire to size")
    await customer.signs_it_off()
    await customer.writes(MESSAGE)
    await maker.begins("Cut the wire to length, anneal and pickle")
    await maker.finishes("Cut the wire to length, anneal and pickle")
    await maker.begins("Bend, close the joint and solder")
    await maker.writes_a_note("Bend, close the joint and solder", NOTE)
    await maker.takes_a_photo("Bend, close the joint and solder", gloss=0.15)
    await maker.shows_the_board()
    await maker.finishes("Bend, close the joint and solder")
    await customer.sees(NOTE)
    await customer.shows_the_page()
    for step in ("Round up on the mandrel and bring to size", "File and emery to the section"):
        await maker.begins(step)
        await maker.finishes(step)
    await maker.signs_and_begins(
        "Send to the assay office, check the marks on return", "Size, width and weight are within tolerance"
    )
    await maker.finishes("Send to the assay office, check the marks on return")
    await ops.reminds(customer.commission, "The bench is ready for the engraving, and the day is near.")
    await ops.looks_around()
    await customer.opens_what_is_to_be_signed("The first cut of the engraving")
    await customer.looks_at_the_letters()
    await customer.signs_it_off()
    await maker.begins_early("Lay out the words and engrave them")
    await maker.finishes("Lay out the words and engrave them")
    await maker.begins("Take off burrs, finish the surface, clean")
    await maker.takes_a_photo("Take off burrs, finish the surface, clean", gloss=1.0)
    await maker.finishes("Take off burrs, finish the surface, clean")
    await maker.begins_early("Check by the list, weigh, photograph and pack")
    await maker.judges_it("Check by the list, weigh, photograph and pack")


async def brought(customer: CustomersBrowser, maker: MakersBrowser, ops: OpsBrowser) -> str:
    """The balance, the parcel, and the certificate; its serial."""
    await customer.goes_to_the_commission()
    await customer.says_where_it_goes("Grete Sommer", "Lindenweg 4", "10115 Berlin")
    await maker.packs_it("Lindenweg 4")
    reference, balance = await customer.learns_how_to_pay()
    await ops.receives(reference, balance)
    await maker.hands_it_over("ups", "1Z 999 AA1 01 2345 6784")
    await customer.goes_to_the_commission()
    await customer.receives_it()
    return await customer.reads_the_certificate(MAKER)
