"""Withdrawals at any instant, on a real Temporal: whatever was done is undone, and nothing else is."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from shared.contracts.commands.command import Command
from shared.contracts.commands.intake import CloseCommission
from shared.contracts.commands.lifecycle import RecordEnd
from shared.contracts.commands.production import HoldPromise, ReleasePromise
from shared.contracts.commands.quotes import DraftQuote, ExpireQuote
from shared.contracts.lifecycle import Outcome
from tests.support.counterparts import Counterparts, withdraw
from tests.support.time_skipping import start_real
from tests.support.waiting import until

LIVES = 60
TO_THE_DESK = 3
"""Commands that a life carries out until the draft is on the desk; a withdrawal comes after any number of them."""


@pytest.fixture
async def services() -> AsyncIterator[Counterparts]:
    async with start_real() as environment:
        counterparts = Counterparts(environment.client, "")
        async with counterparts.at_work():
            yield counterparts


def _done(services: Counterparts, kind: type[Command], commission: UUID) -> int:
    return sum(each.commission == commission for each in services.of(kind))


async def test_a_withdrawal_at_any_instant_leaves_nothing_held(services: Counterparts) -> None:
    services.not_yet[DraftQuote] = LIVES
    chance = random.Random(20261123)  # noqa: S311 (the same instants each time, as far as a machine allows)
    commissions = [uuid4() for _ in range(LIVES)]

    async def live(commission: UUID, steps: int) -> Outcome:
        def far_enough() -> bool:
            return sum(each.commission == commission for each in services.done) >= steps

        handle = await services.begin(commission=commission)
        await until(f"{steps} steps are done", far_enough, 120)
        await asyncio.sleep(chance.uniform(0, 0.03))
        await withdraw(handle)
        return (await handle.result()).outcome

    async with asyncio.timeout(150):
        lives = (live(each, number % (TO_THE_DESK + 1)) for number, each in enumerate(commissions))
        outcomes = await asyncio.gather(*lives)

    assert set(outcomes) == {Outcome.WITHDRAWN}
    for commission in commissions:
        held, released = (_done(services, kind, commission) for kind in (HoldPromise, ReleasePromise))
        drafted, expired = (_done(services, kind, commission) for kind in (DraftQuote, ExpireQuote))
        assert (held, released, drafted) == (0, 0, expired)
        assert _done(services, CloseCommission, commission) == 1
        assert _done(services, RecordEnd, commission) == 1
    assert 0 < len(services.of(DraftQuote)) < LIVES
