"""How many parked records each inbox of a service has: one query for all of them, as each asks every second."""

import asyncio
from collections.abc import Mapping

from shared.inbox import store
from shared.postgres.database import Database

_GOOD_FOR = 0.9  # seconds


class ParkedCounts:
    """Of one service. A count may be a second old; whoever tries parked records again looks at them anyway."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: Mapping[str, int] = {}
        self._read_at = float("-inf")
        self._one_reads = asyncio.Lock()

    async def of(self, inbox: str) -> int:
        async with self._one_reads:
            now = asyncio.get_running_loop().time()
            if now - self._read_at > _GOOD_FOR:
                async with self._database.statement() as tx:
                    self._counts = await store.waiting_counts(tx)
                self._read_at = now
        return self._counts.get(inbox, 0)
