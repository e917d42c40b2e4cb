"""SIGKILL at each fault point of each service, all through a life: it ends as one ends that nobody disturbed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from shared.runtime import faults
from tests.chaos import rounds
from tests.chaos.lives import (
    LIVES,
    Left,
    assert_each_mail_came_once,
    assert_ended_alike,
    lived,
    settled,
    what_is_left,
)
from tests.chaos.rounds import Kills
from tests.support.studio import Studio

LONG = os.environ.get("TOUCHMARK_CHAOS") == "long"
KILLS = rounds.together() + (rounds.alone() if LONG else [])
# Each form of kills on a life that goes well; the many also on one that has to be undone.
CASES = [("completed", kills) for kills in KILLS] + [("cancelled", kills) for kills in (KILLS if LONG else KILLS[:1])]

AT_MOST = 4  # lives until every armed point is reached


def test_every_fault_point_there_is_belongs_to_a_life() -> None:
    killed = [(service, point) for kills in rounds.together() for service, points in kills.items() for point in points]

    assert {point for _, point in killed} == faults.POINTS
    assert sorted(killed) == sorted((service, point) for service, points in rounds.POINTS.items() for point in points)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("life", "kills"), CASES, ids=[f"{life}-{'+'.join(kills)}-{next(iter(kills.values()))[0]}" for life, kills in CASES]
)
async def test_a_life_ends_the_same_whatever_is_killed(
    studio: Studio, undisturbed: Mapping[str, Left], life: str, kills: Kills, tmp_path: Path
) -> None:
    lives: list[UUID] = []

    async with killing(studio, kills, tmp_path) as killed:
        while not killed.is_set():  # one life has few commands for some of them
            assert len(lives) < AT_MOST, "not every armed point was reached"
            lives.append(await lived(studio, studio.demo(), life, LIVES[life]))
        await settled(studio)

    for commission in lives:
        assert_ended_alike(await what_is_left(studio, commission), undisturbed[life])
    await assert_each_mail_came_once(studio)
    for service in studio.dsn:
        assert await studio.rows(service, "SELECT * FROM parked") == [], f"{service} parked something"


@asynccontextmanager
async def killing(studio: Studio, kills: Kills, folder: Path) -> AsyncIterator[asyncio.Event]:
    """Let each service die at its points, one after the other; set once all have. At the end nothing is armed."""
    all_killed = asyncio.Event()

    async def one_after_the_other() -> None:
        async with asyncio.TaskGroup() as tasks:
            for service, points in kills.items():
                tasks.create_task(_killed(studio, service, points, folder))
        all_killed.set()

    for service, points in kills.items():
        await studio.restart(service, faults={points[0]: _marker(folder, service, points[0])})
    killer = asyncio.create_task(one_after_the_other())
    try:
        yield all_killed
    finally:
        killer.cancel()
        ended = await asyncio.gather(killer, return_exceptions=True)
        if not all_killed.is_set():
            for service in kills:
                await studio.restart(service)
    for failed in (one for one in ended if isinstance(one, BaseException)):
        raise failed


async def _killed(studio: Studio, service: str, points: Sequence[str], folder: Path) -> None:
    """It dies at each point, and is started again as a supervisor does, with the next one armed."""
    for point, following in zip(points, (*points[1:], None), strict=True):
        running = studio.services[service]
        code = await running.ended(within=300)
        assert code == -signal.SIGKILL, f"{service} ended with {code} before {point}\n{running.tail()}"
        said = await asyncio.to_thread(_marker(folder, service, point).read_text)
        assert said.split()[0] == point
        await studio.kill(service)
        armed = {following: _marker(folder, service, following)} if following else None
        await studio.start(service, armed)


def _marker(folder: Path, service: str, point: str) -> Path:
    return folder / f"{service}.{point}"
