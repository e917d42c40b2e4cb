"""How long ops wait for a search: `python -m tests.bench.a_search [--commissions 1000000] [--times 40] [--plans]`.

A database of its own is filled by a few statements (`tests/support/many_commissions.py`), each search is asked `times`
times with other words of its kind, and what PostgreSQL and the whole page take is printed in milliseconds. `--plans`
prints how PostgreSQL answers one of each kind, by EXPLAIN ANALYZE.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import httpx

from services.lifecycle.main import web
from shared.auth.roles import Caller, Role
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support import engines
from tests.support.lifecycle import kernel_of, opened
from tests.support.many_commissions import FIRST, STEMS, TAILS, fill, plans_of, search
from tests.support.web import client_of, cookie

Kind = Callable[[], str]
OPS: Final = Caller(new_id(), Role.OPS, new_id())
GOAL: Final = 150


@dataclass(frozen=True)
class Filled:
    """A connection that may take its time."""

    connection: "asyncpg.Connection[asyncpg.Record]"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long ops wait for a search.")
    parser.add_argument("--commissions", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--plans", action="store_true")
    asked = parser.parse_args()
    watching = engines.begin_run()
    try:
        asyncio.run(_measure(engines.postgres(), asked.commissions, asked.times, plans=asked.plans))
    finally:
        if watching:
            engines.end_run(watching)


async def _measure(postgres: str, commissions: int, times: int, *, plans: bool) -> None:
    async with _database(postgres) as dsn, opened(dsn) as database:
        began = time.monotonic()
        connection = await asyncpg.connect(dsn)
        await fill(Filled(connection), commissions)
        await connection.execute("VACUUM")
        kinds = await _kinds(connection)
        await connection.close()
        print(f"{commissions} commissions, filled in {time.monotonic() - began:.0f} s")
        if plans:
            for name, kind in kinds.items():
                text = kind()
                for plan in await plans_of(database, text, datetime.now(UTC)):
                    print(f"\n--- {name}: {text}\n{plan}")
        async with client_of(web(kernel_of(database))) as client:
            await _compare(database, client, kinds, times)


async def _kinds(connection: "asyncpg.Connection[asyncpg.Record]") -> Mapping[str, Kind]:
    """What ops type, as kinds of which each search is another one."""
    chance = random.Random(7)  # noqa: S311 (the same searches each time)
    numbers = [
        row["id"]
        for row in await connection.fetch(
            "SELECT commission::text AS id FROM commission TABLESAMPLE SYSTEM (1) LIMIT 500"
        )
    ]
    terms = [
        row["term"] for row in await connection.fetch("SELECT term FROM search_term TABLESAMPLE SYSTEM (1) LIMIT 500")
    ]
    mails = [
        row["email"] for row in await connection.fetch("SELECT email FROM person TABLESAMPLE SYSTEM (1) LIMIT 500")
    ]
    first, stems, tails = FIRST.split(), STEMS.split(), TAILS.split()
    return {
        "first and last name": lambda: f"{chance.choice(first)} {chance.choice(stems)}{chance.choice(tails)}",
        "last name": lambda: chance.choice(stems) + chance.choice(tails),
        "a first name": lambda: chance.choice(first),
        "two beginnings, 3 letters": lambda: f"{chance.choice(first)[:3]} {chance.choice(stems)[:3]}",
        "two beginnings, 2 letters": lambda: f"{chance.choice(first)[:2]} {chance.choice(stems)[:2]}",
        "two beginnings, 1 letter": lambda: f"{chance.choice(first)[:1]} {chance.choice(stems)[:1]}",
        "one beginning, 3 letters": lambda: chance.choice(stems)[:3],
        "one letter": lambda: chance.choice("abcdefghijklmnopqrstuvwxyz"),
        "address": lambda: chance.choice(mails),
        "beginning of an address": lambda: chance.choice(mails)[:4],
        "host": lambda: "@" + chance.choice(mails).partition("@")[2],
        "number": lambda: chance.choice(numbers),
        "end of a number, 4": lambda: chance.choice(numbers)[-4:],
        "end of a number, …2": lambda: "…" + chance.choice(numbers)[-2:],
        "beginning of a number": lambda: chance.choice(numbers)[:13],
        "reference, invoice, serial": lambda: chance.choice(terms),
        "a piece": lambda: chance.choice(["engraved ring", "mug", "ceramics"]),
        "ended long ago": lambda: "bowl",
        "nothing": lambda: f"xq{chance.randrange(10**6)}",
    }


async def _compare(database: Database, client: httpx.AsyncClient, kinds: Mapping[str, Kind], times: int) -> None:
    print(f"{'ms':<28}{'search p50':>12}{'p95':>8}{'page p50':>12}{'p95':>8}")
    all_searches, all_pages = list[float](), list[float]()
    for name, kind in kinds.items():
        texts = [kind() for _ in range(times)]
        searches = [await _timed(_search(database, text)) for text in texts]
        pages = [await _timed(_page(client, text)) for text in texts]
        all_searches += searches
        all_pages += pages
        print(f"{name:<28}{_row(searches)}{_row(pages, 12)}", flush=True)
    print(f"{'all':<28}{_row(all_searches)}{_row(all_pages, 12)}   goal: p95 of {GOAL} ms")


def _row(values: Sequence[float], width: int = 12) -> str:
    p95 = statistics.quantiles(values, n=20)[-1]
    return f"{statistics.median(values):>{width}.1f}{p95:>8.1f}"


async def _timed(act: Awaitable[None]) -> float:
    began = time.perf_counter()
    await act
    return 1000 * (time.perf_counter() - began)


async def _search(database: Database, text: str) -> None:
    async with database.transaction() as tx:
        await search(tx, text, datetime.now(UTC))


async def _page(client: httpx.AsyncClient, text: str) -> None:
    (await client.get("/ops", params={"q": text}, headers=cookie(Role.OPS))).raise_for_status()


@asynccontextmanager
async def _database(postgres: str) -> AsyncIterator[str]:
    admin = await asyncpg.connect(postgres)
    name = f"search_{uuid4().hex}"
    await admin.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()


if __name__ == "__main__":
    main()
