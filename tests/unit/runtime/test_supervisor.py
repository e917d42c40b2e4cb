"""A part that ends or fails is started again, and stopping never waits longer than its limit."""

import asyncio

import pytest

from shared.runtime import supervisor
from shared.runtime.backoff import Backoff
from shared.runtime.health import Health, PartHealth, PartState
from shared.runtime.supervisor import Supervisor
from tests.support.waiting import until


class Part:
    """Fails this many times, then keeps running."""

    def __init__(self, *failures: Exception | None) -> None:
        self._failures = list(failures)
        self.starts = 0
        self.steady = asyncio.Event()
        self.ended = asyncio.Event()

    async def run(self) -> None:
        self.starts += 1
        if self._failures:
            failure = self._failures.pop(0)
            if failure:
                raise failure
            return
        self.steady.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between starts, and none until a part counts as up."""
    monkeypatch.setattr(Backoff, "next", lambda _: 0.0)
    monkeypatch.setattr(supervisor, "_STEADY_AFTER", 0.0)


async def is_in(health: Health, part: str, state: PartState) -> bool:
    seen = (await health.report()).parts.get(part)
    return seen is not None and seen.state is state


async def health_of(health: Health, part: str) -> PartHealth:
    return (await health.report()).parts[part]


@pytest.mark.usefixtures("quick")
async def test_a_part_that_fails_or_ends_is_started_again() -> None:
    health = Health("quotes")
    parts = Supervisor(health)
    part = Part(RuntimeError("stumbled"), None, ConnectionError("away"))

    parts.start("relay", part.run)
    await asyncio.wait_for(part.steady.wait(), 5)

    assert part.starts == 4
    await until("the relay is up", lambda: is_in(health, "relay", PartState.UP))
    await parts.stop("relay", 1)


async def test_a_part_that_waits_to_be_started_again_says_why() -> None:
    health = Health("quotes")
    parts = Supervisor(health)

    parts.start("worker", Part(ConnectionError("Temporal does not answer")).run)

    await until("the worker waits", lambda: is_in(health, "worker", PartState.DEGRADED))

    assert await health_of(health, "worker") == PartHealth(
        state=PartState.DEGRADED, reason="ConnectionError: Temporal does not answer"
    )
    await parts.stop("worker", 1)


async def test_stopping_lets_a_part_tidy_up() -> None:
    health = Health("quotes")
    parts = Supervisor(health)
    part = Part()
    parts.start("relay", part.run)
    await part.steady.wait()

    await parts.stop("relay", 5)

    assert part.ended.is_set()
    assert (await health_of(health, "relay")).state is PartState.STOPPED


async def test_a_part_that_does_not_want_to_stop_is_left_behind_in_time() -> None:
    health = Health("quotes")
    parts = Supervisor(health)
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def stubborn() -> None:
        begun.set()
        while not may_end.is_set():
            try:
                await may_end.wait()
            except asyncio.CancelledError:
                continue

    parts.start("inbox", stubborn)
    await begun.wait()

    async with asyncio.timeout(2):
        await parts.stop("inbox", 0.05)

    may_end.set()


@pytest.mark.usefixtures("quick")
async def test_a_part_whose_tidying_up_fails_is_not_started_again() -> None:
    health = Health("quotes")
    parts = Supervisor(health)
    begun = asyncio.Event()
    starts = 0

    async def clumsy() -> None:
        nonlocal starts
        starts += 1
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("the connection is gone already")

    parts.start("inbox", clumsy)
    await begun.wait()
    async with asyncio.timeout(2):
        await parts.stop("inbox", 10)

    assert starts == 1
    assert (await health_of(health, "inbox")).state is PartState.STOPPED


async def test_a_part_is_not_up_before_it_would_know_that_its_engine_is_away() -> None:
    health = Health("quotes")
    parts = Supervisor(health)
    part = Part()

    parts.start("worker", part.run)
    await part.steady.wait()

    assert (await health_of(health, "worker")).state is PartState.STARTING
    await parts.stop("worker", 1)


async def test_stopping_what_never_started_is_nothing() -> None:
    await Supervisor(Health("quotes")).stop("worker", 0)


def test_waits_double_up_to_the_longest_and_start_again_after_a_reset() -> None:
    backoff = Backoff(first=1, longest=8)

    waits = [backoff.next() for _ in range(6)]
    backoff.reset()

    assert all(full / 2 <= wait <= full for wait, full in zip(waits, [1, 2, 4, 8, 8, 8], strict=True))
    assert backoff.next() <= 1
