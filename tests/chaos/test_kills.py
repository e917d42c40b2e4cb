"""SIGKILL at each fault point of each service, all through a life: it ends as one ends that nobody disturbed."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from deploy.local.demo import Demo, DemoStep
from shared.contracts.lifecycle import Phase
from shared.runtime import faults
from tests.chaos import rounds
from tests.chaos.rounds import Kills
from tests.support.studio import Studio
from tests.support.waiting import until

LONG = os.environ.get("TOUCHMARK_CHAOS") == "long"
LIVES: Mapping[str, Callable[[Demo], Iterator[DemoStep]]] = {"completed": Demo.play, "cancelled": Demo.play_cancelled}
KILLS = rounds.together() + (rounds.alone() if LONG else [])
# Each form of kills on a life that goes well; the many also on one that has to be undone.
CASES = [("completed", kills) for kills in KILLS] + [("cancelled", kills) for kills in (KILLS if LONG else KILLS[:1])]

AT_MOST = 4  # lives until every armed point is reached

# Tables of work in progress, and those that depend on the pace: a service that was away for a while reads two moves at
# once, and then nobody was waited for in between. The phases that it came to or passed through are compared instead,
# and notify's facts without them.
_PASSING = frozenset({"outbox", "parked", "recorded_fact", "holder_span", "commission_fact", "fact"})
_TABLES = """
SELECT table_name AS name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'commission' ORDER BY table_name
"""
# The mail about a message is held back for minutes, so that those which are written together become one.
_UNSENT = "SELECT 1 FROM mail WHERE state IN ('waiting', 'sending') AND intent <> 'message_received' LIMIT 1"
# Where lifecycle was away until the customer had accepted or paid, it never came to wait for that.
_ONLY_WAITED = frozenset({Phase.OFFERED, Phase.DEPOSIT, Phase.BALANCE})
# How many mails are sent depends on the pace too: a quote's mail is not sent any more once the quote is accepted. Each
# is sent, or was overtaken.
_MAILS = """
SELECT 'mail ' || intent || CASE
    WHEN state IN ('sent', 'overtaken') OR intent = 'message_received' THEN ''
    ELSE ' is ' || state
END AS fact, count(*) AS times
FROM mail WHERE commission = $1 GROUP BY fact
"""
_KNOWN = """
SELECT 'notify knows ' || split_part(type, '.', -1) AS fact, count(*) AS times FROM fact
WHERE commission = $1 AND type NOT LIKE '%PhaseEntered' GROUP BY fact
"""
_HAPPENED = """
SELECT split_part(type, '.', -1) AS fact, count(*) AS times FROM recorded_fact
WHERE commission = $1 AND type NOT LIKE '%.PhaseEntered' AND type NOT LIKE '%.MailSent' GROUP BY fact
"""
_PHASES = """
SELECT detail ->> 'phase' AS phase FROM recorded_fact WHERE commission = $1 AND type LIKE '%.PhaseEntered'
UNION
SELECT passed ->> 'phase' FROM recorded_fact, jsonb_array_elements(detail -> 'passed') AS passed
WHERE commission = $1 AND type LIKE '%.PhaseEntered'
"""


@dataclass(frozen=True)
class Left:
    """What a life leaves behind: rows, facts and mails, counted; and the phases that it came to."""

    counts: Counter[str]
    phases: frozenset[str]


@pytest.fixture(scope="package")
async def undisturbed(studio: Studio) -> Mapping[str, Left]:
    """What a life of each kind leaves behind if nothing is killed."""
    return {
        life: await what_is_left(studio, await lived(studio, studio.demo(), life, played))
        for life, played in LIVES.items()
    }


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
        left = await what_is_left(studio, commission)
        assert left.counts == undisturbed[life].counts
        assert left.phases <= undisturbed[life].phases
        assert undisturbed[life].phases - left.phases <= _ONLY_WAITED
    await assert_each_mail_came_once(studio)
    for service in studio.dsn:
        assert await studio.rows(service, "SELECT * FROM parked") == [], f"{service} parked something"


async def lived(studio: Studio, demo: Demo, life: str, played: Callable[[Demo], Iterator[DemoStep]]) -> UUID:
    """Live it to its end, over the public addresses, as patiently as a browser that asks again; the commission."""
    await asyncio.to_thread(lambda: list(played(demo)))
    commission = demo.commission or demo.others[life]
    await studio.until_ended(commission, within=120)
    await settled(studio)
    return commission


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


async def settled(studio: Studio) -> None:
    """Every outbox is empty and every mail is out: what should happen has happened."""

    async def quiet() -> bool:
        left = [await studio.rows(service, "SELECT 1 FROM outbox LIMIT 1") for service in studio.dsn]
        unsent = await studio.rows("notify", _UNSENT)
        return not any(left) and not unsent

    await until("empty outboxes and no mail to send", quiet, within=90)


async def what_is_left(studio: Studio, commission: UUID) -> Left:
    """How many rows of each service's tables belong to it, how often each fact happened, which phases it came to."""
    left: Counter[str] = Counter()
    for service in studio.dsn:
        for table in await studio.rows(service, _TABLES):
            if table["name"] not in _PASSING:
                query = f'SELECT count(*) AS n FROM "{table["name"]}" WHERE commission = $1'  # noqa: S608 (the catalogue's)
                (row,) = await studio.rows(service, query, commission)
                left[f"{service}.{table['name']}"] = row["n"]
    for service, query in (("lifecycle", _HAPPENED), ("notify", _MAILS), ("notify", _KNOWN)):
        left.update({row["fact"]: row["times"] for row in await studio.rows(service, query, commission)})
    phases = await studio.rows("lifecycle", _PHASES, commission)
    return Left(left, frozenset(row["phase"] for row in phases))


async def assert_each_mail_came_once(studio: Studio) -> None:
    """A mail may come twice, under one Message-ID (SMTP has no exactly-once); each that was sent came, and no other."""
    sent = await studio.rows("notify", "SELECT 1 FROM mail WHERE state = 'sent'")
    assert len({str(mail["message-id"]) for mail in studio.mailed()}) == len(sent) > 0
