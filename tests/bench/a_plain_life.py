"""What a plain life costs: `python -m tests.bench.a_plain_life [--lives 6] [--rounds 3] [--before CHECKOUT]`.

In each round five services start on engines that are shared, play some lives over the public addresses at once, and
stop. With `--before`, another checkout does the same in the same round, so that both meet the same machine. The people
who are played look every 0.2 s, and what their looking costs is counted with the rest.

Beside them, each round runs workflows of nothing: 42 empty activities and 28 signals, what a plain life took when this
was first measured. Lives per second, divided by these per second, says how much is work and how much is Temporal.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg
from temporalio import activity, workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from deploy.local import demo
from tests.support import engines
from tests.support.guard import RUN, Started
from tests.support.studio import Person, Studio, open_studio
from tests.support.waiting import until

Figures = dict[str, float]

LOOK_EVERY: Final = 0.2  # seconds
ALONE: Final = 12  # submissions that nobody else competes with
ACTIVITIES, SIGNALS = 42, 28  # of a plain life before it was lean
NOTHINGS: Final = 60
ENGINES: Final = ("temporal", "postgres", "kafka")
_LOCAL: Final = "core_local_activity"
_SIGNALLED: Final = """
SELECT split_part(type, '.', -1) AS name, count(*) AS signalled FROM fact_delivery
WHERE commission = any($1::uuid []) GROUP BY name ORDER BY name
"""
_COUNTED: Final = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activities",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signals",
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED: "workflow tasks",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what a plain life costs.")
    parser.add_argument("--lives", type=int, default=6, help="lives at once, in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--before", type=Path, help="another checkout, measured in the same rounds")
    parser.add_argument("--side", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        print(json.dumps(asyncio.run(_side(given.lives))))
        return
    _compare(given.lives, given.rounds, given.before)


def _compare(lives: int, rounds: int, before: Path | None) -> None:
    here = Path(__file__).parents[2]
    sides = {**({"before": before.resolve()} if before else {}), "now": here}
    measured: dict[str, list[Figures]] = {side: [] for side in sides}
    for number in range(rounds):
        # The order turns round by round: whoever comes second meets warmer engines.
        for side in list(sides)[:: 1 if number % 2 else -1]:
            found = _in_checkout(sides[side], lives)
            found["lives/s ÷ nothings/s"] = found["lives/s"] / found["nothings/s"]
            measured[side].append(found)
            print(f"round {number + 1}, {side}: {json.dumps(_rounded(found))}", file=sys.stderr, flush=True)
    _show(measured)


def _in_checkout(checkout: Path, lives: int) -> Figures:
    """This file, with all that it imports taken from a checkout, on engines of its own: their logins may differ."""
    command = [sys.executable, __file__, "--side", "--lives", str(lives)]
    watching = engines.begin_run()
    try:
        environment = {**os.environ, "PYTHONPATH": str(checkout)}
        done = subprocess.run(command, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    finally:
        if watching:
            engines.end_run(watching)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _show(measured: Mapping[str, Sequence[Figures]]) -> None:
    """The median of the rounds, with the least and the most."""
    names = dict.fromkeys(name for rounds in measured.values() for figures in rounds for name in figures)
    print(f"{'':<28}" + "".join(f"{side:>30}" for side in measured))
    for name in names:
        columns = [_spread([figures[name] for figures in rounds if name in figures]) for rounds in measured.values()]
        print(f"{name:<28}" + "".join(f"{column:>30}" for column in columns))


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "-"
    return f"{statistics.median(values):.3g} ({min(values):.3g} … {max(values):.3g})"


def _rounded(figures: Figures) -> Figures:
    return {name: float(f"{value:.3g}") for name, value in figures.items()}


# One checkout, in one round.


async def _side(lives: int) -> Figures:
    # The demo's own pace is for somebody who watches.
    demo._LOOK_EVERY = LOOK_EVERY  # type: ignore[misc]
    postgres = await asyncio.to_thread(engines.postgres)
    kafka = await asyncio.to_thread(engines.kafka)
    temporal = await asyncio.to_thread(engines.temporal)
    async with _databases(postgres) as make, open_studio(make, kafka, temporal, f"b{uuid4().hex[:12]}-") as studio:
        await _play(studio, 1)  # caches, connections, Kafka's groups
        alone = await _submit_to_desk(studio)
        before, began = _cpu(studio), time.monotonic()
        played = await _play(studio, lives)
        took = time.monotonic() - began
        after = _cpu(studio)
        histories = await _histories(temporal, studio.prefix, played)
        facts = await studio.rows("lifecycle", _SIGNALLED, list(played))
    for fact in facts:
        print(f"    {fact['signalled'] / lives:.1f} {fact['name']}", file=sys.stderr)
    nothings = await _nothings(temporal)
    cpu = {f"CPU s, {name}": (after[name] - before[name]) / lives for name in after}
    services = sum(spent for name, spent in cpu.items() if not name.endswith("the people"))
    return {
        **histories,
        "facts in signals": sum(fact["signalled"] for fact in facts) / lives,
        **cpu,
        "CPU s, all but the people": services,
        "submit → desk p50, ms": 1000 * statistics.median(alone),
        "lives/s": lives / took,
        "nothings/s": nothings,
    }


async def _play(studio: Studio, lives: int) -> Sequence[UUID]:
    """Lives that are lived at the same time."""
    played = [studio.demo() for _ in range(lives)]
    await asyncio.gather(*(asyncio.to_thread(lambda one: list(one.play()), each) for each in played))
    commissions = [one.commission for one in played if one.commission is not None]
    await asyncio.gather(*(studio.until_ended(each) for each in commissions))
    return commissions


async def _submit_to_desk(studio: Studio) -> Sequence[float]:
    """Seconds from the form to the desk, as the ops room shows it, one commission after the other."""
    ops = await asyncpg.connect(studio.dsn["lifecycle"])
    try:
        # A customer each: one has only so many commissions that are not paid yet.
        return [await _one_to_the_desk(await studio.customer(), ops) for _ in range(ALONE)]
    finally:
        await ops.close()


async def _one_to_the_desk(customer: Person, ops: asyncpg.Connection) -> float:
    began = time.monotonic()
    commission = await customer.submit()

    async def is_there() -> bool:
        phase = await ops.fetchval("SELECT phase FROM commission WHERE commission = $1", commission)
        return bool(phase == "desk")

    await until("the desk", is_there)
    return time.monotonic() - began


async def _histories(temporal: str, prefix: str, commissions: Sequence[UUID]) -> Figures:
    """What all runs of a life have in their histories, on average."""
    client, found = await Client.connect(temporal), Counter[str]()
    for commission in commissions:
        run: str | None = None
        while run != "":
            handle = client.get_workflow_handle(
                f"{prefix}{commission}", run_id=run or await _first(client, commission, prefix)
            )
            found["runs"] += 1
            async for event in handle.fetch_history_events():
                found["events"] += 1
                found[_COUNTED.get(event.event_type, "other")] += 1
                found["local activities"] += event.marker_recorded_event_attributes.marker_name == _LOCAL
                run = event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    names = ("activities", "local activities", "signals", "workflow tasks", "events", "runs")
    return {name: found[name] / len(commissions) for name in names}


async def _first(client: Client, commission: UUID, prefix: str) -> str:
    described = await client.get_workflow_handle(f"{prefix}{commission}").describe()
    return str(described.raw_description.workflow_execution_info.first_run_id)


# CPU.


def _cpu(studio: Studio) -> Figures:
    """Seconds that each process has used since it began, with its children."""
    run = Path(os.environ[RUN])
    roots = {name: Started.read(run / f"{name}.json").identity.pid for name in ENGINES}
    roots |= {name: process.pid for name, process in studio.services.items()}
    used = {name: _of_tree(pid) for name, pid in roots.items()}
    return {**used, "the people": time.process_time()}


def _of_tree(root: int) -> float:
    """User and system seconds of a process and all below it, those that have ended included."""
    parents, seconds = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        pid = int(stat.parent.name)
        parents[pid], seconds[pid] = int(fields[1]), sum(int(each) for each in fields[11:15])
    return sum(spent for pid, spent in seconds.items() if _is_below(pid, root, parents)) / os.sysconf("SC_CLK_TCK")


def _is_below(pid: int, root: int, parents: Mapping[int, int]) -> bool:
    while pid not in {0, root}:
        pid = parents.get(pid, 0)
    return pid == root


@asynccontextmanager
async def _databases(postgres: str) -> AsyncIterator[Any]:
    """Makes empty databases, as the tests' `make_database` does."""
    admin = await asyncpg.connect(postgres)
    made: list[str] = []

    async def make(name: str) -> str:
        made.append(f"{name}_{uuid4().hex}")
        await admin.execute(f'CREATE DATABASE "{made[-1]}"')
        return urlunsplit(urlsplit(postgres)._replace(path=f"/{made[-1]}"))

    yield make
    for database in made:
        await admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    await admin.close()


