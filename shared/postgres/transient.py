"""What trying again may cure: said once, for the inboxes and for commands alike."""

from typing import Final

import asyncpg

TRANSIENT: Final = (
    ConnectionError,  # also of Kafka and Temporal: what is away raises one
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
)
"""PostgreSQL away, restarting, failed over or full; a lock, a deadlock or a serialisation lost; a limit of time."""
