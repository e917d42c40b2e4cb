"""How fast an inbox is, beside the code of another commit and beside a plain `getmany` loop, in one run.

    python -m tests.bench.an_inbox --before COMMIT

Every reading is of the same records on real Kafka, into real PostgreSQL, by a process of its own; the readers take
turns, so that what else the machine does meets all of them. A handler writes one row a record: awaited one by one, or
all of a batch in one statement. The plain loop parses and writes the same, and keeps no marks.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer

from shared.contracts.fact import Topic
from shared.kafka import topics
from shared.kafka.connection import Kafka
from shared.postgres.migrate import migrate
from tests.integration.kernel.sample.main import MIGRATIONS
from tests.support import engines
from tests.support.kafka import as_record
from tests.support.kernel import withdrawn

ROOT = Path(__file__).parents[2]
READER = Path(__file__).with_name("reader.py")

KEYS = 2_000
READERS = ("before", "now", "getmany")
WORK = ("one by one", "set-based")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", required=True, help="the commit whose code is measured beside this")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    guard = engines.begin_run()
    try:
        with _exported(asked.before) as old:
            postgres, kafka = engines.postgres(), engines.kafka()
            asyncio.run(_measure(old, postgres, kafka, asked.records, asked.rounds))
    finally:
        if guard:
            engines.end_run(guard)


@contextmanager
def _exported(commit: str) -> Iterator[Path]:
    """The code of a commit, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="touchmark-before-") as folder:
        archive = subprocess.run(["git", "archive", commit, "shared"], cwd=ROOT, capture_output=True, check=True)  # noqa: S603, S607 (a commit that the caller names)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)  # noqa: S603, S607 (likewise)
        yield Path(folder)


async def _measure(old: Path, postgres: str, kafka: Kafka, records: int, rounds: int) -> None:
    prefix = f"bench-{uuid4().hex[:8]}."
    dsn = await _database(postgres)
    await topics.apply(kafka, [topics.plans()[Topic.COMMISSIONS]], prefix=prefix)
    await _write(kafka, prefix + Topic.COMMISSIONS, records)
    where = {"dsn": dsn, "kafka": kafka.options, "prefix": prefix, "records": records}
    rates: dict[tuple[str, str], list[float]] = {}
    costs: dict[tuple[str, str], list[float]] = {}
    waits: dict[str, list[float]] = {}
    for turn in range(rounds + 1):
        for work in WORK:
            for reader in (*READERS[turn % 3 :], *READERS[: turn % 3]):
                tree = old if reader == "before" else ROOT
                told = await _read(tree, {**where, "reader": reader, "work": work, "name": f"{reader}{turn}"})
                if turn:  # the first round warms up
                    rates.setdefault((work, reader), []).append(told["rate"])
                    costs.setdefault((work, reader), []).append(told["cpu"])
                    waits.setdefault(reader, []).extend(told["waits"])
                    print(f"round {turn} {work} {reader}: {told['rate']:,.0f} records/s", flush=True)
    _report(rates, waits)
    print("microseconds of processor time a record, of the reader: median (lowest to highest)")
    for (work, reader), found in sorted(costs.items()):
        print(f"  {work:10} {reader:8} {_spread(found, '.0f')}")


async def _database(postgres: str) -> str:
    name = f"bench_{uuid4().hex}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()
    dsn = f"{postgres.rsplit('/', 1)[0]}/{name}"
    await migrate(dsn, MIGRATIONS)
    return dsn


async def _write(kafka: Kafka, topic: str, records: int) -> None:
    """Facts of many commissions, each with its versions in order, as a relay mixes them."""
    producer = AIOKafkaProducer(**kafka.options, linger_ms=20)
    await producer.start()
    commissions = [uuid4() for _ in range(KEYS)]
    for number in range(records):
        put = as_record(withdrawn(commissions[number % KEYS]), number // KEYS + 1)
        await producer.send(topic, key=put.key, value=put.value, headers=list(put.headers))
    await producer.stop()


async def _read(tree: Path, given: Mapping[str, object]) -> dict[str, Any]:
    """One reading, by the code in `tree`: records/s, and milliseconds until a lone record is handled."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(READER),
        json.dumps(given),
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"{given['reader']} ended with {process.returncode}")
    told: dict[str, Any] = json.loads(output.splitlines()[-1])
    return told


def _report(rates: Mapping[tuple[str, str], Sequence[float]], waits: Mapping[str, Sequence[float]]) -> None:
    print("\nrecords/s: median (lowest to highest); ratios are of the same round: median (lowest to highest)")
    for work in WORK:
        for reader in READERS:
            print(f"  {work:10} {reader:8} {_spread(rates[work, reader], ',.0f')}")
        for other in ("before", "getmany"):
            ratios = [now / was for now, was in zip(rates[work, "now"], rates[work, other], strict=True)]
            print(f"  {work:10} now / {other:8} {_spread(ratios, '.2f')}")
    print("milliseconds from the sending of a lone record to its handler: median (lowest to highest)")
    for reader, found in waits.items():
        print(f"  {reader:8} {_spread(found, '.1f')}, 95 % within {statistics.quantiles(found, n=20)[-1]:.1f}")


def _spread(found: Sequence[float], form: str) -> str:
    return f"{statistics.median(found):{form}} ({min(found):{form}} to {max(found):{form}})"


if __name__ == "__main__":
    main()
