"""Checks the engines that a process needs, each within a short limit."""

import asyncio
from typing import TYPE_CHECKING

from shared.runtime.health import PartHealth, PartState, Probe

if TYPE_CHECKING:
    from shared.postgres.database import Database

_LIMIT = 1.0
"""Seconds: an engine that takes longer to answer counts as away."""


def database(pool: "Database") -> Probe:
    """Up while a statement comes back."""

    async def look() -> PartHealth:
        try:
            async with asyncio.timeout(_LIMIT), pool.statement() as tx:
                await tx.connection.fetchval("SELECT 1")
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer)
            return PartHealth(state=PartState.DEGRADED, reason=f"PostgreSQL: {type(error).__name__}")
        return PartHealth(state=PartState.UP)

    return look


def address(addresses: str) -> Probe:
    """Up while one of `host:port,host:port,…` takes a connection."""

    async def look() -> PartHealth:
        for one in addresses.split(","):
            if await _connects(one.strip()):
                return PartHealth(state=PartState.UP)
        return PartHealth(state=PartState.DEGRADED, reason=f"nobody answers at {addresses}")

    return look


async def _connects(one: str) -> bool:
    host, _, port = one.rpartition(":")
    try:
        async with asyncio.timeout(_LIMIT):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
