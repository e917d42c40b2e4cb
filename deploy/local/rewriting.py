"""PostgreSQL's files without what was deleted: tables are written anew, and the write-ahead log ends behind them.

PostgreSQL leaves a deleted row where it was until its space is used anew, and in its log until a checkpoint. Whoever
promises that something is gone from the disk has both done: `touchmark vacuum`.
"""

from collections.abc import Iterable

import asyncpg

_PATIENT = {"transaction_timeout": "0", "statement_timeout": "0", "lock_timeout": "0"}
_CLEAR_STATISTICS = """
SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited) FROM pg_stats
WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


async def rewrite(databases: Iterable[str]) -> None:
    """Write each table of these databases anew, with its indexes and statistics. Each is locked meanwhile.

    Raises:
        asyncpg.PostgresError, OSError: one of them does not answer, or is not the login's own.
    """
    for dsn in databases:
        connection = await asyncpg.connect(dsn, timeout=10, server_settings=_PATIENT)
        try:
            # First, since statistics are rows of a table, too: of one that has become empty ANALYZE keeps the old ones.
            await connection.execute(_CLEAR_STATISTICS)
            await connection.execute("ANALYZE")
            await connection.execute("VACUUM (FULL)")
        finally:
            await connection.close()


async def end_log(superuser: str) -> None:
    """Let the write-ahead log begin anew, and PostgreSQL delete the files before, unless something else needs them.

    Raises:
        asyncpg.InsufficientPrivilegeError: this is no superuser.
    """
    connection = await asyncpg.connect(superuser, timeout=10, server_settings=_PATIENT)
    try:
        await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
