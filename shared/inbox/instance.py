"""The name of a process among the copies of its service, which one process has at a time.

Kafka lets the consumer that joined last under a name read, and throws out the one before. That one joins again, and so
two copies by one name throw each other out for as long as they run.
"""

import asyncio
from pathlib import Path
from typing import Final

from asyncpg.connection import Connection

from shared.postgres.database import Database, DatabaseUnavailableError
from shared.postgres.queries import load

_QUERIES = load(Path(__file__).with_name("queries.sql"))
_RELEASED_WITHIN: Final = 1.0


class InstanceTakenError(ConnectionError):
    """Another process of the service has this name. It may be about to stop."""


class InstanceClaim:
    """Holds the name by a session lock on the service's database. Whoever is killed or cut off leaves it to others."""

    def __init__(self, database: Database, instance: str) -> None:
        self._database = database
        self._instance = instance
        self._held = asyncio.Event()

    async def held(self) -> None:
        """Wait until the name was ours for the first time. Who reads already goes on when PostgreSQL is away."""
        await self._held.wait()

    async def run(self) -> None:
        """Hold it until cancelled.

        Raises:
            InstanceTakenError: another process holds it.
            DatabaseUnavailableError: the session is lost, and the lock with it.
        """
        connection = await self._database.connect()
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        try:
            if not await _claimed(connection, self._instance):
                raise InstanceTakenError(
                    f"another process of {self._database.application} is {self._instance}: "
                    "give each copy a TOUCHMARK_INSTANCE of its own"
                )
            self._held.set()
            await lost.wait()
            raise DatabaseUnavailableError("the session that holds the name is lost")
        finally:
            if not connection.is_closed():
                await connection.close(timeout=_RELEASED_WITHIN)


class _Session:
    def __init__(self, connection: "Connection") -> None:
        self.connection = connection


async def _claimed(connection: "Connection", instance: str) -> bool:
    return await _QUERIES.claim_instance.value(_Session(connection), bool, instance=instance)
