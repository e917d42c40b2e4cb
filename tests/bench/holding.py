"""How long holding hours takes: `python -m tests.bench.holding [--promises 300000] [--makers 50] [--times 60]`.

A database of its own is filled with old promises and 250 booked pieces, whose 2,000 tasks wait. Hours are then held as
production does, and as it did before (all makers locked, each bench read by itself, no index of promises by
commission), one by one in turn: whatever else the machine does slows both, so the ratio counts. Then a backlog is held,
a worker's number at once, and its last quarter is compared with its first. Last, every piece that waits is planned
again.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg

from services.production.actions.context import lock_piece, offering_of
from services.production.actions.planning import plan_for, replan
from services.production.actions.searching import BenchSearch
from services.production.domain.makers import Candidate, able, skills_for
from services.production.domain.plan import Plan, all_work
from services.production.domain.promises import Promise, PromiseState
from services.production.store import makers as maker_store
from services.production.store import promises as store
from shared import offerings
from shared.contracts.production import Replanned
from shared.kernel.ids import new_id
from shared.offerings.key import OfferingKey
from tests.support import engines
from tests.support.production import MAKER, NOW, Production, opened

GOAL: Final = 15
_PIECES: Final = 250
RING: Final = OfferingKey("jewellery", "engraved-ring", 1)
SKILLS: Final = skills_for(offerings.load("jewellery", "engraved-ring").offering)
_PROMISES: Final = """
INSERT INTO promise (
    promise, commission, maker, craft, offering, offering_version, state, hands_on_minutes, begins_on, ready_by,
    ready_by_p50, held_at, held_until
)
SELECT gen_random_uuid(), gen_random_uuid(), m.maker, 'jewellery', 'engraved-ring', 1, 'done', 495, d.day, d.day, d.day,
    d.day, d.day
FROM generate_series(1, $1::integer) AS n
CROSS JOIN LATERAL (SELECT $2::date - 30 - n % 2000 AS day) AS d
INNER JOIN (SELECT maker, row_number() OVER (ORDER BY bench) AS place, count(*) OVER () AS of FROM maker) AS m
    ON m.place = 1 + n % m.of
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long holding hours takes.")
    parser.add_argument("--promises", type=int, default=300_000)
    parser.add_argument("--makers", type=int, default=50)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--backlog", type=int, default=400)
    asked = parser.parse_args()
    watching = engines.begin_run()
    try:
        asyncio.run(_measure(engines.postgres(), asked))
    finally:
        if watching:
            engines.end_run(watching)


async def _measure(postgres: str, asked: argparse.Namespace) -> None:
    async with own_database(postgres) as dsn, opened(dsn) as database:
        production = Production(database)
        pieces = await fill(production, dsn, asked.promises, asked.makers)
        now, before = list[float](), list[float]()
        for _ in range(asked.times):
            before.append(await _timed(lambda: _as_before(production)))
            now.append(await _timed(lambda: production.hold(new_id())))
        print(f"{asked.promises} old promises, {asked.makers} makers    p5     p50     p95   ms")
        print(f"  holding hours      {_row(now)}   goal: p95 of {GOAL} ms")
        print(f"  as it was before   {_row(before)}")
        print(f"  ratio              {statistics.median(now) / statistics.median(before):8.2f}")
        await _backlog(production, asked.backlog)
        await _replan(production, pieces)


async def _backlog(production: Production, size: int) -> None:
    """All at once, as after a service was away."""
    ends, worker = list[float](), asyncio.Semaphore(8)
    began = time.perf_counter()

    async def one() -> None:
        async with worker:
            await production.hold(new_id())
        ends.append(time.perf_counter() - began)

    await asyncio.gather(*(one() for _ in range(size)))
    quarter = size // 4
    first, last = ends[quarter - 1], ends[-1] - ends[-quarter - 1]
    each = 1000 * ends[-1] / size
    print(
        f"  a backlog of {size}: {ends[-1]:.1f} s, {each:.0f} ms each; last quarter {last / first:.1f} times the first"
    )


async def _replan(production: Production, commissions: list[UUID]) -> None:
    """Each piece in a transaction of its own, as ops would have it after a maker fell ill."""
    began, tasks = time.perf_counter(), 0
    for commission in commissions:
        async with production.database.transaction() as tx:
            piece, offering = await lock_piece(tx, commission)
            await replan(tx, production.context, piece, offering, reason=Replanned.MISHAP)
            tasks += len(piece.open_tasks)
    print(f"  {tasks} open tasks planned again: {time.perf_counter() - began:.1f} s   goal: 2 s")


async def _as_before(production: Production) -> None:
    """What holding was: every able maker locked, each bench read by itself, the promise looked for without an index."""
    context = production.context
    async with production.database.transaction() as tx:
        offering = await offering_of(tx, RING)
        makers = able(await maker_store.makers(tx), offering)
        await maker_store.lock_makers(tx, [maker.maker for maker in makers])
        begin = BenchSearch.of(offering, context).begin
        held = await maker_store.held_minutes(tx, context.today)
        work, candidates = all_work(offering.making), list[Candidate]()
        for maker in makers:
            found = await plan_for(tx, context, maker, work, begin)
            candidates.append(Candidate(maker, found, held.get(maker.bench, 0)))
        commission = new_id()
        await tx.connection.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        await store.current_promise(tx, commission)
        await tx.connection.execute("SET LOCAL enable_indexscan = on; SET LOCAL enable_bitmapscan = on")
        best = min(candidates, key=lambda candidate: candidate.rank)
        await store.add_promise(tx, _promise(best.plan, commission, best.maker.maker), best.maker.bench)


def _promise(found: Plan, commission: UUID, maker: UUID) -> Promise:
    return Promise(
        promise=new_id(),
        commission=commission,
        maker=maker,
        craft=RING.craft,
        offering=RING.offering,
        offering_version=RING.version,
        state=PromiseState.HELD,
        hands_on_minutes=495,
        begins_on=found.begins_on,
        ready_by=found.ready_by,
        ready_by_p50=found.ready_by,
        needed_by=None,
        held_at=NOW,
        held_until=NOW + timedelta(days=14),
        slots=found.slots,
    )


async def fill(production: Production, dsn: str, promises: int, makers: int) -> list[UUID]:
    """The commissions whose tasks wait."""
    began = time.monotonic()
    for number in range(makers - 1):
        await production.another_maker(*SKILLS, name=f"Maker {number}")
    connection = await asyncpg.connect(dsn)
    await connection.execute(_PROMISES, promises, NOW.date())
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    pieces = [await production.booked() for _ in range(_PIECES)]
    print(f"filled in {time.monotonic() - began:.0f} s; the first maker is {MAKER.person}")
    return pieces


async def _timed(act: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await act()
    return 1000 * (time.perf_counter() - began)


def _row(values: list[float]) -> str:
    twentieths = statistics.quantiles(values, n=20)
    return f"{twentieths[0]:8.1f}{statistics.median(values):8.1f}{twentieths[-1]:8.1f}"


@asynccontextmanager
async def own_database(postgres: str) -> AsyncIterator[str]:
    """A database of its own, and its DSN; it is gone afterwards."""
    name = f"holding_{uuid4().hex[:8]}"
    connection = await asyncpg.connect(postgres)
    await connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
    finally:
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await connection.close()


if __name__ == "__main__":
    main()
