"""A loop of the worker role: idempotency keys are forgotten after their life."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from shared.kernel.clock import Clock
from shared.postgres.database import Database, Tx
from shared.postgres.queries import load

LIFE = timedelta(hours=48)
"""How long a key is remembered: two days in which a program may try again after a night without a network."""
EVERY = timedelta(minutes=30)

_queries = load(Path(__file__).with_name("idempotency.sql"))  # its methods are made from the file


async def forget_old_keys(database: Database, clock: Clock) -> None:
    """Forget what is older than `LIFE`, now and `EVERY` half hour. Ends by being cancelled, or with the database."""
    while True:
        async with database.statement() as tx:
            await forget(tx, clock())
        await asyncio.sleep(EVERY.total_seconds())


async def forget(tx: Tx, now: datetime) -> None:
    """Forget what is older than `LIFE`."""
    await _queries.forget.run(tx, before=now - LIFE)