# Workflows of nothing.


@activity.defn(name="nothing")
async def nothing(given: str) -> str:
    return given


@workflow.defn(name="Nothing")
class Nothing:
    """As many activities and signals as a plain life had, with nothing in them."""

    def __init__(self) -> None:
        self._signals = 0

    @workflow.run
    async def run(self) -> int:
        for _ in range(ACTIVITIES):
            await workflow.execute_activity("nothing", "nothing", start_to_close_timeout=timedelta(seconds=30))
        await workflow.wait_condition(lambda: self._signals >= SIGNALS)
        return self._signals

    @workflow.signal
    def fact(self) -> None:
        self._signals += 1


async def _nothings(temporal: str) -> float:
    """How many workflows of nothing end in a second, if many run at once."""
    client, queue = await Client.connect(temporal), f"nothing-{uuid4()}"
    worker = Worker(
        client,
        task_queue=queue,
        activities=[nothing],
        workflows=[Nothing],
        workflow_runner=UnsandboxedWorkflowRunner(),
        disable_eager_activity_execution=True,
    )

    async def one() -> None:
        handle = await client.start_workflow(Nothing.run, id=f"{queue}-{uuid4()}", task_queue=queue)
        for _ in range(SIGNALS):
            await handle.signal(Nothing.fact)
        await handle.result()

    async with worker:
        began = time.monotonic()
        await _at_most_at_once(10, (one() for _ in range(NOTHINGS)))
        return NOTHINGS / (time.monotonic() - began)


async def _at_most_at_once(slots: int, work: Iterable[Any]) -> None:
    free = asyncio.Semaphore(slots)

    async def take(one: Any) -> None:
        async with free:
            await one

    await asyncio.gather(*(take(each) for each in work))


if __name__ == "__main__":
    main()
