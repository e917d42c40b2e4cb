"""A service hangs while a customer withdraws. On Temporal itself: the time-skipping server never ends its command."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from services.lifecycle.workflow.state import CommandTimeouts
from shared.contracts.commands.quotes import DraftQuote
from shared.contracts.lifecycle import Outcome
from tests.support.counterparts import Counterparts, withdraw
from tests.support.rest import broken_off, given_up


@pytest.mark.parametrize("limit", ["at_once", "attempt"])
async def test_a_withdrawal_only_asks_what_came_of_an_attempt_that_hangs(
    temporal: str, prefix: str, limit: str
) -> None:
    client = await Client.connect(temporal, data_converter=pydantic_data_converter)
    services = Counterparts(client, prefix)
    services.commands = CommandTimeouts(at_once=timedelta(minutes=1)).model_copy(update={limit: timedelta(seconds=2)})
    services.not_yet[DraftQuote] = 1_000_000
    hangs = services.shut(DraftQuote)
    async with services.at_work():
        handle = await services.begin()
        await services.reached[DraftQuote].wait()

        await withdraw(handle)
        await broken_off(handle)
        await given_up(handle)
        hangs.set()

        assert (await asyncio.wait_for(handle.result(), 20)).outcome is Outcome.WITHDRAWN
    assert services.names() == ["PreviewPromise", "CloseCommission", "RecordEnd"]
