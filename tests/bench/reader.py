"""One reading of `an_inbox.py`, in a process whose `shared` is that of the commit to measure."""

import asyncio
import importlib.util
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from pydantic import SecretStr

from shared.contracts import registry
from shared.contracts.commissions import CommissionWithdrawn, WithdrawalReason
from shared.contracts.fact import Topic
from shared.inbox import Inbox, Record
from shared.kafka import headers
from shared.kernel.ids import new_id
from shared.postgres.database import Database, Tx

INSERT = "INSERT INTO effect (key, version, said) VALUES ($1, $2, $3)"
LONE = 20
"""Records that are sent alone, to see how long each waits."""


@dataclass
class Reading:
    """What a reader has handled so far."""

    records: int
    handled: int = 0
    began: float = 0.0
    ended: float = 0.0
    last: float = 0.0
    cpu: float = 0.0
    """Seconds of this process, between the two."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    def count(self, number: int) -> None:
        if not self.handled:
            self.began, self.cpu = time.perf_counter(), time.process_time()
        self.handled += number
        self.last = time.perf_counter()
        self.seen.set()
        if self.handled >= self.records and not self.done.is_set():
            self.ended, self.cpu = self.last, time.process_time() - self.cpu
            self.done.set()


async def main(given: dict[str, Any]) -> None:
    database = await Database.open(given["dsn"], application="sample")
    reading = Reading(given["records"])
    reads = getmany(given, database, reading) if given["reader"] == "getmany" else inbox(given, database, reading)
    running = asyncio.create_task(reads)
    await asyncio.wait({running, asyncio.create_task(reading.done.wait())}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        running.result()
    told = {
        "rate": given["records"] / (reading.ended - reading.began),
        "cpu": reading.cpu / given["records"] * 1_000_000,
        "waits": await lone(given, reading),
    }
    print(json.dumps(told), flush=True)
    os._exit(0)


async def inbox(given: dict[str, Any], database: Database, reading: Reading) -> None:
    """The inbox, declared as its commit does."""

    async def one(fact: CommissionWithdrawn, tx: Tx, record: Record) -> None:
        await tx.connection.execute(INSERT, record.key, record.version, str(fact.customer))
        reading.count(1)

    async def many(batch: Sequence[tuple[CommissionWithdrawn, Record]], tx: Tx) -> None:
        rows = [(record.key, record.version, str(fact.customer)) for fact, record in batch]
        await tx.connection.executemany(INSERT, rows)
        reading.count(len(rows))

    where = {"database": database, "kafka": _logged_in(given["kafka"]), "prefix": given["prefix"]}
    name, at_once = f"{given['name']}-{given['work'][:3]}", given["work"] == "set-based"
    if hasattr(Inbox, "handler"):
        from shared.inbox.broker import ServiceBroker  # noqa: PLC0415 (only this commit has it)

        declared = Inbox(name, Topic.COMMISSIONS)
        declared.batch(many) if at_once else declared.handler(one)
        await ServiceBroker([declared], **where).runners[0].run()
    else:
        from shared.inbox.runner import InboxRunner  # noqa: PLC0415 (it has another signature by now)

        handled: Any = (
            {"batch": lambda tx, batch: many(batch, tx)}
            if at_once
            else {"handlers": {CommissionWithdrawn: lambda tx, fact, record: one(fact, tx, record)}}
        )
        made: Any = InboxRunner  # for the types it has another signature
        former: Any = Inbox
        await made(former(name, [Topic.COMMISSIONS], **handled), **where).run()


def _logged_in(options: dict[str, Any]) -> Any:
    """What the inbox of this commit takes; one that knows of no login gets it by aiokafka's own defaults."""
    if importlib.util.find_spec("shared.kafka.connection"):
        from shared.kafka.connection import Kafka  # noqa: PLC0415 (only this commit has it)

        password = SecretStr(options["sasl_plain_password"])
        return Kafka(options["bootstrap_servers"], options["sasl_plain_username"], password)
    for client in (AIOKafkaConsumer, AIOKafkaProducer, AIOKafkaAdminClient):
        client.__init__.__kwdefaults__.update({name: options[name] for name in options if name != "bootstrap_servers"})
    return options["bootstrap_servers"]


async def getmany(given: dict[str, Any], database: Database, reading: Reading) -> None:
    """A loop as in aiokafka's documentation, with the same transaction, parsing and writing."""
    consumer = AIOKafkaConsumer(
        given["prefix"] + Topic.COMMISSIONS,
        **given["kafka"],
        group_id=f"{given['prefix']}{given['name']}.{given['work']}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    while True:
        found = await consumer.getmany(timeout_ms=60_000, max_records=100)
        records = [record for part in found.values() for record in part]
        async with database.transaction() as tx:
            rows = []
            for record in records:
                named = dict(record.headers)
                fact: Any = registry.parse(named[headers.TYPE].decode(), record.value)
                rows.append((fact.commission, int(named[headers.VERSION]), str(fact.customer)))
                if given["work"] == "one by one":
                    await tx.connection.execute(INSERT, *rows[-1])
                    reading.count(1)
            if given["work"] == "set-based":
                await tx.connection.executemany(INSERT, rows)
                reading.count(len(rows))
        await consumer.commit({place: part[-1].offset + 1 for place, part in found.items()})


async def lone(given: dict[str, Any], reading: Reading) -> list[float]:
    """Milliseconds from the sending of a record that comes alone to its handler."""
    producer = AIOKafkaProducer(**given["kafka"], linger_ms=0)
    await producer.start()
    await asyncio.sleep(1)  # what earlier readings sent alone is read now
    waits = []
    for _ in range(LONE):
        await asyncio.sleep(0.15)
        reading.seen.clear()
        sent = time.perf_counter()
        await _send(producer, given["prefix"] + Topic.COMMISSIONS)
        await asyncio.wait_for(reading.seen.wait(), 10)
        waits.append((reading.last - sent) * 1000)
    return waits


async def _send(producer: AIOKafkaProducer, topic: str) -> None:
    fact = CommissionWithdrawn(
        at=datetime(2026, 11, 23, 9, tzinfo=UTC), commission=new_id(), customer=new_id(), reason=WithdrawalReason.OTHER
    )
    attributes = {
        headers.SPECVERSION: headers.SPEC,
        headers.ID: str(new_id()),
        headers.TYPE: fact.type(),
        headers.SOURCE: "urn:touchmark:bench",
        headers.TIME: fact.at.isoformat(),
        headers.VERSION: "1",
    }
    named = [(name, value.encode()) for name, value in attributes.items()]
    await producer.send_and_wait(
        topic, key=str(fact.commission).encode(), value=fact.model_dump_json().encode(), headers=named
    )


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
