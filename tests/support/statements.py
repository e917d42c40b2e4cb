"""Counts what an action asks of PostgreSQL: a list asks as much for many rows as for one."""

from collections.abc import Awaitable, Callable

from asyncpg.connection import LoggedQuery

from shared.postgres.database import Database, Tx


async def statements_of(database: Database, act: Callable[[Tx], Awaitable[object]]) -> int:
    """How many statements this sends."""
    sent: list[str] = []

    def note(logged: LoggedQuery) -> None:
        sent.append(logged.query)

    async with database.transaction() as tx:
        with tx.reading.query_logger(note):
            await act(tx)
            await tx.reading.execute("SELECT 1")  # a logger is called a turn of the loop after its statement
    return len(sent)
