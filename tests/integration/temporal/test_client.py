"""Temporal away differs from a refusal by Temporal, and the same client works again when it is back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.service import RPCError, RPCStatusCode

from shared.runtime.settings import ServiceSettings
from shared.temporal.client import Temporal, TemporalAwayError
from tests.support.forwarder import forwarder
from tests.support.service import NOBODY
from tests.support.waiting import until

SOON = timedelta(seconds=1)


def at(address: str) -> Temporal:
    return Temporal(ServiceSettings.model_construct(temporal=address, temporal_namespace="default", prefix="t-"))


async def test_a_server_that_is_away_is_reported_and_asked_again_the_next_time(temporal: str) -> None:
    async with forwarder(temporal) as door:
        client = at(door.address)
        with pytest.raises(TemporalAwayError, match=r"127\.0\.0\.1"):
            await client.client()

        await door.open()

        assert await client.client() is await client.client()


async def test_losing_the_server_is_said_and_the_same_client_goes_on_when_it_is_back(temporal: str) -> None:
    async with forwarder(temporal) as door:
        await door.open()
        temporal_again = at(door.address)
        client = await temporal_again.client()

        await door.shut()
        with pytest.raises(TemporalAwayError):
            await signal_nobody(temporal_again)

        await door.open()

        async def answers() -> bool:
            with pytest.raises((RPCError, TemporalAwayError)) as refused:
                await signal_nobody(temporal_again)
            return isinstance(refused.value, RPCError)

        await until("Temporal answers again", answers, within=20)
        assert await temporal_again.client() is client


async def test_an_answer_that_is_no_is_not_taken_for_absence(temporal: str) -> None:
    with pytest.raises(RPCError) as refused:
        await signal_nobody(at(temporal))

    assert refused.value.status is RPCStatusCode.NOT_FOUND


async def test_a_server_that_was_never_there_is_away_too() -> None:
    with pytest.raises(TemporalAwayError):
        await signal_nobody(at(NOBODY))


async def signal_nobody(temporal: Temporal) -> None:
    async with temporal.asking() as client:
        await client.get_workflow_handle(f"nobody-{uuid4()}").signal("facts", [], rpc_timeout=SOON)


def test_a_queue_is_the_services_own_behind_the_prefix() -> None:
    assert at(NOBODY).queue("quotes") == "t-quotes"
