"""A refused step in the browser, with the real Temporal behind the page: seen, and tried again by a click."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from services.lifecycle.main import web
from services.lifecycle.workflow.commission import CommissionWorkflow
from shared.auth.roles import Role
from shared.contracts.commands.quotes import DraftQuote
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.ids import new_id
from tests.support.browser import PHONE, assert_accessible_everywhere, visitor
from tests.support.counterparts import Counterparts
from tests.support.lifecycle import NOW, Room, entered, kernel_of, submitted
from tests.support.waiting import until
from tests.support.web import served, token


@pytest.fixture
async def services(temporal: str, prefix: str) -> AsyncIterator[Counterparts]:
    counterparts = Counterparts(await Client.connect(temporal, data_converter=pydantic_data_converter), prefix)
    async with counterparts.at_work():
        yield counterparts


@pytest.fixture
async def url(room: Room, temporal: str, prefix: str) -> AsyncIterator[str]:
    async with served(web(kernel_of(room.database, temporal=temporal, prefix=prefix))) as address:
        yield address


async def refused(services: Counterparts, room: Room) -> UUID:
    commission = new_id()
    services.refusals[DraftQuote] = 1
    handle = await services.begin(commission=commission)

    async def in_trouble() -> bool:
        return (await handle.query(CommissionWorkflow.state)).trouble is not None

    await until("the draft is refused", in_trouble, 30)
    await room.receives(submitted(commission), entered(commission, Phase.QUOTING, Holder.STUDIO, due=NOW - NOW))
    return commission


async def test_a_refused_step_is_seen_and_tried_again(
    chromium: Browser, url: str, services: Counterparts, room: Room
) -> None:
    commission = await refused(services, room)

    async with visitor(chromium, url, token(Role.OPS), PHONE) as page:
        await page.goto(f"/ops/commissions/{commission}")
        await expect(page.get_by_role("link", name="Try again")).to_be_visible()
        await assert_accessible_everywhere(page, "trouble")

        await page.get_by_role("link", name="Try again").click()
        await page.get_by_label("Reason").fill("The brief was mended.")
        await page.get_by_role("button", name="Try again").click()

        await expect(page.get_by_text("Tried again")).to_be_visible()
        await until("the draft is done", lambda: len(services.of(DraftQuote)) == 1, 30)
